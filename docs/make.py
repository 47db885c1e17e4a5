"""Write the pages and the module that come from the catalogues: python docs/make.py. A test holds them fresh."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from regard.measures.catalogue import MEASURES
from regard.sources.catalogue import BUILT_IN
from regard.surfaces.cli import app

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parent / "src/regard"
PEOPLE = ("people merge", "people bot", "people forget")
COMMANDS = ("demo", "report", "read", "table", "person", "backtest", "attack", *PEOPLE, "sources", "measures")


def measures() -> str:
    """A card for each measure."""
    parts = ["# Measures", "", "What `regard table RECORD MEASURE` gives. Made from the code by `make docs`."]
    for measure in MEASURES.values():
        if not measure.table:
            continue
        parts += [
            "",
            f"## {measure.name}",
            "",
            f"**{measure.question}**",
            "",
            f"One row: {measure.row}. Key: {', '.join(f'`{name}`' for name in measure.key)}.",
            "",
            "| column | unit | |",
            "|---|---|---|",
        ]
        parts += [f"| {column.name} | {column.unit} | {column.about} |" for column in measure.columns]
        parts += ["", f"Can't tell: {measure.cannot}."]
        parts += ["", f"Source: {measure.source}."] if measure.source else []
    return "\n".join(parts) + "\n"


def measure_tables() -> str:
    """The module that tells type checkers and editors which measures are attributes of a study."""
    parts = [
        '"""The measures as attributes of a study, for type checkers and editors. Made from the catalogue by `make docs`."""',
        "",
        "from __future__ import annotations",
        "",
        "from regard.studies.table import Table",
        "",
        "",
        "class MeasureTables:",
        '    """Each attribute is the relation of the measure of that name. A study makes it when it is first asked for."""',
        "",
    ]
    for measure in MEASURES.values():
        if measure.table:
            parts += [f"    {measure.name}: Table", f'    """{measure.question}"""']
    return "\n".join(parts) + "\n"


def sources() -> str:
    """A card for each source."""
    parts = ["# Sources", "", "What Regard reads. Made from the code by `make docs`."]
    for source in BUILT_IN:
        parts += ["", f"## {source.name}: {source.title}", "", source.about, "", f"Never seen: {source.missing}."]
        if source.sensitive:
            parts += ["", f"Dropped on the way in: {', '.join(source.sensitive)}."]
    return "\n".join(parts) + "\n"


def commands() -> str:
    """The help of each command."""
    parts = ["# Commands", "", "Exit codes: 0 done, 2 wrong use, 3 unreadable input, 130 interrupted. Made from the code by `make docs`."]
    runner = CliRunner()
    for command in COMMANDS:
        said = runner.invoke(app, [*command.split(), "--help"], prog_name="regard", env={"COLUMNS": "100", "TERM": "dumb"})
        parts += ["", f"## regard {command}", "", "```", *(line.rstrip() for line in said.output.strip().splitlines()), "```"]
    return "\n".join(parts) + "\n"


WORDS = {
    "act": "One event: an actor did something of some kind toward a target at a time. Kinds are post, reply, mention, message, share, "
    "react, thank (an accepted answer, or explicit thanks), follow, unfollow and join. A follow or a join is reach, never influence.",
    "record": "The acts and people of a community, in one file or as a dataset on a cluster. It grows, and is never changed silently.",
    "person": "Who acts, after several accounts of one person are merged. Bots, systems and deleted accounts are marked.",
    "tie": "An ordered pair of people with its history: one acted toward the other.",
    "alive": "A tie is alive as long as its actor is still able to act again. Nobody can see this, so Regard gives the chance of it.",
    "two-way": "A tie is two-way if both people acted toward each other.",
    "reached": "The distinct people who ever acted toward someone or followed them, or the platform's number of followers if it is larger. "
    "This is rank.",
    "kept": "The expected number of distinct people who act toward someone again in the next window. This is influence, in people.",
    "new contacts": "The expected number of people who act toward someone for the first time in the next window.",
    "vouched": "How far a person's attention counts, given by a walk from trusted people (seeds). It is a price on fake accounts, and no "
    "judgement of character.",
    "true fan": "A person who acts toward someone in three or more different bins of the next window.",
    "help": "Answers to what others asked, the thanks for them, and whether those who were helped come back.",
    "niche": "A group of people whose ties with each other last. It is judged by ties kept and by newcomers answered, never by its size. "
    "Not measured yet.",
    "tactic": "A way to hunt for numbers, described as acts: the same link 14 times in 6 days, 0 answers. Not measured yet.",
    "on their own": "Everybody's influence, computed again with a group of people left to themselves, and the same for the others. Not "
    "measured yet.",
    "window": "The time ahead in which somebody may act again, such as 28 days. Regard derives it from the record, and it can be set.",
    "bin": "The unit of time in which acts are counted: several acts of a pair in one bin count once. Its length follows how often pairs "
    "act in this community. Regard derives it from the record, and it can be set.",
    "finding": "A sentence with its estimate, its interval, its number of cases, its caveats and the acts behind it.",
}
"""The words of the product. The same word has the same meaning in the report, in columns, on the command line and in the code."""


def glossary() -> str:
    """The words of the product, and every column of every measure's table."""
    parts = ["# Glossary", "", "The words of Regard, and the columns of its tables. Made from the code by `make docs`.", "", "## Words", ""]
    parts += ["| word | meaning |", "|---|---|", *(f"| **{word}** | {meaning} |" for word, meaning in WORDS.items())]
    parts += [
        "",
        "## Columns",
        "",
        "What each column of each table holds, in the order of the alphabet. [Measures](measures.md) has them by table.",
    ]
    parts += ["", "| column | table | unit | meaning |", "|---|---|---|---|"]
    tables = [measure for measure in MEASURES.values() if measure.table]
    columns = sorted((column.name, measure.name, column.unit, column.about) for measure in tables for column in measure.columns)
    parts += [f"| {name} | {table} | {unit} | {about} |" for name, table, unit, about in columns]
    return "\n".join(parts) + "\n"


PAGES = {"measures.md": measures, "sources.md": sources, "commands.md": commands, "glossary.md": glossary}
MODULES = {"studies/measure_tables.py": measure_tables}


def main() -> None:
    """Write all pages and modules."""
    for name, made in PAGES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")
    for name, made in MODULES.items():
        (SOURCE / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
