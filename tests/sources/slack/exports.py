"""Slack exports for tests: small ones written by a test, and what is read from them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from regard.record.schema import Account, Act
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.slack import source as slack
from regard.sources.slack.layout import Conversation
from regard.sources.slack.messages import MessageContext, to_acts

DATA = Path(__file__).parents[1] / "data" / "slack"
ADA, BOB, CLEO = "UADA00001", "UBOB00002", "UCLEO0003"
TS = "1709280000.000121"
TIME = 1_709_280_000_000_121
GENERAL = [{"id": "C00000001", "name": "general", "members": []}]


def message(**fields: object) -> dict[str, object]:
    return {"type": "message", "user": ADA, "text": "hello", "ts": TS, **fields}


def bundle(folder: Path, files: dict[str, object]) -> Bundle:
    """An export of the files given: bytes as they are, all else as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return Bundle.of(folder)


def general(folder: Path, *messages: object) -> Bundle:
    return bundle(folder, {"channels.json": GENERAL, "general/2024-03-01.json": list(messages)})


def acts(source: Bundle, options: Options = Options()) -> list[Act]:  # noqa: B008  (frozen)
    return [act for batch in slack.read(source, options) for act in batch.acts]


def accounts(source: Bundle, options: Options = Options()) -> dict[str, Account]:  # noqa: B008  (frozen)
    return {account.id: account for batch in slack.read(source, options) for account in batch.accounts}


def notes(source: Bundle, options: Options = Options()) -> dict[str, int]:  # noqa: B008  (frozen)
    return dict(sum((Counter(dict(batch.notes)) for batch in slack.read(source, options)), Counter()))


def rows(acts: list[Act]) -> list[tuple[str, str, str | None, str | None]]:
    return [(act.actor, act.kind, act.target, act.item) for act in acts]


CONTEXT = MessageContext(Conversation("C00000001", "general", "public"), "general/2024-03-01.json", 1)


def acts_of(raw: object, context: MessageContext = CONTEXT) -> list[Act]:
    return list(to_acts(raw, context).acts)
