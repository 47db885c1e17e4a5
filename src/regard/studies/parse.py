"""Settings as people write them: lengths of time, moments, which column is which. An error is a UsageError that names the option."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from regard.errors import UsageError

if TYPE_CHECKING:
    from regard.sources.base import Options
    from regard.studies.settings import Settings

DAYS = {"h": 1 / 24, "d": 1, "": 1, "w": 7}
"""The days of each unit of time."""


def parse_settings(
    *,
    until: str | None = None,
    bin_: str | None = None,
    window: str | None = None,
    seeds: Sequence[str] | None = None,
    memory: str | None = None,
    temporary: str | os.PathLike[str] | None = None,
    work: Path | None = None,
    engine: Literal["duckdb", "spark"] = "duckdb",
    master: str | None = None,
) -> Settings:
    """The settings of a study, from what the options of a command hold."""
    from regard.studies.settings import Settings

    return Settings(
        until=parse_until(until),
        bin_days=parse_days("--bin", bin_),
        window_days=parse_days("--window", window),
        memory_limit=memory,
        temporary=temporary,
        seeds=tuple(seeds or ()),
        engine=engine,
        work=work,
        master=master,
    )


def parse_reading_options(
    mapping: str | None, preset: str | None, *, private: bool, no_text: bool, bots: Sequence[str] | None = None
) -> Options:
    """The options of reading, from what the options of a command hold."""
    from regard.sources.base import Options

    return Options(text=not no_text, private=private, mapping=parse_map(mapping), preset=preset, bots=tuple(bots or ()))


def parse_map(text: str | None) -> dict[str, str]:
    """A mapping of fields to columns.

    >>> parse_map("actor=from,target=to")
    {'actor': 'from', 'target': 'to'}
    """
    mapping = {}
    for part in (text or "").split(","):
        name, sign, column = part.partition("=")
        if part.strip() and not (sign and name.strip() and column.strip()):
            raise UsageError(f"--map takes FIELD=COLUMN,FIELD=COLUMN; {part!r} is none")
        if part.strip():
            mapping[name.strip()] = column.strip()
    return mapping


def parse_days(option: str, text: str | None) -> float | None:
    """A length of time in days.

    >>> parse_days("--bin", "6h"), parse_days("--bin", "2w"), parse_days("--bin", None)
    (0.25, 14.0, None)
    """
    if text is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([hdw]?)\s*", text)
    if not match or float(match[1]) <= 0:
        raise UsageError(f"{option} takes a length of time such as 6h, 1d or 4w; {text!r} is none")
    return float(match[1]) * DAYS[match[2]]


def parse_until(text: str | None) -> datetime | None:
    """A day or moment in UTC, or None."""
    return None if text is None else parse_moment("--until", text)


def parse_moment(option: str, text: str) -> datetime:
    """A day or moment; in UTC if it has no zone.

    >>> parse_moment("--at", "2024-12-31").isoformat()
    '2024-12-31T00:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} takes a day such as 2024-12-31; {text!r} is none") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
