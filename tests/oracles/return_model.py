"""The return model: features of a pair at a landmark, which pairs returned, levels, slopes and spreads.

Written from the definitions alone. scipy maximises the likelihood of the slopes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log

import numpy as np
from scipy import optimize

from regard.measures.kernels import alive_model
from regard.measures.kernels.alive_model import Grid
from regard.measures.pairs import return_model as constants
from regard.measures.pairs.features import expressions
from regard.measures.pairs.pretrained import Pretrained, pretrained
from regard.measures.pairs.snapshots import NOW
from regard.measures.timescale import Timescale

from .alive_model import chances
from .pairs import ages, state
from .world import Floats, Pair, World

NAMES = tuple(expressions(NOW))
Features = dict[str, float]


def landmarks(r: Timescale) -> dict[int, int]:
    """How many bins before now each landmark lies, by its number."""
    window = r.window_bins
    return {0: 0, 1: window, 2: window * 3 // 2, 3: window * 2, 4: window * 3}


def fit_prior(histories: Iterable[Sequence[int]]) -> Grid:
    """The prior of the alive model, fitted on what is known today."""
    counts = Counter(state(active) for active in histories)
    states = sorted((*known, count) for known, count in counts.items() if known is not None)
    x, t, n, count = np.array(states, dtype=np.float64).reshape(-1, 4).T
    return alive_model.fit(x, t, n, count)


def logit(chance: float, least: float = 1e-6) -> float:
    """The logit of a chance that is kept away from 0 and 1."""
    bounded = min(1 - 1e-6, max(least, chance))
    return log(bounded / (1 - bounded))


@dataclass(frozen=True)
class ReturnModel:
    """The return model of one community."""

    world: World
    timescale: Timescale

    @cached_property
    def bins(self) -> dict[Pair, list[int]]:
        """How many bins ago each pair was active, oldest first."""
        return ages(self.world, self.timescale)

    @cached_property
    def grid(self) -> Grid:
        """The prior of pairs."""
        return fit_prior(self.bins.values())

    @cached_property
    def senders(self) -> dict[str, list[int]]:
        """How many bins ago each person acted toward anybody, oldest first."""
        people = {actor for actor, _ in self.bins}
        return {u: sorted({age for (actor, _), active in self.bins.items() if actor == u for age in active}, reverse=True) for u in people}

    @cached_property
    def sender_grid(self) -> Grid:
        """The prior of senders."""
        return fit_prior(self.senders.values())

    def known(self, back: int) -> dict[Pair, list[int]]:
        """The active bins of each pair as they were known so many bins ago."""
        known = {pair: [age - back for age in active if age >= back] for pair, active in self.bins.items()}
        return {pair: active for pair, active in known.items() if active}

    def returned(self, back: int) -> set[Pair]:
        """Pairs that were active in the window after."""
        return {pair for pair, active in self.bins.items() if any(back - self.timescale.window_bins <= age < back for age in active)}

    def _p_return(self, grid: Grid, active: Sequence[int]) -> float:
        """The alive model's chance for a history of active bins, to nine decimals as it is kept."""
        known = state(active)
        assert known is not None
        return round(chances(grid, *known, self.timescale.window_bins).p_return, 9)

    def p_return_alive(self, back: int) -> dict[Pair, float]:
        """The alive model's chance of each pair known then."""
        return {pair: self._p_return(self.grid, active) for pair, active in self.known(back).items()}

    def features(self, back: int) -> dict[Pair, Features]:
        """Every feature of every pair known then."""
        known, p_return = self.known(back), self.p_return_alive(back)
        window, cut = self.timescale.window_bins, self.world.until - back * self.timescale.bin_us
        seen = {pair: [time for time in times if time < cut] for pair, times in self.world.times.items()}
        active = {u: [age - back for age in bins if age >= back] for u, bins in self.senders.items()}
        people = {u: self._p_return(self.sender_grid, bins) for u, bins in active.items() if bins}

        def since(times: Sequence[int], pick: Callable[[Sequence[int]], int] = max) -> float:
            return log(min(4.0, max(0.01, (cut - pick(times)) / self.timescale.window_us))) if times else log(4)

        def given(person: str, side: int) -> list[list[int]]:
            return [bins for pair, bins in known.items() if pair[side] == person]

        def within(histories: Sequence[Sequence[int]], bins: int) -> int:
            return sum(age < bins for history in histories for age in history)

        def decayed(bins: Sequence[int]) -> float:
            return log(0.02 + sum(0.5 ** (age / window) for age in bins))

        def of_pair(pair: Pair) -> Features:
            u, v = pair
            mine, back_ = known[pair], known.get((v, u), [])
            by_u, by_v, to_v = given(u, 0), given(v, 0), given(v, 1)
            quarter = max(1, window // 4)
            return {
                "return_chance": logit(p_return[pair]),
                "active_bins": log(1 + min(128, len(mine))),
                "since_last": since(seen[pair]),
                "since_first": since(seen[pair], min),
                "decayed_bins": decayed(mine),
                "repeated": float(len(mine) > 1),
                "two_way": float(bool(back_)),
                "back_since_last": since(seen.get((v, u), [])),
                "back_return_chance": logit(p_return.get((v, u), 0), 1e-3),
                "back_decayed_bins": decayed(back_),
                "sender_recent_sent": log(1 + within(by_u, window)),
                "sender_latest_sent": log(1 + within(by_u, quarter)),
                "sender_since_sent": since([time for (actor, _), times in seen.items() if actor == u for time in times]),
                "sender_people": log(1 + len(by_u)),
                "sender_recent_people": log(1 + sum(bins[-1] < window for bins in by_u)),
                "sender_repeat_share": logit((sum(len(bins) > 1 for bins in by_u) + 0.5) / (len(by_u) + 2)),
                "sender_return_chance": logit(people[u]),
                "receiver_recent_sent": log(1 + within(by_v, window)),
                "receiver_since_sent": since([time for (actor, _), times in seen.items() if actor == v for time in times]),
                "receiver_return_chance": logit(people.get(v, 0), 1e-3),
                "receiver_recent_received": log(1 + within(to_v, window)),
                "receiver_latest_received": log(1 + within(to_v, quarter)),
                "receiver_people": log(1 + len(to_v)),
                "receiver_recent_people": log(1 + sum(bins[-1] < window for bins in to_v)),
            }

        return {pair: of_pair(pair) for pair in known}

    def past_level(self, back: int) -> dict[str, float]:
        """What the alive model expected of the window after, and what it held."""
        p_return = self.p_return_alive(back)
        return {"expected": sum(p_return.values()), "actual": len(self.returned(back) & set(p_return))}

    @cached_property
    def windows(self) -> list[dict[str, float]]:
        """Past windows that do not overlap and in which somebody was known, the latest first."""
        back = landmarks(self.timescale)
        return [self.past_level(back[number]) for number in (1, 3, 4) if self.known(back[number])]

    @property
    def level(self) -> float:
        """The log of the factor on the alive model's sum."""
        errors = [log((window["actual"] + 8) / (window["expected"] + 8)) for window in self.windows]
        return (0.25 * errors[0] if errors else 0) - 0.25 * max(0, self.growth)

    @property
    def growth(self) -> float:
        """The log of the active bins of all pairs in the last window over those of the mean window before; 0 if there was none."""
        every, window = [age for active in self.bins.values() for age in active], self.timescale.window_bins
        latest = sum(age < window for age in every)
        before = max(every) + 1 - window
        return log((latest + 8) / ((len(every) - latest) * window / before + 8)) if before > 0 else 0

    @property
    def level_spread(self) -> float:
        """The squared relative error of the community's count: two windows of other communities, and one's own."""
        errors = [log((window["actual"] + 8) / (window["expected"] + 8)) for window in self.windows]
        return (2 * 0.12 + sum(error**2 for error in errors)) / (2 + len(errors))

    def past_chances(self, back: int, model: Mapping[str, float]) -> dict[Pair, float]:
        """The chances of all pairs known then by the slopes of the model, so that they add up to those that returned."""
        features, total = self.features(back), self.past_level(back)["actual"]
        if total in (0, len(features)):
            return dict.fromkeys(features, total / max(1, len(features)))
        z = np.array([sum(model[f"b_{name}"] * row[name] for name in NAMES) for row in features.values()])
        shift = optimize.brentq(lambda a: (1 / (1 + np.exp(-z - a))).sum() - total, -90, 90, xtol=1e-12)
        return dict(zip(features, (1 / (1 + np.exp(-z - shift))).tolist(), strict=True))

    def witnesses(self, model: Mapping[str, float]) -> list[tuple[float, float]]:
        """Weight and squared relative error beyond chance of everybody of whom more than three were expected, at all past landmarks."""
        back, found = landmarks(self.timescale), []
        for bins in (back[number] for number in (1, 3, 4)):
            chances_, returned = self.past_chances(bins, model), self.returned(bins)
            for person in {target for _, target in chances_}:
                mine = {pair: p for pair, p in chances_.items() if pair[1] == person}
                mean, chance = sum(mine.values()), sum(p * (1 - p) for p in mine.values())
                if mean > 3:
                    weight = (0.1 * mean**2 / (chance + 0.1 * mean**2)) ** 2
                    found.append((weight, ((len(returned & mine.keys()) - mean) ** 2 - chance) / mean**2))
        return found

    def spread(self, model: Mapping[str, float]) -> float:
        """The squared relative error of one person's count: twenty people of other communities, one's own, and that of the community."""
        witnesses = self.witnesses(model)
        person = (20 * 0.1 + sum(weight * error for weight, error in witnesses)) / (20 + sum(weight for weight, _ in witnesses))
        return min(4.0, max(0.0, person) + self.level_spread)

    def slopes(self, table: Pretrained | None = None) -> tuple[Floats, int]:
        """Slopes for centred and scaled features, as scipy finds them, and the number of returns they rest on."""
        table = table or pretrained()
        parts = []
        for number, back in landmarks(self.timescale).items():
            features, returned = self.features(back), self.returned(back)
            if number and returned & set(features):
                x = np.array([[row[name] for name in table.names] for row in features.values()]) / table.scale
                y = np.array([float(pair in returned) for pair in features])
                x = x - x.mean(axis=0)
                total = sum(self.p_return_alive(back).values())
                shift = optimize.brentq(lambda a, z=x @ table.slope, t=total: (1 / (1 + np.exp(-z - a))).sum() - t, -60, 60, xtol=1e-12)
                parts.append((x, y, np.full(y.size, shift)))
        if not parts:
            return table.slope, 0
        x, y, offset = (np.concatenate(column) for column in zip(*parts, strict=True))
        mean, precision = (
            np.concatenate([[0.0], table.slope]),
            np.concatenate([[1.0], np.full(table.slope.size, constants.PRIOR_CASES)]),
        )

        def loss(b: Floats) -> tuple[float, Floats]:
            z = offset + b[0] + x @ b[1:]
            p = 1 / (1 + np.exp(-z))
            error = (p - y) / constants.OVERLAP
            height = float((np.logaddexp(0, z) - y * z).sum() / constants.OVERLAP + (precision * (b - mean) ** 2).sum() / 2)
            return height, np.concatenate([[error.sum()], error @ x]) + precision * (b - mean)

        fitted = optimize.minimize(loss, mean, jac=True, method="BFGS", options={"gtol": 1e-9})
        return np.asarray(fitted.x[1:], dtype=np.float64), int(y.sum())

    def p_return(self, model: Mapping[str, float]) -> dict[Pair, float]:
        """The return model's chance of every pair, by the row of `pair_model`."""
        chances_ = {}
        for pair, row in self.features(0).items():
            z = model["intercept"] + sum(model[f"b_{name}"] * row[name] for name in NAMES)
            chances_[pair] = 1 / (1 + exp(-max(-30.0, min(30.0, z))))
        return chances_
