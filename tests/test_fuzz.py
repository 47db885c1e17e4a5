"""The search for inputs that break a source: it is quiet where nothing breaks, finds what does, and can be repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import damage
import damaged_inputs
import fuzz
import pytest

from regard.engines.duckdb.statements import execute
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import writing
from regard.sources.base import Options, Source
from regard.sources.catalogue import BUILT_IN
from regard.sources.formats.bundle import Bundle
from regard.sources.slack.source import SLACK

pytestmark = pytest.mark.long

NAMES = [source.name for source in BUILT_IN]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damaged_inputs, "ENTRIES", 200)
    monkeypatch.setattr(damage, "HUGE", 10_000)


@pytest.mark.parametrize("source", BUILT_IN, ids=NAMES)
def test_no_damage_breaks_a_source(source: Source, tmp_path: Path) -> None:
    tally = fuzz.fuzz(source, 60, 0, 0, tmp_path, whole=False)
    assert tally.failures == {}
    assert sum(tally.outcomes.values()) == 60
    assert 5 < tally.outcomes["read"] < 60
    assert list(tmp_path.iterdir()) == []


def test_no_damage_costs_a_record_anything(tmp_path: Path) -> None:
    tally = fuzz.fuzz(SLACK, 5, 0, 0, tmp_path, whole=True)
    assert tally.failures == {}
    assert sum(tally.outcomes.values()) == 5


def test_a_record_that_loses_a_row_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(record: Record, *_: object) -> Iterator[object]:
        with writing(record.path) as connection:
            yield execute(connection, "DELETE FROM acts WHERE rowid = (SELECT max(rowid) FROM acts)")

    read = fuzz.read_whole(tmp_path, SLACK)
    monkeypatch.setattr(fuzz, "read_into", lose)
    with pytest.raises(fuzz.UnsoundError, match="lost"):
        read(SLACK, damaged_inputs.TESTS / "data" / "slack", Options())


@pytest.mark.parametrize(
    ("batch", "found"),
    [
        (Batch([Act("", "post", 0)]), "UnsoundError"),
        (Batch([Act("ann", "post", None)]), "UnsoundError"),
        (Batch([Act("ann", "shout", 0)]), "UnsoundError"),  # type: ignore[arg-type]
        (Batch(accounts=[Account("")]), "UnsoundError"),
        (None, "KeyError"),
    ],
    ids=["no actor", "no time", "no such kind", "no id", "an error that is not Regard's"],
)
def test_what_breaks_is_kept_once(batch: Batch | None, found: str, tmp_path: Path) -> None:
    runs = 0

    def read(_bundle: Bundle, _options: Options) -> Iterator[Batch]:
        nonlocal runs
        runs += 1
        if runs > 3:  # the first is an input that is whole
            if batch is None:
                raise KeyError("damaged")
            yield batch

    tally = fuzz.fuzz(replace(SLACK, read=read), 9, 0, 0, tmp_path, whole=False)
    [(kind, (times, size))] = tally.failures.items()
    assert kind.startswith(found)
    assert times >= 4
    [folder] = tmp_path.iterdir()
    assert "seed 0, run" in (folder / "why.txt").read_text()
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != "why.txt") == size


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_the_same_input(name: str) -> None:
    once, again = (damaged_inputs.damaged_input(Random(f"{name} {seed}"), name, NAMES) for seed in (1, 1))
    assert once == again
    assert any(once != damaged_inputs.damaged_input(Random(f"{name} {seed}"), name, NAMES) for seed in (2, 3))
