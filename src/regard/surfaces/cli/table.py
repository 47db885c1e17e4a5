"""`regard table`: one measure as a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regard.studies.parse import parse_settings
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import say, say_json, say_row, show_progress

EXAMPLES = """Examples:

\b
    regard table community.regard kept -o kept.parquet
    regard table community.regard ties -o ties.csv
    regard table community.regard reached --limit 20
"""


def table(
    record: opt.RecordPath,
    measure: Annotated[str, typer.Argument(help="Which measure (see regard measures).", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A .parquet, .csv, .tsv or .jsonl file; else the screen.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Rows on the screen.")] = 20,
    until: opt.Until = None,
    bin_: opt.Bin = None,
    window: opt.Window = None,
    seed: opt.Seed = None,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    work: opt.Work = None,
    engine: opt.EngineName = "duckdb",
    master: opt.Master = None,
    as_json: opt.AsJson = False,
    quiet: opt.Quiet = False,
) -> None:
    """Write one measure as a table, or show its first rows."""
    from regard.record.dataset import open_record
    from regard.studies.outputs import check_output
    from regard.studies.study import Study

    if output is not None:
        check_output(output, [record, *([work] if work else [])], "-o")
    settings = parse_settings(
        until=until, bin_=bin_, window=window, seeds=seed, memory=memory, temporary=temporary, work=work, engine=engine, master=master
    )
    with show_progress(quiet=quiet or as_json) as progress, Study(open_record(record), settings, progress) as study:
        relation = study.measure(measure)
        if output is not None:
            relation.write(output)
            say(f"{output}: {len(relation):,} rows of {', '.join(relation.columns)}")
            return
        rows = study.engine.rows(f"FROM ({relation.named()}) ORDER BY ALL LIMIT {limit}")
        names = study.engine.columns(relation.named())
        total = len(relation)
    if as_json:
        say_json([dict(zip(names, row, strict=True)) for row in rows])
        return
    say_row(names)
    for row in rows:
        say_row(row)
    if total > limit:
        say(f"{limit:,} of {total:,} rows; all of them with -o {measure}.csv")


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(table)
