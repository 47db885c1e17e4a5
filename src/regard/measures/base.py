"""What a measure is, and what a catalogue of measures is."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from regard.engines.base import ArrayStep, Step, Values
from regard.errors import UnknownName

MICRO_DAY = 86_400_000_000
"""Microseconds of a day."""

Part = Step | ArrayStep
"""What makes one relation."""


@dataclass(frozen=True)
class Column:
    """One column of a measure's relation: its name, its unit or range, and what a missing value means."""

    name: str
    unit: str
    about: str


@dataclass(frozen=True)
class Measure:
    """One question, and the relation that answers it. The relation has the name of the measure.

    The `parts` run in order. Each makes one relation, and the last makes the measure's own. They read the base relations (see
    base_relations.py) and the measures in `needs`. A measure never writes to the record.
    """

    name: str
    question: str
    row: str
    """What one row is."""
    key: tuple[str, ...]
    """The columns that tell the rows apart. It is empty if there is never more than one row."""
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    needs: tuple[str, ...] = ()
    """Measures that must be made before. Those that they need themselves are not repeated here."""
    cannot: str = ""
    """What the measure can't tell."""
    source: str = ""
    """The paper or the definition that the measure follows."""
    dropped: tuple[str, ...] = ()
    """Relations of its own parts that no other measure reads. Each is dropped after the last part that reads it."""
    consumes: tuple[str, ...] = ()
    """Relations that a needed measure leaves behind for this measure alone. They are dropped in the same way."""
    table: bool = True
    """Whether users may ask for it as a table. A measure that is no table is only a step for others."""

    def runs(self) -> Iterator[tuple[Part, list[str]]]:
        """The parts in order, each with the relations that may be dropped after it."""
        return last_uses(self.parts, (*self.dropped, *self.consumes))


@dataclass(frozen=True)
class Catalogue:
    """What a study can make: the base relations, and the measures that start from them."""

    base: tuple[Part, ...]
    measures: Mapping[str, Measure]

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the measures that users may ask for."""
        return tuple(measure.name for measure in self.measures.values() if measure.table)

    def ordered(self, names: Sequence[str]) -> list[Measure]:
        """The measures of these names and all that they need, each once and after its needs; raises UnknownName.

        >>> seen = Measure("seen", "?", "", (), (), ())
        >>> kept = Measure("kept", "?", "", (), (), (), needs=("seen",))
        >>> [measure.name for measure in Catalogue((), {"kept": kept, "seen": seen}).ordered(["kept", "seen"])]
        ['seen', 'kept']
        """
        ordered: dict[str, Measure] = {}
        for name in names:
            if name not in self.measures:
                raise UnknownName("measure", name, self.tables)
            measure = self.measures[name]
            ordered |= {needed.name: needed for needed in self.ordered(measure.needs)} | {name: measure}
        return list(ordered.values())

    def fingerprint(self) -> str:
        """A number in hexadecimal digits that changes with the SQL of any part."""
        parts = [*self.base, *(part for measure in self.measures.values() for part in measure.parts)]
        return f"{zlib.crc32(''.join(map(_sql, parts)).encode()):08x}"


def last_uses(parts: Sequence[Part], names: Collection[str]) -> Iterator[tuple[Part, list[str]]]:
    """The parts in their order, each with those of the relations `names` that no later part makes or reads.

    >>> one, two, three = Step("one", "SELECT 1 AS n"), Step("two", "FROM one"), Step("three", "FROM two")
    >>> [(part.name, unused) for part, unused in last_uses([one, two, three], ["one", "two"])]
    [('one', []), ('two', ['one']), ('three', ['two'])]
    """
    remaining, uses = set(names), list[list[str]]()
    for part in reversed(parts):
        # A word that only looks like the name of a relation keeps the relation for longer than needed, and never for less.
        words = {part.name, *re.findall(r"\w+", _sql(part))}
        uses.append(sorted(remaining & words))
        remaining -= words
    return zip(parts, reversed(uses), strict=True)


def integer(values: Values, name: str) -> int:
    """One of the bound values, which must be a whole number; raises TypeError if it is not.

    >>> integer({"window_bins": 4}, "window_bins")
    4
    """
    value = values[name]
    if not isinstance(value, int):
        raise TypeError(f"{name} must be a whole number, but it is {value!r}")
    return value


def _sql(part: Part) -> str:
    return part.sql if isinstance(part, Step) else part.reads
