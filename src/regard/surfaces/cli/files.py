"""Files that commands write: complete or not at all, and never over an input."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from regard.base.locations import parse_location
from regard.errors import UsageError


def keep_inputs(output: Path, inputs: Iterable[str], option: str) -> None:
    """Raise UsageError if the file to write is one of the inputs."""
    if any(isinstance(path, Path) and output.resolve() == path.resolve() for path in map(parse_location, inputs)):
        raise UsageError(f"{output}: is one of the inputs, and is not overwritten; name another file with {option}")


def write_whole(output: Path, text: str) -> None:
    """Write a text so that no reader ever sees half a file. Raises UsageError if it can't be written."""
    draft = output.with_name(f".{output.name}.new")
    try:
        draft.write_text(text, encoding="utf-8", errors="replace")
        draft.replace(output)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{output}: cannot be written ({error.strerror})") from error
