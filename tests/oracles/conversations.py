"""Openings, response, unanswered, help and activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from regard.measures.conversations.help import THANKS
from regard.measures.timescale import Timescale
from regard.record.schema import Act

from .world import DAY, KIND_ORDER, TALK, Pair, Row, World, moment, stamp


class Opening(NamedTuple):
    """An opening and the time of its first answer."""

    person: str
    time: int
    target: str | None
    item: str | None
    question: bool
    with_post: bool
    answered: int | None


def openings(world: World, r: Timescale) -> list[Opening]:
    """All openings."""
    opened = []
    if any(act.kind == "reply" for act in world.known):
        for act in world.openers:
            answers = [time for _, time in replies(world, act) if time >= stamp(act)]
            opened.append(Opening(act.actor, stamp(act), None, act.item, world.is_question(act), False, min(answers, default=None)))
    posted = {(opening.person, opening.time) for opening in opened}
    for pair in {frozenset(pair) for pair in world.times}:
        talk = [t for t in world.interactions if t.kind in TALK and {t.actor, t.target} == pair]
        talk.sort(key=lambda t: (t.time, t.actor, KIND_ORDER.index(t.kind), not t.question))
        for index, each in enumerate(talk):
            if each.kind == "reply" or (index and each.time - talk[index - 1].time <= r.answer_us):
                continue
            back = min((t.time for t in talk[index:] if t.actor == each.target), default=None)
            with_post = each.kind == "mention" and (each.actor, each.time) in posted
            opened.append(Opening(each.actor, each.time, each.target, None, each.question, with_post, back))
    return opened


def replies(world: World, opener: Act) -> list[tuple[str, int]]:
    """Which other people replied in the thread of a post, and when."""
    thread = opener.thread or opener.item
    others = [a for a in world.known if a.kind == "reply" and a.actor != opener.actor and a.actor not in world.bots]
    return [(act.actor, stamp(act)) for act in others if thread and (act.thread or act.parent) == thread]


def in_time(world: World, r: Timescale, opening: Opening) -> bool | None:
    """Whether it was answered within the answer time; None while that is not over."""
    if opening.time + r.answer_us >= world.until:
        return None
    return opening.answered is not None and opening.answered - opening.time <= r.answer_us


def opening_rows(world: World, r: Timescale) -> list[Row]:
    """The rows of `openings` but for `act`."""
    rows: list[Row] = []
    for o in openings(world, r):
        after = o.answered - o.time if o.answered else None
        rows.append((o.person, moment(o.time), o.target, o.item, o.question, o.with_post, after, in_time(world, r, o)))
    return rows


def response(world: World, r: Timescale) -> list[Row]:
    """The rows of `response`."""
    judged = [(o.person, in_time(world, r, o)) for o in openings(world, r) if not o.with_post and in_time(world, r, o) is not None]
    base = (sum(bool(hit) for _, hit in judged) + 0.5) / (len(judged) + 1)
    rows: list[Row] = []
    for person in {person for person, _ in judged}:
        mine = [bool(hit) for who, hit in judged if who == person]
        share = (sum(mine) + 4 * base) / (len(mine) + 4)
        rows.append((person, len(mine), sum(mine), share, *_beta_interval(share, len(mine) + 4)))
    return rows


def _beta_interval(mean: float, weight: float) -> tuple[float, float]:
    half = 1.6449 * (mean * (1 - mean) / (weight + 1)) ** 0.5
    return max(0.0, mean - half), min(1.0, mean + half)


def unanswered(world: World, r: Timescale) -> list[Row]:
    """The rows of `unanswered` but for `act`."""
    everything = openings(world, r)
    rows: list[Row] = []
    for o in everything:
        if o.answered is None and o.question and o.time >= world.until - r.unanswered_us:
            new = o.time - min(stamp(act) for act in world.known if act.actor == o.person) <= min(r.window_us, 30 * DAY)
            earlier = [e for e in everything if e.person == o.person and e.time < o.time and not e.with_post and e.answered is not None]
            rows.append((o.person, moment(o.time), o.target, o.item, o.with_post, new, len(earlier)))
    return rows


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
    rows = []
    for helper, person in {*given, *thanks}:
        answers = given.get((helper, person), [])
        last = max(world.times.get((person, helper), [0]))
        came_back = bool(answers) and last - min(time for _, time in answers) > r.bin_us
        rows.append(Help(helper, person, len({thread for thread, _ in answers}), thanks[helper, person], came_back))
    return rows


def helpers(help_rows: Sequence[Help]) -> list[Row]:
    """The rows of `helpers`, from those of `help`."""
    rows: list[Row] = []
    for person in {row.helper for row in help_rows}:
        mine = [row for row in help_rows if row.helper == person]
        people = [row for row in mine if row.answered]
        mean = (1 + sum(row.thanked > 0 for row in people)) / (2 + len(people))
        counts = (len(people), sum(row.answered for row in mine), sum(row.thanked > 0 for row in mine), sum(row.came_back for row in mine))
        rows.append((person, *counts, mean, *_beta_interval(mean, 2 + len(people))))
    return rows


def period(day: date, days: float) -> tuple[date, date]:
    """The first day of the week, month or quarter of a day, by the length of the record, and the first day after it."""
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
    rows: list[Row] = []
    for first, after in {period(moment(time).date(), days) for time in [*(t.time for t in world.interactions), *map(stamp, world.posts)]}:
        start, end = (datetime(day.year, day.month, day.day) for day in (first, after))
        interactions = [t for t in world.interactions if start <= moment(t.time) < end]
        posts = [act for act in world.posts if start <= moment(stamp(act)) < end]
        pairs = {(t.actor, t.target) for t in interactions}
        mine = [o for o in opened if start <= moment(o.time) < end]
        people = len({t.actor for t in interactions} | {act.actor for act in posts})
        two_way = sum((other, person) in pairs for person, other in pairs if person < other)
        answered = sum(o.answered is not None for o in mine)
        rows.append((first, people, len(interactions) + len(posts), two_way, len(mine), answered, end <= moment(r.until_us)))
    return rows
