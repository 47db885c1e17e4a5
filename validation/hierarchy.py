"""Who reports to whom: levels of an organisation, and how many stand below somebody."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path


def reports_to(path: Path) -> dict[str, str]:
    """Who reports to whom, of a CSV file with `ID` and `ReportsToID`."""
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["ID"]: row["ReportsToID"] for row in csv.DictReader(lines) if row["ReportsToID"] not in ("", row["ID"])}


def chain(person: str, above: Mapping[str, str]) -> list[str]:
    """Managers upwards; a chain that bites its tail ends there.

    >>> chain("c", {"c": "b", "b": "a"}), chain("x", {"x": "y", "y": "x"})
    (['b', 'a'], ['y'])
    """
    found: list[str] = []
    seen = {person}
    while (person := above.get(person, "")) and person not in seen:
        found.append(person)
        seen.add(person)
    return found


def steps_below(above: Mapping[str, str]) -> dict[str, int]:
    """How many managers stand above each person."""
    return {person: len(chain(person, above)) for person in {*above, *above.values()}}


def people_below(above: Mapping[str, str]) -> dict[str, int]:
    """How many people report to each, directly or through others."""
    counts = dict.fromkeys(sorted({*above, *above.values()}), 0)
    for person in above:
        for manager in chain(person, above):
            counts[manager] += 1
    return counts
