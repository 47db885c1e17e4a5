"""Slow answers in plain Python to the questions that the measures answer in SQL, from a list of acts and the definitions alone.

Every function reads like the docstring of the measure it stands beside, knows nothing of DuckDB, and takes minutes where the measure
takes milliseconds. People are their ids; of two people the smaller number is the earlier id.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise, product
from math import ceil, comb, exp, log
from statistics import median
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from regard.measures.conversations.help import THANKS
from regard.measures.influence.new_contacts import LEVEL
from regard.measures.kernels.alive_model import Grid
from regard.measures.timescale import Timescale
from regard.record.schema import INTERACTION_KINDS, Act

Floats = NDArray[np.float64]
Row = tuple[object, ...]
"""The values of one row in the order in which its measure declares its columns."""
Pair = tuple[str, str]
DAY = 86_400_000_000
MESSAGES = ("post", "reply", "message")
TALK = ("reply", "mention", "message")
KIND_ORDER = ("post", "reply", "mention", "message")


def moment(time_us: int) -> datetime:
    """A time as relations show it."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time_us)).replace(tzinfo=None)


def stamp(act: Act) -> int:
    """The time of an act that has one."""
    assert act.time is not None
    return act.time


def number(value: object) -> float:
    """A value of a row that is known to be a number."""
    assert isinstance(value, int | float)
    return float(value)


# --- what the record makes of acts before any measure sees them


def settled(acts: Sequence[Act], merged: Mapping[str, str] | None = None) -> list[Act]:
    """The acts with merged people, the people whom replies answer and the threads they are in, without mentions that only address."""
    items = {act.item: act for act in acts if act.kind in MESSAGES and act.item is not None}

    def thread_of(act: Act) -> str | None:
        if act.thread is not None or act.kind != "reply" or act.parent is None:
            return act.thread
        parent = items.get(act.parent)
        return act.parent if parent is None else thread_of(parent) or act.parent

    def target_of(act: Act) -> str | None:
        if act.target is None and act.kind == "reply" and act.parent in items:
            return items[act.parent].actor
        return act.target

    found = [act._replace(target=target_of(act), thread=thread_of(act)) for act in acts]
    addressed = {(act.item, act.actor, act.target, act.time) for act in found if act.kind == "reply" and act.item and act.time is not None}
    kept = [a for a in found if not (a.kind == "mention" and (a.item, a.actor, a.target, a.time) in addressed)]
    names = merged or {}
    return [a._replace(actor=names.get(a.actor, a.actor), target=names.get(a.target, a.target) if a.target else None) for a in kept]


class Turn(NamedTuple):
    """An act toward somebody."""

    time: int
    actor: str
    kind: str
    target: str
    asks: bool


@dataclass(frozen=True)
class World:
    """Settled acts, looked at from one moment."""

    acts: Sequence[Act]
    until: int
    bots: frozenset[str] = frozenset()
    followers: Mapping[str, int] = field(default_factory=dict)

    @property
    def seen(self) -> list[Act]:
        """Acts at a known time before the moment."""
        return [act for act in self.acts if act.time is not None and act.time < self.until]

    def before(self, act: Act) -> bool:
        """Whether nothing says that the act is later than the moment."""
        return act.time is None or act.time < self.until

    def asks(self, act: Act) -> bool:
        """Whether the words of the act's message hold a question mark, or none of its words are there."""
        mine = [a.text for a in self.acts if a.text is not None and a.item == act.item] if act.item is not None else [act.text]
        texts = [re.sub(r"https?://\S+", "", text) for text in mine if text is not None]
        return not texts or any(re.search("[?\uff1f\u061f\u2047\u2048\u037e\u055e]", text) for text in texts)

    @cached_property
    def toward(self) -> list[Turn]:
        """Attention between different people who are no bots."""
        return [
            Turn(stamp(act), act.actor, act.kind, act.target, self.asks(act))
            for act in self.seen
            if act.kind in INTERACTION_KINDS and act.target and act.target != act.actor and not {act.actor, act.target} & self.bots
        ]

    @cached_property
    def posts(self) -> list[Act]:
        """Posts of people."""
        return [act for act in self.seen if act.kind == "post" and act.actor not in self.bots]

    @cached_property
    def openers(self) -> list[Act]:
        """Posts that start their thread; one without a thread is a thread of its own."""
        threads: dict[str, list[Act]] = defaultdict(list)
        alone: list[Act] = []
        for act in self.posts:
            thread = act.thread or act.item
            (threads[thread] if thread else alone).append(act)
        return alone + [min(found, key=lambda a: (stamp(a), a.actor, a.item or "\uffff")) for found in threads.values()]

    @cached_property
    def times(self) -> dict[Pair, list[int]]:
        """When somebody acted toward somebody."""
        found: dict[Pair, list[int]] = defaultdict(list)
        for turn in self.toward:
            found[turn.actor, turn.target].append(turn.time)
        return found


# --- BG/BB


def likelihood(x: int, t: int, n: int, p: Floats, q: Floats) -> tuple[Floats, Floats]:
    """L(p, q) as it stands in the paper, and the part of it in which the tie lives."""
    alive = p**x * (1 - p) ** (n - x) * (1 - q) ** n
    died = [p**x * (1 - p) ** (t - x + i) * q * (1 - q) ** (t + i) for i in range(n - t)]
    return alive + np.sum(died, axis=0) if died else alive, alive


def silence(p: Floats, q: Floats, bins: int) -> Floats:
    """f(bins), the chance that a living tie does not act within so many bins, by the recursion."""
    found = np.ones_like(p)
    for _ in range(bins):
        found = q + (1 - q) * (1 - p) * found
    return found


def in_several(p: Floats, q: Floats, bins: int, times: int) -> Floats:
    """The chance that a living tie acts in so many of the bins or more: every death and every pattern of acts before it, added up."""
    found = np.zeros_like(p)
    for lived in range(bins + 1):
        stays = (1 - q) ** lived * (q if lived < bins else 1)
        for pattern in product((0, 1), repeat=lived):
            if sum(pattern) >= times:
                found += stays * p ** sum(pattern) * (1 - p) ** (lived - sum(pattern))
    return found


def often(p: Floats, q: Floats, bins: int, times: int) -> Floats:
    """The same for many bins, where the patterns of as many acts are counted and not written out."""
    found = np.zeros_like(p)
    for lived in range(bins + 1):
        stays = (1 - q) ** lived * (q if lived < bins else 1)
        found += stays * sum((comb(lived, k) * p**k * (1 - p) ** (lived - k) for k in range(times, lived + 1)), np.zeros_like(p))
    return found


class Chances(NamedTuple):
    """That a tie lives, that it acts again within so many bins, and that it does so in three of them."""

    alive: float
    again: float
    several: float


def chances(grid: Grid, x: int, t: int, n: int, bins: int) -> Chances:
    """What a prior says of a state."""
    return _chances(grid.p.tobytes(), grid.q.tobytes(), grid.weight.tobytes(), x, t, n, bins)


@lru_cache(maxsize=10_000)
def _chances(p_bytes: bytes, q_bytes: bytes, weight_bytes: bytes, x: int, t: int, n: int, bins: int) -> Chances:
    """The same of a grid's bytes: many pairs of a community are in the same state, and bytes can be the key of a cache."""
    p, q, weight = (np.frombuffer(values) for values in (p_bytes, q_bytes, weight_bytes))
    both, alive = likelihood(x, t, n, p, q)
    evidence = float(both @ weight)
    return Chances(*(float((alive * ahead) @ weight) / evidence for ahead in _futures(p_bytes, q_bytes, bins)))


@lru_cache(maxsize=100)
def _futures(p_bytes: bytes, q_bytes: bytes, bins: int) -> tuple[Floats, Floats, Floats]:
    """At each point of a grid, for a living tie: that it is alive, that it acts within so many bins, that it does so in three of them."""
    p, q = np.frombuffer(p_bytes), np.frombuffer(q_bytes)
    return np.ones_like(p), 1 - silence(p, q, bins), often(p, q, bins, 3)


def returns(chances: Iterable[float]) -> Floats:
    """The distribution of how many of independent chances come true, by convolution."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, [1 - chance, chance])
    return found


def quantiles(distribution: Floats, low: float = 0.05, high: float = 0.95) -> tuple[int, int]:
    """The smallest numbers that are not passed with these chances."""
    total = np.cumsum(distribution)
    return int(np.argmax(total >= low - 1e-12)), int(np.argmax(total >= high - 1e-12))


# --- timescale


def timescale(world: World) -> tuple[int, int, int]:
    """Bin, window and answer time by the module's docstring."""
    starts = [turn.time for turn in world.toward] or [stamp(act) for act in world.posts] or [world.until - DAY]
    span = max(world.until - min(starts), 1)
    bin_us = _bin(world, span)
    window = next(long for long, least in ((364, 28), (84, 7), (28, 1), (2, 0)) if bin_us >= least * DAY) * DAY
    bins = max(1, int(min(window, span / 5) // bin_us))
    while bins * bin_us * 2 < span and sum(turn.time >= world.until - bins * bin_us for turn in world.toward) < 150:
        bins *= 2
    return bin_us, bins * bin_us, _answer_time(world, bins * bin_us)


def _bin(world: World, span: int) -> int:
    if span < 30 * DAY:
        return DAY // 4
    gaps = [b - a for times in world.times.values() for a, b in pairwise(sorted(times))]
    gap = median(gaps) / DAY if gaps else 7.0
    days = 1 if gap < 7**0.5 else 7 if gap < 14 else 28
    return next(d for d in (1, 7, 28, 84, 364) if d >= days and (span / (d * DAY) < 1000 or d == 364)) * DAY


def _answer_time(world: World, window: int) -> int:
    waits = []
    for pair in {frozenset(pair) for pair in world.times}:
        turns = sorted(t for t in world.toward if t.kind in TALK and {t.actor, t.target} == pair)
        waits += [b.time - a.time for a, b in pairwise(turns) if a.actor != b.actor and b.time - a.time <= window]
    usual = round(float(np.quantile(waits, 0.9))) if waits else 2 * DAY
    return max(DAY // 24, min(usual, window))


# --- ties, kept, cooling, reached


class State(NamedTuple):
    """Active bins after the first, the last of them, and bins since the first."""

    x: int
    t: int
    n: int


class Tie(NamedTuple):
    """A row of `ties`."""

    actor: str
    target: str
    acts: int
    bins: int
    first: datetime
    last: datetime
    p_alive: float
    p_return: float
    p_return_alive: float
    p_fan: float
    p_alive_before: float | None
    two_way: bool
    acts_back: int
    gap_bins: float | None
    silent_bins: int


def ages(world: World, r: Timescale) -> dict[Pair, list[int]]:
    """How many bins ago each pair was active, oldest first."""
    return {pair: sorted({(world.until - 1 - time) // r.bin_us for time in times}, reverse=True) for pair, times in world.times.items()}


def state(active: Sequence[int], now: int = 0) -> State | None:
    """The state of a tie as it stood so many bins ago."""
    known = [age - now for age in active if age >= now]
    return State(len(known) - 1, known[0] - known[-1], known[0]) if known else None


def ties(world: World, r: Timescale, grid: Grid, again: Mapping[Pair, float]) -> list[Tie]:
    """The rows of `ties`, with the prior that is given, and the learned chances (see lessons.py)."""
    found = []
    for (actor, target), active in ages(world, r).items():
        now, then = state(active), state(active, r.window_bins)
        assert now is not None
        times, back = world.times[actor, target], world.times.get((target, actor), [])
        history = (len(times), len(active), moment(min(times)), moment(max(times)))
        before = chances(grid, *then, r.window_bins).alive if then else None
        gap = (active[0] - active[-1]) / (len(active) - 1) if len(active) > 1 else None
        told = chances(grid, *now, r.window_bins)
        p_return = again[actor, target]
        p_fan = p_return * round(told.several, 9) / round(told.again, 9) if round(told.again, 9) else 0.0
        told_of = (told.alive, p_return, told.again, p_fan)
        found.append(Tie(actor, target, *history, *told_of, before, bool(back), len(back), gap, active[-1]))
    return found


def _toward(ties: Iterable[Tie]) -> dict[str, list[Tie]]:
    found: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        found[tie.target].append(tie)
    return found


def kept(ties: Iterable[Tie], spread: float) -> list[Row]:
    """The rows of `kept` without its range; `spread` is the squared relative error beyond chance."""
    found: list[Row] = []
    for person, mine in _toward(ties).items():
        mean = sum(tie.p_return for tie in mine)
        variance = sum(tie.p_return * (1 - tie.p_return) for tie in mine) + spread * mean**2
        found.append((person, mean, len(mine), sum(tie.p_return for tie in mine if tie.two_way), variance))
    return found


def fans(ties: Iterable[Tie]) -> list[Row]:
    """The rows of `fans` without its range."""
    return [
        (person, sum(tie.p_fan for tie in mine), sum(tie.two_way and tie.p_fan >= 0.5 for tie in mine))
        for person, mine in _toward(ties).items()
    ]


def excess(world: World, r: Timescale, ties: Iterable[Tie]) -> list[Row]:
    """The rows of `excess`."""
    recent = {pair: sum(age < r.window_bins for age in active) for pair, active in ages(world, r).items()}
    total = max(1, sum(recent.values()))
    found: list[Row] = []
    for person, mine in _toward(ties).items():
        share = sum(bins for (_, target), bins in recent.items() if target == person) / total
        given = [sum(bins for (actor, _), bins in recent.items() if actor == tie.actor) for tie in mine]
        baseline = [1 - exp(-bins * share) for bins in given]
        found.append((person, sum(max(0.0, t.p_return - p) for t, p in zip(mine, baseline, strict=True)), sum(baseline)))
    return found


def quantiles_of(mean: float, variance: float) -> tuple[int, int]:
    """The 5th and 95th percentile of a negative binomial or binomial of these moments, or a Poisson where they are one."""
    if abs(variance / mean - 1) < 1e-6:
        told = stats.poisson(mean)
    elif variance > mean:
        told = stats.nbinom(mean**2 / (variance - mean), mean / variance)
    else:
        trials = max(ceil(mean), round(mean / (1 - variance / mean)))
        told = stats.binom(trials, mean / trials)
    return int(told.ppf(0.05)), int(told.ppf(0.95))


# --- drawn


class Draw(NamedTuple):
    """What was known of somebody's first contacts: decayed number, bins decayed once and twice."""

    n: float
    e: float
    s: float


def contacts(world: World, r: Timescale, back: int) -> dict[str, Draw]:
    """First contacts of everybody who was known so many bins ago."""
    firsts = {pair: active[0] for pair, active in ages(world, r).items()}
    found = {}
    for person in {person for pair in firsts for person in pair}:
        age = max(first for pair, first in firsts.items() if person in pair) - back
        if age >= 0:
            n = sum(0.5 ** ((first - back) / r.window_bins) for (_, target), first in firsts.items() if target == person and first >= back)
            once, twice = (sum(base ** (bin_ / r.window_bins) for bin_ in range(age + 1)) for base in (0.5, 0.25))
            found[person] = Draw(n, once, twice)
    return found


def rates(known: Mapping[str, Draw], window_bins: int) -> dict[str, tuple[float, float]]:
    """Expected first contacts of each in a window, and the contacts that they rest on."""
    if not known:
        return {}
    rate = sum(d.n for d in known.values()) / sum(d.e for d in known.values())
    extra = sum((d.n - rate * d.e) ** 2 - rate * d.s for d in known.values()) / max(1e-9, sum(d.e**2 for d in known.values()))
    shape = min(1e6, max(0.05, rate**2 / max(extra, 1e-12)))
    found = {}
    for person, d in known.items():
        weight = shape + d.n * d.e / d.s
        found[person] = (window_bins * weight / (shape / rate + d.e**2 / d.s), weight)
    return found


def new_contacts(world: World, r: Timescale) -> list[Row]:
    """The rows of `new_contacts` without its range."""
    active = ages(world, r)
    fresh, recent = (
        {v: sum(target == v and pick(bins) < r.window_bins for (_, target), bins in active.items()) for _, v in active}
        for pick in (max, min)
    )
    now, before = (rates(contacts(world, r, back), r.window_bins) for back in (0, r.window_bins))
    factor = exp(LEVEL)
    if before:
        came, said = sum(fresh.get(person, 0) for person in before), sum(mean for mean, _ in before.values())
        factor = exp((LEVEL + log((came + 8) / (said + 8))) / 2)
    return [(person, factor * mean, fresh.get(person, 0), recent.get(person, 0)) for person, (mean, _) in now.items()]


def cooling(ties: Iterable[Tie]) -> list[Row]:
    """The rows of `cooling`."""
    by_pair = {(tie.actor, tie.target): tie for tie in ties}
    found: list[Row] = []
    for (one, other), there in by_pair.items():
        back = by_pair.get((other, one))
        if one > other or back is None or there.p_alive_before is None or back.p_alive_before is None:
            continue
        before, now = (there.p_alive_before + back.p_alive_before) / 2, (there.p_alive + back.p_alive) / 2
        gaps = [tie.gap_bins for tie in (there, back) if tie.gap_bins is not None]
        if there.bins + back.bins >= 6 and before >= 0.5 > now:
            bins, last, silent = there.bins + back.bins, max(there.last, back.last), min(there.silent_bins, back.silent_bins)
            found.append((one, other, bins, last, sum(gaps) / len(gaps), silent, before, now))
    return found


def reached(world: World, r: Timescale) -> list[Row]:
    """The rows of `reached`."""
    people: dict[str, set[str]] = defaultdict(set)
    recent: dict[str, set[str]] = defaultdict(set)
    for turn in world.toward:
        people[turn.target].add(turn.actor)
        if (world.until - 1 - turn.time) // r.bin_us < r.window_bins:
            recent[turn.target].add(turn.actor)
    for act in world.acts:
        if act.kind == "follow" and act.target and act.target != act.actor and act.actor not in world.bots and world.before(act):
            people[act.target].add(act.actor)
    found: list[Row] = []
    for person in {*people, *world.followers}:
        seen, told, now = len(people[person]), world.followers.get(person), len(recent[person])
        if most := max(seen, told or 0):
            found.append((person, most, seen, now, told, 100 * now / most))
    return found


# --- openings, response, waiting, help


class Opening(NamedTuple):
    """An opening and the time of its first answer."""

    person: str
    time: int
    target: str | None
    item: str | None
    asks: bool
    with_post: bool
    answered: int | None


def openings(world: World, r: Timescale) -> list[Opening]:
    """All openings."""
    found = []
    if any(act.kind == "reply" for act in world.seen):
        for act in world.openers:
            answers = [time for _, time in replies(world, act) if time >= stamp(act)]
            found.append(Opening(act.actor, stamp(act), None, act.item, world.asks(act), False, min(answers, default=None)))
    posted = {(opening.person, opening.time) for opening in found}
    for pair in {frozenset(pair) for pair in world.times}:
        turns = [t for t in world.toward if t.kind in TALK and {t.actor, t.target} == pair]
        turns.sort(key=lambda t: (t.time, t.actor, KIND_ORDER.index(t.kind), not t.asks))
        for place, turn in enumerate(turns):
            if turn.kind == "reply" or (place and turn.time - turns[place - 1].time <= r.answer_us):
                continue
            back = min((t.time for t in turns[place:] if t.actor == turn.target), default=None)
            with_post = turn.kind == "mention" and (turn.actor, turn.time) in posted
            found.append(Opening(turn.actor, turn.time, turn.target, None, turn.asks, with_post, back))
    return found


def replies(world: World, opener: Act) -> list[tuple[str, int]]:
    """Who else replied in the thread of a post, and when."""
    thread = opener.thread or opener.item
    others = [a for a in world.seen if a.kind == "reply" and a.actor != opener.actor and a.actor not in world.bots]
    return [(act.actor, stamp(act)) for act in others if thread and (act.thread or act.parent) == thread]


def in_time(world: World, r: Timescale, opening: Opening) -> bool | None:
    """Whether it was answered within the answer time; None while that is not over."""
    if opening.time + r.answer_us >= world.until:
        return None
    return opening.answered is not None and opening.answered - opening.time <= r.answer_us


def opening_rows(world: World, r: Timescale) -> list[Row]:
    """The rows of `openings` but for `act`."""
    return [
        (o.person, moment(o.time), o.target, o.item, o.asks, o.with_post, o.answered - o.time if o.answered else None, in_time(world, r, o))
        for o in openings(world, r)
    ]


def response(world: World, r: Timescale) -> list[Row]:
    """The rows of `response`."""
    judged = [(o.person, in_time(world, r, o)) for o in openings(world, r) if not o.with_post and in_time(world, r, o) is not None]
    base = (sum(bool(hit) for _, hit in judged) + 0.5) / (len(judged) + 1)
    found: list[Row] = []
    for person in {person for person, _ in judged}:
        mine = [bool(hit) for who, hit in judged if who == person]
        share = (sum(mine) + 4 * base) / (len(mine) + 4)
        found.append((person, len(mine), sum(mine), share, *_beta_range(share, len(mine) + 4)))
    return found


def _beta_range(mean: float, weight: float) -> tuple[float, float]:
    half = 1.6449 * (mean * (1 - mean) / (weight + 1)) ** 0.5
    return max(0.0, mean - half), min(1.0, mean + half)


def unanswered(world: World, r: Timescale) -> list[Row]:
    """The rows of `unanswered` but for `act`."""
    everything = openings(world, r)
    found: list[Row] = []
    for o in everything:
        if o.answered is None and o.asks and o.time >= world.until - r.asked_us:
            new = o.time - min(stamp(act) for act in world.seen if act.actor == o.person) <= min(r.window_us, 30 * DAY)
            earlier = [e for e in everything if e.person == o.person and e.time < o.time and not e.with_post and e.answered is not None]
            found.append((o.person, moment(o.time), o.target, o.item, o.with_post, new, len(earlier)))
    return found


class Help(NamedTuple):
    """A row of `help`."""

    helper: str
    helped: str
    answered: int
    thanked: int
    came_back: bool


def helps(world: World, r: Timescale) -> list[Help]:
    """The rows of `help`."""
    given: dict[Pair, list[tuple[str, int]]] = defaultdict(list)
    for opener in world.openers:
        for helper, time in replies(world, opener):
            given[helper, opener.actor].append((opener.thread or opener.item or "", time))
    thanks: dict[Pair, int] = defaultdict(int)
    for act in world.acts:
        thankful = act.kind == "thank" or (act.kind == "react" and (act.label or "").lower() in THANKS)
        if thankful and act.target and act.target != act.actor and not {act.actor, act.target} & world.bots and world.before(act):
            thanks[act.target, act.actor] += 1
    found = []
    for helper, person in {*given, *thanks}:
        answers = given.get((helper, person), [])
        last = max(world.times.get((person, helper), [0]))
        came_back = bool(answers) and last - min(time for _, time in answers) > r.bin_us
        found.append(Help(helper, person, len({thread for thread, _ in answers}), thanks[helper, person], came_back))
    return found


def helpers(rows: Sequence[Help]) -> list[Row]:
    """The rows of `helpers`, from those of `help`."""
    found: list[Row] = []
    for person in {row.helper for row in rows}:
        mine = [row for row in rows if row.helper == person]
        people = [row for row in mine if row.answered]
        mean = (1 + sum(row.thanked > 0 for row in people)) / (2 + len(people))
        counts = (len(people), sum(row.answered for row in mine), sum(row.thanked > 0 for row in mine), sum(row.came_back for row in mine))
        found.append((person, *counts, mean, *_beta_range(mean, 2 + len(people))))
    return found


# --- rank, activity


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
    found: list[Row] = []
    for person in {act.actor for act in world.acts} | {act.target for act in world.acts if act.target} | {*world.followers, *world.bots}:
        out, into = [t for t in world.toward if t.actor == person], [t for t in world.toward if t.target == person]
        posts = sum(act.actor == person for act in world.posts)
        people_in = len({turn.actor for turn in into})
        found.append((person, posts, len(out), len(into), people_in, world.followers.get(person), scores.get(person)))
    return found


def period(day: date, days: float) -> tuple[date, date]:
    """The week, month or quarter of a day, by the length of the record, and the first day after it."""
    if days < 200:
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=7)
    months = 1 if days < 3650 else 3
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.month + months
    return first, date(first.year + (after > 12), (after - 1) % 12 + 1, 1)


def activity(world: World, r: Timescale) -> list[Row]:
    """The rows of `activity`."""
    days = (r.until_us - r.start_us) / DAY
    opened = [o for o in openings(world, r) if not o.with_post]
    found: list[Row] = []
    for first, after in {period(moment(time).date(), days) for time in [*(t.time for t in world.toward), *map(stamp, world.posts)]}:
        start, end = (datetime(day.year, day.month, day.day) for day in (first, after))
        turns = [t for t in world.toward if start <= moment(t.time) < end]
        posts = [act for act in world.posts if start <= moment(stamp(act)) < end]
        pairs = {(t.actor, t.target) for t in turns}
        mine = [o for o in opened if start <= moment(o.time) < end]
        people = len({t.actor for t in turns} | {act.actor for act in posts})
        two_way = sum((other, one) in pairs for one, other in pairs if one < other)
        answered = sum(o.answered is not None for o in mine)
        found.append((first, people, len(turns) + len(posts), two_way, len(mine), answered, end <= moment(r.until_us)))
    return found
