"""The one door through which names, words and small groups go out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from regard.engines.base import Engine
from regard.findings.base import Audience
from regard.findings.words import cut

SMALLEST_GROUP = 5
"""Groups of fewer people are withheld in organisation views: in a smaller one, colleagues could tell who it is."""


@dataclass(frozen=True)
class Guard:
    """What an audience may see."""

    audience: Audience
    names: Mapping[int, str]

    @classmethod
    def of(cls, engine: Engine, audience: Audience) -> Guard:
        """Names as they are, or pseudonyms for an organisation: numbered in an order that only the record's own secret explains."""
        rows = engine.rows("SELECT person, name, id FROM people ORDER BY person")
        if audience != "organisation":
            return cls(audience, {int(str(person)): str(name) for person, name, _ in rows})
        secret = engine.rows("SELECT value FROM record.meta WHERE key = 'salt'")
        salt = str(secret[0][0]) if secret else ""
        shuffled = sorted(rows, key=lambda row: hashlib.sha256(f"{salt}\0{row[2]}".encode("utf-8", "replace")).digest())
        return cls(audience, {int(str(row[0])): f"Person {number}" for number, row in enumerate(shuffled, 1)})

    def name(self, person: object) -> str:
        """What this audience may call a person."""
        return self.names.get(int(str(person)), "somebody")

    def words(self, text: object, length: int = 280) -> str | None:
        """Somebody's words, cut; none for an organisation."""
        return cut(str(text), length) if text is not None and self.audience != "organisation" else None

    def reference(self, *parts: object) -> str | None:
        """Where an act is found: the first of these that there is; none for an organisation, since an id names its author."""
        if self.audience == "organisation":
            return None
        return next((str(part) for part in parts if part is not None), None)

    def enough(self, people: int) -> bool:
        """Whether a group is large enough to be shown."""
        return self.audience != "organisation" or people >= SMALLEST_GROUP
