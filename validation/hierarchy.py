"""A hierarchy: who reports to whom, the levels of an organisation, and how many people are below somebody."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path


def read_managers(path: Path) -> dict[str, str]:
    """The manager of each person, from a CSV file with the columns `ID` and `ReportsToID`."""
    with path.open(newline="", encoding="utf-8") as lines:
        return {row["ID"]: row["ReportsToID"] for row in csv.DictReader(lines) if row["ReportsToID"] not in ("", row["ID"])}


def chain(person: str, managers: Mapping[str, str]) -> list[str]:
    """The managers above a person, upwards. A circle of managers ends before anybody comes up again.

    >>> chain("c", {"c": "b", "b": "a"}), chain("x", {"x": "y", "y": "x"})
    (['b', 'a'], ['y'])
    """
    above: list[str] = []
    visited = {person}
    while (person := managers.get(person, "")) and person not in visited:
        above.append(person)
        visited.add(person)
    return above


def steps_below(managers: Mapping[str, str]) -> dict[str, int]:
    """How many managers are above each person."""
    return {person: len(chain(person, managers)) for person in {*managers, *managers.values()}}


def people_below(managers: Mapping[str, str]) -> dict[str, int]:
    """How many people report to each person, directly or through others."""
    counts = dict.fromkeys(sorted({*managers, *managers.values()}), 0)
    for person in managers:
        for manager in chain(person, managers):
            counts[manager] += 1
    return counts
