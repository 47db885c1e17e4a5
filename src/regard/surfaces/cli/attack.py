"""`regard attack`: what would it cost to buy influence on this very record?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regard.studies.parse import parse_days, parse_reading_options, parse_until
from regard.surfaces.cli import options as opt
from regard.surfaces.cli.terminal import as_json, say, say_table, show_progress

if TYPE_CHECKING:
    from regard.evaluation.attack.results import Attack, Mean, Pods, Raid

EXAMPLES = """Examples:

\b
    regard attack export.zip
    regard attack community.regard --json attack.json
    regard attack community.regard --seed "Ada Lovelace" --seed "Grace Hopper" --attackers 8
"""

NAMES_SHOWN = 5


def attack(
    paths: opt.Paths,
    json: Annotated[Path | None, typer.Option("--json", help="Write every figure to this file, for programs.")] = None,
    seed: opt.Seed = None,
    attackers: Annotated[int, typer.Option("--attackers", min=1, max=1_000, help="How many people try it, one after the other.")] = 4,
    random_seed: Annotated[int, typer.Option("--random-seed", min=0, help="The same seed draws the same people.")] = 1,
    source: opt.SourceName = None,
    mapping: opt.Map = None,
    preset: opt.Preset = None,
    private: opt.Private = False,
    until: opt.Until = None,
    bin_: opt.Bin = None,
    window: opt.Window = None,
    memory: opt.Memory = None,
    quiet: opt.Quiet = False,
) -> None:
    """Plant fake accounts in copies of a record, and tell how far they bring their owner by kept and by every kind of rank."""
    from regard.evaluation.attack.run import Plan
    from regard.evaluation.attack.run import attack as run_attack
    from regard.studies.open import default_title, open_or_read, reading_limits
    from regard.studies.outputs import check_output, write_whole

    if json is not None:
        check_output(json, paths, "--json")
    plan = Plan(
        attackers, random_seed, parse_until(until), parse_days("--bin", bin_), parse_days("--window", window), memory,
        tuple(seed or ()),
    )  # fmt: skip
    # An attack never looks at words, so those of an export are not even kept.
    options = parse_reading_options(mapping, preset, private=private, no_text=True)
    limits = reading_limits(memory)
    with show_progress(quiet=quiet) as progress, open_or_read(paths, source, options, progress, limits=limits) as record:
        result = run_attack(record, plan, title=default_title(paths[0]), progress=progress)
    if json is not None:
        write_whole(json, as_json(result) + "\n")
    say_attack(result)
    if json is not None:
        say(f"Every figure: {json}")


def say_attack(result: Attack) -> None:
    """Print the verdict, then the tables behind it."""
    active = f"{result.active:,} people active in the last window of {result.window_days:g} d"
    say(f"{result.title}: {result.acts:,} acts between people; {active}.")
    say()
    say(result.verdict.sentence)
    say()
    say(_seeds(result))
    for heading, heads, rows in _tables(result):
        say()
        say(heading)
        say_table(heads, rows)
    if result.raids:
        say()
        say(_footnote(result))


Rows = list[tuple[str, ...]]


def _seeds(result: Attack) -> str:
    reasons = ", ".join(f"{people:,} {why}" for why, people in result.seeds.why.items())
    names = ", ".join(result.seeds.names[:NAMES_SHOWN])
    return f"Trust starts from {result.seeds.people:,} people ({reasons}), such as {names}; name others with --seed."


def _tables(result: Attack) -> Iterator[tuple[str, Sequence[str], Rows]]:
    for mode in dict.fromkeys(raid.mode for raid in result.raids):
        raids = [raid for raid in result.raids if raid.mode == mode]
        heads = ("", "no accounts", *(f"{raid.accounts:,} accounts" for raid in raids))
        yield f"{mode.capitalize()}: {raids[0].about}. Where the attacker stands among 100 active people:", heads, _standings(raids)
        yield "What that buys (90 % of attackers drawn again):", heads, _bought(raids)
    if result.pods:
        yield _pods(result.pods)


def _standings(raids: Sequence[Raid]) -> Rows:
    return [
        (
            raids[0].standings[i].label,
            f"{100 * raids[0].standings[i].before.mean:.0f}",
            *(f"{100 * raid.standings[i].after.mean:.0f}" for raid in raids),
        )
        for i in range(len(raids[0].standings))
    ]


def _bought(raids: Sequence[Raid]) -> Rows:
    def row(label: str, values: Sequence[Mean | None]) -> tuple[str, ...]:
        return (label, "", *(_range(value) for value in values))

    rows = [
        row("people, as kept counts them", [raid.kept for raid in raids]),
        row("people bought: by kept, vouched for", [raid.vouched for raid in raids]),
        row("the most those replies could buy", [raid.bound for raid in raids]),
        row("replies won", [raid.replies for raid in raids]),
    ]
    if any(raid.price for raid in raids):
        rows.append(row("people bought a reply", [raid.price for raid in raids]))
    if any(raid.price_helper for raid in raids):
        rows.append(row("people bought an accomplice", [raid.price_helper for raid in raids]))
    # The same with chances fitted without the attack: the difference is what the attack gains by taking part in the fit.
    rows.append(row("kept, fitted without them", [raid.clean.kept if raid.clean else None for raid in raids]))
    rows.append(row("bought, fitted without them", [raid.clean.vouched if raid.clean else None for raid in raids]))
    return rows


def _pods(pods: Pods) -> tuple[str, Sequence[str], Rows]:
    heading = f"Pods: {pods.members} real people who act on each other in every bin of the last window. What they gain, in people:"
    rows: Rows = [
        (score.label, _range(score.each), _range(score.together), f"{100 * score.before.mean:.0f}", f"{100 * score.after.mean:.0f}")
        for score in pods.scores
    ]
    return heading, ("", "each", "together", "stood at", "stands at"), rows


def _footnote(result: Attack) -> str:
    held = "held in every run" if all(raid.within for raid in result.raids) else "did NOT hold in every run"
    together = max(result.raids, key=lambda raid: raid.at_once)
    return (
        f"{result.raids[0].attackers} attackers from the middle of the active people (40 to 60 of 100 by kept), seed {result.random_seed}; "
        f"farms of {together.accounts} are planted {together.at_once} at a time. The bound on what can be bought {held}. "
        "Vouched for is a price on accounts, no judgement of anybody's character."
    )


def _range(value: Mean | None) -> str:
    return "" if value is None else f"{value.mean:.2f} [{value.low:.2f}, {value.high:.2f}]"


def add_to(app: typer.Typer) -> None:
    """Make the command known."""
    app.command(epilog=EXAMPLES)(attack)
