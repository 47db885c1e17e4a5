"""From paths to a record: which files are one input, which source reads them, and which are skipped because they were read before."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from regard.base import tempdirs
from regard.errors import Empty, InputError, Malformed, UnknownName, Unrecognised, UsageError
from regard.record.ingest import IngestResult
from regard.record.record import Record
from regard.sources.base import Options
from regard.studies.read import REPEATED_KEYS, UNREADABLE, inputs_of, read_into

DATA = Path(__file__).parents[1] / "sources" / "data"
CASES = DATA.parent / "cases"
HEADER = "from,to,time\n"
JANUARY, FEBRUARY, MARCH = (f"ann,bo,2024-0{month}-01\n" for month in (1, 2, 3))


class KeptProgress:
    """A progress that keeps what is reported to it."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.done = 0

    def stage(self, name: str, total: int | None = None, unit: str = "") -> None:
        del unit
        self.stages.append((name, total))

    def advance(self, count: int) -> None:
        self.done += count


def table(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "".join(rows))
    return path


def zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for member in sorted(folder.rglob("*")):
            archive.write(member, member.relative_to(folder))
    return path


def read(record: Record, *paths: Path, options: Options | None = None) -> list[IngestResult | None]:
    options = options or Options()
    return [result for _, result in read_into(record, inputs_of(paths, options=options), options)]


def added(record: Record, *paths: Path, options: Options | None = None) -> list[int | None]:
    return [None if result is None else result.added for result in read(record, *paths, options=options)]


def recognised(*paths: Path, source: str | None = None) -> list[tuple[str, str]]:
    return [(each.source.name, each.bundle.title) for each in inputs_of(paths, source)]


# What is one input.


def test_the_parts_of_a_dump_side_by_side_are_one_input() -> None:
    paths = [DATA / "stackexchange" / name for name in ("Posts.xml", "Users.xml", "Comments.xml")]
    assert recognised(*paths) == [("stackexchange", "Posts.xml, Users.xml, Comments.xml")]


def test_the_parts_of_two_dumps_are_two_inputs(tmp_path: Path) -> None:
    shutil.copytree(DATA / "stackexchange", tmp_path / "other")
    paths = [folder / name for name in ("Posts.xml", "Users.xml") for folder in (DATA / "stackexchange", tmp_path / "other")]
    assert recognised(*paths) == [("stackexchange", "Posts.xml, Users.xml")] * 2


def test_each_table_is_an_input_of_its_own(tmp_path: Path) -> None:
    paths = [table(tmp_path / name, JANUARY) for name in ("b.csv", "a.csv")]
    assert recognised(*paths) == [("table", "b.csv"), ("table", "a.csv")]


def test_folders_archives_and_files_of_several_platforms(tmp_path: Path) -> None:
    log = table(tmp_path / "log.csv", JANUARY)
    archive = zipped(DATA / "slack", tmp_path / "export.zip")
    assert sorted(recognised(log, archive, DATA / "mbox")) == [("mbox", "mbox"), ("slack", "export.zip"), ("table", "log.csv")]


def test_a_folder_of_archives_is_each_of_them(tmp_path: Path) -> None:
    for name, kind in (("2024.zip", "slack"), ("2023.zip", "slack"), ("mail.zip", "mbox")):
        zipped(DATA / kind, tmp_path / name)
    assert recognised(tmp_path) == [("slack", "2023.zip"), ("slack", "2024.zip"), ("mbox", "mail.zip")]


def test_a_path_given_twice_is_one_input(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", JANUARY)
    assert recognised(path, path) == [("table", "a.csv")]


def test_what_cannot_be_an_input_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="give at least one"):
        inputs_of([])
    with pytest.raises(InputError, match="no such file"):
        inputs_of([tmp_path / "none"])
    with pytest.raises(UnknownName, match="unknown source 'slak'; did you mean 'slack'"):
        inputs_of([DATA / "slack"], "slak")
    (tmp_path / "words.txt").write_text("words and words\n")
    with pytest.raises(Unrecognised, match=r"words\.txt: no source knows this input .*--source NAME, or map a table's columns with --map"):
        inputs_of([tmp_path / "words.txt"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(Unrecognised, match="empty: holds no files"):
        inputs_of([tmp_path / "empty"])


def test_a_source_that_is_named_is_asked_whatever_it_looks_like(tmp_path: Path) -> None:
    path = table(tmp_path / "log.csv", JANUARY)
    assert recognised(path, source="mbox") == [("mbox", "log.csv")]


def test_a_mapping_means_a_table(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "log.txt"
    path.write_text("sender,taker\nann,bo\n")
    assert added(record, path, options=Options(mapping={"actor": "sender", "target": "taker"})) == [1]
    path.write_text("ann bo\nbo ann\n")
    assert added(record, path, options=Options(preset="edges")) == [1]  # the row of ann and bo was there


# What becomes of inputs.


def test_what_was_read_before_byte_for_byte_is_passed_over(tmp_path: Path, record: Record) -> None:
    first, second = table(tmp_path / "a.csv", JANUARY), table(tmp_path / "b.csv", FEBRUARY)
    assert added(record, first) == [1]
    assert added(record, first, second) == [None, 1]
    (tmp_path / "c.csv").write_bytes(first.read_bytes())
    assert added(record, tmp_path / "c.csv") == [0]  # another name is another input, and none of its acts is new
    assert record.counts().acts == 2


def test_the_same_input_read_otherwise_is_another_reading(tmp_path: Path, record: Record) -> None:
    path = tmp_path / "a.csv"
    path.write_text("from,to,time,boss\nann,bo,2024-01-01,cleo\n")
    assert added(record, path) == [1]
    assert added(record, path, options=Options(mapping={"target": "boss"})) == [1]
    assert added(record, path, options=Options(mapping={"target": "boss"})) == [None]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("reverse", [True, False])
def test_tables_that_overlap_add_up_to_what_there_was(tmp_path: Path, record: Record, together: bool, reverse: bool) -> None:
    paths = [table(tmp_path / "a.csv", JANUARY, FEBRUARY, FEBRUARY), table(tmp_path / "b.csv", FEBRUARY, FEBRUARY, MARCH)]
    if reverse:
        paths.reverse()
    for call in [paths] if together else [[path] for path in paths]:
        read(record, *call)
    assert record.counts().acts == 4


def test_inputs_before_a_broken_one_are_kept(tmp_path: Path, record: Record) -> None:
    good, broken = table(tmp_path / "a.csv", JANUARY), table(tmp_path / "b.csv", FEBRUARY, "ann,bo\n")
    with pytest.raises(Malformed, match=r"b\.csv, line 3"):
        read(record, good, broken)
    assert (record.counts().acts, record.counts().inputs) == (1, 1)
    table(broken, FEBRUARY)
    assert added(record, good, broken) == [None, 1]


def test_an_empty_input_is_told_and_not_kept(tmp_path: Path, record: Record) -> None:
    with pytest.raises(Empty, match=r"a\.csv: holds no act of anybody \(table\)"):
        read(record, table(tmp_path / "a.csv"))
    assert record.counts().inputs == 0


def test_copies_of_compressed_inputs_are_not_kept_for_the_next(tmp_path: Path, record: Record) -> None:
    paths = [tmp_path / f"{name}.csv.gz" for name in "ab"]
    for path, row in zip(paths, (JANUARY, FEBRUARY), strict=True):
        path.write_bytes(gzip.compress((HEADER + row).encode()))
    before = set(tempdirs.new_folder().parent.glob("*/unpacked"))
    for _, result in read_into(record, inputs_of(paths), Options()):
        assert result is not None
        assert result.added == 1
        assert set(tempdirs.new_folder().parent.glob("*/unpacked")) <= before


def test_progress_is_told_in_bytes(record: Record) -> None:
    progress = KeptProgress()
    inputs = inputs_of([DATA / "slack"])
    list(read_into(record, inputs, Options(), progress))
    size = inputs[0].bundle.packed
    assert progress.stages[:2] == [("looking at slack", None), ("reading slack", size)]
    assert progress.stages[-1] == ("keeping the acts", None)
    assert 0 < progress.done <= size


def test_only_private_talk_is_told_with_the_option_that_reads_it(record: Record, tmp_path: Path) -> None:
    slack, discourse, mailbox = CASES / "K15-only-private-talk", tmp_path / "private-posts.json", tmp_path / "own.mbox"
    shutil.copy(DATA / "discourse" / "private-posts.json", discourse)
    lines = ("From a@x.org Mon Apr  1 12:00:00 2024", "From: Ann <a@x.org>", "X-GM-THRID: 17", "", "Hello.", "", "")
    mailbox.write_text("\n".join(lines) + "\n".join(lines).replace("17", "18"))
    for path, left_out in ((slack, "3 conversations"), (discourse, "2 posts"), (mailbox, "2 messages")):
        with pytest.raises(Empty, match=rf"holds no public talk; {left_out} are or may be private .* --private reads them"):
            read(record, path)
        assert added(record, path, options=Options(private=True)) > [0]


def test_what_lies_too_deep_is_counted(record: Record, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    table(folder / "a.csv", JANUARY)
    at = os.open(folder, os.O_RDONLY)
    for _ in range(17):  # 17 times 250 characters: more than a path may have
        os.mkdir("d" * 250, dir_fd=at)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    (result,) = read(record, folder)
    assert result is not None
    assert (result.added, dict(result.notes)[UNREADABLE]) == (1, 1)
    (folder / "a.csv").unlink()
    with pytest.raises(Unrecognised, match=r"no files that can be read; 1 in it may not be read or lie too deep"):
        inputs_of([folder])
    shutil.rmtree(folder)


def test_a_forbidden_folder_is_counted(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table(tmp_path / "a.csv", JANUARY)
    (tmp_path / "locked").mkdir()
    usual = os.scandir

    def forbidding(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return usual(path)

    monkeypatch.setattr(os, "scandir", forbidding)
    (result,) = read(record, tmp_path)
    assert result is not None
    assert dict(result.notes)[UNREADABLE] == 1


@pytest.mark.parametrize("source", ["slack", "discourse", "github", "twitter", "table"])
def test_of_a_key_held_twice_the_last_value_is_taken_and_the_others_are_counted(record: Record, tmp_path: Path, source: str) -> None:
    if source == "table":
        (tmp_path / "log.jsonl").write_text('{"from": "ann", "to": "bo", "time": "2024-03-01"}\n')
        before = "log.jsonl"
    else:
        shutil.copytree(DATA / source, tmp_path / "export")
        before = "export"
    again = tmp_path / "again"
    (shutil.copytree if source != "table" else shutil.copy)(tmp_path / before, again)
    for file in [again] if again.is_file() else again.rglob("*.json"):
        file.write_text(re.sub(r'\{\s*"(\w+)":', r'{"\1": "x y", "\1":', file.read_text()))
    (plain,) = read(record, tmp_path / before)
    (result,) = read(record, again)
    assert plain is not None
    assert result is not None
    assert (result.read, result.added) == (plain.read, 0)
    assert REPEATED_KEYS not in dict(plain.notes)
    assert dict(result.notes)[REPEATED_KEYS] > 0
