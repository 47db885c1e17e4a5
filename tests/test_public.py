"""The Python face: what it lists is true, and it does what the README shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pandas
import polars
import pytest

import regard
from regard.errors import UnknownName
from regard.simulate.community import simulate
from regard.surfaces.cli import run


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up record on disk."""
    folder = tmp_path_factory.mktemp("community")
    assert run(["demo", "--people", "60", "--days", "120", "-q", "-o", str(folder / "demo.html"), "--into", str(folder / "c.regard")]) == 0
    return folder / "c.regard"


def test_the_face_lists_what_it_has() -> None:
    assert regard.__all__ == sorted(regard.__all__)
    public = {name for name in dir(regard) if not name.startswith("_")}
    modules = {name for name in public if isinstance(getattr(regard, name), ModuleType)}
    assert public - modules == set(regard.__all__) - {"__version__"}


def test_study_stays_a_function_after_it_is_used(community: Path) -> None:
    with regard.study(regard.open(community)) as study:
        assert len(study.kept) > 0
    assert callable(regard.study)


def test_tables_go_to_pandas_and_polars_alike(community: Path) -> None:
    with regard.study(regard.open(community)) as study:
        frame, other = study.kept.to_pandas(), study.kept.to_polars()
        assert isinstance(frame, pandas.DataFrame)
        assert isinstance(other, polars.DataFrame)
        assert frame["person"].tolist() == other["person"].to_list()
        assert frame["kept"].tolist() == other["kept"].to_list()
        assert polars.DataFrame(study.ties).height == len(study.ties)


def test_a_report_is_written_and_says_what_it_says(community: Path, tmp_path: Path) -> None:
    with regard.study(regard.open(community)) as study:
        said = regard.report(study, tmp_path / "report.html", title="Ours")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert said.title == "Ours"
    assert len(said.findings) == 3
    assert page.startswith("<!doctype html>")


@pytest.mark.long
def test_a_backtest_has_a_verdict(community: Path) -> None:
    found = regard.backtest(regard.open(community), draws=1_000)
    assert found.verdict.word in ("kept", "same", "rank", "too little")
    assert found.draws == 1_000


def test_an_unknown_measure_names_the_near_one(community: Path) -> None:
    with regard.study(regard.open(community)) as study, pytest.raises(UnknownName, match="did you mean 'kept'"):
        study.measure("keptt")


def test_reading_by_hand_and_by_command_agree(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("from,to,time\na,b,2024-01-01\nb,a,2024-01-02\n")
    with regard.read(tmp_path / "log.csv") as record:
        assert record.counts().acts == 2
    assert run(["read", str(tmp_path / "log.csv"), "--into", str(tmp_path / "log.regard")]) == 0
    assert regard.open(tmp_path / "log.regard").counts().acts == 2


@pytest.mark.long
def test_the_same_seed_makes_the_same_report(tmp_path: Path) -> None:
    pages = []
    for name in ("one", "two"):
        assert run(["demo", "--people", "30", "--days", "60", "-q", "-o", str(tmp_path / name)]) == 0
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert simulate(people=30, days=60, seed=1).acts != simulate(people=30, days=60, seed=2).acts


def test_help_and_version_load_nothing_heavy() -> None:
    code = "import sys, regard.surfaces.cli; print([m for m in ('duckdb', 'numpy', 'jinja2', 'rich.progress') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(("told", "threads"), [(None, "1"), ("3", "3")])
def test_a_command_keeps_linear_algebra_to_one_thread_unless_told_otherwise(told: str | None, threads: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {} if told is None else {"OPENBLAS_NUM_THREADS": told}
    code = (
        "import atexit, os, sys; from regard.surfaces.cli import main; sys.argv = ['regard', '--version'];"
        "atexit.register(lambda: print(os.environ['OPENBLAS_NUM_THREADS'])); main()"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert found.stdout.split()[-1] == threads
