"""The page of results on public records: complete, with its pictures described in words, and honest about failures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import tables

from regard.evaluation.backtest.results import Range

PAGE = Path(__file__).parent.parent / "docs/validity.md"


def test_the_page_shows_its_pictures_in_words() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = re.findall(r"!\[([^]]+)\]\(validity/(\w+)\.svg\)", text)
    assert {name for _, name in shown} == {path.stem for path in PAGE.with_suffix("").glob("*.svg")}
    for path in PAGE.with_suffix("").glob("*.svg"):
        ET.fromstring(path.read_text(encoding="utf-8"))


def test_a_difference_has_a_star_if_it_is_clear_of_zero() -> None:
    text = PAGE.read_text(encoding="utf-8")
    differences = re.findall(r"[+−]\.\d+ \[([+−.\d]+), ([+−.\d]+)\](\*?)", "\n".join(re.findall(r"^\|.*", text, re.M)))
    assert len(differences) > 100
    for low, high, star in differences:
        # A bound that is shown as .000 may be above or below zero.
        ends = [float(end.replace("−", "-")) for end in (low, high)]
        if all(ends):
            assert bool(tables.clear_sign(Range(0, *ends))) == bool(star), (low, high)


def test_the_page_names_what_failed_and_how_it_was_made() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^# .+", text, re.M) == ["# Is it true?"]
    assert re.findall(r"^## What failed", text, re.M)
    for name in ("mapnik", "ietf tls-esni"):
        assert f"- **{name}**: Too little to tell" in text
    assert "make validate DATA=folder" in text
    assert "seed" in text.lower()
