"""Temporary folders: private, and removed when the program ends, or by the next program if it was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from regard.base import tempdirs
from regard.errors import UsageError

HOLD = "from regard.base import tempdirs; p = tempdirs.new_folder(); (p / 'x').write_text('words'); print(p.parent, flush=True); input()"


def test_a_folder_is_new_and_this_users_own() -> None:
    first, second = tempdirs.new_folder(), tempdirs.new_folder()
    assert first != second
    assert first.stat().st_mode & 0o077 == 0
    assert first.parent == second.parent


def test_a_folder_inside_another_goes_with_the_program_too(tmp_path: Path) -> None:
    program = HOLD.replace("folder()", "folder(sys.argv[1])").replace("from regard", "import sys; from regard", 1)
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], input="\n", capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).parent == tmp_path
    assert not [*tmp_path.iterdir()]
    with pytest.raises(UsageError, match="no-such: no temporary files"):
        tempdirs.new_folder(tmp_path / "no-such")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs locks that end with a program")
def test_what_a_killed_program_left_goes_with_the_next_and_what_a_living_one_has_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path))
    programs = [subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    folders = [Path(program.stdout.readline().strip()) for program in programs if program.stdout is not None]
    (tmp_path / "regard-report.html").write_text("a file of the user's")
    (tmp_path / "regard-notes").mkdir()
    programs[0].kill()
    programs[0].communicate()
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))
    tempdirs.remove_leftovers()
    assert [folder.exists() for folder in folders] == [False, True]
    assert (tmp_path / "regard-report.html").exists()
    assert (tmp_path / "regard-notes").exists()
    programs[1].communicate("\n")
    assert programs[1].returncode == 0
    assert not folders[1].exists()


def test_a_folder_that_is_not_locked_yet_stays_while_it_is_young(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("new", "old"):
        (tmp_path / f"{tempdirs.NOT_LOCKED_YET}{name}").mkdir()
    old = time.time() - 2 * tempdirs.YOUNG_SECONDS
    os.utime(tmp_path / f"{tempdirs.NOT_LOCKED_YET}old", (old, old))
    monkeypatch.setattr(tempfile, "tempdir", os.fspath(tmp_path))
    tempdirs.remove_leftovers()
    assert [folder.name for folder in tmp_path.iterdir()] == [f"{tempdirs.NOT_LOCKED_YET}new"]
