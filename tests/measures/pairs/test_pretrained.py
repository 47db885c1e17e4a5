"""The table of coefficients: the shipped one, another one, and files that are no such table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regard.errors import InputError
from regard.measures.pairs.features import expressions
from regard.measures.pairs.pretrained import SHIPPED, pretrained
from regard.measures.pairs.snapshots import NOW
from regard.record.record import Record
from regard.studies.settings import Settings
from regard.studies.study import Study

from ...communities import act, moment, recorded

ACTS = [act(day, "ann", "message", "bea") for day in range(0, 60, 2)] + [act(day, "cem", "message", "bea") for day in range(0, 60, 7)]


def shipped() -> dict[str, Any]:
    table = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert isinstance(table, dict)
    return table


def chances(record: Record, coefficients: Path | None) -> list[object]:
    with Study(record, Settings(moment(60), 1, 7, coefficients=coefficients)) as study:
        return [row["p_return"] for row in study.ties.rows()]


def test_the_shipped_table_holds_every_feature_once() -> None:
    table = pretrained()
    assert table.names == tuple(expressions(NOW))
    assert np.all(table.scale > 0)
    assert np.all(np.isfinite(table.slope))
    assert "public records" in table.provenance


@pytest.mark.long
def test_another_table_is_started_from(tmp_path: Path) -> None:
    table = shipped()
    same, other = tmp_path / "same.json", tmp_path / "other.json"
    same.write_text(json.dumps(table), encoding="utf-8")
    for column in table["features"]:
        column["slope"] = 0
    other.write_text(json.dumps(table), encoding="utf-8")
    with recorded(ACTS) as record:
        assert chances(record, None) == chances(record, same)
        assert chances(record, None) != chances(record, other)


def without(name: str) -> Callable[[dict[str, Any]], object]:
    def cut(table: dict[str, Any]) -> object:
        return {"features": [{n: v for n, v in column.items() if n != name} for column in table["features"]], "provenance": "hand"}

    return cut


def scaled(scale: object) -> Callable[[dict[str, Any]], object]:
    def change(table: dict[str, Any]) -> object:
        table["features"][3]["scale"] = scale
        return table

    return change


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a list": (lambda table: table["features"], "list"),
    "a number": (lambda _: 3, "int"),
    "no features": (lambda _: {"provenance": "hand"}, "features"),
    "features of another kind": (lambda _: {"features": 7, "provenance": "hand"}, "int"),
    "no provenance": (lambda table: {"features": table["features"]}, "provenance"),
    "no slope": (without("slope"), "slope"),
    "no name": (without("name"), "name"),
    "one feature fewer": (lambda table: table | {"features": table["features"][1:]}, "not those of this version"),
    "another order": (lambda table: table | {"features": table["features"][::-1]}, "not those of this version"),
    "a feature of another name": (
        lambda table: table | {"features": [*table["features"], table["features"][0] | {"name": "x"}]},
        "version",
    ),
    "a scale of nothing": (scaled(0), "scale"),
    "a scale below": (scaled(-1), "scale"),
    "no end": (scaled(float("inf")), "scale"),
    "no number": (scaled(float("nan")), "scale"),
    "words for a number": (scaled("wide"), "wide"),
    "null": (scaled(None), "NoneType"),
    "an older format": (lambda table: {name: value for name, value in table.items() if name != "format"}, "older version.* make it anew"),
    "a newer format": (lambda table: table | {"format": 3}, "not those of this version"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_is_told_with_its_file(name: str, tmp_path: Path) -> None:
    change, words = BROKEN[name]
    file = tmp_path / "table.json"
    file.write_text(json.dumps(change(shipped())), encoding="utf-8")
    with pytest.raises(InputError, match=words) as error:
        pretrained(str(file))
    assert str(error.value).startswith(f"{file}: expected a table of coefficients")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe{}", b'{"features": [', b"[" * 200_000, SHIPPED.read_bytes()[:-40]], ids=range(6))
def test_bytes_that_are_no_table_are_told_with_their_file(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"table\.json: expected a table of coefficients"):
        pretrained(str(file))


def test_a_table_that_is_not_there_is_told_when_it_is_needed(tmp_path: Path) -> None:
    with recorded(ACTS) as record, pytest.raises(InputError, match=r"none\.json: expected .*, but it cannot be read \(No such file"):
        chances(record, tmp_path / "none.json")
    with recorded(ACTS) as record, pytest.raises(InputError, match="cannot be read"):
        chances(record, tmp_path)
