"""The people on the plane: reached against kept, and what opens the two numbers."""

from __future__ import annotations

from collections import defaultdict

from regard.base.text import utc_datetime
from regard.engines.base import Engine, Step
from regard.engines.rows import Row
from regard.findings.disclosure import Disclosure
from regard.findings.report import ActLine, Card, TieLine

SHOWN = 1_000
TIES, ACTS = 5, 3

CHOSEN = """
    SELECT r.person, r.reached, r.people, r.followers, r.recent, coalesce(k.kept, 0) AS kept, coalesce(k.low, 0) AS low,
        coalesce(k.high, 0) AS high, coalesce(p.title, p.role) AS about,
        row_number() OVER (ORDER BY r.reached DESC, r.person) AS by_reach,
        row_number() OVER (ORDER BY k.kept DESC NULLS LAST, r.person) AS by_kept
    FROM reached r JOIN people p ON p.person = r.person LEFT JOIN kept k ON k.person = r.person
    WHERE p.human AND ($me IS NULL OR r.person = $me OR r.person IN (SELECT target FROM ties WHERE actor = $me)
        OR r.person IN (SELECT actor FROM ties WHERE target = $me))
"""

CHOSEN_TIES = f"""
    SELECT target, actor, acts, bins, epoch_us(last), p_return, two_way FROM (
        SELECT *, row_number() OVER (PARTITION BY target ORDER BY p_return DESC, acts DESC, actor) AS nth
        FROM ties WHERE target IN (SELECT person FROM chosen))
    WHERE nth <= {TIES} ORDER BY target, nth
"""

CHOSEN_ACTS = f"""
    SELECT target, actor, epoch_us(time), kind, text, item, file, line FROM (
        SELECT b.person AS target, a.person AS actor, e.time, CAST(e.kind AS VARCHAR) AS kind, e.text, e.item, e.file, e.line,
            row_number() OVER (PARTITION BY b.person ORDER BY e.time DESC, a.person, e.rowid) AS nth
        FROM record.acts e JOIN record.accounts a ON a.account = e.actor JOIN record.accounts b ON b.account = e.target
        WHERE b.person IN (SELECT person FROM chosen) AND a.person <> b.person AND a.actor_type = 'person'
            AND e.time < make_timestamp($until_us) AND e.kind NOT IN ('follow', 'unfollow', 'join'))
    WHERE nth <= {ACTS} ORDER BY target, nth
"""


def cards(engine: Engine, until_us: int, disclosure: Disclosure, me: int | None) -> tuple[tuple[Card, ...], int]:
    """Everybody, or of more than SHOWN people those who reached most, those who keep most, and others evenly; and how many there are."""
    values = {"me": me, "until_us": until_us, "shown": SHOWN}
    total = int(str(engine.rows(f"SELECT count(*) FROM ({CHOSEN})", values)[0][0]))
    third = SHOWN * 2 // 5
    some = f"by_reach <= {third} OR by_kept <= {third} OR by_reach % {max(1, 5 * total // SHOWN)} = 0"
    engine.run(Step("chosen", f"SELECT * FROM ({CHOSEN}) WHERE {total} <= {SHOWN} OR {some} ORDER BY by_kept LIMIT {SHOWN}"), values)
    ties, acts = _by_person(engine.rows(CHOSEN_TIES)), _by_person(engine.rows(CHOSEN_ACTS, values))
    rows = engine.rows("SELECT * FROM chosen")
    others = (row[0] for lines in (*ties.values(), *acts.values()) for row in lines)
    disclosure.prefetch([*(row[0] for row in rows), *others])
    people = sorted(rows, key=lambda row: (disclosure.name(row[0]).casefold(), int(str(row[0]))))
    found = tuple(_card(number, row, ties[int(str(row[0]))], acts[int(str(row[0]))], disclosure) for number, row in enumerate(people, 1))
    engine.drop("chosen")
    return found, total


def _by_person(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[int(str(row[0]))].append(row[1:])
    return found


def _card(number: int, row: Row, ties: list[Row], acts: list[Row], disclosure: Disclosure) -> Card:
    person, reached, people, followers, recent, kept, low, high, about = row[:9]
    return Card(
        number=number,
        name=disclosure.name(person),
        about=disclosure.excerpt(about, 60),
        reached=int(str(reached)),
        people=int(str(people)),
        followers=None if followers is None else int(str(followers)),
        recent=int(str(recent)),
        kept=float(str(kept)),
        low=float(str(low)),
        high=float(str(high)),
        ties=tuple(
            TieLine(disclosure.name(actor), int(str(n)), int(str(bins)), utc_datetime(int(str(last))), float(str(again)), bool(two_way))
            for actor, n, bins, last, again, two_way in ties
        ),
        acts=()
        if disclosure.audience == "organisation"
        else tuple(
            ActLine(
                utc_datetime(int(str(time))),
                disclosure.name(actor),
                str(kind),
                disclosure.excerpt(text, 120),
                disclosure.reference(item, file),
            )
            for actor, time, kind, text, item, file, _ in acts
        ),
    )
