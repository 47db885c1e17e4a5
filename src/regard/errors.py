"""Every error that a user can meet.

RegardError
 ├── UsageError               the command or the call makes no sense         (exit 2)
 │    ├── UnknownName         no such source, measure, person, column ...
 │    └── MissingExtra        an optional part is not installed
 ├── EngineError              a calculation failed                           (exit 1)
 │    ├── StepFailed          one step failed; carries its SQL
 │    ├── OutOfMemory         it needs more memory than it may use
 │    └── OutOfDisk           it needs more disk than there is for temporary files
 └── InputError               an input cannot be read                        (exit 3)
      ├── Unrecognised        no source knows this input
      ├── Malformed           a source knows it, but a part of it is broken
      ├── Unsafe              it could harm the machine: zip bombs, paths that escape, endless lines
      ├── Empty               it can be read, but holds no act
      └── RecordError         the record cannot be used
           ├── NotARecord     it is some other file
           ├── NewerRecord    a later version of Regard wrote it
           ├── DamagedRecord  a file of it is missing or damaged
           └── RecordBusy     another program has it open

The text of an error says what was expected, what was there, and what to do. It never holds the text of a person's message or a token.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RegardError(Exception):
    """The base class of all errors that Regard raises on purpose."""

    exit_code = 1


class UsageError(RegardError):
    """The command or the call makes no sense."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is not in a list of names. The message gives the nearest one.

    >>> print(UnknownName("source", "slak", ["slack", "table"]))
    unknown source 'slak'; did you mean 'slack'? There are: slack, table
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        listed = ", ".join(names[:30]) + (" ..." if len(names) > 30 else "")
        super().__init__(f"unknown {what} {name!r}{hint} There are: {listed}")


class MissingExtra(UsageError):
    """An optional part is not installed. The message gives the command that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part. Install it with: pip install 'regard[{extra}]'")


class EngineError(RegardError):
    """A calculation failed."""


class StepFailed(EngineError):
    """A step failed. The message gives its name and its SQL, never the rows of people."""

    def __init__(self, name: str, sql: str, reason: str) -> None:
        super().__init__(f"the step {name!r} failed: {reason}\n{sql}")


class OutOfMemory(EngineError):
    """A step needs more memory than it may use. The message gives the setting that raises the limit."""

    def __init__(self, name: str, setting: str = "--memory 8GB") -> None:
        super().__init__(f"the step {name!r} needs more memory than it may use; raise it with {setting}")


class OutOfDisk(EngineError):
    """A step needs more disk than there is for temporary files."""

    def __init__(self, name: str, setting: str = "--memory 8GB") -> None:
        super().__init__(
            f"the step {name!r} needs more disk than there is where temporary files go; nothing of it was kept. Name a larger folder with "
            f"--temporary, or allow more memory with {setting}"
        )


class InputError(RegardError):
    """An input cannot be read."""

    exit_code = 3


class Unrecognised(InputError):
    """No source knows this input."""


class Malformed(InputError):
    """An input of a known format that is broken. The message says where.

    >>> print(Malformed("general/2024-01-01.json", "a JSON array of messages", "the file ends early", line=12))
    general/2024-01-01.json, line 12: expected a JSON array of messages, but the file ends early
    """

    def __init__(self, file: str, expected: str, actual: str, *, line: int | None = None) -> None:
        position = file if line is None else f"{file}, line {line}"
        super().__init__(f"{position}: expected {expected}, but {actual}")


class Unsafe(InputError):
    """Reading on could harm the machine, or read outside the input's own folder."""


class Empty(InputError):
    """The input can be read, but it holds no act."""


class RecordError(InputError):
    """The record file cannot be used."""


class NotARecord(RecordError):
    """A file of another kind is at the path of a record."""


class NewerRecord(RecordError):
    """A later version of Regard than this one wrote the record."""


class DamagedRecord(RecordError):
    """A file of the record is missing or damaged."""


class RecordBusy(RecordError):
    """Another program has the record open for writing."""
