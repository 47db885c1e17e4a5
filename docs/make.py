"""Write the pages and the module that come from the catalogues: python docs/make.py. A test holds them fresh."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from regard.measures.catalogue import MEASURES
from regard.sources.catalogue import BUILT_IN
from regard.surfaces.cli import app

FOLDER = Path(__file__).parent
SOURCE = FOLDER.parent / "src/regard"
COMMANDS = ("demo", "report", "read", "table", "person", "backtest", "attack", "people merge", "people forget", "sources", "measures")


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


PAGES = {"measures.md": measures, "sources.md": sources, "commands.md": commands}
MODULES = {"studies/measure_tables.py": measure_tables}


def main() -> None:
    """Write all pages and modules."""
    for name, made in PAGES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")
    for name, made in MODULES.items():
        (SOURCE / name).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
