"""Does the rule for advertising hit newcomers who stay? Looks at public records from several moments.

python validation/newcomers.py --data FOLDER

At each moment, newcomers are those whose first words came since the moment before. A newcomer whose post looks like advertising, and who
wrote again afterwards, was taken for an advertiser wrongly.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import sets

from regard.record.record import Record
from regard.sources.base import Options
from regard.studies.read import inputs_of, read_into
from regard.studies.settings import Settings
from regard.studies.study import Study

NAMES = ("houston", "delvingbitcoin", "mapnik", "SE quantum", "SE french-meta", "ietf tls-esni")
MOMENTS = 8

WROTE = """
    SELECT a.person, epoch_us(min(e.time)), epoch_us(max(e.time)) FROM record.acts e JOIN record.accounts a ON a.account = e.actor
    WHERE e.kind IN ('post', 'reply', 'message') AND e.time IS NOT NULL AND a.actor_type = 'person' GROUP BY a.person
"""


class Wrote(NamedTuple):
    """When a person wrote first and last."""

    person: int
    first: int
    last: int


def counts_of(record: Record) -> Counter[str]:
    """Newcomers at all moments, those who wrote again, those flagged, and those flagged who wrote again."""
    counts: Counter[str] = Counter()
    with Study(record) as study:
        people = study.engine.fetch(Wrote, WROTE)
    start, end = min(each.first for each in people), max(each.last for each in people)
    moments = [start + (end - start) * n // MOMENTS for n in range(MOMENTS)]
    for before, moment in zip([0, *moments[1:]], [*moments[1:], end], strict=True):
        with Study(record, Settings(until=datetime.fromtimestamp(moment / 1e6, UTC))) as study:
            study.make(["adverts"])
            flagged = {person for (person,) in study.engine.rows("SELECT DISTINCT person FROM adverts WHERE advert")}
        newcomers = [each for each in people if before <= each.first < moment]
        again = [each for each in newcomers if each.last >= moment]
        counts["newcomers"] += len(newcomers)
        counts["wrote again"] += len(again)
        counts["flagged"] += sum(each.person in flagged for each in newcomers)
        counts["flagged, wrote again"] += sum(each.person in flagged for each in again)
    return counts


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    print("| set | newcomers | who wrote again | flagged | flagged, and wrote again |\n|---|---|---|---|---|")
    everything: Counter[str] = Counter()
    for name in NAMES:
        with Record.temporary() as record:
            for _ in read_into(record, inputs_of([data / sets.SETS[name]]), Options()):
                pass
            counts = counts_of(record)
        everything += counts
        print(_line(name, counts), flush=True)
    print(_line("all", everything))


def _line(name: str, counts: Counter[str]) -> str:
    return (
        "| " + " | ".join([name, *(f"{counts[what]:,}" for what in ("newcomers", "wrote again", "flagged", "flagged, wrote again"))]) + " |"
    )


if __name__ == "__main__":
    main()
