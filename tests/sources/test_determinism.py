"""The same input gives the same acts and tables, whatever its form on the disk, the zone, the language, hash seeds and threads.

`validation/determinism.py` does the same on public records, one thing changed at a time.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import determinism
import pytest
from determinism import FORMS, Way, differing, digests_in, record_digests

from regard.sources.base import Options, Source
from regard.sources.catalogue import BUILT_IN
from regard.sources.formats.bundle import Bundle

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("source", [source for source in BUILT_IN if source.name != "table"], ids=lambda source: source.name)
def test_acts_are_the_same_in_each_form(source: Source, form: str, tmp_path: Path) -> None:
    paths = FORMS[form](DATA / source.name, tmp_path, Random(form))
    assert list(source.read(Bundle.of(*paths), Options())) == list(source.read(Bundle.of(DATA / source.name), Options()))


@pytest.mark.parametrize("form", FORMS)
def test_rows_of_tables_are_the_same_in_each_form(form: str, tmp_path: Path) -> None:
    export = tmp_path / "export"
    export.mkdir()
    for name in ("b", "a", "c"):
        (export / f"{name}.csv").write_text(f"from,to,time\n{name},bo,2024-03-01\nbo,{name},2024-03-02\n")
    (tmp_path / "form").mkdir()
    paths = [export] if form == "files" else FORMS[form](export, tmp_path / "form", Random(form))  # several tables are several inputs
    assert differing(record_digests([export]), record_digests(paths)) == []


@pytest.mark.long
def test_the_machine_changes_no_act(tmp_path: Path) -> None:
    table = tmp_path / "Zoë" / "Łódź.csv"  # letters that ASCII has not
    table.parent.mkdir()
    table.write_text("from,to,time\nZoë,Äsa,2024-03-01 10:00\nÄsa,Zoë,2024-03-31 02:30\n", encoding="utf-8")
    paths = [*sorted(path for path in DATA.iterdir() if path.is_dir()), table]
    before = record_digests(paths)
    assert set(before) == set(determinism.RECORD)
    for way in determinism.ways_at_once([]):
        assert differing(before, digests_in(way, paths, only_acts=True)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ways", "only_acts"),
    [(list(determinism.ways([sys.executable])), True), (determinism.ways_at_once([]), False)],
    ids=["one thing changed changes no act", "all at once change no table"],
)
def test_a_way_of_reading(ways: Sequence[Way], only_acts: bool) -> None:
    seen = {way.name: tables for way, tables in determinism.differences(DATA / "slack", ways, only_acts=only_acts)}
    assert len(seen) == len(ways)
    assert not any(seen.values()), seen


def test_a_difference_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("from,to,time\na,b,2024-03-01\nb,a,2024-03-02\n")
    before = record_digests([path])
    path.write_text("from,to,time\nb,a,2024-03-02\na,b,2024-03-01\n")
    assert differing(before, record_digests([path])) == ["acts", "inputs"]
