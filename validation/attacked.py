"""Part of the page: what does it cost to buy influence? `regard attack` on every set that is not too large to be copied many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from drawing import Axis, Dot, Series, curves
from tables import Part, figure, listed, picture, span, table
from tried import Tried

from regard.evaluation.attack.results import Attack, Mean, Raid
from regard.evaluation.attack.run import Plan, attack
from regard.record.record import Record

LARGEST = 20_000
"""People in a set that is attacked."""
MOST_LOST = 3
"""Percentile points by which an attacker may move."""
SHOWN = ("people_ever", "pagerank", "kept", "kept_vouched")
"""Scores of which the table tells where the largest farm brings its owner."""


def attacks(sets: Sequence[Tried], records: Mapping[str, Record], plan: Plan) -> list[Attack]:
    """Attacks on the sets that have people enough, and not too many."""
    some = [one for one in sets if one.cuts and max(cut.place.size for cut in one.cuts) <= LARGEST]
    return [attack(records[one.name], plan, title=one.name) for one in some if plan.attackers]


def section(sets: Sequence[Tried], found: Sequence[Attack]) -> Part:
    """What was tried, and what it cost; nothing where nothing was tried."""
    if not found:
        return Part([])
    tried = [one for one in found if one.raids]
    left_out = [one.name for one in sets if one.name not in {each.title for each in tried}]
    ways = {raid.mode: raid.about for one in tried for raid in one.raids}
    lines = [
        "## Can it be bought?",
        "",
        "`regard attack`: fake accounts act on an attacker from the middle of the record and spam honest people, of whom some reply. "
        "Everything is measured anew in a copy with these acts in it, the fit of the chances included. Ways: "
        f"{'; '.join(f'*{mode}*, {about}' for mode, about in ways.items())}. Ranges hold 90 of 100 draws of attackers, of whom there are "
        f"{span([raid.attackers for one in tried for raid in one.raids])} in a set: few, so that they are rough. Weights are by the "
        "seeds that Regard chooses.",
        *([f"Too few people, or too many to copy them often: {listed(left_out)}."] if left_out else []),
        *picture(
            "attack", "Where the attacker stands among active people by each score, by the number of accounts, for each way to go about it"
        ),
        "",
        f"With {span([_largest(one) for one in tried])} accounts: people bought as kept, vouched for, counts them, the most that could "
        "be bought with the attention won, the price for each honest person who replied (or accomplice), and from which percentile to "
        "which the attacker moved.",
        *table(
            ["set", "way", "people bought", "bound", "price", *(_label(tried, name) for name in SHOWN)],
            [_row(one, raid) for one in tried for raid in one.raids if raid.accounts == _largest(one)],
        ),
        "",
        _bound(tried),
        "",
        *(f"- **{one.title}**: {one.verdict.sentence}" for one in found),
        *_pods(tried),
    ]
    return Part(lines, {"attack": _curves(tried)} if tried else {})


def failed(found: Sequence[Attack]) -> Iterator[str]:
    """What an attack achieved that it should not have."""
    largest = [(one, raid) for one in found for raid in one.raids if raid.accounts == _largest(one)]
    for mode in dict.fromkeys(raid.mode for _, raid in largest):
        moved = [(one.title, _moved(raid, "kept_vouched")) for one, raid in largest if raid.mode == mode]
        far = [f"{title} ({points:+.0f})".replace("-", "−") for title, points in moved if points is not None and points > MOST_LOST]
        if far:
            points_up = f"**up by more than {MOST_LOST} points of 100** in kept, vouched for"
            yield f"The largest farms (*{mode}*) move their owner {points_up}, on {listed(far)}."
    broken = [f"{one.title} (*{raid.mode}*, {raid.accounts:,} accounts)" for one in found for raid in one.raids if not raid.within]
    if broken:
        yield f"The **bound did not hold** on {listed(broken)}."


def _largest(one: Attack) -> int:
    return max(raid.accounts for raid in one.raids)


def _moved(raid: Raid, name: str) -> float | None:
    return next((100 * (standing.after.mean - standing.before.mean) for standing in raid.standings if standing.name == name), None)


def _label(found: Sequence[Attack], name: str) -> str:
    return next((standing.label for one in found for standing in one.raids[0].standings if standing.name == name), name)


def _mean(value: Mean | None, digits: int = 2) -> str:
    return "–" if value is None else f"{figure(value.mean, digits)} [{figure(value.low, digits)}, {figure(value.high, digits)}]"


def _row(one: Attack, raid: Raid) -> list[str]:
    places = {standing.name: f"{_mean(standing.before)} to {_mean(standing.after)}" for standing in raid.standings}
    price = raid.price if raid.price is not None else raid.price_helper
    return [one.title, raid.mode, _mean(raid.vouched), _mean(raid.bound), _mean(price), *(places.get(name, "–") for name in SHOWN)]


def _bound(found: Sequence[Attack]) -> str:
    raids = [raid for one in found for raid in one.raids]
    return f"The bound held in {sum(raid.within for raid in raids)} of {len(raids)} raids, for every attacker."


def _pods(found: Sequence[Attack]) -> list[str]:
    rows = [
        [
            one.title,
            f"{one.pods.pods} of {one.pods.members}",
            score.label,
            _mean(score.together),
            f"{_mean(score.before)} to {_mean(score.after)}",
        ]
        for one in found
        if one.pods
        for score in one.pods.scores
    ]
    words = (
        "Pods of real people who act on each other in every bin of the last window: what the members gain together, and where they stand."
    )
    return ["", words, *table(["set", "pods", "score", "people gained together", "percentile"], rows)] if rows else []


def _curves(found: Sequence[Attack]) -> str:
    modes = list(dict.fromkeys(raid.mode for one in found for raid in one.raids))
    sizes = sorted({raid.accounts for one in found for raid in one.raids})
    labels = {standing.name: standing.label for one in found for raid in one.raids for standing in raid.standings}
    panels = [(mode, [Series(label, _curve(found, mode, name, sizes)) for name, label in labels.items()]) for mode in modes]
    words = "; ".join(
        f"{mode}: " + ", ".join(f"{one.label} {' to '.join(f'{dot.y:.2f}' for dot in one.dots)}" for one in series)
        for mode, series in panels
    )
    top = float(max(sizes))
    axes = Axis("accounts", 0, top, [0, *sizes], bent=True), Axis("percentile", 0, 1, (0, 0.5, 1))
    return curves(f"The attacker's percentile by number of accounts, mean of {len(found)} sets", words, axes, panels)


def _curve(found: Sequence[Attack], mode: str, name: str, sizes: Sequence[int]) -> list[Dot]:
    def mean(size: int, *, before: bool) -> float:
        told = [
            standing.before.mean if before else standing.after.mean
            for one in found
            for raid in one.raids
            if raid.mode == mode and raid.accounts == size
            for standing in raid.standings
            if standing.name == name
        ]
        return float(np.mean(told))

    points = [(0, mean(sizes[0], before=True)), *((size, mean(size, before=False)) for size in sizes)]
    return [Dot(size, y, y, y) for size, y in points]
