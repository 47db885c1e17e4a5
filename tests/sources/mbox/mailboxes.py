"""Mailboxes for the tests of mail, and what reading them gives."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from regard.record.schema import Account, Act
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.mbox import source as mbox

DATA = Path(__file__).parents[1] / "data" / "mbox"
NOON = 1_711_972_800_000_000
"""2024-04-01 12:00:00 UTC, the usual moment of the messages below."""
YEAR = 365 * 86_400 * 1_000_000


def message(body: str = "Hello.", *, envelope: str = "From ann@example.org  Mon Apr  1 12:00:00 2024", **headers: str | None) -> bytes:
    """A message after its From_ line. In names of headers an underscore stands for a hyphen; None leaves out a usual header."""
    usual = {"From": "Ann <ann@example.org>", "Date": "Mon, 1 Apr 2024 12:00:00 +0000", "Subject": "Tea", "Message_ID": "<1@example.org>"}
    fields = [f"{name.replace('_', '-')}: {value}" for name, value in {**usual, **headers}.items() if value is not None]
    return "\n".join([envelope, *fields, "", body, "", ""]).encode("utf-8", "surrogatepass")


def write_mailbox(folder: Path, *messages: bytes, name: str = "list.mbox") -> Bundle:
    (folder / name).write_bytes(b"".join(messages))
    return Bundle.of(folder / name)


def acts(bundle: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in mbox.read(bundle, options) for act in batch.acts]


def accounts(bundle: Bundle) -> dict[str, Account]:
    """As the record takes them: later values win, and None changes nothing."""
    merged: dict[str, Account] = {}
    for batch in mbox.read(bundle, Options()):
        for new in batch.accounts:
            old = merged.get(new.id, Account(new.id))
            merged[new.id] = old._replace(name=new.name or old.name, actor_type=new.actor_type or old.actor_type)
    return merged


def notes(bundle: Bundle, options: Options = Options()) -> dict[str, int]:  # noqa: B008  (frozen)
    return dict(sum((Counter(dict(batch.notes)) for batch in mbox.read(bundle, options)), Counter()))


def only_act(folder: Path, content: bytes, options: Options = Options()) -> Act:  # noqa: B008  (frozen)
    [act] = acts(write_mailbox(folder, content), options)
    return act
