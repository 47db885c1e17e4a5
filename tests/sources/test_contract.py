"""The contract of a source, tested for each of them. The fixture of a source is the folder data/NAME."""

from __future__ import annotations

import inspect
import shutil
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.statements import execute
from regard.engines.rows import Row
from regard.errors import InputError, RegardError
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import ACTOR_TYPES, CLOCKS, KINDS, PRECISIONS, VISIBILITIES, Account, Act, Batch
from regard.record.storage import reading
from regard.sources.base import FALLBACK, Options, Parsed, Source
from regard.sources.catalogue import BUILT_IN, recognised, sources
from regard.sources.formats.bundle import Bundle
from regard.studies.read import Input, inputs_of, read_into

from ..strategies import examples

DATA = Path(__file__).parent / "data"
SECRETS = {
    "slack": ("+00 555 0100", "ada@example.org", "bob@example.org", "cleo@example.org"),
    "stackexchange": ("Riverton", "ann.example", "0123456789abcdef", "9001", "I bake", "server farm", "img.example"),
    "discourse": ("secret-avatar", "1815-12-10", "bob@secret.example", "ada@secret.example"),
    "github": ("quiet-assignee", "silent-merger", "secret-branch", "deadbeefcafe"),
    "mbox": ("else@code.example", "192.0.2.7", "phone 555", "AAAA"),
    "twitter": ("Riverton", "I bake bread", "ann.example", "Secret App", "40.0570"),
    "table": ("ada@secret.example", "+49 170 5550199", "xoxb-0000-secret"),
}
"""Planted in the fixtures: addresses, numbers and tokens that a source drops on the way in."""

ALL = list(sources().values())
ROWS = [source for source in ALL if source.name != "table"]
"""Sources whose rows pass through Python; the rows of a table are read by the engine."""


def each(some: list[Source]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", [pytest.param(source, id=source.name) for source in some])


def batches(source: Source, options: Options | None = None, path: Path | None = None) -> Iterator[Batch]:
    for batch in source.read(Bundle.of(path or DATA / source.name), options or Options()):
        assert isinstance(batch, Batch)
        yield batch


def acts(source: Source, options: Options | None = None) -> list[Act]:
    return [act for batch in batches(source, options) for act in batch.acts]


def read(record: Record, source: Source, options: Options | None = None) -> int:
    """Read the fixture into a record; gives how many acts were new."""
    (added,) = [result.added if result else 0 for _, result in read_into(record, [fixture(source)], options or Options())]
    return added


def fixture(source: Source) -> Input:
    return Input(Bundle.of(DATA / source.name), source)


def confidence(source: Source, path: Path) -> float:
    """How sure a source is that an input is its own; 0 if it does not recognise it."""
    recognition = source.recognise(Bundle.of(path))
    assert recognition is None or 0 < recognition.confidence <= 1
    return 0 if recognition is None else recognition.confidence


def query(record: Record, sql: str) -> list[Row]:
    with reading(record.path) as connection:
        return execute(connection, sql)


def test_every_source_has_a_fixture_and_says_what_it_is() -> None:
    assert {source.name for source in BUILT_IN} <= {path.name for path in DATA.iterdir() if path.is_dir()}
    for source in ALL:
        assert source.name == source.name.lower()
        assert len(source.about) > 40
        assert source.missing


@each(ALL)
def test_an_input_is_known_by_its_own_source_and_by_no_other(source: Source, tmp_path: Path) -> None:
    packed = tmp_path / "users.json"  # the name of a zip does not matter
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((DATA / source.name).rglob("*")):
            archive.write(path, Path("any top") / path.relative_to(DATA / source.name))
    folder = tmp_path / "Posts.xml"
    shutil.copytree(DATA / source.name, folder)
    for path in (DATA / source.name, packed, folder):
        # A table is the fallback: it may recognise JSON or CSV of another source too.
        assert [other.name for other in ALL if confidence(other, path) > FALLBACK or other is source] == [source.name]
        assert confidence(source, path) >= FALLBACK
        assert recognised(Bundle.of(path)).source is source


@each([source for source in ALL if source.name in ("slack", "stackexchange", "mbox", "discourse", "github", "twitter")])
def test_the_fixtures_of_these_sources_are_no_tables(source: Source) -> None:
    assert [other.name for other in ALL if other.recognise(Bundle.of(DATA / source.name))] == [source.name]


@pytest.mark.parametrize("name", ["users.json", "Posts.xml", "2024-April.txt", "list.mbox", "log.csv", "a.parquet", "export.zip", "x"])
@pytest.mark.parametrize(("source", "file"), [("table", "log.csv"), ("mbox", "list.mbox"), ("mbox", "pipermail/2024-March.txt")])
def test_a_file_is_known_by_its_bytes_and_not_by_its_name(source: str, file: str, name: str, tmp_path: Path) -> None:
    shutil.copy(DATA / source / file, tmp_path / name)
    assert [other.name for other in ALL if other.recognise(Bundle.of(tmp_path / name))] == [source]


@each(ALL)
def test_no_source_takes_what_is_nothing_of_its_own(source: Source, tmp_path: Path) -> None:
    files = {
        "a.png": b"\x89PNG\r\n\x1a\n" + bytes(100), "users.json": b"{}", "Posts.xml": b"<html></html>", "list.mbox": b"words words\n" * 9,
        "channels.json": b"[", "empty.csv": b"", "log.csv": b"words\nand words\n", "b.zip": b"PK", "c.gz": b"\x1f\x8b\x08",
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        assert not source.recognise(Bundle.of(tmp_path / name)), name


@each(ROWS)
def test_acts_and_accounts_are_what_the_schema_says(source: Source) -> None:
    for batch in batches(source):
        for act in batch.acts:
            assert act.kind in KINDS
            assert act.precision in PRECISIONS
            assert act.clock in CLOCKS
            assert act.visibility in VISIBILITIES
            assert isinstance(act.actor, str)
            assert act.actor
            assert act.time is None or type(act.time) is int
            assert act.time is not None or act.precision == "none"
            assert type(act.edited) is bool
            assert act.line is None or act.line > 0
            for value in (*act[3:12], act.note, act.file):
                assert value is None or isinstance(value, str)
        for account in batch.accounts:
            assert isinstance(account, Account)
            assert isinstance(account.id, str)
            assert account.actor_type in (None, *ACTOR_TYPES)
        for note, count in batch.notes:
            assert note
            assert count > 0


@each(ROWS)
def test_each_act_can_be_opened(source: Source) -> None:
    files = set(Bundle.of(DATA / source.name).names)
    assert {act.file for act in acts(source)} <= files


@each(ROWS)
def test_batches_are_small_and_made_as_they_are_asked_for(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inspect.isgenerator(source.read(Bundle.of(DATA / source.name), Options()))
    expected = [(act.actor, act.kind, act.target, act.item) for act in acts(source)]
    for module in [module for name, module in sys.modules.items() if name.startswith("regard.sources.") and hasattr(module, "BATCH_ACTS")]:
        monkeypatch.setattr(module, "BATCH_ACTS", 3)
    small = list(batches(source))
    one_message = max(expected.count(row) for row in expected) + 8
    assert all(len(batch.acts) <= 3 + one_message for batch in small)
    assert len([batch for batch in small if batch.acts]) > 1
    assert [(act.actor, act.kind, act.target, act.item) for batch in small for act in batch.acts] == expected


@each(ROWS)
def test_the_same_bytes_give_the_same_acts(source: Source) -> None:
    assert list(batches(source)) == list(batches(source))


@each(ROWS)
def test_to_acts_is_pure(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    to_acts = source.to_acts
    assert to_acts is not None
    calls = 0

    def checked(raw: object, context: object) -> Parsed:
        nonlocal calls
        calls += 1
        same_raw, same_context = deepcopy(raw), deepcopy(context)
        parsed = to_acts(raw, context)
        assert to_acts(raw, context) == parsed
        assert to_acts(same_raw, same_context) == parsed
        assert same_raw == raw
        assert isinstance(context, tuple) or type(context).__dataclass_params__.frozen  # type: ignore[attr-defined]
        return parsed

    expected = acts(source)
    for module in [module for name, module in sys.modules.items() if name.startswith(f"regard.sources.{source.name}.")]:
        if getattr(module, "to_acts", None) is to_acts:
            monkeypatch.setattr(module, "to_acts", checked)
    assert acts(source) == expected
    assert calls > 1


@each(ALL)
def test_reading_again_adds_nothing(source: Source, record: Record) -> None:
    added = read(record, source)
    assert added > 3
    before = query(record, "FROM acts"), query(record, "FROM accounts"), query(record, "FROM inputs")
    assert read(record, source) == 0
    files = (DATA / source.name,)
    again = InputInfo(source.name, "the same again", source.view, source.missing, own_ids=source.own_ids, files=files)
    assert record.append(again, source.read(Bundle.of(DATA / source.name), Options())).added == 0
    assert (query(record, "FROM acts"), query(record, "FROM accounts")) == before[:2]


@each(ALL)
def test_replies_find_whom_they_answer(source: Source, record: Record) -> None:
    read(record, source)
    replies = query(record, "SELECT count(*), count(target), count(thread_root) FROM acts WHERE kind = 'reply'")
    assert int(str(replies[0][0])) > 0
    assert int(str(replies[0][1])) * 2 > int(str(replies[0][0]))
    assert replies[0][2] == replies[0][0]


@each(ALL)
def test_no_words_are_kept_where_none_are_asked_for(source: Source, tmp_path: Path) -> None:
    with_words, without = (Record.at(tmp_path / name) for name in ("with", "without"))
    assert read(with_words, source) == read(without, source, Options(text=False))
    words = {str(row[0]) for row in query(with_words, "SELECT text FROM acts WHERE length(text) > 12")}
    assert words
    assert query(without, "SELECT DISTINCT text FROM acts") == [(None,)]
    cells = {str(cell) for table in ("acts", "accounts", "notes") for row in query(without, f"FROM {table}") for cell in row if cell}
    assert not {word for word in words if any(word in cell for cell in cells)}
    data = without.path.read_bytes()
    assert not [word for word in words if word.encode() in data]


@each(ALL)
def test_what_is_sensitive_does_not_reach_the_record(source: Source, record: Record) -> None:
    read(record, source, Options(private=True))
    secrets = SECRETS.get(source.name, ())
    planted = b"".join(path.read_bytes() for path in sorted((DATA / source.name).rglob("*")) if path.is_file())
    cells = "\n".join(
        str(cell) for table in ("acts", "accounts", "notes", "inputs") for row in query(record, f"FROM {table}") for cell in row
    )
    for secret in secrets:
        assert secret.encode() in planted or source.name == "mbox"  # the words of a mail are encoded
        assert secret not in cells


@pytest.mark.long
@each(ALL)
def test_private_parts_are_left_out_unless_asked_for(source: Source, tmp_path: Path) -> None:
    usual, private = (Record.at(tmp_path / name) for name in ("usual", "private"))
    read(usual, source)
    read(private, source, Options(private=True))
    assert query(usual, "SELECT count(*) FROM acts WHERE visibility = 'direct'") == [(0,)]
    assert usual.counts().acts <= private.counts().acts


@each(ALL)
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_fixture_cut_short_is_told_or_read_as_far_as_it_goes(source: Source, keep: float, tmp_path: Path, record: Record) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(DATA / source.name, folder)
    for path in folder.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    before = query(record, "FROM accounts")
    try:
        for _ in read_into(record, [Input(Bundle.of(folder), source)], Options()):
            pass
    except RegardError as error:
        assert isinstance(error, InputError)  # noqa: PT017  (some formats are whole at any line)
        assert query(record, "FROM accounts") == before


@each(ROWS)
@examples(15)
@given(data=st.data())
def test_a_fixture_with_bytes_changed_is_told_or_read(
    source: Source, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("changed") / "in"
    shutil.copytree(DATA / source.name, folder)
    path = data.draw(st.sampled_from(sorted(path for path in folder.rglob("*") if path.is_file())))
    content = bytearray(path.read_bytes())
    position, other = (
        data.draw(st.integers(0, len(content))),
        data.draw(st.binary(max_size=6) | st.sampled_from((b'"', b"[{", b"null", b"<"))),
    )
    content[position : position + data.draw(st.integers(0, 40))] = other
    path.write_bytes(content)
    bundle = Bundle.of(folder)
    source.recognise(bundle)
    with suppress(InputError):
        assert all(act.actor for batch in batches(source, path=folder) for act in batch.acts)


@each(ALL)
def test_the_fixture_is_one_input(source: Source) -> None:
    assert [each.source.name for each in inputs_of([DATA / source.name])] == [source.name]
