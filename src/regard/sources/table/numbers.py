"""Times written as numbers: units since 1970, dates without signs (20240102), days of a spreadsheet, and seconds of an experiment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from regard.engines.duckdb.statements import quote_identifier
from regard.errors import Malformed
from regard.record.schema import Precision
from regard.sources.table.moments import Clock

Usage = Literal["named", "mapped", "edges"]
"""Why a column is taken for time: its name, the user's mapping, or its place in an edge list without a header."""

NUMBER = re.compile(r"-?\d+(\.\d*)?([eE]\+?\d+)?")

UNITS: tuple[tuple[float, int, Precision], ...] = ((1e11, 1_000_000, "s"), (1e14, 1_000, "ms"), (1e17, 1, "us"))
"""(limit, factor, precision): a number below the limit counts units of `factor` microseconds. Seconds reach the year 5138, and so on."""

FROM_1990, UNTIL_2100 = 631_152_000, 4_102_444_800
"""In seconds since 1970. A number that is a moment of these years in one unit is one in no other."""

COMPACT: tuple[tuple[int, str, str, Precision], ...] = (
    (8, "%Y%m%d", "%Y%m%d", "day"), (12, "%Y%m%d%H%M", "%Y%m%d%H%M", "min"), (14, "%Y%m%d%H%M%S", "%Y%m%d%H%M%S", "s"),
)  # fmt: skip
"""(digits, form for the engine, form for Python, precision) of dates without signs."""

EXCEL_1970, EXCEL_1990, EXCEL_2100 = 25_569, 32_874, 73_051
"""Days of a spreadsheet, which count from 30 December 1899."""


def number_clock(file: str, column: str, numbers: Sequence[str], usage: Usage) -> Clock:
    """The clock of a column of numbers. Raises Malformed if only the unknown unit of small numbers would say when."""
    text = f"trim(CAST({quote_identifier(column)} AS VARCHAR))"
    if (clock := _compact(text, numbers)) is not None:
        return clock
    if usage != "edges" and all(EXCEL_1990 <= float(value) < EXCEL_2100 for value in numbers):
        return _excel(text, numbers)
    return _since_1970(file, column, text, numbers, usage)


def _compact(text: str, numbers: Sequence[str]) -> Clock | None:
    for digits, form, python_form, precision in COMPACT:
        whole = [re.sub(r"\.0*$", "", value) for value in numbers]
        if sum(len(value) == digits and _is_date(value, python_form) for value in whole) * 2 > len(whole):
            return Clock(f"try_strptime(regexp_replace({text}, '\\.0*$', ''), '{form}')", precision)
    return None


def _is_date(value: str, form: str) -> bool:
    try:
        return 1900 <= datetime.strptime(value, form).year < 2100
    except ValueError:
        return False


def _excel(text: str, numbers: Sequence[str]) -> Clock:
    in_ms = f"CAST(round((TRY_CAST({text} AS DOUBLE) - {EXCEL_1970}) * 86400000) AS BIGINT)"
    whole = all(float(value).is_integer() for value in numbers)
    return Clock(f"make_timestamp({in_ms} * 1000)", "day" if whole else "s", "times read as days of a spreadsheet (45292 is 2024-01-01)")


def _since_1970(file: str, column: str, text: str, numbers: Sequence[str], usage: Usage) -> Clock:
    sizes = sorted(abs(float(value)) for value in numbers)
    size = sizes[len(sizes) // 2]
    unknown: tuple[int, Precision] = (0, "us")  # nanoseconds
    factor, precision = next(((factor, precision) for limit, factor, precision in UNITS if size < limit), unknown)
    note = ""
    if size * (factor or 0.001) < FROM_1990 * 1e6:
        if usage == "named":
            raise Malformed(
                file, f"times in column {column!r}",
                "its values are small numbers, which as seconds since 1970 would lie before 1990; if they are that, say so with "
                f"--map time={column}, otherwise write dates",
            )  # fmt: skip
        note = "times count from 0 and are no dates: read as seconds of relative time" if usage == "edges" else ""
    exact = f"TRY_CAST({text} AS DECIMAL(30, 6))"
    units = {1: 1_000_000, 1_000: 1_000, 1_000_000: 1, 1_000_000_000: 0}
    others = {power: other for power, other in units.items() if other != factor}
    between = {other: f"{exact} BETWEEN {FROM_1990 * power} AND {UNTIL_2100 * power}" for power, other in others.items()}
    cases = " ".join(f"WHEN {words} THEN {_in_us(exact, other)}" for other, words in between.items())
    count = f"CASE {cases} ELSE {_in_us(exact, factor)} END"
    has_fractions = any("." in value and value.rstrip("0")[-1] != "." for value in numbers)
    return Clock(
        f"make_timestamp(TRY_CAST(floor({count}) AS BIGINT))", "us" if has_fractions and precision == "s" else precision, note,
        " OR ".join(between.values()),
    )  # fmt: skip


def _in_us(exact: str, factor: int) -> str:
    return f"({exact} * {factor})" if factor else f"({exact} / 1000)"
