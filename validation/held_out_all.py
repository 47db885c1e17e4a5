"""Is `kept` better than rank, and on which communities? `regard backtest` over all public records that are there, as one Markdown section.

    python validation/held_out_all.py --data FOLDER [--sets collegemsg,mapnik] [--draws 2000] > held_out.md

Moments, bin and window are those that each record decides by itself (docs/backtest.md). Differences are of Spearman's rank correlation
with the people kept, over active people, mean over the moments; ranges hold 95 % of draws of people, and * marks those clear of 0. Means
over sets weigh each set alike; their draws are of the people within each set. A set that is not there, or that no source reads, is named
and skipped.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sets import SETS, without

import regard
from regard.errors import Unrecognised
from regard.trials import metrics
from regard.trials.backtest import Look, Trial, drawn_from, judged, look, shared_scores
from regard.trials.baselines import RIVALS
from regard.trials.bootstrap import Plan, against_best, between, bootstrap
from regard.trials.cut import SCORES
from regard.trials.judge import pooled
from regard.trials.outcome import Backtest, Range
from regard.trials.targets import TARGETS

Floats = NDArray[np.float64]

KEPT = TARGETS.index("kept")
LABELS = {score.name: score.label for score in SCORES}


@dataclass(frozen=True)
class Tried:
    """One set: what was seen, what a backtest says of it, and every draw of kept minus each rival and minus the best picked elsewhere."""

    name: str
    seen: Look
    found: Backtest
    ahead: dict[str, Floats]


def tried(name: str, path: Path, plan: Plan, table: Path | None) -> Tried:
    """A backtest of one set, and its draws."""
    with regard.read(path, text=False) as record:
        seen = look(record, Trial(coefficients=table and table.with_name(without(table.name, name))))
    names = ["kept", *RIVALS]
    draws = bootstrap(drawn_from(seen.cuts, names), plan)[:, KEPT]
    ranks = ["kept", *(score.name for score in shared_scores(seen.cuts) if score.by == "rank")]
    _, picked = against_best(drawn_from(seen.cuts, ranks), plan)
    ahead = {rival: draws[0] - draws[i] for i, rival in enumerate(names) if i}
    return Tried(name, seen, judged(seen, plan, name), {**ahead, "best elsewhere": picked[KEPT]})


def main() -> None:
    """Try all sets that are there, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default="")
    parser.add_argument("--coefficients", type=Path, help="TABLE.json of `freeze.py --each`: each set is judged by what the others taught")
    parser.add_argument("--draws", type=int, default=2_000)
    arguments = parser.parse_args()
    wanted = [part.strip() for part in arguments.sets.split(",") if part.strip()]
    found: list[Tried] = []
    skipped: list[str] = []
    for name, path in SETS.items():
        if wanted and name not in wanted:
            continue
        try:
            if (arguments.data / path).exists():
                found.append(tried(name, arguments.data / path, Plan(arguments.draws, 1), arguments.coefficients))
            else:
                skipped.append(f"{name} (not in the data folder)")
        except Unrecognised:
            skipped.append(f"{name} (no source reads it)")
    for line in section(found, skipped, arguments.draws):
        print(line)


def section(sets: Sequence[Tried], skipped: Sequence[str], draws: int) -> list[str]:
    """The Markdown."""
    parts = ["## Held-out windows", "", f"`regard backtest` on {len(sets)} public records; {draws:,} draws of people, seed 1."]
    parts += ["", f"Skipped: {', '.join(skipped)}."] if skipped else []
    return [*parts, *_people(sets), *_verdicts(sets), *_pairs(sets), *_levels(sets), *_means(sets), *_pooled(sets)]


def _people(sets: Sequence[Tried]) -> list[str]:
    names = [*(f"over {LABELS[rival]}" for rival in RIVALS), "over the best picked elsewhere"]
    parts = _head("People", ["set", "active", "bin/H (d)", "came back to", "Spearman of kept", *names])
    for one in sets:
        origins = one.found.origins
        if not origins:
            parts.append(f"| {one.name} | " + " | ".join("–" * (len(names) + 4)) + " |")
            continue
        ahead = {score.name: score.ahead.kept for score in one.found.scores if score.rival}
        cells = [
            _span([origin.active for origin in origins]),
            "; ".join(dict.fromkeys(f"{origin.bin_days:g}/{origin.window_days:g}" for origin in origins)),
            f"{int(one.found.verdict.evidence)}",
            _figure(one.found.scores[0].spearman.kept),
            *(_starred(ahead[rival]) for rival in RIVALS),
            _starred(one.found.best_elsewhere.kept),
        ]
        parts.append(f"| {one.name} | " + " | ".join(cells) + " |")
    return parts


def _verdicts(sets: Sequence[Tried]) -> list[str]:
    parts = ["", "### Verdicts", ""]
    for one in sets:
        dropped = (
            f" Dropped: {len(one.found.dropped)} of {len(one.found.dropped) + len(one.found.origins)} moments." if one.found.dropped else ""
        )
        parts.append(f"- **{one.name}**: {one.found.verdict.sentence}{dropped}")
    return parts


def _pairs(sets: Sequence[Tried]) -> list[str]:
    labels = [score.label for score in sets[0].found.pair_scores] if sets else []
    parts = _head("Pairs: AUC / average precision, means over the moments", ["set", "pairs", "again", *labels, "slope"])
    for one in sets:
        counts = [_span([origin.pairs for origin in one.found.origins]), _span([origin.again for origin in one.found.origins])]
        scores = [f"{_figure(score.auc)} / {_figure(score.average_precision)}" for score in one.found.pair_scores]
        parts.append(f"| {one.name} | " + " | ".join([*counts, *scores, _figure(one.found.pair_scores[0].slope)]) + " |")
    return parts


def _levels(sets: Sequence[Tried]) -> list[str]:
    parts = _head(
        "Levels and ranges: what was expected over what came, and how often the 90 % range held it",
        ["set", "expected / actual", "mean log ratio", "active people", "held", "people with kept over 3", "held", "newcomers", "held"],
    )
    for one in sets:
        ratios = "/".join(_figure(origin.ratio, 2) for origin in one.found.origins)
        held = [cell for cover in one.found.coverage for cell in (f"{cover.people:,}", _figure(cover.held, 2))]
        parts.append(f"| {one.name} | " + " | ".join([ratios, _figure(one.found.mean_log_ratio, 2), *held]) + " |")
    return parts


def _means(sets: Sequence[Tried]) -> list[str]:
    parts = _head("Means over the sets: kept ahead by", ["sets", *(LABELS[rival] for rival in RIVALS), "best picked elsewhere"])
    enough = [one for one in sets if one.found.verdict.evidence >= 30]
    for label, some in ((f"all {len(sets)}", sets), (f"the {len(enough)} with 30 people to whom somebody came back", enough)):
        if some:
            parts.append(f"| {label} | " + " | ".join(_over_sets(some, name) for name in (*RIVALS, "best elsewhere")) + " |")
    parts += _head("Means over the sets: each score", ["score", "sets", "Spearman", "ndcg@50", "partial"])
    for name, label in LABELS.items():
        mine = [score for one in sets for score in one.found.scores if score.name == name]
        if mine:
            columns = ([s.spearman.kept for s in mine], [s.ndcg for s in mine], [s.partial for s in mine])
            parts.append(f"| {label} | {len(mine)} | " + " | ".join(_figure(_mean(column)) for column in columns) + " |")
    return parts


def _over_sets(sets: Sequence[Tried], name: str) -> str:
    if name == "best elsewhere":
        here = [one.found.best_elsewhere.kept for one in sets]
    else:
        here = [score.ahead.kept for one in sets for score in one.found.scores if score.name == name]
    told = [found.estimate for found in here if found.estimate is not None]
    low, high = between(np.nanmean([one.ahead[name] for one in sets], axis=0))
    return f"{_starred(Range(float(np.mean(told)), low, high))}; ahead on {sum(value > 0 for value in told)} of {len(told)}"


def _pooled(sets: Sequence[Tried]) -> list[str]:
    cuts = [cut for one in sets for cut in one.seen.cuts]
    if not cuts:
        return []
    slope = metrics.slope(*pooled(cuts, "p_again"))
    ratios = [origin.ratio for one in sets for origin in one.found.origins if origin.ratio]
    held = {
        group: [c for one in sets for c in one.found.coverage if c.group == group and c.held is not None] for group in ("active", "over 3")
    }
    shares = {group: sum(c.people * (c.held or 0) for c in some) / max(1, sum(c.people for c in some)) for group, some in held.items()}
    return [
        "",
        f"Pooled over all sets: reliability slope of pairs {slope:.2f}; the 90 % range held {shares['active']:.0%} of active people and "
        f"{shares['over 3']:.0%} of those with kept over 3; mean |log(expected / actual)| {np.mean(np.abs(np.log(ratios))):.2f}, "
        f"median ratio {np.median(ratios):.2f}, over {len(ratios)} windows.",
    ]


def _head(title: str, columns: Sequence[str]) -> list[str]:
    return ["", f"### {title}", "", "| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]


def _starred(found: Range) -> str:
    clear = found.low is not None and found.high is not None and (found.low > 0 or found.high < 0)
    return found.told + ("*" if clear else "")


def _span(values: Sequence[int]) -> str:
    if not values:
        return "–"
    return f"{min(values):,}" if min(values) == max(values) else f"{min(values):,}–{max(values):,}"


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _mean(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return float(np.mean(told)) if told else None


if __name__ == "__main__":
    main()
