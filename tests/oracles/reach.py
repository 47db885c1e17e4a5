"""Counts and rates of people: new contacts, reached, rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import exp, log
from typing import NamedTuple

from regard.measures.influence.new_contacts import PRIOR_LOG_FACTOR
from regard.measures.timescale import Timescale

from .pairs import ages
from .world import Pair, Row, World


class Contacts(NamedTuple):
    """What was known of somebody's first contacts: their decayed number, and bins decayed once and twice."""

    n: float
    e: float
    s: float


def contacts(world: World, r: Timescale, back: int) -> dict[str, Contacts]:
    """First contacts of everybody who was known so many bins ago."""
    firsts = {pair: active[0] for pair, active in ages(world, r).items()}
    known = {}
    for person in {person for pair in firsts for person in pair}:
        age = max(first for pair, first in firsts.items() if person in pair) - back
        if age >= 0:
            n = sum(0.5 ** ((first - back) / r.window_bins) for (_, target), first in firsts.items() if target == person and first >= back)
            once, twice = (sum(base ** (bin_ / r.window_bins) for bin_ in range(age + 1)) for base in (0.5, 0.25))
            known[person] = Contacts(n, once, twice)
    return known


def rates(known: Mapping[str, Contacts], window_bins: int) -> dict[str, tuple[float, float]]:
    """Expected first contacts of each person in a window, and the number of contacts that they rest on."""
    if not known:
        return {}
    rate = sum(d.n for d in known.values()) / sum(d.e for d in known.values())
    extra = sum((d.n - rate * d.e) ** 2 - rate * d.s for d in known.values()) / max(1e-9, sum(d.e**2 for d in known.values()))
    shape = min(1e6, max(0.05, rate**2 / max(extra, 1e-12)))
    expected = {}
    for person, d in known.items():
        weight = shape + d.n * d.e / d.s
        expected[person] = (window_bins * weight / (shape / rate + d.e**2 / d.s), weight)
    return expected


def new_contacts(world: World, r: Timescale) -> list[Row]:
    """The rows of `new_contacts` without its interval."""
    active = ages(world, r)
    fresh, recent = (
        {v: sum(target == v and pick(bins) < r.window_bins for (_, target), bins in active.items()) for _, v in active}
        for pick in (max, min)
    )
    now, before = (rates(contacts(world, r, back), r.window_bins) for back in (0, r.window_bins))
    factor = exp(PRIOR_LOG_FACTOR)
    if before:
        actual, expected = sum(fresh.get(person, 0) for person in before), sum(mean for mean, _ in before.values())
        factor = exp((PRIOR_LOG_FACTOR + log((actual + 8) / (expected + 8))) / 2)
    return [(person, factor * mean, fresh.get(person, 0), recent.get(person, 0)) for person, (mean, _) in now.items()]


def reached(world: World, r: Timescale) -> list[Row]:
    """The rows of `reached`."""
    people, acted, wrote, recent, recent_words = (defaultdict[str, set[str]](set) for _ in range(5))
    for each in world.interactions:
        by_words = each.kind in ("reply", "mention", "message", "thank")
        is_recent = (world.until - 1 - each.time) // r.bin_us < r.window_bins
        counts = ((people, True), (acted, True), (wrote, by_words), (recent, is_recent), (recent_words, is_recent and by_words))
        for counted in (count for count, whether in counts if whether):
            counted[each.target].add(each.actor)
    for act in world.acts:
        if act.kind == "follow" and act.target and act.target != act.actor and act.actor not in world.bots and world.before(act):
            people[act.target].add(act.actor)
    rows: list[Row] = []
    for person in {*people, *world.followers}:
        all_people, followers, now = len(people[person]), world.followers.get(person), len(recent[person])
        if most := max(all_people, followers or 0):
            words = (len(wrote[person]), len(acted[person] - wrote[person]))
            rows.append((person, most, all_people, *words, now, len(recent_words[person]), followers, 100 * now / most))
    return rows


def pagerank(weights: Mapping[Pair, float], damping: float = 0.85) -> dict[str, float]:
    """Power iteration over a dictionary of edges."""
    people = sorted({person for pair in weights for person in pair})
    given = {person: sum(weight for (actor, _), weight in weights.items() if actor == person) for person in people}
    scores = dict.fromkeys(people, 1 / len(people)) if people else {}
    for _ in range(150):
        lost = sum(scores[person] for person in people if not given[person])
        fresh = dict.fromkeys(people, (1 - damping + damping * lost) / max(1, len(people)))
        for (actor, target), weight in weights.items():
            fresh[target] += damping * scores[actor] * weight / given[actor]
        scores = fresh
    return scores


def rank(world: World) -> list[Row]:
    """The rows of `rank` but for `points`."""
    scores = pagerank({pair: float(len(times)) for pair, times in world.times.items()})
    rows: list[Row] = []
    for person in {act.actor for act in world.acts} | {act.target for act in world.acts if act.target} | {*world.followers, *world.bots}:
        out, into = [t for t in world.interactions if t.actor == person], [t for t in world.interactions if t.target == person]
        posts = sum(act.actor == person for act in world.posts)
        people_in = len({each.actor for each in into})
        rows.append((person, posts, len(out), len(into), people_in, world.followers.get(person), scores.get(person)))
    return rows
