"""Every error a person can meet.

RegardError
 ├── UsageError               the command or call cannot mean anything        (exit 2)
 │    ├── UnknownName         no such source, measure, person, column ...
 │    └── MissingExtra        an optional part is not installed
 ├── EngineError              a calculation could not be done                (exit 1)
 │    ├── StepFailed          one step failed; carries its SQL
 │    ├── OutOfMemory         it needs more memory than it may use
 │    └── OutOfDisk           it needs more room than there is where temporary files go
 └── InputError               something outside cannot be read                (exit 3)
      ├── Unrecognised        no source knows this input
      ├── Malformed           a source knows it, a place in it is broken
      ├── Unsafe              it could harm the reader: bombs, paths that escape, endless lines
      ├── Empty               it is readable and holds no act
      └── RecordError         the record itself
           ├── NotARecord     some other file
           ├── NewerRecord    written by a later version of Regard
           ├── DamagedRecord  its pages do not check
           └── RecordBusy     another program has it open

A message says what was wanted, what was found, and what to do. It never holds the text of a person's message or a token.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class RegardError(Exception):
    """The base of all errors Regard raises on purpose."""

    exit_code = 1


class UsageError(RegardError):
    """The command or the call cannot mean anything."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that is not in a list of names; tells the nearest ones.

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
    """An optional part is not installed; carries the line that installs it."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs an optional part. Install it with: pip install 'regard[{extra}]'")


class EngineError(RegardError):
    """A calculation could not be done."""


class StepFailed(EngineError):
    """One step failed: its name and SQL are told, never people's rows."""

    def __init__(self, name: str, sql: str, reason: str) -> None:
        super().__init__(f"the step {name!r} failed: {reason}\n{sql}")


class OutOfMemory(EngineError):
    """A step needs more memory than it may use; tells where it is raised."""

    def __init__(self, name: str, setting: str = "--memory 8GB") -> None:
        super().__init__(f"the step {name!r} needs more memory than it may use; raise it with {setting}")


class OutOfDisk(EngineError):
    """A step needs more room than there is where temporary files go."""

    def __init__(self, name: str, setting: str = "--memory 8GB") -> None:
        super().__init__(
            f"the step {name!r} needs more disk than there is where temporary files go; nothing of it was kept. Name a larger folder with "
            f"--temporary, or allow more memory with {setting}"
        )


class InputError(RegardError):
    """Something outside cannot be read."""

    exit_code = 3


class Unrecognised(InputError):
    """No source knows this input."""


class Malformed(InputError):
    """A known format, broken at a place that is named.

    >>> print(Malformed("general/2024-01-01.json", "a JSON array of messages", "the file ends early", line=12))
    general/2024-01-01.json, line 12: expected a JSON array of messages, but the file ends early
    """

    def __init__(self, file: str, expected: str, found: str, *, line: int | None = None) -> None:
        place = file if line is None else f"{file}, line {line}"
        super().__init__(f"{place}: expected {expected}, but {found}")


class Unsafe(InputError):
    """Reading on could harm the machine or leave the input's own folder."""


class Empty(InputError):
    """Readable, and without a single act."""


class RecordError(InputError):
    """The record file cannot be used."""


class NotARecord(RecordError):
    """A file of some other kind stands where a record was expected."""


class NewerRecord(RecordError):
    """Written by a later version of Regard than this one."""


class DamagedRecord(RecordError):
    """The file's pages do not check."""


class RecordBusy(RecordError):
    """Another program has the record open for writing."""
