"""Openings, response, unanswered, help and activity."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from regard.measures.conversations.help import THANKS
from regard.measures.questions import CLOSING
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


def words_of(world: World, act: Act) -> str | None:
    """The words of an act's message; None if the record holds none."""
    mine = [a.text for a in world.acts if a.text is not None and a.item == act.item] if act.item is not None else [act.text]
    return next((text for text in mine if text is not None), None)


def closes(world: World, act: Act) -> bool:
    """Whether an act closes a question of its writer."""
    return act.text is not None and not world.is_question(act) and re.search(CLOSING, act.text.lower()) is not None


class ThreadQuestion(NamedTuple):
    """A reply that asks and got no answer."""

    act: Act
    met: bool


def thread_questions(world: World) -> list[ThreadQuestion]:
    """The replies with words that ask, to which nobody replied and beside which nobody wrote to the same message."""
    replied = [a for a in world.known if a.kind == "reply" and a.actor not in world.bots]
    by_item = {a.item: a for a in replied if a.item is not None}
    chains = any(a.parent in by_item and by_item[a.parent].parent in by_item for a in replied)
    found = []
    for place, act in enumerate(replied):
        if words_of(world, act) is None or not world.is_question(act):
            continue
        thread = [a for a in replied if (a.thread or a.parent) == (act.thread or act.parent)]
        later = [a for n, a in enumerate(replied) if a in thread and (stamp(a), n) > (stamp(act), place)]
        later.sort(key=stamp)
        beside = [a for a in later if a.parent == act.parent]
        below = [a for a in replied if act.item is not None and a.parent == act.item]
        if any(a.actor != act.actor for a in (*beside, *below)):
            continue
        if any(a.actor == act.target != act.actor and stamp(a) >= stamp(act) for a in thread):
            continue
        next_other = next((stamp(a) for a in later if a.actor != act.actor), None) if chains else None
        own = any(closes(world, a) for a in (*beside, *below) if a.actor == act.actor)
        found.append(ThreadQuestion(act, own or (next_other is not None and next_other - stamp(act) <= DAY)))
    return found


def strangers(world: World) -> set[str]:
    """People who only opened threads, and with whom nobody dealt."""
    dealt = {t.target for t in world.interactions} | {t.actor for t in world.interactions if t.kind != "mention"}
    answered = {
        post.actor for post in world.posts for a in world.known
        if a.kind == "reply" and a.actor != post.actor and (a.thread or a.parent) == (post.thread or post.item) is not None
    }  # fmt: skip
    return {post.actor for post in world.posts} - dealt - answered


def adverts(world: World) -> set[int]:
    """The posts, by `id`, of strangers whose words stand in another such post. No other evidence is in these communities."""
    alone = strangers(world)
    plain = [(re.sub("[^a-z]+", "", post.text.lower()), post) for post in world.posts if post.text is not None and post.actor in alone]
    copies = Counter(words for words, _ in plain if len(words) >= 40)
    return {id(post) for words, post in plain if copies[words] > 1}


def unanswered(world: World, r: Timescale) -> list[Row]:
    """The rows of `unanswered` but for `act`. Nobody chats here, and nothing is marked as done."""
    everything = openings(world, r)
    raised = thread_questions(world)
    in_threads = {(q.act.actor, stamp(q.act)) for q in raised}
    replies_with_words = {(a.actor, stamp(a)) for a in world.known if a.kind == "reply" and words_of(world, a) is not None}
    met = {(q.act.actor, stamp(q.act)) for q in raised if q.met}
    looks_bought = adverts(world)
    for act in world.openers:
        own = [a for a in world.known if a.kind == "reply" and a.actor == act.actor and (a.thread or a.parent) == (act.thread or act.item)]
        if any(closes(world, a) for a in own if act.thread or act.item):
            met.add((act.actor, stamp(act)))
    asks: list[tuple[str, int, str | None, str | None, bool, bool]] = []
    for o in everything:
        if o.answered is None and o.question:
            key = (o.person, o.time)
            is_post = o.target is None
            if not is_post and key in replies_with_words and key not in in_threads:
                continue
            posts = [act for act in world.openers if is_post and act.actor == o.person and stamp(act) == o.time and act.item == o.item]
            asks.append(
                (*key, o.target, o.item, o.with_post or (not is_post and key in in_threads), any(id(p) in looks_bought for p in posts))
            )
    asks += [(q.act.actor, stamp(q.act), q.act.target if q.act.target != q.act.actor else None, q.act.item, False, False) for q in raised]
    rows: list[Row] = []
    for person, time, target, item, with_post, advert in asks:
        if time < world.until - r.unanswered_us or (person, time) in met:
            continue
        new = time - min(stamp(act) for act in world.known if act.actor == person) <= min(r.window_us, 30 * DAY)
        earlier = [e for e in everything if e.person == person and e.time < time and not e.with_post and e.answered is not None]
        reacted = {
            a.actor for a in world.acts
            if item is not None and a.kind == "react" and a.item == item and a.actor not in {person, *world.bots} and world.before(a)
        }  # fmt: skip
        rows.append((person, moment(time), target, item, with_post, new, len(earlier), len(reacted), advert))
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
