"""Can a colleague find a person in an organisation's report?

    python validation/identify.py [--tries 2500] [--seed 1]

The colleague has the page and the JSON, and knows who acted when and where, and how many follow whom. They try three things.

1. To say whose each row of the report is, by the times and counts in it and never by the name. For control they try the same on the report
   for the community. This part uses the command line alone, so it also runs on versions whose reports for organisations had such rows:
   PYTHONPATH=OTHER/src python validation/identify.py
2. To say which of two people left before the last quarter, from the report on it.
3. To say whether a given person left, from the report on the quarter before and the one on the last quarter.

For 2 and 3 they know everything else, and use the best test there is, the ratio of likelihoods: of the figures as published, and, more than
anybody gets, of all noisy counts before any is rounded or withheld. Rounding alone is tried too, for comparison.
"""

from __future__ import annotations

import argparse
import html
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

import duckdb

Marks = Counter[str]
"""What tells a person: ties as "acts@time", and counts as "people=n"."""

NAME = re.compile(r"<h3><bdi>(.*?)</bdi>")
CARD = re.compile(r'(?s)<article id="person-.*?</article>')
TIE = re.compile(r"(\d[\d,]*) acts? (?:on|in) [^,<]*, last (\d+ \w+ \d+)")


class Knowledge(NamedTuple):
    """What the colleague knows, by person, and the truth to judge them by."""

    by_time: dict[int, Marks]
    by_day: dict[int, Marks]
    names: dict[str, int]


def know(record: Path) -> Knowledge:
    """Ties toward each person with their last moment or day, how many people act toward them, and their followers."""
    with closing(duckdb.connect(str(record), read_only=True)) as connection:
        ties = connection.execute("""
            SELECT b.person, count(*), max(e.time) FROM acts e
            JOIN accounts a ON a.account = e.actor JOIN accounts b ON b.account = e.target
            WHERE a.person <> b.person AND e.kind NOT IN ('follow', 'unfollow', 'join', 'post')
                AND a.actor_type = 'person' AND b.actor_type = 'person' GROUP BY b.person, a.person""").fetchall()
        reach = connection.execute("""
            SELECT b.person, count(DISTINCT a.person), max(b.followers) FROM accounts b LEFT JOIN acts e ON e.target = b.account
            LEFT JOIN accounts a ON a.account = e.actor AND a.person <> b.person GROUP BY b.person""").fetchall()
        names = connection.execute("""
            SELECT person, row_number() OVER (ORDER BY digest) FROM (SELECT person, sha256(concat(
                (SELECT value FROM meta WHERE key = 'salt'), chr(0), min(id))) AS digest FROM accounts GROUP BY person)""").fetchall()
        own = connection.execute("SELECT person, name FROM accounts").fetchall()
    by_time, by_day = defaultdict[int, Marks](Counter), defaultdict[int, Marks](Counter)
    for person, acts, last in ties:
        by_time[person][f"{acts}@{last.replace(tzinfo=UTC).isoformat()}"] += 1
        by_day[person][f"{acts}@{last.day} {last:%b} {last.year}"] += 1
    for person, people, followers in reach:
        for marks in (by_time[person], by_day[person]):
            marks.update([f"people={people}", f"followers={followers}"])
    pseudonyms = {f"Person {number}": person for person, number in names}
    return Knowledge(dict(by_time), dict(by_day), {**pseudonyms, **{name: person for person, name in own}})


def json_rows(value: object) -> Iterator[tuple[str, Marks]]:
    """Each object of the JSON that is about one person: the name in it, and what tells the person."""
    if isinstance(value, dict):
        ties = [tie for tie in value.get("ties", ()) if isinstance(tie, dict) and "last" in tie]
        if "name" in value and "ties" in value:
            counts = [f"people={value.get('people')}", f"followers={value.get('followers')}"]
            yield str(value["name"]), Counter([f"{tie['acts']}@{tie['last']}" for tie in ties] + counts)
        for part in value.values():
            yield from json_rows(part)
    elif isinstance(value, list):
        for part in value:
            yield from json_rows(part)


def page_rows(page: str) -> Iterator[tuple[str, Marks]]:
    """Each card of the page: the name on it, and what tells the person."""
    for card in CARD.findall(page):
        ties = [f"{acts.replace(',', '')}@{last}" for acts, last in TIE.findall(card)]
        people = re.search(r"([\d,]+)(?:</b> reached:)? (?:people|person) who ever acted", card)
        followers = re.search(r"([\d,]+) followers?\.", card)
        counts = [f"{name}={found[1].replace(',', '')}" for name, found in (("people", people), ("followers", followers)) if found]
        name = NAME.search(card)
        yield html.unescape(name[1]) if name else "", Counter(ties + counts)


def place(marks: Marks, known: dict[int, Marks]) -> int:
    """The person who fits best."""
    return max(known, key=lambda person: (sum((marks & known[person]).values()), -person))


def placed(report: object, page: str, known: Knowledge) -> dict[str, list[bool]]:
    """For each row of the JSON and of the page, whether it was placed to the right person."""
    tries = {"JSON": (json_rows(report), known.by_time), "page": (page_rows(page), known.by_day)}
    return {form: [place(row, marks) == known.names.get(name) for name, row in rows] for form, (rows, marks) in tries.items()}


def attack_rows(folder: Path) -> None:
    """Part 1."""
    record, page = folder / "community.regard", folder / "page.html"
    regard = [sys.executable, "-m", "regard"]
    subprocess.run([*regard, "demo", "-q", "--into", str(record), "-o", str(page)], check=True, stdout=subprocess.DEVNULL)
    known = know(record)
    print(f"1. Whose is the row? By chance {1 / len(known.by_time):.3f} are right.")
    for view in ("community", "organisation"):
        arguments = [*regard, "report", str(record), "--view", view, "--json", "-o", str(page)]
        report = json.loads(subprocess.run(arguments, check=True, stdout=subprocess.PIPE).stdout)
        for form, right in placed(report, page.read_text(encoding="utf-8"), known).items():
            print(
                f"   {view}, {form}: {sum(right)} of {len(right)} rows"
                + (f", {sum(right) / len(right):.3f}" if right else " about a person")
            )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Can a colleague find a person in an organisation's report?")
    parser.add_argument("--tries", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        attack_rows(Path(folder))
    try:
        from identify_figures import attack_figures
    except ImportError:
        print("2 to 4. This version has no figures of closed quarters.")
        return
    attack_figures(arguments.tries, random.Random(arguments.seed))


if __name__ == "__main__":
    main()
