"""Work that is kept in a folder: broken off anywhere it goes on, done it is not done again, and it is of one record only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from regard.engines.base import ArrayStep, Step, Values
from regard.engines.duckdb import cached
from regard.engines.duckdb.engine import DuckDBEngine
from regard.errors import DamagedRecord, InputError, NotARecord, RecordBusy, UsageError
from regard.measures.catalogue import MEASURES
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Act, Batch
from regard.simulate.community import simulate
from regard.sources.base import Options
from regard.studies.open import FILE, open_or_read
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.cli import run

from ..communities import DAY, START_US

pytestmark = pytest.mark.long

Tables = dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A small made-up community."""
    demo = simulate(people=20, days=90, seed=5)
    made = Record.at(tmp_path_factory.mktemp("record") / "demo.regard")
    made.append(InputInfo("demo", "made up"), [Batch(demo.acts, demo.accounts)])
    return made


def tables(record: Record, settings: Settings) -> Tables:
    """Every measure."""
    with Study(record, settings) as study:
        study.make(list(MEASURES))
        return {name: study.measure(name).rows() for name in MEASURES}


@pytest.fixture(scope="module")
def truth(record: Record) -> Tables:
    return tables(record, Settings())


class Counted:
    """Counts the parts that are made, and presses Ctrl-C before one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parts, self.stop = 0, -1
        run = DuckDBEngine.run

        def counted(engine: DuckDBEngine, part: Step | ArrayStep, values: Values) -> None:
            if self.parts == self.stop:
                raise KeyboardInterrupt
            self.parts += 1
            run(engine, part, values)

        monkeypatch.setattr(DuckDBEngine, "run", counted)


def test_what_is_done_is_not_done_again(record: Record, truth: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    settings = Settings(work=tmp_path / "work")
    assert tables(record, settings) == truth
    assert counted.parts > len(MEASURES)
    counted.parts = 0
    assert tables(record, settings) == truth
    assert counted.parts == 0


def test_broken_off_anywhere_it_goes_on(record: Record, truth: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    settings = Settings(work=tmp_path / "work")
    times = 0
    while True:
        counted.parts, counted.stop = 0, 19
        try:
            found = tables(record, settings)
        except KeyboardInterrupt:
            times += 1
            continue
        break
    assert found == truth
    assert times > 3


def test_other_settings_and_another_record_begin_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record.at(tmp_path / "c.regard")
    acts = [Act(f"p{n % 5}", "reply", START_US + n * DAY, f"p{(n + 1) % 5}", item=str(n)) for n in range(60)]
    record.append(InputInfo("chat", "one"), [Batch(acts[:40])])
    place = tmp_path / "work"
    tables(record, Settings(work=place))
    counted = Counted(monkeypatch)
    for settings in (Settings(bin_days=7), Settings()):
        counted.parts = 0
        assert tables(record, Settings(bin_days=settings.bin_days, work=place)) == tables(record, settings)
        assert counted.parts > len(MEASURES)
    record.append(InputInfo("chat", "two"), [Batch(acts[40:])])
    assert tables(record, Settings(work=place)) == tables(record, Settings())
    assert [path.name for path in place.iterdir()] == [cached.FILE]


def test_how_much_it_may_take_changes_nothing(record: Record, truth: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "work"
    tables(record, Settings(work=place))
    counted = Counted(monkeypatch)
    assert tables(record, Settings(work=place, memory_limit="1GB", temporary=tmp_path)) == truth
    assert counted.parts == 0


def test_a_folder_that_can_not_be_used(record: Record, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="no work can be kept there"):
        tables(record, Settings(work=tmp_path / "file"))
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / cached.FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(DamagedRecord, match="damaged"):
        tables(record, Settings(work=tmp_path / "damaged"))
    (tmp_path / "foreign").mkdir()
    foreign = tmp_path / "foreign" / cached.FILE
    with duckdb.connect(os.fspath(foreign)) as connection:
        connection.execute("CREATE TABLE people AS SELECT 1 AS n")
    before = foreign.read_bytes()
    with pytest.raises(NotARecord, match="some other program"):
        tables(record, Settings(work=tmp_path / "foreign"))
    assert foreign.read_bytes() == before
    with pytest.raises(UsageError, match="only DuckDB"):
        tables(record, Settings(engine="spark", work=tmp_path / "spark"))


def test_two_programs_can_not_share_a_folder(record: Record, tmp_path: Path) -> None:
    place = tmp_path / "work"
    tables(record, Settings(work=place))
    held = f"import duckdb, time; c = duckdb.connect({os.fspath(place / cached.FILE)!r}); print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", held], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RecordBusy):
            tables(record, Settings(work=place))
        other.kill()


LOG = "from,to,time\n" + "".join(f"p{n % 7},p{(n * 3 + 1) % 7},2024-{1 + n // 28:02d}-{1 + n % 28:02d}T10:00:00\n" for n in range(330))


def test_a_report_goes_on_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    log, place = tmp_path / "log.csv", tmp_path / "work"
    log.write_text(LOG)
    command = ["report", str(log), "-o", str(tmp_path / "r.html")]
    assert run([*command, "--json"]) == 0
    plain = capsys.readouterr().out
    counted = Counted(monkeypatch)
    counted.stop = 30
    assert run([*command, "--work", str(place)]) == 130
    assert sorted(path.name for path in place.iterdir()) == ["community.regard", cached.FILE]
    counted.stop = -1
    assert run([*command, "--work", str(place), "--json"]) == 0
    assert capsys.readouterr().out == plain
    done, counted.parts = counted.parts, 0
    assert run([*command, "--work", str(place), "--json"]) == 0
    assert capsys.readouterr().out == plain
    assert counted.parts == 1 < done  # a step of a finding, not of a measure


def test_a_folder_of_other_exports_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, rows in (("one", LOG), ("two", LOG.replace("p1", "q1"))):
        (tmp_path / f"{name}.csv").write_text(rows)
    command = ["-o", str(tmp_path / "r.html"), "--work", str(tmp_path / "work")]
    assert run(["report", str(tmp_path / "one.csv"), *command]) == 0
    assert run(["report", str(tmp_path / "two.csv"), *command]) == 2
    assert "holds work on other exports" in capsys.readouterr().err
    assert run(["report", str(tmp_path / "one.csv"), str(tmp_path / "two.csv"), *command]) == 0  # more of the same community


def test_bots_that_are_no_longer_named_need_another_folder(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("from,to,time\nann,bob,2024-01-01\nrobot,ann,2024-01-02\n")
    path, place = tmp_path / "work" / FILE, tmp_path / "work"

    def state(*bots: str) -> int:
        open_or_read([str(tmp_path / "log.csv")], None, Options(bots=bots), work=place)
        return path.stat().st_mtime_ns

    assert state() < state("robot") == state("robot") < state("bob", "robot")
    with pytest.raises(UsageError, match="other options"):
        state("robot")


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
def test_killed_at_any_moment_it_goes_on(record: Record, truth: Tables, tmp_path: Path) -> None:
    place = tmp_path / "work"
    for wait in (0.9, 1.3, 1.7):
        command = [sys.executable, "-m", "regard", "report", os.fspath(record.path), "-o", os.fspath(tmp_path / "r.html")]
        with subprocess.Popen([*command, "--work", os.fspath(place)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
    assert tables(record, Settings(work=place)) == truth
    with duckdb.connect(os.fspath(place / cached.FILE), read_only=True) as connection:
        assert connection.execute("SELECT count(*) - count(DISTINCT part) FROM parts_made").fetchall() == [(0,)]
