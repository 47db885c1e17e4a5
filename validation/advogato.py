"""Advogato (KONECT): how high does the best account of a farm stand, and does a score predict who gets the certificates held out?

Advogato has who certifies whom, at three levels, without times. A farm has 500 fake accounts. Ten honest people certify one of them each.
Each fake certifies seven others; in the second kind of farm all fakes certify one of them as well. Trust starts from the site's own four
seeds and from the people near them, by the rule of the measure `seeds`.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.evaluation.metrics import spearman
from regard.measures.kernels.leave_one_out import leave_one_out
from regard.measures.kernels.pagerank import pagerank
from regard.measures.kernels.personalized_pagerank import CsrGraph, personalized_pagerank
from regard.measures.kernels.sybilrank import accepted
from regard.measures.trust.attention import FULL_WEIGHT

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATH = "trust-advogato/out.advogato"
NAMES_PATH = "trust-advogato/advogato-user.csv"
FAKES, BRIDGES, INSIDE, FARMS = 500, 10, 7, 10
HELD_OUT, SPLITS = 0.2, 10
SEEDS = ("raph", "federico", "miguel", "alan")
"""Advogato's own, by its founder's paper (Levien 2009)."""
MEAN_LEVEL = "mean level of their certificates"
OURS = "people, each as vouched for without the one certified"


@dataclass(frozen=True)
class Certificates:
    """Who certifies whom, at which level. Arrays are (certificates,); nobody certifies themselves."""

    source: Ints
    target: Ints
    level: Floats
    size: int
    """The number of people. Fakes have higher numbers than honest people."""


@dataclass(frozen=True)
class Farms:
    """For each score, the share of certified honest people who stand below the best fake, in each of the farms."""

    people: int
    certificates: int
    spread: Mapping[str, Floats]
    """Farms in which the fakes certify each other at random."""
    close: Mapping[str, Floats]
    """Farms in which all of them certify one as well."""


@dataclass(frozen=True)
class HeldOut:
    """For each score from four of five certificates, Spearman's rank correlation with the fifth, in each of the splits."""

    people: int
    """People with a certificate among those that were left, mean over the splits."""
    number: Mapping[str, Floats]
    """Correlation with the number of certificates held out."""
    level: Mapping[str, Floats]
    """Correlation with their mean level, over people who have some."""


def plant_farms(data: Path) -> Farms | None:
    """Plant farms of both kinds; None if Advogato is not in the data folder."""
    if not (data / PATH).exists() or not (data / NAMES_PATH).exists():
        return None
    certificates, names = read(data)
    elders = np.array([names.index(name) for name in SEEDS])
    shares = (shares_below(certificates, elders, best=best) for best in (False, True))
    return Farms(certificates.size, certificates.source.size, *shares)


def read(data: Path) -> tuple[Certificates, list[str]]:
    """The certificates, and everybody's name in the order of their numbers."""
    with (data / NAMES_PATH).open(encoding="utf-8") as lines:
        names = {int(row["user_id"]): row["user_name"] for row in csv.DictReader(lines)}
    rows = np.loadtxt(data / PATH, skiprows=1)
    people, numbers = np.unique(rows[:, :2].astype(np.int64), return_inverse=True)
    source, target = numbers.reshape(-1, 2).T
    others = source != target
    return Certificates(source[others], target[others], rows[others, 2], people.size), [names.get(int(person), "") for person in people]


def shares_below(certificates: Certificates, elders: Ints, *, best: bool) -> dict[str, Floats]:
    """By score: the share of certified honest people below the best fake, in each of the farms."""
    certified = np.bincount(certificates.target, minlength=certificates.size) > 0
    rows = [scores(with_farm(certificates, seed, best=best), elders) for seed in range(FARMS)]
    return {name: np.array([_share_below_best(row[name], certified) for row in rows]) for name in rows[0]}


def hold_out(data: Path) -> HeldOut | None:
    """How well scores predict the certificates held out; None if Advogato is not in the data folder."""
    if not (data / PATH).exists() or not (data / NAMES_PATH).exists():
        return None
    certificates, names = read(data)
    elders = np.array([names.index(name) for name in SEEDS])
    masks = [np.random.default_rng(seed).random(certificates.source.size) < HELD_OUT for seed in range(SPLITS)]
    rows = [_split(certificates, elders, mask) for mask in masks]
    number, level = ({name: np.array([row[name][i] for _, row in rows]) for name in rows[0][1]} for i in (0, 1))
    return HeldOut(round(float(np.mean([people for people, _ in rows]))), number, level)


def _split(certificates: Certificates, elders: Ints, out: NDArray[np.bool_]) -> tuple[int, dict[str, tuple[float, float]]]:
    """How many people are left, and by score the correlations with number and level, if the certificates of a mask are held out."""
    size = certificates.size
    left = Certificates(certificates.source[~out], certificates.target[~out], certificates.level[~out], size)
    number = np.bincount(certificates.target[out], minlength=size).astype(np.float64)
    level = np.bincount(certificates.target[out], certificates.level[out], size) / np.maximum(1, number)
    known = np.bincount(left.target, minlength=size) > 0
    some = known & (number > 0)
    mean_level = np.bincount(left.target, left.level, size) / np.maximum(1, np.bincount(left.target, minlength=size))
    by_score = {**scores(left, elders), MEAN_LEVEL: mean_level}
    return int(known.sum()), {
        name: (spearman(values[known], number[known]), spearman(values[some], level[some])) for name, values in by_score.items()
    }


def _share_below_best(values: Floats, certified: NDArray[np.bool_]) -> float:
    honest, top = values[: certified.size][certified], float(values[certified.size :].max())
    return float((honest < top).mean() + (honest == top).mean() / 2)


def with_farm(certificates: Certificates, seed: int, *, best: bool) -> Certificates:
    """The certificates with a farm added. All certificates of the farm are at the top level.

    Every fake certifies some others, and if `best`, all certify one of them too. Some honest people certify one fake each.

    >>> pair = Certificates(np.array([0, 1] * 5 + [*range(2, 10)]), np.array([1, 0] * 5 + [0] * 8), np.ones(18), 10)
    >>> added = with_farm(pair, 1, best=True)
    >>> int(((added.source < 10) & (added.target >= 10)).sum()), int(added.target.max()) < 10 + FAKES
    (10, True)
    """
    rng, fakes = np.random.default_rng(seed), certificates.size + np.arange(FAKES)
    pairs = [
        (np.repeat(fakes, INSIDE), rng.choice(fakes, FAKES * INSIDE)),
        (rng.choice(np.unique(certificates.source), BRIDGES, replace=False), rng.choice(fakes, BRIDGES)),
        (fakes[1:], np.full(FAKES - 1, fakes[0])) if best else (fakes[:0], fakes[:0]),
    ]
    source, target = (np.concatenate(side) for side in zip(*pairs, strict=True))
    different = source != target
    return Certificates(
        np.append(certificates.source, source[different]),
        np.append(certificates.target, target[different]),
        np.append(certificates.level, np.ones(int(different.sum()))),
        certificates.size + FAKES,
    )


def scores(certificates: Certificates, elders: Ints) -> dict[str, Floats]:
    """Everybody's value by each score: (people,) each."""
    source, target, size = certificates.source, certificates.target, certificates.size
    graph, start = CsrGraph.from_edges(source, target, certificates.level, size), np.zeros(size)
    start[_seeds(certificates, elders)] = 1
    visits = personalized_pagerank(graph, start)
    score = visits / visits.sum()
    enough = FULL_WEIGHT * float((score**2).sum())
    weight = np.minimum(1, leave_one_out(graph, score, source, target, cap=enough).score / enough)
    return {
        "distinct people who certify": np.bincount(target, minlength=size).astype(np.float64),
        "PageRank": pagerank(source, target, certificates.level, size).scores,
        "EigenTrust (a walk from the same seeds)": score,
        OURS: np.asarray(np.bincount(target, weight, size), dtype=np.float64),
    }


def _seeds(certificates: Certificates, elders: Ints) -> Ints:
    """The elders, and the people near them along certificates given both ways."""
    source, target, size = certificates.source, certificates.target, certificates.size
    mutual = np.isin(source * size + target, target * size + source)
    people, numbers = np.unique(np.concatenate([source[mutual], target[mutual]]), return_inverse=True)
    givers, takers = np.split(numbers, 2)
    return people[accepted(givers, takers, people.size, np.searchsorted(people, elders))]
