"""Unanswered: who asked something and has no answer yet, and what share of questions is answered in time.

The questions without an answer are listed: those of newcomers first, and the newest first among equals. What looks like advertising is
counted and not listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from regard.base.text import count, duration, percent, utc_datetime
from regard.findings.intervals import Interval, wilson
from regard.findings.links import link
from regard.findings.section import Content, Context, Finding, Section

SHOWN = 30
"""Questions in the list at most."""
LEAST = 5
"""Questions whose answer time is over. With fewer no share is told."""

WHOSE = "(target = $me OR ($me IS NULL AND NOT with_post))"
"""The questions to one person; for all, each question once: a mention in a post is left out, since the post counts."""


class Totals(NamedTuple):
    """Of the questions without an answer: the people who asked, those of them who are new, the questions, and adverts left out."""

    people: int
    newcomers: int
    questions: int
    adverts: int


TOTALS = f"""
    SELECT count(DISTINCT person) FILTER (NOT advert), count(DISTINCT person) FILTER (newcomer AND NOT advert),
        count(*) FILTER (NOT advert), count(*) FILTER (advert) FROM unanswered WHERE {WHOSE}
"""


class InTime(NamedTuple):
    """Of the questions whose answer time is over, and that their asker did not close: those answered within it, and all."""

    answered: int
    questions: int


IN_TIME = f"""
    SELECT coalesce(sum(CASE WHEN soon THEN 1 ELSE 0 END), 0), count(*) FROM (
        SELECT in_time OR coalesce(beside <= $answer_us, false) AS soon
        FROM openings LEFT JOIN (
            SELECT person AS who, time AS moment, target AS whom, act AS of_act, max(met) AS met, min(met_after) AS beside
            FROM asked GROUP BY person, time, target, act) a
            ON who = person AND moment = time AND whom IS NOT DISTINCT FROM target AND of_act IS NOT DISTINCT FROM act
        WHERE question AND in_time IS NOT NULL AND time >= make_timestamp($until_us - $unanswered_us) AND {WHOSE}
            AND (answered_after IS NOT NULL OR met IS NULL OR met = 'beside')
        UNION ALL
        SELECT coalesce(met_after <= $answer_us, false) FROM asked
        WHERE act IN (SELECT act FROM posts) AND NOT EXISTS (SELECT 1 FROM openings o WHERE o.act = asked.act)
            AND epoch_us(time) + $answer_us < $until_us AND {WHOSE} AND (met IS NULL OR met = 'beside'))
"""

MET = f"""
    SELECT count(*) FILTER (met = 'beside'), count(*) FILTER (met = 'own words'), count(*) FILTER (met = 'done') FROM asked WHERE {WHOSE}
"""


class Met(NamedTuple):
    """Questions without an answer in their thread that something else met: words beside it, the asker's own words, a mark."""

    beside: int
    own_words: int
    done: int


class QuestionRow(NamedTuple):
    """One question without an answer, with the act that asks it."""

    person: int
    target: int | None
    time_us: int
    newcomer: bool
    answered_before: int
    seen_by: int
    text: str | None
    channel: str | None
    item: str | None
    file: str | None
    line: int | None
    kind: str | None
    source: str | None


QUESTIONS = f"""
    WITH chosen AS (
        SELECT * FROM unanswered WHERE {WHOSE} AND NOT advert
        ORDER BY newcomer DESC, time DESC, person, target LIMIT $shown),
    acts AS (
        SELECT c.person, c.time, c.target, min(coalesce(c.act, e.rowid)) AS act FROM chosen c
        LEFT JOIN record.accounts a ON a.person = c.person LEFT JOIN record.accounts b ON b.person = c.target
        LEFT JOIN record.acts e ON c.act IS NULL AND e.actor = a.account AND e.target = b.account AND e.time = c.time
        GROUP BY c.person, c.time, c.target)
    SELECT c.person, c.target, epoch_us(c.time), c.newcomer, c.before, c.seen_by, coalesce(e.text, s.text), e.channel,
        e.item, e.file, e.line, CAST(e.kind AS VARCHAR), i.source
    FROM chosen c LEFT JOIN acts w ON w.person = c.person AND w.time = c.time AND w.target IS NOT DISTINCT FROM c.target
        LEFT JOIN record.acts e ON e.rowid = w.act
        LEFT JOIN record.inputs i ON i.input = e.input
        LEFT JOIN (SELECT item, min(text) AS text FROM record.acts WHERE text IS NOT NULL GROUP BY item) s ON s.item = e.item
    ORDER BY c.newcomer DESC, c.time DESC, c.person, c.target
"""


class PutTo(NamedTuple):
    """A person whom a post or reply without an answer names."""

    person: int
    time_us: int
    target: int


PUT_TO = """
    SELECT DISTINCT a.person, epoch_us(e.time), b.person FROM unanswered u
    JOIN record.acts e ON e.item = u.item AND e.kind = 'mention' JOIN record.accounts a ON a.account = e.actor
    JOIN record.accounts b ON b.account = e.target
    WHERE a.person = u.person AND b.person <> a.person ORDER BY 1, 2, 3
"""

WHY = {
    "post": "no reply in its thread",
    "reply": "no reply to it, and nothing more from the person it answers",
    "mention": "nothing back from the person it names",
    "message": "nothing back from the person it went to",
}
"""Why a question is thought open, by the kind of act that asks it."""


@dataclass(frozen=True)
class Question:
    """A question without an answer, and who asked it."""

    who: str
    put_to: tuple[str, ...]
    """The people to whom it was put; empty for everybody."""
    words: str | None
    """The question, cut to a few lines; None if the record holds no words."""
    since: datetime
    waited: str
    """The time since then in words: "3 days"."""
    channel: str | None
    reference: str | None
    """Where the record has it, for programs: an id, or a file and line."""
    link: str | None
    """An https address, if the platform has one."""
    newcomer: bool
    answered_before: int
    """Earlier openings of the same person that were answered."""
    why: str = WHY["post"]
    """Why it is thought open."""
    seen_by: int = 0
    """Other people who reacted to it."""


@dataclass(frozen=True)
class Unanswered:
    """The first questions without an answer."""

    questions: tuple[Question, ...]
    total: int
    """All questions without an answer."""
    met_beside: int = 0
    """Questions without an answer in their thread that another person met beside it, as far as one can tell."""
    met_by_asker: int = 0
    """Questions that the asker closed."""
    met_by_mark: int = 0
    """Questions that somebody marked as done."""
    adverts: int = 0
    """Posts left out because they look like advertising."""


def build(context: Context) -> Content:
    """The questions without an answer, to one person or to anybody, and a sentence on how many people asked them."""
    totals = context.engine.fetch(Totals, TOTALS, {"me": context.me})[0]
    met = context.engine.fetch(Met, MET, {"me": context.me})[0]
    rows = context.engine.fetch(QuestionRow, QUESTIONS, {"me": context.me, "shown": SHOWN})
    named: dict[tuple[int, int], list[int]] = {}
    for each in context.engine.fetch(PutTo, PUT_TO):
        named.setdefault((each.person, each.time_us), []).append(each.target)
    put_to = [_people_asked(row, named) for row in rows]
    context.disclosure.prefetch(person for row, people in zip(rows, put_to, strict=True) for person in (row.person, *people))
    questions = tuple(_question(context, row, people) for row, people in zip(rows, put_to, strict=True))
    return Content(
        Unanswered(questions, totals.questions, met.beside, met.own_words, met.done, totals.adverts), (_finding(context, totals, met),)
    )


def _people_asked(row: QuestionRow, named: dict[tuple[int, int], list[int]]) -> list[int]:
    """The people whom the words name, or else the person it is to."""
    return named.get((row.person, row.time_us)) or ([] if row.target is None else [row.target])


def _question(context: Context, row: QuestionRow, people: list[int]) -> Question:
    disclosure = context.disclosure
    location = f"{row.file}, {row.line}" if row.file is not None and row.line is not None else row.file
    address = disclosure.link(link(row.source or "", row.item, context.sites))
    return Question(
        who=disclosure.name(row.person),
        put_to=tuple("you" if person == context.me else disclosure.name(person) for person in people),
        words=disclosure.excerpt(row.text),
        since=utc_datetime(row.time_us),
        waited=duration(max(0, context.timescale.until_us - row.time_us)),
        channel=disclosure.excerpt(row.channel, 80),
        reference=disclosure.reference(row.item, location),
        link=address,
        newcomer=row.newcomer,
        answered_before=row.answered_before,
        why=WHY.get(row.kind or "", "no answer in the record"),
        seen_by=row.seen_by,
    )


def _finding(context: Context, totals: Totals, met: Met) -> Finding:
    """How many people have no answer yet, how many of them are new, and what share was answered in time, with Wilson's range."""
    timescale, personal = context.timescale, context.me is not None
    window, soon = duration(timescale.unanswered_us), duration(timescale.answer_us)
    in_time = context.engine.fetch(InTime, IN_TIME, {**timescale.values, "me": context.me})[0]
    heading = "Who waits for your answer" if personal else "Who waits for an answer"
    caveat = "Answers given elsewhere can't be seen, and not every question wants one."
    if met.beside:
        caveat += f" {count(met.beside, 'more was', 'more were')} answered beside the thread, as far as one can tell."
    if totals.adverts:
        caveat += f" {count(totals.adverts, 'post that looks', 'posts that look')} like advertising left out."
    if not in_time.questions and not totals.people:
        return Finding(heading, f"Nothing to tell: {_nothing_found(context, window)}.", caveat, None)
    sentence = _people_sentence(totals, window, "your answer" if personal else "an answer", ended=context.ended)
    if in_time.questions < LEAST:
        return Finding(
            heading, f"{sentence} Too few questions older than {soon} ({in_time.questions}) to tell what share is answered.", caveat, None
        )
    answered, n = in_time.answered, in_time.questions
    low, high = wilson(answered, n)
    share = f"{percent(answered / n)} got an answer within {soon} ({percent(low)} to {percent(high)})"
    interval = Interval(answered / n, low, high, n)
    return Finding(heading, f"{sentence} Of {n:,} questions asked more than {soon} ago, {share}.", caveat, interval, "questions")


def _nothing_found(context: Context, window: str) -> str:
    if not context.engine.rows("SELECT 1 FROM record.acts WHERE text IS NOT NULL LIMIT 1"):
        return "the record holds no words, and a question is known by its words"
    return f"no question{'' if context.me is None else ' to you'} of the last {window} was found"


def _people_sentence(totals: Totals, window: str, what: str, *, ended: bool) -> str:
    people, newcomers, questions = totals.people, totals.newcomers, totals.questions
    who = count(people, "person", "people") if people else "Nobody"
    wait = "waited" if ended else "wait" if people > 1 else "waits"
    sentence = f"{who} {wait} for {what} to something asked in the last {window}"
    new = f"{newcomers or 'none'} of them new here" if people != 1 else "new here" if newcomers else "not new here"
    return sentence + (f" ({new}; {count(questions, 'question')})." if people else ".")


UNANSWERED = Section(
    name="unanswered",
    own_anchor="waits",
    title="People to answer today",
    personal_title="Your ties: who waits for your answer",
    ended_title="Unanswered when the record ended",
    nav="Who waits",
    build=build,
    needs=("unanswered", "openings", "asked"),
    template="unanswered.html.j2",
)
