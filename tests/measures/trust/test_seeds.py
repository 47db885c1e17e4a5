"""Seeds: elders by seniority, whom a short walk from them finds, and who is here early where nobody talks with anybody."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import pytest
from hypothesis import given

from regard.errors import UnknownName, UsageError
from regard.record.schema import Act
from regard.studies.settings import Settings
from regard.studies.study import Study

from ...communities import act, column, community, recorded, rows, when
from ...strategies import Made, communities, examples


class Interaction(NamedTuple):
    """One interaction, by person numbers."""

    actor: int
    target: int
    time: int


def friends(first: float, person: str, other: str, days: int = 3) -> list[Act]:
    """Two who act toward each other on so many days in a row."""
    return [
        piece
        for day in range(days)
        for piece in (act(first + day, person, "message", other), act(first + day + 0.1, other, "reply", person))
    ]


def ring(first: float, *people: str) -> list[Act]:
    """Everybody befriends the next, one pair after the other."""
    pairs = zip(people, [*people[1:], people[0]], strict=True)
    return [piece for n, (person, other) in enumerate(pairs) for piece in friends(first + n / 100, person, other)]


def dense(first: float, *people: str) -> list[Act]:
    """Everybody befriends everybody."""
    pairs = list(combinations(people, 2))
    return [piece for n, (person, other) in enumerate(pairs) for piece in friends(first + n / len(pairs), person, other)]


def why(study: Study) -> dict[object, object]:
    return column(study, "seeds", "person", "why")


END = act(100, "zoe", "message", "yan")


def test_elders_are_the_first_with_two_two_way_ties() -> None:
    # Six have a two-way tie, so that 2 √6 = 4.9, five people, may be elders: those of the ring by day 0.13, dua on day 10.1.
    acts = [*ring(0, "ann", "bea", "cem"), *friends(9, "cem", "dua"), *friends(10, "dua", "eli"), *friends(11, "ann", "fay"), END]
    with community(acts, bin_days=1, window_days=20) as study:
        assert why(study) == {"ann": "elder", "bea": "elder", "cem": "elder", "dua": "elder", "eli": "near", "fay": "near"}
        assert column(study, "seeds", "person", "since")["dua"] == when(10.1)


def test_a_farm_of_the_second_half_gets_no_seed_however_large() -> None:
    farm = [f"fake{n}" for n in range(30)]
    acts = [*ring(0, "ann", "bea", "cem"), *dense(60, *farm), *ring(70, "ann", *farm), END]
    with community(acts, bin_days=1) as study:
        assert set(why(study)) == {"ann", "bea", "cem"}


def test_nor_does_a_farm_of_the_last_window_though_that_is_longer_than_half_of_the_record() -> None:
    farm = [f"fake{n}" for n in range(30)]
    acts = [*ring(0, "ann", "bea", "cem"), *dense(30, *farm), *ring(32, "ann", *farm), END]
    with community(acts, bin_days=1, window_days=80) as study:
        assert set(why(study)) == {"ann", "bea", "cem"}


@pytest.mark.parametrize(("bridges", "most"), [(0, 0), (1, 4), (3, 12)])
def test_a_farm_of_the_first_half_gets_few_for_each_tie_with_others(bridges: int, most: int) -> None:
    honest, farm = [f"old{n:02d}" for n in range(20)], [f"fake{n:02d}" for n in range(30)]
    acts = [*dense(0, *honest), *ring(20, *farm), *ring(24, *farm[::3]), END]
    acts += [piece for n in range(bridges) for piece in friends(26, honest[n], farm[n * 10])]
    with community(acts, bin_days=1) as study:
        seeds = why(study)
        assert set(honest) <= set(seeds)
        assert sum(str(person).startswith("fake") for person in seeds) <= most


def test_where_nothing_repeats_everybody_of_the_first_half_is_a_seed() -> None:
    acts = [act(n, f"p{n:02d}", "message", f"p{n + 1:02d}") for n in range(60)] + ring(0, "ann", "bea", "cem")
    with community([*acts, END], bin_days=1, window_days=20) as study:
        assert set(why(study).values()) == {"early"}
        assert {"ann", "p00", "p40"} <= set(why(study))
        assert "p55" not in why(study)


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
    with community(acts, bin_days=1, window_days=10) as study:
        assert why(study)["bea"] == "elder"


# --- a slow answer


def expected(study: Study) -> dict[int, str]:
    """Why each seed is one, in plain Python."""
    r = study.timescale
    toward = study.engine.fetch(Interaction, "SELECT actor, target, epoch_us(time) FROM interactions ORDER BY ALL")
    if not toward:
        return {}
    times = sorted(time for _, _, time in toward)
    early = min((times[max(0, math.ceil(0.01 * len(times)) - 1)] + r.until_us) // 2, r.until_us - r.window_us)
    first: dict[tuple[int, int], int] = {}
    bins: dict[tuple[int, int], set[int]] = defaultdict(set)
    for a, b, t in toward:
        bins[a, b].add((r.until_us - 1 - t) // r.bin_us)
        first[a, b] = min(t, first.get((a, b), t))
    begun = {pair for pair, t in first.items() if t < early}
    repeats = bool(begun) and sum(len(bins[pair]) > 1 for pair in begun) * 100 >= 15 * len(begun)
    since: dict[int, dict[int, int]] = defaultdict(dict)
    for a, b in begun:
        if (b, a) in begun:
            since[a][b] = max(first[a, b], first[b, a])
    second = {a: sorted(ties.values())[1] for a, ties in since.items() if len(ties) > 1}
    elders = {a for a, t in second.items() if sum(u < t for u in second.values()) < math.ceil(2 * math.sqrt(len(since)))}
    if not repeats or len(elders) < 3:
        return dict.fromkeys((a for a, _ in begun), "early")
    share = {a: (a in elders) / len(elders) for a in since}
    for _ in range(math.ceil(math.log2(len(since)))):
        share = {a: share[a] / 2 + sum(share[b] / len(since[b]) for b in ties) / 2 for a, ties in since.items()}
    evenly = 1 / sum(map(len, since.values()))
    return {a: "elder" if a in elders else "near" for a, ties in since.items() if share[a] / len(ties) >= 0.5 * evenly}


def agree(study: Study) -> None:
    assert {row["person"]: row["why"] for row in study.seeds.rows()} == expected(study)


@given(communities())
@examples(20)
def test_seeds_agree_with_plain_python(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts, bin_days=1) as study:
        agree(study)


def crowd(people: Iterable[str]) -> list[Act]:
    """Many who befriend some of the others at their own times."""
    names = [*people]
    return [
        piece
        for n, person in enumerate(names)
        for step in (1, 2, 5)
        for piece in friends(n * 1.7 + step, person, names[(n + step * 3) % len(names)], 2 + (n * step) % 4)
    ]


@pytest.mark.parametrize("size", [7, 20, 45])
def test_seeds_of_a_crowd_agree_with_plain_python(size: int) -> None:
    with community([*crowd(f"p{n:02d}" for n in range(size)), act(size * 5, "p00", "message", "p01")], bin_days=1, window_days=14) as study:
        agree(study)
        assert {str(row["why"]) for row in rows(study, "seeds")} >= {"elder"}
