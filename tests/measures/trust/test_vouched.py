"""Vouched: whose attention counts, by hand, against a walk in plain Python, and with a farm that pays for it."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hypothesis import given

from regard.measures.kernels import leave_one_out as kernel
from regard.measures.trust.attention import FULL_WEIGHT
from regard.record.schema import Act
from regard.simulate.community import simulate
from regard.studies.settings import Settings
from regard.studies.study import Study

from ...communities import act, column, community, only_row, recorded, rows
from ...oracles import integer, number
from ...strategies import Made, communities, examples
from .test_seeds import END, friends, ring

Weights = dict[tuple[int, int], float]


def attention(days: int, actor: str, target: str, first: float = 0) -> list[Act]:
    return [act(first + day, actor, "message", target) for day in range(days)]


def seen_from(*seeds: str) -> Settings:
    return Settings(bin_days=1, seeds=seeds)


def test_a_chain_by_hand() -> None:
    # ann gives half to bea, half to cem (3 days each), bea all to dua; zoe acted once and gives nothing.
    acts = [*attention(3, "ann", "bea"), *attention(3, "ann", "cem"), *attention(2, "bea", "dua"), *attention(1, "ann", "eli"), END]
    with recorded(acts) as record, Study(record, seen_from("ann")) as study:
        steps = {"ann": 1.0, "bea": 0.85 / 2, "cem": 0.85 / 2, "dua": 0.85**2 / 2, "eli": 0.0, "zoe": 0.0, "yan": 0.0}
        scores = {person: share / sum(steps.values()) for person, share in steps.items()}
        enough = FULL_WEIGHT * sum(score**2 for score in scores.values())
        for row in rows(study, "vouched"):
            assert row["score"] == pytest.approx(scores[str(row["person"])], abs=1e-9)
            assert row["full_weight_score"] == pytest.approx(enough)
            assert row["vouched"] == pytest.approx(min(1, scores[str(row["person"])] / enough), abs=1e-9)
            assert row["seed"] == (row["person"] == "ann")
            assert row["gate"] is True


def test_what_goes_through_someone_counts_for_nothing_with_them() -> None:
    # bea vouches for cem, who acts toward bea and toward dua.
    acts = [*attention(5, "ann", "bea"), *attention(5, "bea", "cem"), *attention(5, "cem", "bea"), *attention(5, "cem", "dua"), END]
    with recorded(acts) as record, Study(record, seen_from("ann")) as study:
        assert only_row(study, "vouched_ties", actor="cem", target="bea")["weight"] == 0
        assert only_row(study, "vouched_ties", actor="cem", target="dua")["weight"] == 1
        kept = column(study, "vouched_kept", "person", "kept_vouched")
        assert kept["bea"] == pytest.approx(number(only_row(study, "ties", actor="ann", target="bea")["p_return_alive"]))


def test_nobody_counts_for_more_than_one_in_all() -> None:
    acts = [piece for n in range(8) for piece in attention(40, "ann", f"p{n}")] + [
        *attention(40, "bea", "p0"),
        *friends(39, "zoe", "yan", 1),
    ]
    with recorded(acts) as record, Study(record, seen_from("ann", "bea")) as study:
        chances = {row["target"]: number(row["p_return_alive"]) for row in rows(study, "ties") if row["actor"] == "ann"}
        assert sum(chances.values()) > 7
        shares = column(study, "vouched_kept", "person", "kept_share")
        assert number(shares["p1"]) == pytest.approx(chances["p1"] / sum(chances.values()), abs=1e-8)
        assert sum(number(shares[f"p{n}"]) for n in range(8)) <= 2


def test_without_a_gate_acting_once_counts() -> None:
    acts = [act(n, f"p{n}", "message", f"p{n + 1}") for n in range(40)]
    with community(acts, bin_days=1) as study:
        result = rows(study, "vouched")
        assert {row["gate"] for row in result} == {False}
        assert number(only_row(study, "vouched", person="p20")["score"]) > 0
        assert only_row(study, "vouched", person="p40")["seed"] is False


# --- a slow answer


def walked(given: Weights, start: dict[int, float], absorbing: int | None = None) -> dict[int, float]:
    """The steps of the walk, followed one by one until hardly any walker is left."""
    total: dict[int, float] = defaultdict(float)
    for (actor, _), weight in given.items():
        total[actor] += weight
    visits: dict[int, float] = defaultdict(float)
    at = {person: share for person, share in start.items() if person != absorbing}
    for _ in range(250):
        after: dict[int, float] = defaultdict(float)
        for person, share in at.items():
            visits[person] += share
        for (actor, target), weight in given.items():
            if weight and at.get(actor) and target != absorbing:
                after[target] += 0.85 * at[actor] * weight / total[actor]
        at = after
    return visits


def agree(study: Study, most: float = 0) -> None:
    ties = study.ties.rows()
    seeds = {integer(row["person"]) for row in study.seeds.rows()}
    vouched = {integer(row["person"]): row for row in study.vouched.rows()}
    if not ties:
        assert not vouched
        return
    gate = bool(next(iter(vouched.values()))["gate"])
    weights = {(integer(t["actor"]), integer(t["target"])): math.log(number(t["bins"]) + (not gate)) ** 2 for t in ties}
    start = dict.fromkeys(seeds, 1.0)
    steps = walked(weights, start)
    total = sum(steps.values()) or 1
    scores = {person: steps.get(person, 0) / total for person in vouched}
    enough = FULL_WEIGHT * sum(score**2 for score in scores.values()) or 1
    for person, row in vouched.items():
        assert row["score"] == pytest.approx(scores[person], abs=1e-9)
        assert row["vouched"] == pytest.approx(min(1, scores[person] / enough), abs=1e-6)
        assert row["seed"] == (person in seeds)
    weighed = {(integer(row["actor"]), integer(row["target"])): row for row in study.vouched_ties.rows()}
    apart = {target: walked(weights, start, target) for _, target in weights}
    kept: dict[int, float] = defaultdict(float)
    shares: dict[int, float] = defaultdict(float)
    p = {(integer(t["actor"]), integer(t["target"])): number(t["p_return_alive"]) for t in ties}
    for actor, target in weights:
        truth = min(1, apart[target].get(actor, 0) / total / enough)
        weight = number(weighed[actor, target]["weight"])
        assert -1e-6 <= truth - weight <= min(most, number(weighed[actor, target]["weight_error_bound"])) + 1e-6
        kept[target] += p[actor, target] * weight
        shares[target] += p[actor, target] * weight / max(1, sum(q for (a, _), q in p.items() if a == actor))
    for row in study.vouched_kept.rows():
        assert row["kept_vouched"] == pytest.approx(kept[integer(row["person"])], abs=1e-6)
        assert row["kept_share"] == pytest.approx(shares[integer(row["person"])], abs=1e-6)


@given(communities())
@examples(12)
def test_it_agrees_with_plain_python(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts, bin_days=1) as study:
        agree(study)


@pytest.mark.long
@pytest.mark.parametrize("few", [kernel.MAX_INVERTED_NODES, 0])
def test_it_agrees_with_plain_python_on_a_demo(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "MAX_INVERTED_NODES", few)
    demo = simulate(people=30, days=200, seed=5)
    with community(demo.acts, accounts=demo.accounts) as study:
        agree(study, most=0 if few else 0.03)


# --- what it is for


def farm(size: int, replies: int) -> list[Act]:
    """Accounts that act toward ann on five days, and toward each other. So many of them get replies of bea on two days."""
    names = [f"fake{n:03d}" for n in range(size)]
    acts = [piece for n, name in enumerate(names) for piece in attention(5, name, "ann", 80 + n % 9)]
    acts += [piece for n, name in enumerate(names) for piece in attention(3, name, names[(n + 1) % size], 80)]
    acts += [act(85, name, "message", "bea") for name in names] + [act(86, "bea", "reply", name) for name in names]
    return acts + [act(88, "bea", "reply", name) for name in names[:replies]]


@pytest.mark.long
def test_one_off_replies_buy_nothing_whatever_the_size() -> None:
    honest = [*ring(0, "ann", "bea", "cem"), *(piece for day in range(4, 90, 3) for piece in ring(day, "ann", "bea", "cem")), END]
    for size in (10, 80):
        with community([*honest, *farm(size, 0)], bin_days=1) as study:
            fakes = [row for row in rows(study, "vouched_ties") if str(row["actor"]).startswith("fake")]
            assert len(fakes) > size
            assert not any(row["weight"] for row in fakes)
            assert number(only_row(study, "kept", person="ann")["ties"]) > size
            assert number(only_row(study, "vouched_kept", person="ann")["kept_vouched"]) < 2.1
