"""The files in a folder of this machine."""

from __future__ import annotations

from pathlib import Path


class LocalFiles:
    """The files in a folder. A link that leads out of the folder does not count as a file in it.

    >>> sizes = LocalFiles(Path(__file__).parent).sizes()
    >>> sizes["local_files.py"] == Path(__file__).stat().st_size
    True
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def text(self, name: str) -> str:
        """The text of one file; raises OSError and its subclasses, or ValueError if it is not UTF-8."""
        return (self._folder / name).read_text(encoding="utf-8")

    def sizes(self) -> dict[str, int]:
        """The size in bytes of each file in the folder and below it, by its path relative to the folder."""
        resolved = self._folder.resolve()
        inside = (file for file in self._folder.rglob("*") if file.is_file() and file.resolve().is_relative_to(resolved))
        return {file.relative_to(self._folder).as_posix(): file.stat().st_size for file in inside}
