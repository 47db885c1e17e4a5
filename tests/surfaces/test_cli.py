"""The command line as a user meets it: exit codes, words, files."""

from __future__ import annotations

import json
from pathlib import Path

import identify
import pytest

from regard.engines.duckdb.statements import execute
from regard.record.record import Record
from regard.record.storage import reading
from regard.sources.catalogue import BUILT_IN
from regard.studies.parse import parse_days, parse_map, parse_until
from regard.surfaces.cli import run

from ..communities import with_secret

LOG = "from,to,time,text\n" + "".join(
    f"p{n % 7},p{(n * 3 + 1) % 7},2024-{1 + n // 28:02d}-{1 + n % 28:02d}T10:00:00,is it {n}?\n" for n in range(330)
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A small table."""
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def test_report_says_three_sentences_and_writes_one_file(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "out.html"
    assert run(["report", str(log), "-o", str(output)]) == 0
    output_text = capsys.readouterr().out
    for heading in ("What holds this community together.", "Who waits for an answer.", "What rank hides."):
        assert heading in output_text
    assert str(output) in output_text
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "out.html"}


def test_report_as_json_is_json_alone(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", str(log), "-o", str(tmp_path / "o.html"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [finding["name"] for finding in report["findings"]] == ["cohesion", "unanswered", "reach_vs_kept"]


@pytest.mark.long
def test_a_table_lands_in_each_format(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "c.regard"
    assert run(["read", str(log), "--into", str(record)]) == 0
    for suffix in ("csv", "tsv", "jsonl", "parquet"):
        output = tmp_path / f"kept.{suffix}"
        assert run(["table", str(record), "kept", "-o", str(output)]) == 0
        assert output.stat().st_size > 0
    header = (tmp_path / "kept.csv").read_text().splitlines()[0]
    assert header == "person,kept,low,high,ties,two_way,by_words,by_words_low,by_words_high,variance,person_id,person_name"
    capsys.readouterr()
    assert run(["table", str(record), "kept", "--json", "--limit", "2"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2


def test_seeds_can_be_named(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "c.regard"
    assert run(["read", str(log), "--into", str(record)]) == 0
    capsys.readouterr()
    assert run(["table", str(record), "seeds", "--seed", "p1", "--seed", "P4", "--json"]) == 0
    assert [(row["person_id"], row["why"]) for row in json.loads(capsys.readouterr().out)] == [("p1", "chosen"), ("p4", "chosen")]
    assert run(["table", str(record), "seeds", "--seed", "nobody"]) == 2


def test_an_organisation_gets_no_person_and_no_report_that_cannot_be_repeated(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, page = tmp_path / "c.regard", tmp_path / "o.html"
    assert run(["report", str(log), "--view", "organisation", "-o", str(page)]) == 2
    assert "regard read EXPORT --into community.regard" in capsys.readouterr().err
    assert run(["read", str(log), "--into", str(record)]) == 0
    with_secret(Record.open(record))
    assert run(["report", str(record), "--view", "organisation", "--me", "p1", "-o", str(page)]) == 2
    assert "about nobody in particular" in capsys.readouterr().err
    assert not page.exists()
    assert run(["report", str(record), "--view", "organisation", "-o", str(page)]) == 0
    assert "Nothing is told of the last quarter: too few people" in capsys.readouterr().out
    assert "p1" not in page.read_text(encoding="utf-8")
    assert (tmp_path / "c.regard.organisation.json").exists()


def test_a_mask_hides_addresses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log, page = tmp_path / "log.csv", tmp_path / "o.html"
    log.write_text("from,to,time,text\n" + "".join(f"a@b.example,c{n},2024-01-0{n},call 0171 1234567?\n" for n in range(1, 9)))
    assert run(["report", str(log), "-o", str(page)]) == 0
    assert "a@b.example" in page.read_text(encoding="utf-8") + capsys.readouterr().out
    assert run(["report", str(log), "-o", str(page), "--mask"]) == 0
    shown = page.read_text(encoding="utf-8") + capsys.readouterr().out
    assert "a@b.example" not in shown
    assert "1234567" not in shown
    assert "a@…" in shown
    assert "call [phone]?" in shown


def test_a_person_is_described(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "c.regard"
    run(["read", str(log), "--into", str(record)])
    assert run(["person", str(record), "p1"]) == 0
    shown = capsys.readouterr().out
    assert "to you" in shown
    assert shown.splitlines()[2:4] == ["This record ends on 22 Dec 2024; everything below is as of then.", "p1, who is “you” below"]


def test_merge_and_forget(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "c.regard"
    run(["read", str(log), "--into", str(record)])
    assert run(["people", "merge", str(record), "p1", "p2"]) == 0
    assert "p1, p2" in capsys.readouterr().out
    assert run(["people", "unmerge", str(record), "p2"]) == 0
    assert "2 people now: p1 (p1); p2 (p2)" in capsys.readouterr().out
    assert run(["people", "suggest", str(record)]) == 0
    assert "No two accounts" in capsys.readouterr().out
    assert run(["people", "merge", str(record), "p1", "p2"]) == 0
    assert run(["people", "forget", str(record), "p1", "--yes"]) == 0
    assert run(["person", str(record), "p2"]) == 2


@pytest.mark.long
def test_bots_are_said_while_reading_or_later(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record, page = tmp_path / "c.regard", str(tmp_path / "r.html")
    assert run(["read", str(log), "--into", str(record), "--bot", "p1"]) == 0
    assert run(["people", "bot", str(record), "p2"]) == 0
    assert "A bot now: p2" in capsys.readouterr().out
    with reading(record) as connection:
        assert execute(connection, "SELECT id FROM accounts WHERE actor_type = 'bot' ORDER BY id") == [("p1",), ("p2",)]
    assert run(["report", str(record), "--bot", "p3", "-o", page]) == 2
    assert "regard people bot" in capsys.readouterr().err
    assert run(["report", str(log), "--bot", "p3", "--bot", "nobody-at-all", "-o", page]) == 2
    assert "unknown person 'nobody-at-all'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["report", "no-such.zip"], 3, "no such file"),
        (["report"], 2, "paths"),
        (["report", "--bogus", "x"], 2, "No such option"),
        (["repot", "x"], 2, "report"),
        (["table", "no-such.regard", "kept"], 3, "no such record"),
        (["report", "LOG", "--map", "actor"], 2, "FIELD=COLUMN"),
        (["report", "LOG", "--map", "actor=nobody"], 2, "unknown column 'nobody'"),
        (["report", "LOG", "--source", "slak"], 2, "did you mean 'slack'"),
        (["report", "LOG", "--bin", "soon"], 2, "length of time"),
        (["report", "LOG", "--until", "tomorrow"], 2, "a day such as"),
        (["report", "LOG", "-o", "LOG"], 2, "one of the inputs"),
        (["report", "LOG", "--me", "nobody"], 2, "unknown person"),
        (["report", "LOG", "-o", "/no/such/folder/x.html"], 2, "cannot be written"),
        (["report", "LOG", "--memory", "much"], 2, "memory_limit"),
        (["report", "LOG", "--temporary", "/no/such/folder"], 2, "/no/such/folder: no temporary files"),
        (["report", "LOG", "--until", "1990-01-01"], 0, "Too little to tell"),
    ],
)
def test_wrong_use_is_explained_in_words(
    log: Path, tmp_path: Path, arguments: list[str], code: int, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    filled = [str(log) if argument == "LOG" else argument for argument in arguments]
    if "-o" not in filled and filled[0] == "report":
        filled += ["-o", str(tmp_path / "out.html")]
    assert run(filled) == code
    printed = capfd.readouterr()
    assert words in printed.out + printed.err
    assert "Traceback" not in printed.err


def test_catalogues_list_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sources"]) == 0
    output_text = capsys.readouterr().out
    assert all(f"{source.name}: {source.title}" in output_text for source in BUILT_IN)
    assert run(["measures", "--json"]) == 0
    assert {"kept", "reached", "ties"} <= {measure["name"] for measure in json.loads(capsys.readouterr().out)}


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("demo", "report", "read", "table", "person", "sources", "measures"):
        assert run([command, "--help"]) == 0
        assert "Example" in capsys.readouterr().out


def test_options_are_parsed() -> None:
    assert parse_map(" actor = a , target=b,") == {"actor": "a", "target": "b"}
    assert parse_days("--bin", "36h") == 1.5
    moment = parse_until("2024-05-06")
    assert moment is not None
    assert moment.isoformat() == "2024-05-06T00:00:00+00:00"


@pytest.mark.long
def test_the_attack_places_people_in_the_community_s_report_and_finds_none_in_an_organisation_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, page = tmp_path / "c.regard", tmp_path / "o.html"
    assert run(["demo", "-q", "--people", "60", "--into", str(record), "-o", str(page)]) == 0
    known = identify.know(record)
    found = {}
    for view in ("community", "organisation"):
        capsys.readouterr()
        assert run(["report", str(record), "--view", view, "--json", "-o", str(page)]) == 0
        report = json.loads(capsys.readouterr().out)
        found[view] = identify.placed(report, page.read_text(encoding="utf-8"), known)
    assert found["organisation"] == {"JSON": [], "page": []}
    for right in found["community"].values():
        assert len(right) > 55
        assert sum(right) > 0.9 * len(right)
