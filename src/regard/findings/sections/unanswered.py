"""Unanswered: who asked something and has no answer yet, and what share of questions is answered in time.

The questions without an answer are listed: those of newcomers first, and the newest first among equals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from regard.base.text import count, duration, percent, utc_datetime
from regard.findings.intervals import Interval, wilson
from regard.findings.section import Content, Context, Finding, Section

SHOWN = 30
"""Questions in the list at most."""
LEAST = 5
"""Questions whose answer time is over. With fewer no share is told."""

WHOSE = "(target = $me OR ($me IS NULL AND NOT with_post))"
"""The questions to one person; for all, each question once: a mention in a post is left out, since the post counts."""


class Totals(NamedTuple):
    """Of the questions without an answer: the people who asked, those of them who are new, and the questions."""

    people: int
    newcomers: int
    questions: int


TOTALS = f"SELECT count(DISTINCT person), count(DISTINCT person) FILTER (newcomer), count(*) FROM unanswered WHERE {WHOSE}"


class InTime(NamedTuple):
    """Of the questions whose answer time is over: those answered within it, and all."""

    answered: int
    questions: int


IN_TIME = f"""
    SELECT count(*) FILTER (in_time), count(*) FROM openings
    WHERE question AND in_time IS NOT NULL AND time >= make_timestamp($until_us - $unanswered_us) AND {WHOSE}
"""


class QuestionRow(NamedTuple):
    """One question without an answer, with the act that asks it."""

    person: int
    target: int | None
    time_us: int
    newcomer: bool
    answered_before: int
    text: str | None
    channel: str | None
    item: str | None
    file: str | None
    line: int | None


QUESTIONS = f"""
    WITH chosen AS (
        SELECT * FROM unanswered WHERE {WHOSE}
        ORDER BY newcomer DESC, time DESC, person, target LIMIT $shown),
    acts AS (
        SELECT c.person, c.time, c.target, min(coalesce(c.act, e.rowid)) AS act FROM chosen c
        LEFT JOIN record.accounts a ON a.person = c.person LEFT JOIN record.accounts b ON b.person = c.target
        LEFT JOIN record.acts e ON c.act IS NULL AND e.actor = a.account AND e.target = b.account AND e.time = c.time
        GROUP BY c.person, c.time, c.target)
    SELECT c.person, c.target, epoch_us(c.time), c.newcomer, c.before, coalesce(e.text, s.text), e.channel,
        e.item, e.file, e.line
    FROM chosen c LEFT JOIN acts w ON w.person = c.person AND w.time = c.time AND w.target IS NOT DISTINCT FROM c.target
        LEFT JOIN record.acts e ON e.rowid = w.act
        LEFT JOIN (SELECT item, min(text) AS text FROM record.acts WHERE text IS NOT NULL GROUP BY item) s ON s.item = e.item
    ORDER BY c.newcomer DESC, c.time DESC, c.person, c.target
"""


@dataclass(frozen=True)
class Question:
    """A question without an answer, and who asked it."""

    who: str
    to: str | None
    """The person who was asked; None for everybody."""
    words: str | None
    """The question, cut to a few lines; None if the record holds no words."""
    since: datetime
    waited: str
    """The time since then in words: "3 days"."""
    channel: str | None
    reference: str | None
    """Where to find the act: a link, an id, a file and line."""
    link: str | None
    """An https address, if the platform has one."""
    newcomer: bool
    answered_before: int
    """Earlier openings of the same person that were answered."""


@dataclass(frozen=True)
class Unanswered:
    """The first questions without an answer."""

    questions: tuple[Question, ...]
    total: int
    """All questions without an answer."""


def build(context: Context) -> Content:
    """The questions without an answer, to one person or to anybody, and a sentence on how many people asked them."""
    totals = context.engine.fetch(Totals, TOTALS, {"me": context.me})[0]
    rows = context.engine.fetch(QuestionRow, QUESTIONS, {"me": context.me, "shown": SHOWN})
    context.disclosure.prefetch(person for row in rows for person in (row.person, row.target))
    return Content(Unanswered(tuple(_question(context, row) for row in rows), totals.questions), (_finding(context, totals),))


def _question(context: Context, row: QuestionRow) -> Question:
    disclosure = context.disclosure
    location = f"{row.file}, {row.line}" if row.file is not None and row.line is not None else row.file
    return Question(
        who=disclosure.name(row.person),
        to=None if row.target is None else "you" if row.target == context.me else disclosure.name(row.target),
        words=disclosure.excerpt(row.text),
        since=utc_datetime(row.time_us),
        waited=duration(max(0, context.timescale.until_us - row.time_us)),
        channel=disclosure.excerpt(row.channel, 80),
        reference=disclosure.reference(row.item, location),
        link=disclosure.link(row.item),
        newcomer=row.newcomer,
        answered_before=row.answered_before,
    )


def _finding(context: Context, totals: Totals) -> Finding:
    """How many people have no answer yet, how many of them are new, and what share was answered in time, with Wilson's range."""
    timescale, personal = context.timescale, context.me is not None
    window, soon = duration(timescale.unanswered_us), duration(timescale.answer_us)
    in_time = context.engine.fetch(InTime, IN_TIME, {**timescale.values, "me": context.me})[0]
    heading = "Who waits for your answer" if personal else "Who waits for an answer"
    caveat = "Answers given elsewhere, or in a channel without saying to what, can't be seen; not every question wants one."
    if not in_time.questions and not totals.people:
        return Finding(heading, f"Nothing to tell: no opening of the last {window} with a question mark was found.", caveat, None)
    sentence = _people_sentence(totals, window, "your answer" if personal else "an answer")
    if in_time.questions < LEAST:
        return Finding(heading, f"{sentence} Too few asks ({in_time.questions}) to tell what share is answered.", caveat, None)
    answered, n = in_time
    low, high = wilson(answered, n)
    share = f"{percent(answered / n)} were answered within {soon} ({percent(low)} to {percent(high)})"
    return Finding(heading, f"{sentence} Of {n:,} asks whose time is over, {share}.", caveat, Interval(answered / n, low, high, n))


def _people_sentence(totals: Totals, window: str, what: str) -> str:
    people, newcomers, questions = totals
    who = count(people, "person", "people") if people else "Nobody"
    sentence = f"{who} {'wait' if people > 1 else 'waits'} for {what} to something asked in the last {window}"
    return sentence + (f" ({newcomers or 'none'} of them new here; {count(questions, 'ask')})." if people else ".")


UNANSWERED = Section(
    name="unanswered",
    own_anchor="waits",
    title="People to answer today",
    personal_title="Your ties: who waits for your answer",
    nav="Who waits",
    build=build,
    needs=("unanswered", "openings"),
    template="unanswered.html.j2",
)
