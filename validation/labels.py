"""Is the list of unanswered questions right? Compares it with the labels of a reader, on public records.

python validation/labels.py --data FOLDER --key FILE

`labels/*.json` holds verdicts only. A message stands there as a keyed hash of its id: nothing of a record lies in this tree. The
key is given by `--key` or by the variable REGARD_LABELS_KEY. docs/questions.md has the rule of the reader, docs/validity.md the results.
"""

from __future__ import annotations

import argparse
import hmac
import json
import math
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import sets
from label_figures import Share, Stratum, precision, recall

from regard.base.text import percent
from regard.engines.duckdb.statements import execute
from regard.measures.timescale import Timescale
from regard.record.record import Record
from regard.record.storage import writing
from regard.sources.base import Options
from regard.studies.read import inputs_of, read_into
from regard.studies.study import Study

LABELS = Path(__file__).parent / "labels"
DIGITS = 24
"""Hexadecimal digits of a hash that are kept."""
CLOSED_AT_THE_END = "ietf tls-esni"
"""When this archive was made all its threads but one were closed, so its list is empty. It is judged with these marks left out as well."""

LISTED = """
    SELECT DISTINCT coalesce(u.item, e.item) FROM unanswered u
    LEFT JOIN record.accounts a ON u.item IS NULL AND a.person = u.person
    LEFT JOIN record.acts e ON e.actor = a.account AND e.time = u.time AND e.item IS NOT NULL
    WHERE NOT u.with_post AND NOT u.advert
"""


@dataclass(frozen=True)
class WholeRecord(Timescale):
    """A timescale by which questions of all times are listed, however old."""

    @property
    def unanswered_us(self) -> int:
        """All time since 1970."""
        return self.until_us


def hashed(item: str, key: bytes) -> str:
    """How the labels name a message.

    >>> hashed("C1:1.2", b"secret")
    '5901722c023a0cae1d26b56f'
    """
    return hmac.new(key, item.encode(), "sha256").hexdigest()[:DIGITS]


def listed(record: Record) -> frozenset[str]:
    """The ids of all messages of a record that the program lists as open questions, at the record's end."""
    with Study(record) as study:
        study.timescale = WholeRecord(**{field.name: getattr(study.timescale, field.name) for field in fields(Timescale)})
        study.make(["unanswered"])
        return frozenset(str(item) for (item,) in study.engine.rows(LISTED) if item is not None)


def strata_of(labels: Mapping[str, Mapping[str, object]], shown: Iterable[str], key: bytes) -> list[Stratum]:
    """The labels of one set beside what the program lists."""
    hashes = {hashed(item, key) for item in shown}
    strata: list[Stratum] = []
    for stratum in labels.values():
        verdicts, messages = stratum["labels"], stratum["messages"]
        assert isinstance(verdicts, dict)
        assert isinstance(messages, int)
        strata.append(Stratum(messages, [(name in hashes, bool(verdict)) for name, verdict in verdicts.items()]))
    return strata


def line(name: str, n_listed: int, strata: list[Stratum], *, of_all: bool = True) -> str:
    """A line of the table. Where labels are of listed messages only (not `of_all`), what is missing is not known."""
    found = _told(recall(strata, n_listed)) if of_all else "–"
    return f"| {name} | {n_listed} | {_told(precision(strata))} | {found} |"


def _told(share: Share) -> str:
    if math.isnan(share.estimate):
        return "–"
    return f"{percent(share.estimate)} ({percent(share.low)} to {percent(share.high)}; {share.cases})"


def main() -> int:
    """Print the table; 2 without a key."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--key", type=Path, default=os.environ.get("REGARD_LABELS_KEY"))
    options = parser.parse_args()
    if options.key is None:
        print("say where the key of the labels is: --key FILE, or REGARD_LABELS_KEY", file=sys.stderr)
        return 2
    key = Path(options.key).read_text(encoding="utf-8").strip().encode()
    print("| set | listed | of these open, by a reader (95 %; labelled) | of the open ones listed (95 %; labelled) |")
    print("|---|---|---|---|")
    everything: list[Stratum] = []
    n_everything = 0
    for path in sorted(LABELS.glob("*.json")):
        labels = json.loads(path.read_text(encoding="utf-8"))
        name = labels["set"]
        with Record.temporary() as record:
            for _ in read_into(record, inputs_of([options.data / sets.SETS[name]]), Options()):
                pass
            if name == CLOSED_AT_THE_END:
                print(line(name, len(listed(record)), strata_of(labels["strata"], listed(record), key)))
                with writing(record.path) as connection:
                    execute(connection, "UPDATE acts SET weight_note = NULL WHERE weight_note = 'closed'")
                name += ", marks of closing left out"
            shown = listed(record)
            strata = strata_of(labels["strata"], shown, key)
            of_all = any(not stratum.startswith("listed") for stratum in labels["strata"])
            print(line(name, len(shown), strata, of_all=of_all), flush=True)
            if of_all:
                everything += strata
                n_everything += len(shown)
    print(line("all with both figures", n_everything, everything))
    return 0


if __name__ == "__main__":
    sys.exit(main())
