"""Who to answer today: asks without an answer, newcomers first, newest first."""

from __future__ import annotations

from regard.base.text import duration, utc_datetime
from regard.engines.base import Engine
from regard.findings.disclosure import Disclosure
from regard.findings.report import Ask
from regard.measures.timescale import Timescale

SHOWN = 30

LIST = """
    WITH chosen AS (
        SELECT * FROM unanswered WHERE (target = $me OR ($me IS NULL AND NOT with_post))
        ORDER BY newcomer DESC, time DESC, person, target LIMIT $shown),
    busy AS (
        SELECT e.channel, count(DISTINCT a.person) AS people FROM record.acts e JOIN record.accounts a ON a.account = e.actor
        WHERE e.channel IN (SELECT channel FROM record.acts WHERE rowid IN (SELECT act FROM chosen)) GROUP BY e.channel),
    acts AS (
        SELECT c.person, c.time, c.target, min(coalesce(c.act, e.rowid)) AS act FROM chosen c
        LEFT JOIN record.accounts a ON a.person = c.person LEFT JOIN record.accounts b ON b.person = c.target
        LEFT JOIN record.acts e ON c.act IS NULL AND e.actor = a.account AND e.target = b.account AND e.time = c.time
        GROUP BY c.person, c.time, c.target)
    SELECT c.person, c.target, epoch_us(c.time), c.newcomer, c.before, coalesce(e.text, s.text), e.channel,
        e.item, e.file, e.line, coalesce(b.people, 0)
    FROM chosen c LEFT JOIN acts w ON w.person = c.person AND w.time = c.time AND w.target IS NOT DISTINCT FROM c.target
        LEFT JOIN record.acts e ON e.rowid = w.act
        LEFT JOIN (SELECT item, min(text) AS text FROM record.acts WHERE text IS NOT NULL GROUP BY item) s ON s.item = e.item
        LEFT JOIN busy b ON b.channel = e.channel
    ORDER BY c.newcomer DESC, c.time DESC, c.person, c.target
"""


def unanswered_list(engine: Engine, timescale: Timescale, disclosure: Disclosure, me: int | None) -> tuple[tuple[Ask, ...], int]:
    """The first of the asks that wait (for `me`, or for anybody), and how many wait in all."""
    total = engine.rows("SELECT count(*) FROM unanswered WHERE (target = $me OR ($me IS NULL AND NOT with_post))", {"me": me})[0][0]
    rows = engine.rows(LIST, {"me": me, "shown": SHOWN})
    disclosure.prefetch(person for row in rows for person in row[:2])
    found = []
    for person, target, time_us, newcomer, before, text, channel, item, file, line, people in rows:
        since = utc_datetime(int(str(time_us)))
        place = f"{file}, {line}" if file is not None and line is not None else file
        link = str(item) if item is not None and str(item).startswith("https://") else None
        found.append(
            Ask(
                who=disclosure.name(person),
                to=None if target is None else "you" if target == me else disclosure.name(target),
                words=disclosure.excerpt(text),
                since=since,
                waited=duration(max(0, timescale.until_us - int(str(time_us)))),
                channel=str(channel) if channel is not None and disclosure.large_enough(int(str(people))) else None,
                reference=disclosure.reference(item, place),
                link=disclosure.reference(link),
                newcomer=bool(newcomer),
                answered_before=int(str(before)),
            )
        )
    return tuple(found), int(str(total))
