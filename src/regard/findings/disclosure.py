"""Disclosure control: the one door through which names, words and small groups go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np

from regard.base.text import one_line
from regard.engines.base import Engine, Step

Audience = Literal["community", "personal", "organisation"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)

SMALLEST_GROUP = 5
"""Groups of fewer people are withheld in organisation views: in a smaller one, colleagues could tell who it is."""

PSEUDONYMS = """
    SELECT person, concat('Person ', row_number() OVER (ORDER BY digest)) AS name
    FROM (SELECT person, sha256(concat((SELECT min(value) FROM record.meta WHERE key = 'salt'), chr(0), id)) AS digest FROM people)
"""
"""One name a person. The numbers follow the order of digests, which nobody can find without the record's own secret."""


class NameRow(NamedTuple):
    """A person and what they are called."""

    person: int
    name: str | None


@dataclass(frozen=True)
class Disclosure:
    """What an audience may see. It fetches the names of shown people only."""

    audience: Audience
    engine: Engine
    names: dict[int, str] = field(default_factory=dict)
    """The names fetched so far, by person."""

    @classmethod
    def of(cls, engine: Engine, audience: Audience) -> Disclosure:
        """The disclosure for an audience; an organisation gets pseudonyms in place of names."""
        if audience == "organisation":
            engine.run(Step("pseudonyms", PSEUDONYMS), {})
        return cls(audience, engine)

    def prefetch(self, people: Iterable[int | None]) -> None:
        """Fetch the names of these people with one query. `name` fetches any other person's name by a query of its own."""
        unknown = sorted({person for person in people if person is not None} - {*self.names})
        if unknown:
            names = "pseudonyms" if self.audience == "organisation" else "people"
            self.engine.put("strangers", {"person": np.array(unknown, dtype=np.int32)})
            rows = self.engine.fetch(NameRow, f"SELECT s.person, c.name FROM strangers s LEFT JOIN {names} c ON c.person = s.person")
            self.names.update((row.person, "somebody" if row.name is None else row.name) for row in rows)
            self.engine.drop("strangers")

    def name(self, person: int) -> str:
        """The name that this audience may see for a person."""
        self.prefetch([person])
        return self.names[person]

    def excerpt(self, text: str | None, length: int = 280) -> str | None:
        """Somebody's words on one line, no longer than `length`; None for an organisation."""
        return one_line(text, length) if text is not None and self.audience != "organisation" else None

    def reference(self, *parts: str | None) -> str | None:
        """Where an act is found: the first part that is not None. None for an organisation, since an id names its author."""
        if self.audience == "organisation":
            return None
        return next((part for part in parts if part is not None), None)

    def large_enough(self, people: int) -> bool:
        """Whether a group is large enough to be shown."""
        return self.audience != "organisation" or people >= SMALLEST_GROUP
