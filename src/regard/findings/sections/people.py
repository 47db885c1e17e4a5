"""People: reached against kept, one dot a person, and a card for each that opens the two numbers."""

from __future__ import annotations

from dataclasses import dataclass

from regard.engines.base import Step
from regard.findings.section import Content, Context, Section
from regard.findings.sections.cards import Card, PersonRow, make_cards

SHOWN = 1_000
"""People who are shown at most."""

CHOICE = """
    SELECT r.person, r.reached, r.people, r.followers, r.recent, coalesce(k.kept, 0) AS kept, coalesce(k.low, 0) AS low,
        coalesce(k.high, 0) AS high, coalesce(p.title, p.role) AS about, coalesce(n.fresh, 0) AS fresh,
        r.by_reactions, r.recent_by_words, coalesce(k.by_words, 0) AS by_words, coalesce(k.by_words_low, 0) AS by_words_low,
        coalesce(k.by_words_high, 0) AS by_words_high,
        row_number() OVER (ORDER BY r.reached DESC, r.person) AS by_reach,
        row_number() OVER (ORDER BY k.kept DESC NULLS LAST, r.person) AS by_kept
    FROM reached r JOIN people p ON p.person = r.person LEFT JOIN kept k ON k.person = r.person
        LEFT JOIN new_contacts n ON n.person = r.person
    WHERE p.human AND ($me IS NULL OR r.person = $me OR r.person IN (SELECT target FROM ties WHERE actor = $me)
        OR r.person IN (SELECT actor FROM ties WHERE target = $me))
"""
"""The people who could be shown: all, or one person and those who have a tie with that person."""


@dataclass(frozen=True)
class People:
    """The people who are shown."""

    cards: tuple[Card, ...]
    total: int
    """People who could be shown."""
    note: str
    """How those shown were chosen, and what the ranges allow for."""


def build(context: Context) -> Content:
    """Everybody, or of more than SHOWN people those who reached most, those who keep most, and others evenly."""
    engine, values = context.engine, {"me": context.me}
    total = engine.scalar(int, f"SELECT count(*) FROM ({CHOICE})", values)
    most = SHOWN * 2 // 5
    some = f"by_reach <= {most} OR by_kept <= {most} OR by_reach % {max(1, 5 * total // SHOWN)} = 0"
    engine.run(Step("chosen", f"SELECT * FROM ({CHOICE}) WHERE {total} <= {SHOWN} OR {some} ORDER BY by_kept LIMIT {SHOWN}"), values)
    cards = make_cards(context, engine.fetch(PersonRow, f"SELECT {', '.join(PersonRow._fields)} FROM chosen"))
    engine.drop("chosen")
    return Content(People(cards, total, _note(len(cards), total)))


def _note(shown: int, total: int) -> str:
    note = "Ranges allow for chance, and for people and communities that grow or fade as they did before. On windows held out of "
    note += "eight public records they held the truth for 91 % of people with more than three kept."
    if shown < total:
        most = SHOWN * 2 // 5
        note = f"Shown are the {most} with the widest reach, the {most} who keep most, and others evenly. {note}"
    return note


PEOPLE = Section(
    name="people",
    own_anchor="plane",
    title="Reached and kept",
    personal_title="Your ties: reached and kept",
    nav="Reached and kept",
    build=build,
    needs=("reached", "kept", "ties", "new_contacts"),
    template="people.html.j2",
    overlay="people_cards.html.j2",
    wide=True,
)
