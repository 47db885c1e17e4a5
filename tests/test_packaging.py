"""The package's own files agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import regard

ROOT = Path(__file__).parent.parent


def test_base_requirements_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = (ROOT / "requirements/base.in").read_text().splitlines()
    wanted = {line for line in lines if line and not line.startswith("#")} - {"hatchling", "editables"}
    assert wanted == set(project["dependencies"])


@pytest.mark.parametrize("name", ["base", "dev", "browser", "spark"])
def test_locks_are_hashed_and_name_no_host(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text()
    pins = re.findall(r"^([\w.-]+)==\S+", text, re.M)
    assert pins
    assert not re.search(r"^\s*--(index|extra-index|find-links|trusted)|://", text, re.M)
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    loose = {_plain(re.split(r"[><=!~\s]", line)[0]) for line in (ROOT / f"requirements/{name}.in").read_text().splitlines()}
    assert {one for one in loose if one[:1].isalpha()} <= {_plain(pin) for pin in pins}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_changelog_speaks_of_this_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert "## Unreleased" in changes if ".dev" in regard.__version__ else f"## {regard.__version__}" in changes
