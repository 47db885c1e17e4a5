"""A dataset holds all that its record holds or is refused, and a study reads both alike."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given

from regard.base.locations import RemoteUri
from regard.engines.duckdb.statements import execute
from regard.errors import DamagedRecord, InputError, NewerRecord, NotARecord
from regard.measures.catalogue import MEASURES
from regard.record import dataset_files
from regard.record.dataset import Dataset, open_record
from regard.record.dataset_extend import extend
from regard.record.dataset_files import write
from regard.record.dataset_manifest import MANIFEST, check
from regard.record.dataset_tables import TABLES
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import reading
from regard.studies.study import Study

from ..communities import act, answer, post, recorded, rows
from ..strategies import Made, communities, examples

ACTS = [*post(0, "ann", "p", "How?"), answer(40, "bea", "ann", "p", "r"), act(None, "cem", "follow", "ann"), act(70, "bea", "thank", "ann")]


def held(record: Record) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, acts in their order."""
    with reading(record.path) as connection:
        tables = {name: execute(connection, f"FROM {name} ORDER BY ALL") for name in TABLES if name != "acts"}
        return {**tables, "acts": execute(connection, "FROM acts ORDER BY rowid")}


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def origin(title: str = "by hand") -> InputInfo:
    return InputInfo("table", title, own_ids=False, digest=title)


@given(communities())
@examples(4)
def test_every_measure_is_the_same_of_a_record_and_of_its_dataset(made: Made) -> None:
    with recorded(made.acts, made.accounts) as record, Dataset.temporary(record) as copy, Study(record) as study, Study(copy) as other:
        assert study.timescale == other.timescale
        for name in MEASURES:
            assert rows(study, name) == rows(other, name), name
        assert copy.counts() == record.counts()


def test_acts_lie_by_month(tmp_path: Path) -> None:
    with recorded([*ACTS, Act("ann", "message", -(2**40), "bea"), Act("ann", "message", 2**56, "bea")]) as record:
        write(record.path, tmp_path / "d")
    months = sorted(path.name for path in (tmp_path / "d" / "acts").iterdir())
    assert months == ["month=2007-01", "month=2007-02", "month=2007-03", "month=other"]
    assert Dataset.open(tmp_path / "d").counts().acts == 6


def test_a_record_without_acts_is_a_dataset_too(record: Record, tmp_path: Path) -> None:
    write(record.path, tmp_path / "d")
    assert Dataset.open(tmp_path / "d").counts().acts == 0


@pytest.mark.parametrize("name", ["it's [a] d*t?", "mö {b,c} 😀", "..."])
def test_nearly_any_name_of_a_folder_will_do(name: str, tmp_path: Path) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / name)
        with Study(Dataset.open(tmp_path / name)) as study:
            assert len(study.ties) == 1
    with extend(tmp_path / name) as again:
        assert again.counts().acts == len(ACTS)


def test_a_path_that_can_not_be_written_is_named_in_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    with recorded(ACTS) as record:
        for path in (tmp_path / "back\\slash", tmp_path / "file" / "d", tmp_path / "file"):
            with pytest.raises(InputError, match=path.name.split("\\")[0]):
                write(record.path, path)
        # The folder goes while it is written.
        monkeypatch.setattr(dataset_files, "_copy", _into_nothing)
        with pytest.raises(InputError, match="no dataset can be made there"):
            write(record.path, tmp_path / "d")
    assert files(tmp_path) == {"file": b"mine"}


def _into_nothing(connection: duckdb.DuckDBPyConnection, _: str, folder: Path) -> None:
    execute(connection, f"COPY (SELECT 1) TO '{folder}/nowhere/part-0.parquet' (FORMAT parquet)")


@pytest.mark.long
def test_an_extended_dataset_is_as_if_it_was_a_record(tmp_path: Path) -> None:
    first, second = Batch(ACTS, [Account("ann", "Ann", actor_type="person")]), Batch([act(90, "ann", "message", "dua")])
    path = tmp_path / "new" / "d"
    with Record.temporary() as record:
        record.append(origin("one"), [first])
        record.merge("bea", "cem")
        with extend(path) as first_time:
            first_time.append(origin("one"), [first])
            first_time.merge("bea", "cem")
        record.append(origin("two"), [second])
        with extend(path) as second_time:
            assert second_time.has("table", "one")
            second_time.append(origin("two"), [second])
        with extend(path) as third_time:
            salt = ("salt",)
            mine, theirs = held(record), held(third_time)
            assert {name: [row for row in rows if row[:1] != salt] for name, rows in mine.items()} == {
                name: [row for row in rows if row[:1] != salt] for name, rows in theirs.items()
            }
    assert [file.name for file in path.parent.iterdir()] == ["d"]


def test_the_secret_stays_so_that_pseudonyms_do(tmp_path: Path) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / "d")
        with extend(tmp_path / "d") as again:
            assert held(again)["meta"] == held(record)["meta"]


@pytest.mark.parametrize("moment", ["reading", "writing", "putting"])
def test_it_stays_as_it_was_when_anything_goes_wrong(moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / "d")
    before = files(tmp_path)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    def read() -> None:
        with extend(tmp_path / "d") as more:
            more.append(origin(), [Batch([act(90, "ann", "message", "dua")])])
            if moment == "reading":
                raise KeyboardInterrupt
            monkeypatch.setattr(dataset_files, "_copy" if moment == "writing" else "_replace", fail)

    with pytest.raises(KeyboardInterrupt):
        read()
    assert files(tmp_path) == before


def test_what_is_no_dataset_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    with recorded(ACTS) as record:
        for path in (tmp_path / "notes", record.path):
            with pytest.raises(NotARecord, match="left as it is"):
                write(record.path, path)
            with pytest.raises(NotARecord), extend(path):
                pytest.fail("nothing is read into it")
    for path in (tmp_path / "notes", tmp_path / "nowhere"):
        with pytest.raises(NotARecord):
            Dataset.open(path)
    assert files(tmp_path) == {"notes/mine.txt": b"mine"}


def test_a_lost_or_cut_file_is_named(tmp_path: Path) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / "d")
    lost = next((tmp_path / "d" / "acts" / "month=2007-02").iterdir())
    content = lost.read_bytes()
    lost.write_bytes(content[:-1])
    with pytest.raises(DamagedRecord, match=f"acts/month=2007-02/{lost.name}"):
        Dataset.open(tmp_path / "d")
    lost.unlink()
    with pytest.raises(DamagedRecord, match="missing"), extend(tmp_path / "d"):
        pytest.fail("nothing is read into it")


@pytest.mark.parametrize(
    ("manifest", "error"),
    [
        ("", DamagedRecord), ("{", DamagedRecord), ("[" * 100_000, DamagedRecord), ("\udcff", DamagedRecord), ("[]", NotARecord),
        ("null", NotARecord), ("{}", NotARecord), ('{"format": "1", "files": {}}', NotARecord), ('{"format": 1, "files": []}', NotARecord),
        ('{"format": 1, "files": {"\\u0000": 4}}', DamagedRecord),
        ('{"format": 99}', NewerRecord), ('{"format": 1, "files": {"../mine.txt": 4}}', DamagedRecord),
        ('{"format": 1, "files": {"/etc/passwd": 4}}', DamagedRecord), ('{"format": 1, "files": {"acts": 4096}}', DamagedRecord),
    ],
)  # fmt: skip
def test_a_manifest_that_is_none(manifest: str, error: type[Exception], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / MANIFEST).write_bytes(manifest.encode("utf-8", "surrogateescape"))
    with pytest.raises(error):
        open_record(tmp_path / "d")


def test_the_manifest_tells_every_file(tmp_path: Path) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / "d")
    manifest = json.loads((tmp_path / "d" / MANIFEST).read_text())
    assert manifest["format"] == 1
    assert {*manifest["files"]} == {name for name in files(tmp_path / "d") if name != MANIFEST}


def test_files_that_the_manifest_does_not_list_are_not_counted_twice(tmp_path: Path) -> None:
    with recorded(ACTS) as record:
        write(record.path, tmp_path / "d")
    part = next((tmp_path / "d" / "acts").rglob("*.parquet"))
    copy = part.with_name("part-0 (conflicted copy).parquet")
    copy.write_bytes(part.read_bytes())
    with pytest.raises(DamagedRecord, match=r"no other, but there is acts/.*conflicted copy"):
        Dataset.open(tmp_path / "d")
    with pytest.raises(DamagedRecord, match="conflicted"), extend(tmp_path / "d"):
        pass
    copy.unlink()
    (tmp_path / "other.parquet").write_bytes(part.read_bytes())
    copy.symlink_to(tmp_path / "other.parquet")
    with pytest.raises(DamagedRecord, match="conflicted"):
        Dataset.open(tmp_path / "d")
    copy.unlink()
    assert Dataset.open(tmp_path / "d").counts().acts == len(ACTS)


def test_a_folder_above_a_dataset_names_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "actor=evil" / "time=2020-01-01" / "d"
    with recorded(ACTS) as record:
        write(record.path, folder)
        with Study(record) as study, Study(Dataset.open(folder)) as other:
            assert rows(study, "ties") == rows(other, "ties")
    with extend(folder) as again:
        assert again.counts().acts == len(ACTS)


def test_a_dataset_replaced_while_it_is_looked_at_is_looked_at_again() -> None:
    old = {"format": 1, "files": {"acts/part-0.parquet": 5}}
    new = {"format": 1, "files": {"acts/part-0.parquet": 7}}

    class Replaced:
        """The files of a folder which gets a new dataset after its manifest was read `times` times."""

        def __init__(self, times: int) -> None:
            self.left = times

        def text(self, name: str) -> str:
            assert name == "dataset.json"
            self.left -= 1
            return json.dumps(old if self.left >= 0 else new)

        def sizes(self) -> dict[str, int]:
            return {"acts/part-0.parquet": 7}

    location = RemoteUri("hdfs://head/data")
    check(location, Replaced(1))
    with pytest.raises(DamagedRecord, match=r"acts/part-0\.parquet of 5 bytes"):
        check(location, Replaced(100))
