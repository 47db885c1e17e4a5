"""`regard backtest`: would kept have told who comes back, better than rank, on this very record?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regard.studies.parse import parse_days, parse_moment, parse_reading_options
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import as_json, say, say_table, show_progress

if TYPE_CHECKING:
    from regard.evaluation.backtest.results import Backtest, ByTarget, Group, Level, OriginResult

EXAMPLES = """Examples:

\b
    regard backtest export.zip
    regard backtest community.regard --json backtest.json
    regard backtest community.regard --at 2024-03-01 --at 2024-06-01 --window 28d
"""


def backtest(
    paths: opt.Paths,
    json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file, for programs.")] = None,
    at: Annotated[list[str] | None, typer.Option("--at", help="Look from this day; several times. Else from 55, 65, 75 % of acts.")] = None,
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    bin_: opt.Bin = None,
    window: opt.Window = None,
    seed: Annotated[int, typer.Option("--random-seed", min=0, help="The same seed draws the same people.")] = 1,
    draws: Annotated[int, typer.Option("--draws", min=1_000, max=100_000, help="How often people are drawn for the ranges.")] = 2_000,
    memory: opt.Memory = None,
    temporary: opt.Temporary = None,
    engine: opt.EngineName = "duckdb",
    master: opt.Master = None,
    quiet: opt.Quiet = False,
) -> None:
    """Look at a record from its own past, count who really came back, and hold kept against every kind of rank."""
    from regard.evaluation.backtest.run import Trial
    from regard.evaluation.backtest.run import backtest as run_backtest
    from regard.studies.open import default_title, open_or_read, reading_limits
    from regard.studies.outputs import check_output, write_whole

    if json is not None:
        check_output(json, paths, "--json")
    moments = tuple(parse_moment("--at", text) for text in at or ())
    days = parse_days("--bin", bin_), parse_days("--window", window)
    trial = Trial(moments, *days, memory, seed, draws, temporary=temporary, engine=engine, master=master)
    # A backtest never looks at words, so those of an export are not even kept.
    options = parse_reading_options(mapping, preset, private=private, no_text=True)
    limits = reading_limits(memory, temporary, engine)
    with show_progress(quiet=quiet) as progress, open_or_read(paths, source, options, progress, limits=limits) as record:
        result = run_backtest(record, trial, title=default_title(paths[0]), progress=progress)
    if json is not None:
        write_whole(json, as_json(result) + "\n")
    say_backtest(result)
    if json is not None:
        say(f"Every figure: {json}")


def say_backtest(result: Backtest) -> None:
    """Print the verdict, then the tables behind it."""
    part = f", every {result.one_in:,}th of all" if result.one_in > 1 else ""
    say(f"{result.title}: {result.acts:,} acts between people; {result.judged:,} people judged{part}.")
    say()
    say(result.verdict.sentence)
    for dropped in result.dropped:
        say(f"Not looked at from {dropped.at:%Y-%m-%d}: {dropped.why}.")
    if not result.origins:
        return
    for heading, heads, rows in _tables(result):
        say()
        say(heading)
        say_table(heads, rows)
    say()
    say(_footnote(result))


Rows = list[tuple[str, ...]]


def _tables(result: Backtest) -> Iterator[tuple[str, Sequence[str], Rows]]:
    yield (
        "Looked at from, and what came in the window after:",
        ("from", "bin", "window", "acts", "active", "new", "came back to", "expected", "came", "ratio"),
        [_origin(origin) for origin in result.origins],
    )
    yield (
        "People. Spearman with who came (active people, mean of the origins), the most that kept's chances would allow if exactly true "
        "(ceiling), and how far kept is ahead on kept (95 %):",
        ("", *TARGETS.values(), "ceiling", "ndcg@50", "partial", "kept is ahead by"),
        [
            (
                _named(s.label, s.by),
                *_by_target(s.spearman),
                _figure(s.ceiling),
                _figure(s.ndcg),
                _figure(s.partial),
                "" if s.name == "kept" else s.ahead.returned.text,
            )
            for s in result.scores
        ],
    )
    yield (
        "Pairs. Who acts again toward the same person:",
        ("", "auc", "precision", "brier", "log loss", "slope"),
        [
            (p.label, _figure(p.auc), _figure(p.average_precision), _figure(p.brier), _figure(p.log_loss), _figure(p.slope))
            for p in result.pair_scores
        ],
    )
    yield (
        "Ranges. How often the 90 % range of kept held what came:",
        ("", "people", "held"),
        [(c.group, f"{c.people:,}", "–" if c.held is None else f"{c.held:.0%}") for c in result.coverage],
    )
    yield "Levels. Active people by kept:", ("kept", "people", "expected", "came"), _levels(result.levels)
    yield "Levels. Pairs by their chance to act again:", ("chance", "pairs", "expected", "came"), _levels(result.reliability)
    over = [f"over {_label(result, rival.name)}" for rival in result.newcomers.rivals]
    yield (
        "Cold start. First seen in the window before, and the others:",
        ("", "people", "came back to", "expected", "came", "kept", *over),
        [_group("newcomers", result.newcomers), _group("others", result.others)],
    )


def _origin(o: OriginResult) -> tuple[str, ...]:
    return (
        f"{o.at:%Y-%m-%d %H:%M}", f"{o.bin_days:g} d", f"{o.window_days:g} d", f"{o.acts:,}", f"{o.active:,}", f"{o.newcomers:,}",
        f"{o.came_back:,}", f"{o.expected:,.1f}", f"{o.actual:,.0f}", _figure(o.ratio, 2),
    )  # fmt: skip


TARGETS = {"contacted": "resp", "returned": "kept", "returned_late": "late", "reciprocated": "recip", "wrote": "words"}
"""Column heads by the names of the targets."""


def _by_target(values: ByTarget[float | None]) -> tuple[str, ...]:
    return tuple(_figure(getattr(values, name)) for name in TARGETS)


def _named(label: str, by: str) -> str:
    return f"{label} (as of the export)" if by == "told" else label


def _label(result: Backtest, name: str) -> str:
    return next(score.label for score in result.scores if score.name == name)


def _levels(levels: Sequence[Level]) -> Rows:
    rows: Rows = []
    for level in levels:
        span = f"from {level.low:g}" if level.high is None else f"{level.low:g} to {level.high:g}"
        if level.n:
            rows.append((span, f"{level.n:,}", f"{level.expected:,.1f}", f"{level.actual:,.0f}"))
    return rows


def _group(name: str, group: Group) -> tuple[str, ...]:
    mine = next((_figure(score.spearman.returned) for score in group.scores if score.name == "kept"), "–")
    counts = (f"{group.people:,}", f"{group.came_back:,}", f"{group.expected:,.1f}", f"{group.actual:,.0f}")
    return (name, *counts, mine, *(rival.ahead.text for rival in group.rivals))


def _footnote(result: Backtest) -> str:
    after = _label(result, result.best_afterwards) if result.best_afterwards else "none"
    return (
        f"Against the rank that was best on the other half of the people, kept is ahead by {result.best_elsewhere.returned.text}. "
        f"Best on these very people, seen afterwards: {after}. Ranges of 95 % over {result.draws:,} draws of people, seed {result.seed}."
    )


def _figure(value: float | None, digits: int = 3) -> str:
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return text.replace("-", "−").replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(backtest)
