"""The door: who may be called what, and that nobody's name is fetched who is not shown."""

from __future__ import annotations

import hashlib

import pytest

from regard.engines.base import Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.rows import Row
from regard.findings.disclosure import Disclosure
from regard.findings.sections import cooling as fading
from regard.findings.sections import people as cards
from regard.findings.sections import unanswered_list as asks
from regard.record.schema import Account
from regard.simulate.community import simulate
from regard.studies.report import report_of

from ..communities import act, community

ODD = ["Zoë", "", "ann", "好", "a\tb", "=1+1", "🙏🏽"]


def test_pseudonyms_are_numbered_by_the_digest_of_the_secret_and_the_id() -> None:
    acts = [act(n, "ann", "message", f"p{n}") for n in range(30)] + [act(1, "ann", "message", odd) for odd in ODD if odd]
    with community(acts) as study:
        salt = str(study.engine.rows("SELECT value FROM record.meta WHERE key = 'salt'")[0][0])
        people = study.engine.rows("SELECT person, id FROM people")
        order = sorted(people, key=lambda row: hashlib.sha256(f"{salt}\0{row[1]}".encode()).digest())
        disclosure = Disclosure.of(study.engine, "organisation")
        disclosure.prefetch(row[0] for row in people)
        assert [disclosure.name(row[0]) for row in order] == [f"Person {number}" for number in range(1, len(order) + 1)]
        assert len(people) == 30 + len(ODD) - 1


def test_who_is_nobody_is_somebody() -> None:
    with community([act(1, "ann", "message", "bea")], accounts=[Account("ann", "Ann")]) as study:
        disclosure = Disclosure.of(study.engine, "community")
        disclosure.prefetch([None, 0, 0, 99])
        assert (disclosure.name(0), disclosure.name(99), disclosure.name(98)) == ("Ann", "somebody", "somebody")


@pytest.mark.parametrize("personal", [False, True])
def test_only_names_that_are_shown_are_fetched(personal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (asks, cards, fading):
        monkeypatch.setattr(module, "SHOWN", 5)
    demo = simulate(people=60, days=240, seed=3)
    with community(demo.acts, accounts=demo.accounts) as study:
        names = {str(row[0]) for row in study.engine.rows("SELECT name FROM people")}
        said: list[Row] = []
        told = DuckDBEngine.rows

        def watched(engine: DuckDBEngine, sql: str, values: Values | None = None) -> list[Row]:
            found = told(engine, sql, values)
            said.extend(found)
            return found

        monkeypatch.setattr(DuckDBEngine, "rows", watched)
        report = repr(report_of(study, me=min(names) if personal else None))
        fetched = {str(value) for row in said for value in row} & names
        assert fetched == {name for name in fetched if name in report}
        assert 5 <= len(fetched) < len(names) - 5
