"""`make audit`: weaknesses of locked versions are found in both kinds of lists, and others are not."""

from __future__ import annotations

import importlib.util
import json
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "validation" / "audit.py"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entry(id_: str, package: str, *, ecosystem: str = "PyPI", **affected: object) -> dict[str, object]:
    """One entry in the OSV format."""
    return {
        "id": id_, "summary": f"about {package}", "modified": "2026-03-04T05:06:07Z",
        "affected": [{"package": {"name": package, "ecosystem": ecosystem}, **affected}],
    }  # fmt: skip


def span(*events: dict[str, str]) -> list[dict[str, object]]:
    return [{"type": "ECOSYSTEM", "events": list(events)}]


OSV = [
    entry("A-1", "Some_Package", ranges=span({"introduced": "0"}, {"fixed": "1.4"}, {"introduced": "2.0"}, {"fixed": "2.3"})),
    entry("A-2", "some-package", ranges=span({"introduced": "0"}, {"fixed": "2.2"})),
    entry("A-3", "some-package", versions=["2.2.0"]),
    entry("A-4", "some-package", ecosystem="npm", versions=["2.2"]),
    entry("A-5", "other", ranges=span({"introduced": "3"})),
    entry("A-6", "other", ranges=span({"introduced": "0"}, {"last_affected": "4"})),
    entry("A-7", "other", ranges=span({"introduced": "0"}, {"fixed": "no version"})),
    entry("A-8", "not-locked", ranges=span({"introduced": "0"})),
    {**entry("A-9", "other", ranges=span({"introduced": "0"})), "withdrawn": "2026-01-01T00:00:00Z"},
]
LOCK = "some-package==2.2 \\\n    --hash=sha256:00\n    # via x\nOther==4 ; python_version > '3'\n"


@pytest.mark.parametrize("form", ["folder", "zip"])
def test_what_an_osv_list_says_of_locked_versions(
    form: str, audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lock.txt").write_text(LOCK)
    advisories = tmp_path / "advisories"
    if form == "folder":
        advisories.mkdir()
        for number, one in enumerate(OSV):
            (advisories / f"{number}.json").write_text(json.dumps(one))
    else:
        with zipfile.ZipFile(advisories, "w") as archive:
            for number, one in enumerate(OSV):
                archive.writestr(f"{number}.json", json.dumps(one))
    monkeypatch.setattr(sys, "argv", ["audit.py", "--advisories", str(advisories), str(tmp_path / "lock.txt")])
    assert audit.main() == 1
    said = capsys.readouterr().out
    assert [line.split(": ")[1].split()[0] for line in said.splitlines()[:-2]] == ["A-5", "A-6", "A-7", "A-1", "A-3"]
    assert "2 packages, 7 advisories of which 6 on these packages." in said
    assert "The list is of 2026-03-04" in said


def test_the_list_of_safety_db_is_read_and_an_empty_result_says_of_when(
    audit: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lock.txt").write_text(LOCK)
    data = {"$meta": {"timestamp": 1625119202}, "other": [{"id": "B-1", "advisory": "is weak", "specs": ["<4", ">=5,<6"]}]}
    (tmp_path / "list.json").write_text(json.dumps(data))
    monkeypatch.setattr(sys, "argv", ["audit.py", "--advisories", str(tmp_path / "list.json"), str(tmp_path / "lock.txt")])
    assert audit.main() == 0
    assert "no locked version is in the list\n" in (said := capsys.readouterr().out)
    assert "The list is of 2021-07-01: it says nothing of what was found later." in said
    data["other"] = [{"id": "B-1", "advisory": "is weak", "specs": ["<4", ">=4,<6"]}]
    (tmp_path / "list.json").write_text(json.dumps(data))
    assert audit.main() == 1
    assert "other 4: B-1 is weak" in capsys.readouterr().out
