"""Adverts: which posts look like advertising?

Two things must come together, since the first alone describes a newcomer whom nobody answered.

1. Its sender only ever opened threads: they answered nobody and reacted to nothing, and nobody ever answered, mentioned or noticed them.
2. The words speak for it: the same words stand in another such post, or three addresses or more, or letters that are mangled or of another
   script, where fewer than one in twenty posts of the record are so.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.questions import has_links, is_foreign, is_mangled, letters
from regard.record.queries import ACTS_BY_PEOPLE

RARE = "20 * count(*) FILTER ({0}) OVER () < count(*) OVER ()"

ADVERTS = Measure(
    name="adverts",
    question="Which posts of people with whom nobody ever dealt look like advertising?",
    row="one post of a person with whom nobody ever dealt",
    key=("act",),
    columns=(
        Column("act", "row", "its row in the record"),
        Column("person", "person", "who sent it"),
        Column("advert", "yes or no", "whether its words speak for advertising: one of the following three"),
        Column("copied", "yes or no", "whether another such post has the same words"),
        Column("linked", "yes or no", "whether it holds three addresses or more"),
        Column("odd", "yes or no", "whether its letters are mangled or of another script, and those of most posts are not"),
    ),
    parts=(
        Step(
            "alone",
            f"""
            SELECT DISTINCT actor AS person FROM posts
            WHERE actor NOT IN (SELECT target FROM interactions) AND actor NOT IN (SELECT actor FROM interactions WHERE kind <> 'mention')
                AND actor NOT IN (
                    SELECT p.actor FROM {ACTS_BY_PEOPLE} JOIN posts p ON p.thread = coalesce(e.thread_root, e.parent_item)
                    WHERE e.kind = 'reply' AND a.person <> p.actor AND e.time < make_timestamp($until_us))
            """,
        ),
        Step(
            "adverts",
            f"""
            SELECT act, person, copied OR linked OR odd AS advert, copied, linked, odd FROM (
                SELECT s.act, s.person, s.linked, s.foreign_letters AND s.few_foreign OR s.mangled AND s.few_mangled AS odd,
                    s.letters IS NOT NULL AND count(*) OVER (PARTITION BY s.letters) > 1 AS copied
                FROM (
                    SELECT act, actor AS person, linked, mangled, foreign_letters, letters,
                        {RARE.format("mangled")} AS few_mangled, {RARE.format("foreign_letters")} AS few_foreign
                    FROM (
                        SELECT p.act, p.actor, coalesce({has_links("e.text")}, false) AS linked,
                            coalesce({is_mangled("e.text")}, false) AS mangled,
                            coalesce({is_foreign("e.text")}, false) AS foreign_letters, {letters("e.text")} AS letters
                        FROM posts p JOIN record.acts e ON e.rowid = p.act)) s
                WHERE s.person IN (SELECT person FROM alone))
            """,
        ),
    ),
    cannot="advertising that somebody answered; a newcomer whose first question holds three addresses",
    dropped=("alone",),
    table=False,
)
