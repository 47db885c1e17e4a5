"""Seeds: elders by seniority, whom they had first long ties with, and who is here early where nothing repeats."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given

from regard.errors import UnknownName, UsageError
from regard.events.schema import Act
from regard.studies import Settings, Study

from ..communities import act, column, community, recorded, rows
from ..strategies import Made, communities, examples


def friends(first: float, one: str, other: str, bins: int = 3) -> list[Act]:
    """Two who act toward each other on so many days in a row: their tie is long from the third day's evening on."""
    return [
        piece for day in range(bins) for piece in (act(first + day, one, "message", other), act(first + day + 0.1, other, "reply", one))
    ]


def ring(first: float, *people: str) -> list[Act]:
    """Everybody befriends the next, one pair after the other, three days each."""
    pairs = zip(people, [*people[1:], people[0]], strict=True)
    return [piece for n, (one, other) in enumerate(pairs) for piece in friends(first + n / 100, one, other)]


def why(study: Study) -> dict[object, object]:
    return column(study, "seeds", "person", "why")


END = act(100, "zoe", "message", "yan")


def test_elders_are_the_first_with_two_long_ties() -> None:
    # In a ring of three all have two by day 2.1; dua has one with ann, eli one with dua.
    acts = [*ring(0, "ann", "bea", "cem"), *friends(10, "ann", "dua"), *friends(20, "dua", "eli"), END]
    with community(acts, bin_days=1) as study:
        # dua has two on day 22.1: 2 √5 = 4.5 people may be elders, so five, and eli never had two.
        assert why(study) == {"ann": "elder", "bea": "elder", "cem": "elder", "dua": "elder", "eli": "with an elder"}


def test_a_farm_of_the_second_half_gets_no_seed_however_large() -> None:
    farm = [f"fake{n}" for n in range(30)]
    acts = [*ring(0, "ann", "bea", "cem"), *ring(60, *farm), *ring(70, *farm[::2]), END]
    with community(acts, bin_days=1) as study:
        assert set(why(study)) == {"ann", "bea", "cem"}


def test_a_farm_that_comes_after_the_elders_gets_none_of_their_places() -> None:
    farm = [f"fake{n}" for n in range(30)]
    acts = [*ring(0, "ann", "bea", "cem"), *ring(10, *farm), *ring(20, *farm[::2]), END]
    with community(acts, bin_days=1) as study:
        # What is left to say: a farm of the first half fills places that the community leaves free.
        assert [person for person, reason in why(study).items() if reason == "elder" and str(person) < "d"] == ["ann", "bea", "cem"]
        assert 3 < sum(reason == "elder" for reason in why(study).values()) <= 2 * math.sqrt(33) + 1


def test_an_elder_brings_the_first_ten_and_nobody_later() -> None:
    old = [f"old{n}" for n in range(8)]
    acts = [*ring(0, "ann", "bea", "cem"), *(piece for n, name in enumerate(old) for piece in friends(60 + n, "ann", name))]
    acts += [piece for n in range(20) for piece in friends(80 + n / 100, "ann", f"fake{n}")]
    with community([*acts, END], bin_days=1) as study:
        assert set(why(study)) == {"ann", "bea", "cem", *old}


def test_two_days_are_no_long_tie() -> None:
    acts = [piece for one, other in (("ann", "bea"), ("bea", "cem"), ("cem", "ann")) for piece in friends(0, one, other, 2)]
    with community([*acts, END], bin_days=1) as study:
        assert why(study) == dict.fromkeys(["ann", "bea", "cem"], "early")


def test_where_nothing_repeats_everybody_of_the_first_half_is_a_seed() -> None:
    acts = [act(n, f"p{n}", "message", f"p{n + 1}") for n in range(40)] + ring(0, "ann", "bea", "cem")
    with community([*acts, END], bin_days=1) as study:
        assert set(why(study).values()) == {"early"}
        assert set(why(study)) == {"ann", "bea", "cem", *(f"p{n}" for n in range(40))}


def test_chosen_seeds_are_the_only_ones() -> None:
    acts = [*ring(0, "ann", "bea", "cem"), *friends(60, "dua", "eli"), END]
    with recorded(acts) as record, Study(record, Settings(bin_days=1, seeds=("eli", "DUA"))) as study:
        assert why(study) == {"dua": "chosen", "eli": "chosen"}


def test_a_seed_must_be_somebody_who_acted() -> None:
    with recorded([act(1, "ann", "message", "bea"), act(2, "cem", "message", "ann")]) as record:
        with pytest.raises(UnknownName, match="ann"):
            Study(record, Settings(seeds=("anna",)))
        with pytest.raises(UsageError, match="none of the seeds acted"):
            Study(record, Settings(seeds=("bea",)))


def test_one_wrong_clock_does_not_move_the_middle() -> None:
    acts = [act(-10_000, "old", "message", "ann"), *ring(0, "ann", "bea", "cem"), *friends(5, "ann", "dua", 50)]
    with community(acts, bin_days=1) as study:
        assert why(study)["bea"] == "elder"


# --- a slow answer


def expected(study: Study) -> dict[int, str]:
    """Why each seed is one, in plain Python."""
    r = study.rhythm
    found = study.engine.rows("SELECT actor, target, epoch_us(time) FROM toward ORDER BY ALL")
    toward = [(int(str(a)), int(str(b)), int(str(t))) for a, b, t in found]
    if not toward:
        return {}
    times = sorted(time for _, _, time in toward)
    middle = (times[max(0, math.ceil(0.01 * len(times)) - 1)] + r.until_us) // 2
    bins: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for a, b, t in toward:
        age = (r.until_us - 1 - t) // r.bin_us
        bins[a, b][age] = min(t, bins[a, b].get(age, t))
    begun = {pair for pair, active in bins.items() if min(active.values()) < middle}
    repeats = bool(begun) and sum(len(bins[pair]) > 1 for pair in begun) * 100 >= 15 * len(begun)
    third = {pair: active[sorted(active)[-3]] for pair, active in bins.items() if len(active) >= 3}
    since: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for a, b in third:
        if (b, a) in third:
            since[a].append((max(third[a, b], third[b, a]), b))
    early = {a: sorted(t for t, _ in ties if t < middle) for a, ties in since.items() if any(t < middle for t, _ in ties)}
    second = {a: ties[1] for a, ties in early.items() if len(ties) > 1}
    elders = {a for a, t in second.items() if sum(u < t for u in second.values()) < math.ceil(2 * math.sqrt(len(early)))}
    if not repeats or len(elders) < 3:
        return dict.fromkeys((a for a, _ in begun), "early")
    answer = dict.fromkeys(elders, "elder")
    for elder in elders:
        for t, b in since[elder]:
            if sum(u < t for u, _ in since[elder]) < 10:
                answer.setdefault(b, "with an elder")
    return answer


def agree(study: Study) -> None:
    assert {row["person"]: row["why"] for row in study.seeds.rows()} == expected(study)


@given(communities())
@examples(20)
def test_seeds_agree_with_plain_python(made: Made) -> None:
    with community(made.acts, accounts=made.accounts, bin_days=1) as study:
        agree(study)


def crowd(people: Iterable[str]) -> list[Act]:
    """Many who befriend some of the others at their own times."""
    names = [*people]
    return [
        piece
        for n, one in enumerate(names)
        for step in (1, 2, 5)
        for piece in friends(n * 1.7 + step, one, names[(n + step * 3) % len(names)], 2 + (n * step) % 4)
    ]


@pytest.mark.parametrize("size", [7, 20, 45])
def test_seeds_of_a_crowd_agree_with_plain_python(size: int) -> None:
    with community([*crowd(f"p{n:02d}" for n in range(size)), act(size * 5, "p00", "message", "p01")], bin_days=1) as study:
        agree(study)
        assert {str(row["why"]) for row in rows(study, "seeds")} == {"elder", "with an elder"}
