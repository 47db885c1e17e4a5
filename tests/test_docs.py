"""The documentation is true: pages made from the code are fresh, links lead somewhere, and the architecture is that of the code."""

from __future__ import annotations

import importlib.util
import re
from configparser import ConfigParser
from pathlib import Path
from types import ModuleType

import pytest

from regard.measures.catalogue import MEASURES

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def maker() -> ModuleType:
    """docs/make.py."""
    spec = importlib.util.spec_from_file_location("docs_make", ROOT / "docs/make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["measures.md", "sources.md", "commands.md", "glossary.md"])
def test_made_pages_are_fresh(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == maker().PAGES[name](), "run: make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if "://" not in target and not (page.parent / target).exists()]


def test_the_readme_names_commands_that_there_are() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    made = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:^    |`)make ([a-z-]+)", text, re.M)) <= made
    known = {command.split()[0] for command in maker().COMMANDS}
    assert set(re.findall(r"(?<![.\w])regard ([a-z]+) [A-Za-z./-]", text)) <= known


DESIGN_WORDS = (
    "act", "record", "person", "tie", "alive", "two-way", "reached", "kept", "new contacts", "vouched", "true fan", "niche", "tactic",
    "help", "on their own", "window", "bin", "finding",
)  # fmt: skip


def test_the_glossary_has_every_word_and_every_column() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    words, columns = text.split("## Columns")
    assert {*re.findall(r"^\| \*\*(.+?)\*\* \|", words, re.M)} == {*DESIGN_WORDS}
    expected = [(column.name, measure.name) for measure in MEASURES.values() if measure.table for column in measure.columns]
    assert sorted(re.findall(r"^\| (\w+) \| (\w+) \| [^|]+ \| [^|]+ \|$", columns, re.M)[1:]) == sorted(expected)


def test_the_architecture_names_every_folder_in_the_order_of_imports() -> None:
    rows = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", (ROOT / "docs/architecture.md").read_text(encoding="utf-8"), re.M)
    settings = ConfigParser()
    settings.read(ROOT / ".importlinter")
    layers = [re.split(r"\s*\|\s*", layer) for layer in settings["importlinter:contract:way"]["layers"].split("\n") if layer]
    assert rows == [name for layer in layers for name in layer]
    folders = {path.name for path in (ROOT / "src/regard").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= {*rows}


def test_the_architecture_names_no_file_that_does_not_exist() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    paths = re.findall(r"`([\w./]+(?:/|\.py))`", text)
    assert len(paths) > 40
    missing = [path for path in paths if not any((folder / path).exists() for folder in (ROOT / "src/regard", ROOT))]
    assert not missing
