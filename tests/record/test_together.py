"""Several programs at once on one record or one dataset, and folders in which nothing may be written: all is kept, or refused in words."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from regard.base.locks import AVAILABLE
from regard.errors import InputError, RecordBusy
from regard.record.dataset import Dataset, open_record
from regard.record.dataset_extend import extend
from regard.record.dataset_files import write
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.studies.study import Study

from .test_copies import GONE, community, traces

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="no locks here")

NOON = 1_709_294_400_000_000

PROGRAM = """
import sys, time
from pathlib import Path
from regard.errors import RecordBusy
from regard.record.dataset import open_record
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.studies.open import Destination
from regard.engines.limits import DEFAULT

path, what = Path(sys.argv[1]), sys.argv[2]
goes_on = time.monotonic() + 60
done = 0
while done < 3 and time.monotonic() < goes_on:
    try:
        if what == "reads":
            counts = open_record(path).counts()
            assert (counts.acts - 62) % 100 in (0, 1) and counts.acts >= 62, counts
        elif what == "forgets":
            open_record(path).forget(sys.argv[3])
            done = 2
        else:
            acts = [Act("new" + what, "post", 1_709_294_400_000_000 + n, item=f"{what}{done}-{n}") for n in range(100)]
            with Destination.parse(str(path)).extend(DEFAULT) as record:
                assert record.append(InputInfo("chat", f"{what} {done}"), [Batch(acts)]).added == 100
        done += 1
    except RecordBusy:
        time.sleep(0.01)
print(done)
"""


@pytest.mark.long
@pytest.mark.parametrize("form", ["record", "dataset"])
def test_two_that_write_two_that_read_and_one_that_forgets(form: str, tmp_path: Path) -> None:
    path = community(tmp_path / "c.regard").path
    if form == "dataset":
        write(path, tmp_path / "d")
        path.unlink()
        path = tmp_path / "d"
    tasks = [("reads",), ("reads",), ("a",), ("b",), ("forgets", GONE)]
    running = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, os.fspath(path), *task], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for task in tasks
    ]
    said = [process.communicate() for process in running]
    assert [out.strip() for out, _ in said] == ["3"] * 5, said
    assert open_record(path).counts().acts == 62 + 600
    assert traces(path) == []
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_two_reads_into_one_dataset_are_one_and_a_refusal(tmp_path: Path) -> None:
    for path in (tmp_path / "new", tmp_path / "d"):
        if path.name == "d":
            write(community(tmp_path / "c.regard").path, path)
        with extend(path) as first:
            with pytest.raises(RecordBusy, match="another program changes this dataset"), extend(path):
                pytest.fail("the second one is not let in")
            first.append(InputInfo("chat", "one"), [Batch([Act("ann", "post", NOON, item="1")])])
        with extend(path) as second:
            second.append(InputInfo("chat", "two"), [Batch([Act("ann", "post", NOON, item="2")])])
            total = second.counts().acts
        assert Dataset.open(path).counts().acts == total >= 2
    assert {file.name for file in tmp_path.iterdir()} == {"new", "c.regard", "d"}


def test_a_dataset_that_is_studied_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "d"
    write(community(tmp_path / "c.regard").path, path)
    with Study(Dataset.open(path)) as study:
        with pytest.raises(RecordBusy, match="a study of this dataset is open"):
            Dataset.open(path).forget(GONE)
        assert study.engine.rows("SELECT count(*) FROM record.acts") == [(63,)]
    assert traces(path)
    Dataset.open(path).forget(GONE)
    assert traces(path) == []


READ_ONLY = """
import sys
from pathlib import Path
from regard.errors import InputError
from regard.record.dataset import open_record
from regard.studies.study import Study

for path in map(Path, sys.argv[2:]):
    with Study(open_record(path)) as study:
        print(len(study.ties))
    for change in (lambda: open_record(path).forget(sys.argv[1]), lambda: open_record(path).merge("u1", "u2")):
        try:
            change()
        except InputError as error:
            print("refused:", error)
"""


def _obey_permissions() -> None:
    """Let the program that is started next be bound by permissions, though it is root's (Linux: CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH)."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="needs folders into which nobody may write")
def test_in_a_folder_where_nothing_may_be_written_a_record_is_read_and_nothing_else(tmp_path: Path) -> None:
    path = community(tmp_path / "data" / "c.regard").path
    write(path, path.parent / "d")
    for file in (path.parent, *path.parent.rglob("*")):
        file.chmod(0o555 if file.is_dir() else 0o444)
    command = [sys.executable, "-c", READ_ONLY, GONE, os.fspath(path), os.fspath(path.parent / "d")]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=_obey_permissions)
    finally:
        for file in (path.parent, *path.parent.rglob("*")):
            file.chmod(0o755 if file.is_dir() else 0o644)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line.startswith("refused: ") for line in lines] == [False, True, True] * 2
    assert lines[0] == lines[3] != "0"
    assert traces(path)
    assert {file.name for file in path.parent.iterdir()} == {"c.regard", "d"}


def test_a_file_where_a_dataset_should_lie_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="no dataset can be made there"), extend(tmp_path / "file" / "d"):
        pytest.fail("nothing is read into it")
    assert Record.temporary().counts().acts == 0
