"""Disclosure: the one door through which names and words go out, to the community or to one person.

No name and no word goes out to an organisation; `publication` is the door of its figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np

from regard.base.text import one_line
from regard.engines.base import Engine
from regard.findings.mask import mask, mask_name

Audience = Literal["community", "personal", "organisation"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)


class NameRow(NamedTuple):
    """A person and what they are called."""

    person: int
    name: str | None


@dataclass(frozen=True)
class Disclosure:
    """What a report may say of people. It fetches the names of shown people only."""

    engine: Engine
    masked: bool = False
    """Whether e-mail addresses, phone numbers and keys are masked in all that goes out."""
    names: dict[int, str] = field(default_factory=dict)
    """The names fetched so far, by person."""

    def prefetch(self, people: Iterable[int | None]) -> None:
        """Fetch the names of these people with one query. `name` fetches any other person's name by a query of its own."""
        unknown = sorted({person for person in people if person is not None} - {*self.names})
        if unknown:
            self.engine.put("strangers", {"person": np.array(unknown, dtype=np.int32)})
            rows = self.engine.fetch(NameRow, "SELECT s.person, c.name FROM strangers s LEFT JOIN people c ON c.person = s.person")
            self.names.update((row.person, "somebody" if row.name is None else self._shown_name(row.name)) for row in rows)
            self.engine.drop("strangers")

    def _shown_name(self, name: str) -> str:
        return mask_name(name) if self.masked else name

    def name(self, person: int) -> str:
        """The name of a person."""
        self.prefetch([person])
        return self.names[person]

    def excerpt(self, text: str | None, length: int = 280) -> str | None:
        """Somebody's words on one line, no longer than `length`."""
        return one_line(mask(text) if self.masked and text is not None else text, length)

    def reference(self, *parts: str | None) -> str | None:
        """Where an act is found: the first part that is not None."""
        return next((mask(part) if self.masked else part for part in parts if part is not None), None)

    def link(self, address: str | None) -> str | None:
        """The address of an act, if it is an https address and holds nothing to be masked."""
        is_shown = address is not None and address.startswith("https://") and self.reference(address) == address
        return address if is_shown else None
