"""The one door through which names, words and small groups go out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from regard.base.text import one_line
from regard.engines.base import Engine, Step
from regard.findings.report import Audience

SMALLEST_GROUP = 5
"""Groups of fewer people are withheld in organisation views: in a smaller one, colleagues could tell who it is."""

# Numbered in an order that only the record's own secret explains.
PSEUDONYMS = """
    SELECT person, concat('Person ', row_number() OVER (ORDER BY digest)) AS name
    FROM (SELECT person, sha256(concat((SELECT min(value) FROM record.meta WHERE key = 'salt'), chr(0), id)) AS digest FROM people)
"""


@dataclass(frozen=True)
class Disclosure:
    """What an audience may see. Names are fetched of those people only who are shown."""

    audience: Audience
    engine: Engine
    names: dict[int, str] = field(default_factory=dict)
    """Of the people met so far."""

    @classmethod
    def of(cls, engine: Engine, audience: Audience) -> Disclosure:
        """Lets names out as they are, or pseudonyms for an organisation."""
        if audience == "organisation":
            engine.run(Step("pseudonyms", PSEUDONYMS), {})
        return cls(audience, engine)

    def prefetch(self, people: Iterable[object]) -> None:
        """Learn what this audience may call these people, all with one question; who is not met is asked for one by one."""
        strangers = sorted({int(str(person)) for person in people if person is not None} - {*self.names})
        if strangers:
            called = "pseudonyms" if self.audience == "organisation" else "people"
            self.engine.put("strangers", {"person": np.array(strangers, dtype=np.int32)})
            rows = self.engine.rows(f"SELECT s.person, c.name FROM strangers s LEFT JOIN {called} c ON c.person = s.person")
            self.names.update((int(str(person)), "somebody" if name is None else str(name)) for person, name in rows)
            self.engine.drop("strangers")

    def name(self, person: object) -> str:
        """What this audience may call a person."""
        self.prefetch([person])
        return self.names[int(str(person))]

    def excerpt(self, text: object, length: int = 280) -> str | None:
        """Somebody's words, cut; none for an organisation."""
        return one_line(str(text), length) if text is not None and self.audience != "organisation" else None

    def reference(self, *parts: object) -> str | None:
        """Where an act is found: the first of these that there is; none for an organisation, since an id names its author."""
        if self.audience == "organisation":
            return None
        return next((str(part) for part in parts if part is not None), None)

    def large_enough(self, people: int) -> bool:
        """Whether a group is large enough to be shown."""
        return self.audience != "organisation" or people >= SMALLEST_GROUP
