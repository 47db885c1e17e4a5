"""Dumps for the tests of Stack Exchange, and what reading them gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from regard.record.schema import Account, Act, Batch
from regard.sources.base import Options
from regard.sources.formats.bundle import Bundle
from regard.sources.stackexchange.source import STACKEXCHANGE

DUMP = Path(__file__).parents[1] / "data" / "stackexchange"
DAY = 86_400_000_000
JANUARY = 1_704_067_200_000_000  # 2024-01-01, 19,723 days after 1970-01-01

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Everything:
    acts: list[Act]
    accounts: list[Account]
    notes: dict[str, int]

    def of(self, kind: str, item: str | None = None) -> list[Act]:
        return [act for act in self.acts if act.kind == kind and item in (None, act.item)]


def everything(*paths: Path, options: Options | None = None) -> Everything:
    acts, accounts, notes = list[Act](), list[Account](), Counter[str]()
    for batch in STACKEXCHANGE.read(Bundle.of(*paths), options or Options()):
        assert isinstance(batch, Batch)
        acts += batch.acts
        accounts += batch.accounts
        notes.update(dict(batch.notes))
    return Everything(acts, accounts, dict(notes))


def site(folder: Path, files: Mapping[str, Rows]) -> Path:
    """A dump with these rows, by file."""
    folder.mkdir(parents=True, exist_ok=True)
    for root, rows in files.items():
        lines = ["<row " + " ".join(f'{name}="{escape(value)}"' for name, value in row.items()) + " />" for row in rows]
        text = "\n".join(['<?xml version="1.0" encoding="utf-8"?>', f"<{root}>", *lines, f"</{root}>"])
        (folder / f"{root.capitalize()}.xml").write_text(text, encoding="utf-8")
    return folder


def question(id: int, owner: int, **more: str) -> dict[str, str]:
    return {"Id": str(id), "PostTypeId": "1", "OwnerUserId": str(owner), "CreationDate": "2024-01-01T00:00:00.000"} | more


def answer(id: int, parent: int, owner: int, **more: str) -> dict[str, str]:
    return question(id, owner, PostTypeId="2", ParentId=str(parent), **more)


def comment(id: int, post: int, user: int, text: str) -> dict[str, str]:
    return {"Id": str(id), "PostId": str(post), "UserId": str(user), "Text": text, "CreationDate": "2024-01-01T00:00:00.000"}


def vote(kind: int, post: int, **more: str) -> dict[str, str]:
    return {"Id": "1", "PostId": str(post), "VoteTypeId": str(kind), "CreationDate": "2024-01-02T00:00:00.000"} | more
