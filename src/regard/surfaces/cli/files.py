"""Files that commands write: whole or not at all, and never over an input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from regard.base.locations import parse_location
from regard.errors import UsageError


def keep_inputs(output: Path, inputs: Iterable[str], option: str) -> None:
    """Raises UsageError where the file to write is one of the inputs."""
    if any(isinstance(path, Path) and output.resolve() == path.resolve() for path in map(parse_location, inputs)):
        raise UsageError(f"{output}: is one of the inputs, and is not overwritten; name another file with {option}")


def write_whole(output: Path, text: str) -> None:
    """Put a text in place whole: a reader never sees half a file. Raises UsageError where that can't be."""
    draft = output.with_name(f".{output.name}.new")
    try:
        draft.write_text(text, encoding="utf-8", errors="replace")
        draft.replace(output)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error
