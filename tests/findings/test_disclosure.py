"""Disclosure control: the names that an audience may see. Only names that are shown are fetched."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import pytest

from regard.engines.base import Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.rows import Row
from regard.findings.disclosure import Disclosure
from regard.findings.sections import cooling, people, same_people, unanswered
from regard.record.schema import Account
from regard.simulate.community import simulate
from regard.studies.report import report_of

from ..communities import act, community

ODD = ["Zoë", "", "ann", "好", "a\tb", "=1+1", "🙏🏽"]


class PersonRow(NamedTuple):
    """A person and their id."""

    person: int
    id: str


def test_pseudonyms_are_numbered_by_the_digest_of_the_secret_and_the_id() -> None:
    acts = [act(n, "ann", "message", f"p{n}") for n in range(30)] + [act(1, "ann", "message", odd) for odd in ODD if odd]
    with community(acts) as study:
        salt = study.engine.scalar(str, "SELECT value FROM record.meta WHERE key = 'salt'")
        rows = study.engine.fetch(PersonRow, "SELECT person, id FROM people")
        in_order = sorted(rows, key=lambda row: hashlib.sha256(f"{salt}\0{row.id}".encode()).digest())
        disclosure = Disclosure.of(study.engine, "organisation")
        disclosure.prefetch(row.person for row in rows)
        assert [disclosure.name(row.person) for row in in_order] == [f"Person {number}" for number in range(1, len(in_order) + 1)]
        assert len(rows) == 30 + len(ODD) - 1


def test_somebody_unknown_is_called_somebody() -> None:
    with community([act(1, "ann", "message", "bea")], accounts=[Account("ann", "Ann")]) as study:
        disclosure = Disclosure.of(study.engine, "community")
        disclosure.prefetch([None, 0, 0, 99])
        assert (disclosure.name(0), disclosure.name(99), disclosure.name(98)) == ("Ann", "somebody", "somebody")


@pytest.mark.parametrize("personal", [False, True])
def test_only_names_that_are_shown_are_fetched(personal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (cooling, people, unanswered):
        monkeypatch.setattr(module, "SHOWN", 5)
    monkeypatch.setattr(same_people, "MOST_ACCOUNTS", 0)  # it compares all names, in records of a size where that is quick
    demo = simulate(people=60, days=240, seed=3)
    with community(demo.acts, accounts=demo.accounts) as study:
        names = {str(row[0]) for row in study.engine.rows("SELECT name FROM people")}
        fetched_rows: list[Row] = []
        original = DuckDBEngine.rows

        def watched(engine: DuckDBEngine, sql: str, values: Values | None = None) -> list[Row]:
            rows = original(engine, sql, values)
            fetched_rows.extend(rows)
            return rows

        monkeypatch.setattr(DuckDBEngine, "rows", watched)
        report = repr(report_of(study, me=min(names) if personal else None))
        fetched = {str(value) for row in fetched_rows for value in row} & names
        assert fetched == {name for name in fetched if name in report}
        assert 5 <= len(fetched) < len(names) - 5
