"""Planting: the catalogue of a copy, which has more interactions than the record, and may have other fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from regard.engines.base import Arrays, ArrayStep, Step
from regard.measures.base import Catalogue, Part
from regard.measures.base_relations import INTERACTIONS, PEOPLE
from regard.measures.catalogue import CATALOGUE

PLANTED_PEOPLE = Step(
    PEOPLE.name,
    f"""
    WITH known AS ({PEOPLE.sql})
    SELECT * FROM known
    UNION ALL
    SELECT person, concat('planted ', person), concat('planted:', person), true, 'person', NULL, NULL, NULL, NULL
    FROM (SELECT CAST(actor AS INTEGER) AS person FROM planted UNION SELECT CAST(target AS INTEGER) FROM planted)
    WHERE person NOT IN (SELECT person FROM known)
    """,
)
"""The people of the record, and those that planted acts name by numbers that nobody has."""

PLANTED_INTERACTIONS = Step(
    INTERACTIONS.name,
    f"""
    {INTERACTIONS.sql}
    UNION ALL
    SELECT CAST(actor AS INTEGER), CAST(target AS INTEGER), make_timestamp(time), 'message', false FROM planted
    """,
)
"""The interactions of the record, and the planted acts."""


def with_planted(acts: Arrays, catalogue: Catalogue = CATALOGUE) -> Catalogue:
    """A catalogue whose base relations also hold these acts: `actor` and `target` by number, `time` in microseconds."""
    planted = ArrayStep("planted", "SELECT 1 AS n", lambda _, __: acts)
    replaced: dict[str, Part] = {step.name: step for step in (PLANTED_PEOPLE, PLANTED_INTERACTIONS)}
    return replace(catalogue, base=(planted, *(replaced.get(part.name, part) for part in catalogue.base)))


def with_fits(fits: Mapping[str, ArrayStep], catalogue: Catalogue = CATALOGUE) -> Catalogue:
    """A catalogue whose measures use these fits in place of their own, by the name of the relation that they make."""
    measures = {
        name: replace(measure, parts=tuple(fits.get(part.name, part) for part in measure.parts))
        for name, measure in catalogue.measures.items()
    }
    return replace(catalogue, measures=measures)
