"""Disclosure: names and words. Only names that are shown are fetched, and masks hide what opens a way to somebody."""

from __future__ import annotations

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


def test_somebody_unknown_is_called_somebody() -> None:
    with community([act(1, "ann", "message", "bea")], accounts=[Account("ann", "Ann")]) as study:
        disclosure = Disclosure(study.engine)
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


def test_what_goes_out_is_masked_where_that_is_asked_for() -> None:
    names = [Account("ann@weir.example"), Account("bea", "Bea, +49 30 1234567")]
    with community([act(1, "ann@weir.example", "message", "bea")], accounts=names) as study:
        plain, masked = Disclosure(study.engine), Disclosure(study.engine, masked=True)
        assert {plain.name(person) for person in (0, 1)} == {"ann@weir.example", "Bea, +49 30 1234567"}
        assert {masked.name(person) for person in (0, 1)} == {"ann@…", "Bea, [phone]"}
    assert (plain.excerpt("to a@b.example"), masked.excerpt("to a@b.example")) == ("to a@b.example", "to [e-mail]")
    assert (masked.reference(None, "a@b.example/3"), masked.reference(None)) == ("[e-mail]/3", None)
    link = "https://weir.example/t/12"
    assert [plain.link(address) for address in (link, "http://weir.example", None)] == [link, None, None]
    assert (masked.link(link), masked.link(f"{link}?mail=a@b.example")) == (link, None)
