"""Forgetting reaches every copy that Regard made, under every name; and every column of every table, shown by SQL and in plain bytes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from regard.base.drafts import new_name
from regard.engines.duckdb import cached
from regard.engines.duckdb.objects import columns_of
from regard.engines.duckdb.statements import execute, quote_literal
from regard.errors import UnknownName, UsageError
from regard.record import erasure, storage
from regard.record.dataset import Dataset, open_record
from regard.record.dataset_files import write
from regard.record.erasure import IDS, KEPT, WORDS
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import TABLES, reading, writing
from regard.sources.github.threads import ThreadContext, to_acts
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.cli import run

NOON = 1_709_294_400_000_000
DAY = 86_400_000_000
GONE = "U4711gone"
NAME = "Ottilie Quist"
ACCOUNTS = [Account(GONE, NAME, title="a secret title"), Account("bob", "Bob", title=f"assistant to {NAME}", role=f"helps @{GONE}")]
ACTS = [
    *(Act(f"u{n % 5}", "reply", NOON + n * DAY, f"u{(n + 1) % 5}", item=f"i{n}", text="w") for n in range(60)),
    Act(GONE, "post", NOON, item="p1", thread="p1", text="a secret of mine", channel="general"),
    Act("bob", "reply", NOON + 1, "u1", item="b1", parent="p1", ancestors="p1\ni1", thread="p1", text=f"as {NAME} said", label=NAME,
        lang=GONE, other_ids=f"b0-{GONE}", note=f"by {NAME}", file=f"{NAME}.json", channel=f"dm-{GONE}"),
    Act("bob", "post", NOON + 2, item=f"{GONE}/web#4", thread=f"{GONE}/web#4"),
]  # fmt: skip
CHAT = InputInfo("chat", f"what {NAME} exported")
TRACES = (GONE.lower(), "quist", "ottilie", "secret")


def community(path: Path) -> Record:
    record = Record.at(path)
    record.append(CHAT, [Batch(ACTS, ACCOUNTS, notes=[(f"a note on {NAME}", 1)])])
    return record


def traces(path: Path) -> list[str]:
    """The columns in which SQL finds anything of the person, over every column of every table; in a record, a dataset or a work folder."""
    found = []
    with duckdb.connect() as connection:
        if path.is_dir():
            tables = {part.name: f"read_parquet('{part}/**/*.parquet')" for part in path.iterdir() if part.is_dir()}
        else:
            connection.execute(f"ATTACH {quote_literal(os.fspath(path))} AS r (READ_ONLY)").fetchall()
            rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'r'").fetchall()
            tables = {name: f'r."{name}"' for (name,) in rows}
        for table, relation in tables.items():
            for column, *_ in connection.execute(f"DESCRIBE FROM {relation}").fetchall():
                for trace in TRACES:
                    sql = f"SELECT count(*) FROM {relation} WHERE contains(lower(CAST(\"{column}\" AS VARCHAR)), '{trace}')"
                    if connection.execute(sql).fetchall() != [(0,)]:
                        found.append(f"{table}.{column}: {trace}")
    return found


def plain_bytes(path: Path, tmp_path: Path) -> bytes:
    """The bytes of a copy of a database in which nothing is compressed."""
    plain = tmp_path / "plain.db"
    with duckdb.connect() as connection:
        connection.execute("SET force_compression = 'uncompressed'").fetchall()
        connection.execute(f"ATTACH '{path}' AS r (READ_ONLY); ATTACH '{plain}' AS plain; COPY FROM DATABASE r TO plain").fetchall()
        connection.execute("DETACH plain").fetchall()
    data = plain.read_bytes().lower()
    plain.unlink()
    return data


def test_nothing_is_left_by_sql_over_every_column_and_in_plain_bytes(tmp_path: Path) -> None:
    path = community(tmp_path / "c.regard").path
    held = {line.partition(":")[0] for line in traces(path)}
    assert held == {f"{t}.{c}" for t, columns in columns_of(TABLES).items() for c, kind in columns.items() if kind == "VARCHAR"} - (
        (KEPT - {"accounts.id", "accounts.name"}) | {"acts.parent_item", "acts.ancestors"}
    ), "the test puts something of theirs into every column of text"
    assert all(trace.encode() in plain_bytes(path, tmp_path) for trace in TRACES)
    Record.open(path).forget(NAME)
    assert traces(path) == []
    data = plain_bytes(path, tmp_path)
    assert b"general" not in data
    assert not [trace for trace in TRACES if trace.encode() in data]
    with reading(path) as connection:
        rows = execute(
            connection, "SELECT item, parent_item = thread_root, ancestors LIKE 'removed-%\ni1', text FROM acts WHERE item = 'b1'"
        )
    assert rows == [("b1", True, True, "as [removed] said")]
    assert Record.open(path).counts().acts == 62


def test_every_column_of_text_has_a_rule_and_every_rule_a_column() -> None:
    columns = {f"{table}.{name}" for table, names in columns_of(TABLES).items() for name, type_ in names.items() if type_ == "VARCHAR"}
    assert {*KEPT, *WORDS, *IDS} <= columns
    assert len(KEPT) + len(WORDS) + len(IDS) == len({*KEPT, *WORDS, *IDS})
    assert not columns - {*KEPT, *WORDS, *IDS}, "say what forgetting does with a new column; until then it is words and ids"
    whole = {type_ for names in columns_of(TABLES).values() for type_ in names.values() if not type_.startswith("ENUM")}
    assert whole == {"VARCHAR", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "TIMESTAMP"}, "another type may hold text too"


def test_a_table_that_a_later_version_adds_is_covered_without_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later = TABLES + "CREATE TABLE extra (source VARCHAR, account INTEGER, item VARCHAR, more VARCHAR);"
    for module in (storage, erasure):
        monkeypatch.setattr(module, "TABLES", later)
    path = community(tmp_path / "c.regard").path
    with writing(path) as connection:
        ((gone, bob),) = execute(
            connection,
            f"SELECT (SELECT account FROM accounts WHERE id = '{GONE}'), (SELECT account FROM accounts WHERE id = 'bob')",
        )
        execute(
            connection,
            f"INSERT INTO extra VALUES ('chat', {gone}, 'x', 'x'), ('chat', {bob}, 'p1', 'of {NAME}'), ('chat', {bob}, 'i1', '{GONE}/4')",
        )
    Record.open(path).forget(GONE)
    assert traces(path) == []
    with reading(path) as connection:
        rows = execute(connection, "SELECT account, left(item, 8), left(more, 8) FROM extra ORDER BY item DESC")
    assert rows == [(bob, "removed-", "removed-"), (bob, "i1", "removed-")]


def test_through_a_link_the_record_is_changed_and_the_link_stays(tmp_path: Path) -> None:
    record = community(tmp_path / "data" / "real.regard")
    (tmp_path / "l.regard").symlink_to(record.path)
    Record.open(tmp_path / "l.regard").forget(NAME)
    assert (tmp_path / "l.regard").is_symlink()
    assert traces(record.path) == []
    assert [file.name for file in record.path.parent.iterdir()] == ["real.regard"]


def test_a_log_lies_beside_the_record_and_not_beside_the_link(tmp_path: Path) -> None:
    record = community(tmp_path / "data" / "real.regard")
    (tmp_path / "l.regard").symlink_to(record.path)
    program = f"""
import os
from pathlib import Path
from regard.engines.duckdb.statements import execute, quote_literal
from regard.record import storage
storage._into_the_file = lambda *_, **__: os._exit(9)
with storage.writing(Path({os.fspath(tmp_path / "l.regard")!r})) as connection:
    execute(connection, "UPDATE accounts SET name = 'Bobby' WHERE id = 'bob'")
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    assert {file.name for file in tmp_path.iterdir()} == {"data", "l.regard"}
    assert Record.open(record.path).person("Bobby").ids == ("bob",)
    assert Record.at(tmp_path / "l.regard").forget(NAME).left == ()
    assert Record.open(record.path).person("Bobby").ids == ("bob",)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_permissions_stay(mode: int, tmp_path: Path) -> None:
    record = community(tmp_path / "c.regard")
    record.path.chmod(mode)
    record.forget(NAME)
    assert stat.S_IMODE(record.path.stat().st_mode) == mode
    write(record.path, tmp_path / "d")
    (tmp_path / "d").chmod(mode | 0o100)
    Dataset.open(tmp_path / "d").forget("bob")
    assert stat.S_IMODE((tmp_path / "d").stat().st_mode) == mode | 0o100


def test_while_it_is_written_only_its_owner_can_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = community(tmp_path / "c.regard")
    record.path.chmod(0o600)
    seen = []
    monkeypatch.setattr(
        erasure, "keep_mode", lambda _, fresh: seen.append((fresh.exists(), stat.S_IMODE(fresh.parent.stat().st_mode), fresh.parent.parent))
    )
    record.forget(NAME)
    assert seen == [(True, 0o700, tmp_path)]


def test_a_hard_link_is_told(tmp_path: Path) -> None:
    record = community(tmp_path / "c.regard")
    os.link(record.path, tmp_path / "other.regard")
    (sentence,) = record.forget(NAME).left
    assert "1 more of its names" in sentence
    assert traces(record.path) == []
    assert Record.open(tmp_path / "other.regard").person(NAME).ids == (GONE,)


@pytest.mark.long
def test_a_moved_record_is_as_good_as_before(tmp_path: Path) -> None:
    record = community(tmp_path / "c.regard")
    with Study(record, Settings(work=tmp_path / "w")) as study:
        kept = study.kept.rows()
    (tmp_path / "elsewhere").mkdir()
    moved = Record(record.path.rename(tmp_path / "elsewhere" / "moved.regard"))
    with Study(moved, Settings(work=tmp_path / "w")) as study:
        assert study.kept.rows() == kept
    moved.forget(NAME)
    assert not (tmp_path / "w" / cached.FILE).exists()
    assert [file.name for file in moved.path.parent.iterdir()] == ["moved.regard"]


def test_work_made_under_an_earlier_name_of_the_record_is_cleared(tmp_path: Path) -> None:
    record = community(tmp_path / "c.regard")
    with Study(record, Settings(work=tmp_path / "w")) as study:
        study.make(["pairs"])
    Record(record.path.rename(tmp_path / "renamed.regard")).forget(NAME)
    assert not (tmp_path / "w" / cached.FILE).exists()
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["renamed.regard"]


@pytest.mark.long
def test_work_folders_lose_what_was_made_of_the_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = community(tmp_path / "c.regard")
    for work in (tmp_path / "w1", tmp_path / "w 'two'\n", tmp_path / "moved"):
        with Study(record, Settings(work=work)) as study:
            study.make(["kept"])
        assert traces(work / cached.FILE)
    (tmp_path / "moved").rename(tmp_path / "away")
    (tmp_path / "w1" / "mine.txt").write_text("mine")
    assert run(["people", "forget", os.fspath(record.path), NAME, "--yes"]) == 0
    said = capsys.readouterr().out
    assert f"Still there: {tmp_path / 'moved'}: this work folder is no longer there" in said
    assert "Out of reach: backups, reports and tables" in said
    assert not (tmp_path / "w1" / cached.FILE).exists()
    assert not (tmp_path / "w 'two'\n" / cached.FILE).exists()
    assert [file.name for file in (tmp_path / "w1").iterdir()] == ["mine.txt"]


@pytest.mark.long
def test_a_work_folder_with_its_own_record_is_cleared_and_another_programs_file_is_not(tmp_path: Path) -> None:
    record = community(tmp_path / "w" / "community.regard")
    with Study(record, Settings(work=tmp_path / "w")) as study:
        study.make(["kept"])
    record.forget(NAME)
    assert [file.name for file in (tmp_path / "w").iterdir()] == ["community.regard"]
    with duckdb.connect(os.fspath(tmp_path / "w" / cached.FILE)) as connection:
        connection.execute("CREATE TABLE mine (a INTEGER)").fetchall()
    record.forget("bob")
    assert (tmp_path / "w" / cached.FILE).exists()


@pytest.mark.long
def test_somebody_is_forgotten_in_a_dataset(tmp_path: Path) -> None:
    path = tmp_path / "d"
    write(community(tmp_path / "c.regard").path, path)
    assert traces(path)
    with Study(Dataset.open(path), Settings(work=tmp_path / "w")) as study:
        study.make(["kept"])
    (tmp_path / "link").symlink_to(path)
    gone = open_record(tmp_path / "link").forget(NAME)
    assert (gone.ids, gone.left) == ((GONE,), ())
    assert traces(path) == []
    assert (tmp_path / "link").is_symlink()
    assert {file.name for file in tmp_path.iterdir()} == {"c.regard", "d", "w", "link"}
    assert not (tmp_path / "w" / cached.FILE).exists()
    with pytest.raises(UnknownName):
        Dataset.open(path).forget(NAME)


@pytest.mark.long
def test_people_of_a_dataset_are_merged_marked_and_found(tmp_path: Path) -> None:
    write(community(tmp_path / "c.regard").path, tmp_path / "d")
    dataset = Dataset.open(tmp_path / "d")
    assert dataset.person("Bob").ids == ("bob",)
    assert {*dataset.merge("bob", "u1").ids} == {"bob", "u1"}
    dataset.mark_bot("u2")
    assert {*Dataset.open(tmp_path / "d").person("u1").ids} == {"bob", "u1"}
    with Study(dataset) as study:
        assert study.engine.rows("SELECT actor_type FROM record.accounts WHERE id = 'u2'") == [("bot",)]


def test_drafts_of_killed_dataset_writes_go_with_the_next_command(tmp_path: Path) -> None:
    path = tmp_path / "d"
    write(community(tmp_path / "c.regard").path, path)
    write(community(tmp_path / "c.regard").path, new_name(path, "new"))
    write(community(tmp_path / "c.regard").path, new_name(path, "old"))
    (tmp_path / ".d.lock").touch()
    (tmp_path / ".other.0a1b2c3d.new").mkdir()
    Dataset.open(path).forget(NAME)
    assert {file.name for file in tmp_path.iterdir()} == {"c.regard", "d", ".other.0a1b2c3d.new"}


def test_a_dataset_that_was_moved_away_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "d"
    write(community(tmp_path / "c.regard").path, path)
    path.rename(new_name(path, "old"))
    assert open_record(path).person(NAME).ids == (GONE,)
    assert {file.name for file in tmp_path.iterdir()} == {"c.regard", "d"}


def test_the_words_of_an_error_about_several_people_can_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = Record.at(tmp_path / "c.regard")
    for source in ("chat", "table"):
        record.append(InputInfo(source, "x"), [Batch([Act("1", "message", NOON, "2"), Act("table:1", "message", NOON, "2")])])
    assert run(["people", "forget", os.fspath(record.path), "1", "--yes"]) == 2
    advice = capsys.readouterr().err
    for source, id_ in (("table", "1"), ("chat", "1"), ("chat", "table:1"), ("table", "table:1")):
        name = f"{source}:{id_}"
        assert id_ != "1" or f"({name})" in advice
        assert record.person(name).name == id_
        assert run(["people", "forget", os.fspath(record.path), name, "--yes"]) == 0
        with reading(record.path) as connection:
            assert execute(connection, f"SELECT 1 FROM accounts WHERE source = '{source}' AND id = '{id_}'") == []
    assert record.counts().people == 2


def test_somebody_else_who_got_their_number_in_the_meantime_stays(tmp_path: Path) -> None:
    record = Record.at(tmp_path / "c.regard")
    record.append(InputInfo("chat", "x"), [Batch([Act("ann", "post", NOON, item="a"), Act("bob", "post", NOON, item="b")])])
    bob = record.person("bob")
    record.forget("bob")
    record.append(InputInfo("chat", "y"), [Batch([Act("cem", "post", NOON, item="c")])])
    assert record.person("cem").person == bob.person
    with pytest.raises(UsageError, match="has changed since"):
        record.forget(bob)
    assert record.person("cem").ids == ("cem",)
    record.forget("cem")
    with pytest.raises(UnknownName):
        record.forget(bob)


ISSUES = [
    {"number": 1, "author": "ann", "title": "Oven", "comments": [
        {"author": "otti", "body": "hot", "createdAt": "2024-01-01T00:00:00Z"},
        {"author": "bob", "body": "cold", "createdAt": "2024-01-02T00:00:00Z"},
    ]},
    {"number": 2, "author": "otti", "title": "Door", "comments": [{"author": "ann", "body": "shut", "createdAt": "2024-01-03T00:00:00Z"}]},
]  # fmt: skip


@pytest.mark.parametrize("repo", ["bakery/oven", "otti/oven", "Otti/oven"])
def test_logins_on_github_are_gone_from_the_ids_of_items_too(repo: str, tmp_path: Path) -> None:
    record = Record.at(tmp_path / "c.regard")
    parts = [to_acts(issue, ThreadContext("archive.json", 1, repo)) for issue in ISSUES]
    batch = Batch([act for part in parts for act in part.acts], [account for part in parts for account in part.accounts])
    record.append(InputInfo("github", repo), [batch])
    record.forget("otti")
    sql = "SELECT actor, kind, item, parent_item, thread_root, channel, label, text FROM acts ORDER BY ALL"
    with reading(record.path) as connection:
        rows = execute(connection, sql)
    assert "otti" not in repr(rows).lower()
    assert len(rows) == 2
    again = record.append(InputInfo("github", repo), [batch])
    with reading(record.path) as connection:
        assert execute(connection, sql) == rows
        assert again.added == 0


def test_what_others_do_in_a_repository_called_after_them_still_comes_in(tmp_path: Path) -> None:
    record = Record.at(tmp_path / "c.regard")
    first, later = (
        Batch([Act("bob", "post", NOON, item=f"ottiliequist/web#{n}", thread=f"ottiliequist/web#{n}", channel="ottiliequist/web"),
               Act("ann", "reply", NOON + 1, "bob", item=f"r{n}", parent=f"ottiliequist/web#{n}", thread=f"ottiliequist/web#{n}")])
        for n in (1, 2)
    )  # fmt: skip
    record.append(InputInfo("github", "web"), [first, Batch([Act("ottiliequist", "post", NOON, item="z", channel="a/b")])])
    record.forget("ottiliequist")
    assert record.append(InputInfo("github", "web"), [first, later]).added == 2
    with reading(record.path) as connection:
        rows = execute(connection, "SELECT item, thread_root, parent_item, channel FROM acts")
    assert "ottilie" not in repr(rows)
    assert len({row[1] for row in rows}) == 2
