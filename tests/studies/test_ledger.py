"""What was told to an organisation is told again: the ledger, and reports on records that change."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from regard.engines.limits import DEFAULT
from regard.errors import DamagedRecord, UsageError
from regard.findings.figures import Quarter
from regard.findings.report import Report
from regard.findings.sections.quarters import Quarters
from regard.record.dataset import Dataset
from regard.record.dataset_extend import extend
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Batch
from regard.simulate.community import Simulation, simulate
from regard.sources.base import Options
from regard.studies.ledger import ledger_path, read_ledger, write_ledger
from regard.studies.open import open_or_read
from regard.studies.report import report_of
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.cli.terminal import as_json
from regard.surfaces.pages.page import render

from ..communities import moment, with_secret

INFO = InputInfo("table", "by hand", own_ids=False)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """A community large enough for a figure."""
    return simulate(people=260, days=240, seed=5)


@pytest.fixture
def record(simulation: Simulation, tmp_path: Path) -> Record:
    """Its record."""
    record = with_secret(Record.at(tmp_path / "ours.regard"))
    record.append(INFO, simulation.batches())
    return record


def told(record: Record, until: str | None = None) -> Report:
    """The report for an organisation."""
    with Study(record, Settings(None if until is None else moment(0).fromisoformat(until))) as study:
        return report_of(study, audience="organisation")


def outputs(report: Report) -> tuple[str, str]:
    """What a colleague gets."""
    return render(report), as_json(report.as_mapping())


@pytest.mark.long
def test_a_later_report_repeats_an_earlier_one_whoever_joins_leaves_or_is_forgotten(record: Record, simulation: Simulation) -> None:
    first = told(record)
    assert [row.label for row in first.data(Quarters).rows] == ["Apr to Jun 2025", "Jul to Sep 2025"]
    assert first.data(Quarters).rows[1].figures[0] is not None
    before = outputs(first)
    record.forget(simulation.accounts[3].id)
    record.merge(simulation.accounts[10].id, simulation.accounts[11].id)
    late = [act._replace(actor=f"late{n % 300}", item=None, text=None) for n, act in enumerate(simulation.acts) if act.kind == "react"]
    record.append(InputInfo("table", "late", own_ids=False), [Batch(late)])
    assert outputs(told(record)) == before
    ledger_path(record).unlink()
    assert outputs(told(record)) != before


@pytest.mark.long
def test_no_person_is_in_what_a_colleague_gets(record: Record, simulation: Simulation) -> None:
    page, text = outputs(told(record))
    ledger = ledger_path(record).read_text(encoding="utf-8")
    for account in simulation.accounts:
        for out in (page, text, ledger):
            assert account.name is None or account.name not in out
            assert f'"{account.id}"' not in out
            assert f">{account.id}<" not in out
    words = {act.text[:40] for act in simulation.acts if act.text}
    items = {act.item for act in simulation.acts if act.item}
    assert not [word for word in words | items for out in (page, text, ledger) if word in out]
    # The only moments are ends of quarters, and no count is exact.
    assert {*re.findall(r"\d{4}-\d\d-\d\d(?:T[\d:.+]+)?", text)} == {"2025-09-30T00:00:00+00:00"}
    assert "title>" not in page.replace("<title>", "", 1).replace("</title>", "", 1)
    assert not re.search(r"Person \d|#person", page + text)


@pytest.mark.long
def test_an_earlier_moment_sees_only_what_was_over_then(record: Record) -> None:
    whole = told(record).data(Quarters).rows
    early = told(record, "2025-08-15T00:00:00+00:00").data(Quarters).rows
    assert early == whole[:1]
    assert told(record).data(Quarters).rows == whole


def test_a_small_record_gets_a_refusal_in_words(tmp_path: Path) -> None:
    record = with_secret(Record.at(tmp_path / "small.regard"))
    record.append(INFO, simulate(people=30, days=240, seed=5).batches())
    report = told(record)
    assert report.findings[0].sentence.startswith("Nothing is told of the last quarter: too few people took part in Jul to Sep 2025")
    assert not [figure for row in report.data(Quarters).rows for figure in row.figures if figure]
    short = Record.at(tmp_path / "short.regard")
    short.append(INFO, simulate(people=30, days=40, seed=5).batches())
    assert told(short).findings[0].sentence.startswith("Nothing is told of this record: no calendar quarter")
    assert "No quarter is over yet." in render(told(short))


def test_a_record_that_does_not_stay_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "log.csv"
    table.write_text("actor,target,time\nann,bea,2024-01-01\n")
    with (
        open_or_read([str(table)], None, Options()) as record,
        Study(record) as study,
        pytest.raises(UsageError, match="a record that stays"),
    ):
        report_of(study, audience="organisation")
    with open_or_read([str(table)], None, Options(), work=tmp_path / "work") as record, Study(record) as study:
        assert report_of(study, audience="organisation").audience == "organisation"


@pytest.mark.long
def test_a_dataset_has_a_ledger_beside_its_folder(tmp_path: Path, simulation: Simulation) -> None:
    with extend(tmp_path / "data", DEFAULT) as record:
        record.append(INFO, simulation.batches())
    with Study(Dataset.open(tmp_path / "data")) as study:
        first = report_of(study, audience="organisation")
        assert report_of(study, audience="organisation") == first
    assert read_ledger(tmp_path / "data.organisation.json")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"format": 2, "quarters": {}}',
        '{"format": 1, "quarters": {"2025-04-01": {"talk_noise": 1, "figures": [[1]]}}}',
        "\0",
    ],
)
def test_a_damaged_ledger_is_told(content: str, tmp_path: Path) -> None:
    path = tmp_path / "x.organisation.json"
    path.write_text(content)
    with pytest.raises(DamagedRecord, match="bring it back from a backup"):
        read_ledger(path)


def test_a_ledger_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.organisation.json"
    assert read_ledger(path) == ()
    quarters = (Quarter(moment(90).date(), (), 2),)
    write_ledger(path, quarters)
    assert read_ledger(path) == quarters
    assert json.loads(path.read_text()) == {"format": 1, "quarters": {"2007-04-01": {"talk_noise": 2, "figures": []}}}
    with pytest.raises(UsageError, match="can't be written"):
        write_ledger(tmp_path / "no folder" / "x.json", quarters)
    assert [*tmp_path.iterdir()] == [path]


def test_a_link_has_no_ledger_of_its_own(tmp_path: Path) -> None:
    """Two ledgers would tell a quarter twice with the same noise: their difference is whoever was forgotten in between."""
    record = Record.at(tmp_path / "ours.regard")
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.regard"
    link.symlink_to(record.path)
    assert ledger_path(Record.open(link)) == ledger_path(record)
