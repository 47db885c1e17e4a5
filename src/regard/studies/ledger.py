"""The ledger: what was told to an organisation, kept beside the record so that a later report tells the same.

It holds published figures only, in a file of the record's name and `.organisation.json`. No figure of fewer than five people is in it,
and no id, so a person who is removed from the record is not in it either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import get_args

import orjson

from regard.base.drafts import real
from regard.base.locations import RemoteUri
from regard.errors import DamagedRecord, UsageError
from regard.findings.figures import Figure, Part, Quarter
from regard.record.dataset import Dataset
from regard.record.record import Record
from regard.record.storage import LEDGER

FORMAT = 1


def ledger_path(record: Record | Dataset) -> Path:
    """Where the ledger of a record is. Raises UsageError for a record that does not stay, or lies where nothing can be written."""
    if record.is_temporary:
        raise UsageError(
            "an organisation's report repeats what it told before, so it needs a record that stays: regard read EXPORT --into "
            "community.regard, then regard report community.regard --view organisation"
        )
    if isinstance(record.path, RemoteUri):
        raise UsageError(f"{record.path}: an organisation's report is made from a record or dataset of this machine")
    # Beside the record itself, not beside a link to it: with two ledgers a quarter would be counted twice with the same noise, and the
    # difference of the two would be exact.
    path = real(record.path)
    return path.with_name(f"{path.name}{LEDGER}")


def read_ledger(path: Path) -> tuple[Quarter, ...]:
    """The quarters closed by earlier reports; none if there is no ledger. Raises DamagedRecord."""
    try:
        content = orjson.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise ValueError(content["format"])
        return tuple(_quarter(start, **quarter) for start, quarter in content["quarters"].items())
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedRecord(
            f"{path}: expected the figures that earlier reports for the organisation told, but the file can't be read; bring it back from "
            "a backup. Without it quarters are counted anew, and whoever has an earlier report can compare"
        ) from error


def write_ledger(path: Path, quarters: Sequence[Quarter]) -> None:
    """Write the ledger, whole or not at all. Raises UsageError if it can't be written."""
    content = {
        quarter.start.isoformat(): {
            "talk_noise": quarter.talk_noise,
            "figures": [[each.part, each.cell, each.people, each.low, each.high] for each in quarter.figures],
        }
        for quarter in quarters
    }
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(orjson.dumps({"format": FORMAT, "quarters": content}, option=orjson.OPT_INDENT_2))
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"{path}: what is told to an organisation is kept here, and can't be written ({error.strerror})") from error


def _quarter(start: str, *, talk_noise: int, figures: Sequence[object]) -> Quarter:
    if not isinstance(talk_noise, int):
        raise TypeError(talk_noise)
    return Quarter(date.fromisoformat(start), tuple(map(_figure, figures)), talk_noise)


def _figure(row: object) -> Figure:
    match row:
        case [str(part), str(cell), int(people), int(low), int(high)] if part in get_args(Part):
            return Figure(part, cell, people, low, high)  # type: ignore[arg-type]
    raise ValueError(row)
