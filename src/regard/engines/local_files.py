"""Files in a folder of this machine."""

from __future__ import annotations

from pathlib import Path


class LocalFiles:
    """What lies in a folder; links that lead out of it are not there.

    >>> sizes = LocalFiles(Path(__file__).parent).sizes()
    >>> sizes["local_files.py"] == Path(__file__).stat().st_size
    True
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def text(self, name: str) -> str:
        """The words of one file; raises OSError and its kinds, or ValueError where they are none."""
        return (self._folder / name).read_text(encoding="utf-8")

    def sizes(self) -> dict[str, int]:
        """The files in the folder and below it, by their names from there, and how many bytes each has."""
        whole = self._folder.resolve()
        inside = (file for file in self._folder.rglob("*") if file.is_file() and file.resolve().is_relative_to(whole))
        return {file.relative_to(self._folder).as_posix(): file.stat().st_size for file in inside}
