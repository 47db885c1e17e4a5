"""A farm of fake accounts among the people of Advogato (KONECT): where does the best fake stand? And who gets certificates held out?

Advogato tells who certifies whom, at three levels, without times. Ten honest people certify one of 500 fake accounts each, which certify
seven others among themselves, or all of them one as well. Seeds are the site's own four, and those near them as the measure `seeds` has it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.metrics import spearman
from regard.measures.kernels import personalized_pagerank
from regard.measures.kernels.leave_one_out import leave_one_out
from regard.measures.kernels.pagerank import pagerank
from regard.measures.kernels.sybilrank import accepted
from regard.measures.trust.attention import FULL_WEIGHT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PLACE = "trust-advogato/out.advogato"
NAMES = "trust-advogato/advogato-user.csv"
FAKES, BRIDGES, INSIDE, FARMS = 500, 10, 7, 10
HELD_OUT, SPLITS = 0.2, 10
SEEDS = ("raph", "federico", "miguel", "alan")
"""Advogato's own, by its founder's paper (Levien 2009)."""
MEAN_LEVEL = "mean level of their certificates"
OURS = "people, each as vouched for without the one certified"


@dataclass(frozen=True)
class Certificates:
    """Who certifies whom, at which level; nobody certifies themselves."""

    source: Ints
    target: Ints
    level: Floats
    size: int
    """People; those with higher numbers are fakes."""


@dataclass(frozen=True)
class Farms:
    """For each way of counting, the share of certified honest people above whom the best fake stands, in each of the farms."""

    people: int
    certificates: int
    spread: Mapping[str, Floats]
    """Where they certify each other at random."""
    close: Mapping[str, Floats]
    """Where all of them certify one as well."""


@dataclass(frozen=True)
class Held:
    """For each way of counting by four of five certificates, Spearman's rank correlation with the fifth, in each of the splits."""

    people: int
    """Certified by what was left, mean."""
    number: Mapping[str, Floats]
    """With how many of those held out one has."""
    level: Mapping[str, Floats]
    """With their mean level, over people who have some."""


def farms(data: Path) -> Farms | None:
    """Farms of both kinds; None where Advogato is not in the data folder."""
    if not (data / PLACE).exists() or not (data / NAMES).exists():
        return None
    found, names = read(data)
    elders = np.array([names.index(name) for name in SEEDS])
    return Farms(found.size, found.source.size, *(places(found, elders, best=best) for best in (False, True)))


def read(data: Path) -> tuple[Certificates, list[str]]:
    """The certificates, and everybody's name."""
    with (data / NAMES).open(encoding="utf-8") as lines:
        names = {int(row["user_id"]): row["user_name"] for row in csv.DictReader(lines)}
    rows = np.loadtxt(data / PLACE, skiprows=1)
    people, at = np.unique(rows[:, :2].astype(np.int64), return_inverse=True)
    source, target = at.reshape(-1, 2).T
    others = source != target
    return Certificates(source[others], target[others], rows[others, 2], people.size), [names.get(int(one), "") for one in people]


def places(found: Certificates, elders: Ints, *, best: bool) -> dict[str, Floats]:
    """Where the best fake stands in each of the farms, by each way of counting."""
    certified = np.bincount(found.target, minlength=found.size) > 0
    rows = [scores(with_farm(found, seed, best=best), elders) for seed in range(FARMS)]
    return {name: np.array([_above(row[name], certified) for row in rows]) for name in rows[0]}


def held_out(data: Path) -> Held | None:
    """What certificates held out say of those who were certified; None where Advogato is not in the data folder."""
    if not (data / PLACE).exists() or not (data / NAMES).exists():
        return None
    found, names = read(data)
    elders = np.array([names.index(name) for name in SEEDS])
    rows = [_split(found, elders, np.random.default_rng(seed).random(found.source.size) < HELD_OUT) for seed in range(SPLITS)]
    number, level = ({name: np.array([row[name][i] for _, row in rows]) for name in rows[0][1]} for i in (0, 1))
    return Held(round(float(np.mean([people for people, _ in rows]))), number, level)


def _split(found: Certificates, elders: Ints, out: NDArray[np.bool_]) -> tuple[int, dict[str, tuple[float, float]]]:
    left = Certificates(found.source[~out], found.target[~out], found.level[~out], found.size)
    number = np.bincount(found.target[out], minlength=found.size).astype(np.float64)
    level = np.bincount(found.target[out], found.level[out], found.size) / np.maximum(1, number)
    known = np.bincount(left.target, minlength=found.size) > 0
    some = known & (number > 0)
    ways = {
        **scores(left, elders),
        MEAN_LEVEL: np.bincount(left.target, left.level, found.size) / np.maximum(1, np.bincount(left.target, minlength=found.size)),
    }
    return int(known.sum()), {
        name: (spearman(values[known], number[known]), spearman(values[some], level[some])) for name, values in ways.items()
    }


def _above(values: Floats, certified: NDArray[np.bool_]) -> float:
    honest, top = values[: certified.size][certified], float(values[certified.size :].max())
    return float((honest < top).mean() + (honest == top).mean() / 2)


def with_farm(found: Certificates, seed: int, *, best: bool) -> Certificates:
    """The same with a farm: every fake certifies some others, and its `best` too; honest people certify one each; all at the top level.

    >>> pair = Certificates(np.array([0, 1] * 5 + [*range(2, 10)]), np.array([1, 0] * 5 + [0] * 8), np.ones(18), 10)
    >>> added = with_farm(pair, 1, best=True)
    >>> int(((added.source < 10) & (added.target >= 10)).sum()), int(added.target.max()) < 10 + FAKES
    (10, True)
    """
    dice, fakes = np.random.default_rng(seed), found.size + np.arange(FAKES)
    pairs = [
        (np.repeat(fakes, INSIDE), dice.choice(fakes, FAKES * INSIDE)),
        (dice.choice(np.unique(found.source), BRIDGES, replace=False), dice.choice(fakes, BRIDGES)),
        (fakes[1:], np.full(FAKES - 1, fakes[0])) if best else (fakes[:0], fakes[:0]),
    ]
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    some = one != other
    return Certificates(
        np.append(found.source, one[some]),
        np.append(found.target, other[some]),
        np.append(found.level, np.ones(int(some.sum()))),
        found.size + FAKES,
    )


def scores(found: Certificates, elders: Ints) -> dict[str, Floats]:
    """Everybody counted in each of the ways."""
    source, target, size = found.source, found.target, found.size
    graph, start = personalized_pagerank.edges(source, target, found.level, size), np.zeros(size)
    start[_seeds(found, elders)] = 1
    seen = personalized_pagerank.visits(graph, start)
    score = seen / seen.sum()
    enough = FULL_WEIGHT * float((score**2).sum())
    weight = np.minimum(1, leave_one_out(graph, score, source, target, enough=enough).score / enough)
    return {
        "distinct people who certify": np.bincount(target, minlength=size).astype(np.float64),
        "PageRank": pagerank(source, target, found.level, size).scores,
        "EigenTrust (a walk from the same seeds)": score,
        OURS: np.asarray(np.bincount(target, weight, size), dtype=np.float64),
    }


def _seeds(found: Certificates, elders: Ints) -> Ints:
    """The elders, and who is near them along certificates given both ways."""
    size = found.size
    mutual = np.isin(found.source * size + found.target, found.target * size + found.source)
    people, at = np.unique(np.concatenate([found.source[mutual], found.target[mutual]]), return_inverse=True)
    one, other = np.split(at, 2)
    return people[accepted(one, other, people.size, np.searchsorted(people, elders))]
