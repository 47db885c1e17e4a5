"""Part of the page: what does it cost to buy influence? `regard attack` on every set that is small enough to be copied many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from drawing import Axis, Dot, Series, curves
from set_results import SetResult
from tables import Part, figure, listed, picture, span, table

from regard.evaluation.attack.results import Attack, Mean, Raid
from regard.evaluation.attack.run import Plan, attack
from regard.record.record import Record

MAX_PEOPLE = 20_000
"""The most people of a set that is attacked."""
MOST_MOVED = 3
"""The most percentile points that an attacker may rise."""
SHOWN = ("people_ever", "pagerank", "kept", "kept_vouched")
"""Scores for which the table shows how far the largest farm brings its owner."""


def attack_sets(sets: Sequence[SetResult], records: Mapping[str, Record], plan: Plan) -> list[Attack]:
    """Attack the sets that have people enough, and not too many."""
    some = [result for result in sets if result.snapshots and max(snapshot.positions.size for snapshot in result.snapshots) <= MAX_PEOPLE]
    return [attack(records[result.name], plan, title=result.name) for result in some if plan.attackers]


def section(sets: Sequence[SetResult], attacks: Sequence[Attack]) -> Part:
    """The part about attacks; empty if there was no attack."""
    if not attacks:
        return Part([])
    tried = [attacked for attacked in attacks if attacked.raids]
    left_out = [result.name for result in sets if result.name not in {attacked.title for attacked in tried}]
    ways = {raid.mode: raid.about for attacked in tried for raid in attacked.raids}
    lines = [
        "## Can it be bought?",
        "",
        "`regard attack`: fake accounts act on an attacker from the middle of the record and spam honest people, of whom some reply. "
        "Everything is measured anew in a copy with these acts in it, the fit of the chances included. Ways: "
        f"{'; '.join(f'*{mode}*, {about}' for mode, about in ways.items())}. Ranges hold 90 of 100 draws of attackers, of whom there are "
        f"{span([raid.attackers for attacked in tried for raid in attacked.raids])} in a set: few, so that they are rough. Weights are by "
        "the seeds that Regard chooses.",
        *([f"Too few people, or too many to copy them often: {listed(left_out)}."] if left_out else []),
        *picture(
            "attack", "Where the attacker stands among active people by each score, by the number of accounts, for each way to go about it"
        ),
        "",
        f"With {span([_largest(attacked) for attacked in tried])} accounts: people bought as kept, vouched for, counts them, the most that "
        "could be bought with the attention won, the price for each honest person who replied (or accomplice), and from which percentile "
        "to which the attacker moved.",
        *table(
            ["set", "way", "people bought", "bound", "price", *(_label(tried, name) for name in SHOWN)],
            [_row(attacked, raid) for attacked in tried for raid in attacked.raids if raid.accounts == _largest(attacked)],
        ),
        "",
        _bound(tried),
        "",
        *(f"- **{attacked.title}**: {attacked.verdict.sentence}" for attacked in attacks),
        *_pods(tried),
    ]
    return Part(lines, {"attack": _curves(tried)} if tried else {})


def failures(attacks: Sequence[Attack]) -> Iterator[str]:
    """Sentences about what an attack achieved and should not have."""
    largest = [(attacked, raid) for attacked in attacks for raid in attacked.raids if raid.accounts == _largest(attacked)]
    for mode in dict.fromkeys(raid.mode for _, raid in largest):
        rises = [(attacked.title, _rise(raid, "kept_vouched")) for attacked, raid in largest if raid.mode == mode]
        far = [f"{title} ({points:+.0f})".replace("-", "−") for title, points in rises if points is not None and points > MOST_MOVED]
        if far:
            points_up = f"**up by more than {MOST_MOVED} points of 100** in kept, vouched for"
            yield f"The largest farms (*{mode}*) move their owner {points_up}, on {listed(far)}."
    broken = [
        f"{attacked.title} (*{raid.mode}*, {raid.accounts:,} accounts)"
        for attacked in attacks
        for raid in attacked.raids
        if not raid.within
    ]
    if broken:
        yield f"The **bound did not hold** on {listed(broken)}."


def _largest(attacked: Attack) -> int:
    return max(raid.accounts for raid in attacked.raids)


def _rise(raid: Raid, name: str) -> float | None:
    return next((100 * (standing.after.mean - standing.before.mean) for standing in raid.standings if standing.name == name), None)


def _label(attacks: Sequence[Attack], name: str) -> str:
    return next((standing.label for attacked in attacks for standing in attacked.raids[0].standings if standing.name == name), name)


def _mean(value: Mean | None, digits: int = 2) -> str:
    return "–" if value is None else f"{figure(value.mean, digits)} [{figure(value.low, digits)}, {figure(value.high, digits)}]"


def _row(attacked: Attack, raid: Raid) -> list[str]:
    standings = {standing.name: f"{_mean(standing.before)} to {_mean(standing.after)}" for standing in raid.standings}
    price = raid.price if raid.price is not None else raid.price_helper
    return [attacked.title, raid.mode, _mean(raid.vouched), _mean(raid.bound), _mean(price), *(standings.get(name, "–") for name in SHOWN)]


def _bound(attacks: Sequence[Attack]) -> str:
    raids = [raid for attacked in attacks for raid in attacked.raids]
    return f"The bound held in {sum(raid.within for raid in raids)} of {len(raids)} raids, for every attacker."


def _pods(attacks: Sequence[Attack]) -> list[str]:
    rows = [
        [
            attacked.title,
            f"{attacked.pods.pods} of {attacked.pods.members}",
            score.label,
            _mean(score.together),
            f"{_mean(score.before)} to {_mean(score.after)}",
        ]
        for attacked in attacks
        if attacked.pods
        for score in attacked.pods.scores
    ]
    description = (
        "Pods of real people who act on each other in every bin of the last window: what the members gain together, and where they stand."
    )
    return ["", description, *table(["set", "pods", "score", "people gained together", "percentile"], rows)] if rows else []


def _curves(attacks: Sequence[Attack]) -> str:
    modes = list(dict.fromkeys(raid.mode for attacked in attacks for raid in attacked.raids))
    sizes = sorted({raid.accounts for attacked in attacks for raid in attacked.raids})
    labels = {standing.name: standing.label for attacked in attacks for raid in attacked.raids for standing in raid.standings}
    panels = [(mode, [Series(label, _curve(attacks, mode, name, sizes)) for name, label in labels.items()]) for mode in modes]
    description = "; ".join(
        f"{mode}: " + ", ".join(f"{group.label} {' to '.join(f'{dot.y:.2f}' for dot in group.dots)}" for group in series)
        for mode, series in panels
    )
    top = float(max(sizes))
    axes = Axis("accounts", 0, top, [0, *sizes], bent=True), Axis("percentile", 0, 1, (0, 0.5, 1))
    return curves(f"The attacker's percentile by number of accounts, mean of {len(attacks)} sets", description, axes, panels)


def _curve(attacks: Sequence[Attack], mode: str, name: str, sizes: Sequence[int]) -> list[Dot]:
    def mean(size: int, *, before: bool) -> float:
        percentiles = [
            standing.before.mean if before else standing.after.mean
            for attacked in attacks
            for raid in attacked.raids
            if raid.mode == mode and raid.accounts == size
            for standing in raid.standings
            if standing.name == name
        ]
        return float(np.mean(percentiles))

    points = [(0, mean(sizes[0], before=True)), *((size, mean(size, before=False)) for size in sizes)]
    return [Dot(size, y, y, y) for size, y in points]
