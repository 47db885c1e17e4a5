"""Tables as files: no cell is a formula, whatever people are called."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.engines.duckdb.statements import quote_identifier
from regard.record.schema import Account
from regard.studies.table import spreadsheet_safe

from ..communities import act, community

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet that skips what can't be seen would run the cell, or split it."""
    seen = "".join(char for char in cell if char.isprintable() and not char.isspace())
    return (seen[:1] in SIGNS and seen != "") or bool({*cell} & {*"\t\r\n"} and not cell.startswith("'"))


def guarded(cell: str) -> str:
    """The cell as it is written."""
    row = duckdb.execute(f"SELECT {spreadsheet_safe('x')} FROM (SELECT CAST(? AS VARCHAR) AS {quote_identifier('x')})", [cell]).fetchone()
    assert row is not None
    return str(row[0])


@given(
    st.text(alphabet=" \t\r\n\u00a0\u200b\u202e\ufeff\x01\x1f\x7f\x9f\U0001d173\U000e0001\ue000", max_size=4),
    st.sampled_from(SIGNS),
    st.text(max_size=5),
)
def test_a_formula_after_anything_that_cannot_be_seen_is_text(before: str, sign: str, rest: str) -> None:
    cell = (before + sign + rest).replace("\0", "")
    assert guarded(cell) == f"'{cell}"
    assert not is_formula(guarded(cell))


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn", "Co"]), max_size=8))
def test_other_texts_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) in (cell, f"'{cell}")
    assert guarded(cell) == cell or is_formula(cell)


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_every_column_of_text_is_guarded_and_no_number_is(suffix: str, tmp_path: Path) -> None:
    names = ["=1+1", " @b", "\t-c", "\ufeff+d", "e"]
    accounts = [Account(f"{name}", name) for name in names]
    acts = [act(n, names[n % 5], "post", item=f"=item{n}", thread=f"=item{n}", text="who?")._replace(file="=file") for n in range(20)] + [
        act(n, names[n % 5], "reply", names[(n + 1) % 5], item=f"i{n}", parent="x") for n in range(20)
    ]
    with community(acts, accounts=accounts) as study:
        for measure in ("ties", "unanswered", "seeds", "kept"):
            path = tmp_path / f"{measure}.{suffix}"
            study.measure(measure).write(path)
            with path.open(newline="", encoding="utf-8") as lines:
                head, *rows = csv.reader(lines, delimiter="," if suffix == "csv" else "\t")
            assert rows, measure
            for row in rows:
                numbers = [cell for cell in row if cell.lstrip("-").replace(".", "", 1).isdigit()]
                assert not [cell for cell in row if cell not in numbers and is_formula(cell)], (measure, head, row)
        assert "'=item" in (tmp_path / f"unanswered.{suffix}").read_text(encoding="utf-8")
