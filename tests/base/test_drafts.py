"""Drafts: whole or not at all, through links, with any name; those of killed programs go, those of running ones stay."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from regard.base.drafts import draft, draft_folder, leftovers, new_name, remove_leftovers, replacing
from regard.base.locks import AVAILABLE, is_locked, lock


@pytest.mark.parametrize("name", ["a.html", "n" * 255, "ü" * 127, "it's [a] *.html", ".hidden"])
def test_a_file_of_any_name_is_replaced_as_a_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    for text in ("one", "two"):
        with replacing(path) as fresh:
            fresh.write_text(text)
            assert not path.exists() or path.read_text() == "one"
        assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def break_off() -> None:
        with replacing(path) as fresh:
            fresh.write_text("ha")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(IsADirectoryError), replacing(tmp_path):
        pytest.fail("a folder is no file")


def test_a_link_and_permissions_stay(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file, link = tmp_path / "data" / "a", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to(file)
    with replacing(link) as fresh:
        fresh.write_text("new")
        assert stat.S_IMODE(fresh.parent.stat().st_mode) == 0o700
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.skipif(not AVAILABLE, reason="no locks here")
def test_drafts_of_killed_programs_go_and_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "a"
    program = f"""
import os
from pathlib import Path
from regard.base.drafts import draft
with draft(Path({os.fspath(path)!r})) as fresh:
    fresh.write_text("half")
    os._exit(9)
"""
    subprocess.run([sys.executable, "-c", program], check=False)
    (killed,) = leftovers(path, "new")
    others = [tmp_path / name for name in (".a.swp", ".b.0a1b2c3d.new", "a.0a1b2c3d.new", ".a.0a1b2c3d.newer")]
    for other in others:
        other.touch()
    with draft_folder(path) as running:
        assert not killed.exists()
        with draft(path) as second:
            assert running.exists()
            second.write_text("x")
        remove_leftovers(path)
        assert running.exists()
    assert sorted(tmp_path.iterdir()) == sorted(others)


@pytest.mark.skipif(not AVAILABLE, reason="no locks here")
def test_a_lock_keeps_others_away_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = lock(path, make=True)
    assert first is not None
    assert is_locked(path)
    with pytest.raises(BlockingIOError):
        lock(path)
    os.close(first)
    assert not is_locked(path)
    readers = [lock(path, shared=True), lock(path, shared=True)]
    assert is_locked(path)
    for reader in readers:
        assert reader is not None
        os.close(reader)
    assert not is_locked(path)
    with pytest.raises(FileNotFoundError):
        lock(tmp_path / "none")


def test_two_names_are_never_the_same(tmp_path: Path) -> None:
    assert len({new_name(tmp_path / "a", "new") for _ in range(50)}) == 50
