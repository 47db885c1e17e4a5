"""The alive model on the states of pairs and of senders. What it says of each distinct state comes back as a relation.

See kernels/alive_model.py for the model. It sees distinct states and not pairs, so its input stays small: a state is x, t and n, the
active bins after the first, the bins from the first to the last active bin, and the bins since the first.
"""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Values
from regard.measures.base import integer
from regard.measures.kernels import alive_model
from regard.measures.pairs.snapshots import PAST, Landmark

FAN_BINS = 3
"""Different bins of the next window in which a true fan comes back."""


def same_state(state: str, known: str) -> str:
    """SQL for whether the row `known` of a snapshot is in the state of the row `state`."""
    return f"{state}.x = {known}.bins - 1 AND {state}.t = {known}.first_age - {known}.last_age AND {state}.n = {known}.first_age"


def _states(relation: str) -> str:
    """SQL for the distinct states of a snapshot, now and at each landmark, with the number of rows in them now.

    States that only landmarks have are predicted and not fitted, so their number is 0.
    """

    def at(landmark: Landmark) -> str:
        return f"SELECT bins - 1, first_age - last_age, first_age, 0 FROM {relation}{landmark.suffix} GROUP BY ALL"

    now = f"SELECT bins - 1 AS x, first_age - last_age AS t, first_age AS n, count(*) AS pairs FROM {relation} GROUP BY ALL"
    states = " UNION ALL ".join((now, *map(at, PAST)))
    return f"SELECT x, t, n, CAST(sum(pairs) AS BIGINT) AS pairs FROM ({states}) GROUP BY x, t, n"


def _predict(states: Arrays, values: Values) -> Arrays:
    """Fit the prior on the states of now, and predict all states; chances are rounded to nine decimals."""
    x, t, n, pairs = (np.asarray(states[name], dtype=np.float64) for name in ("x", "t", "n", "pairs"))
    fitted = pairs > 0
    grid = alive_model.fit(x[fitted], t[fitted], n[fitted], pairs[fitted])
    predicted = alive_model.predict(grid, x, t, n, integer(values, "window_bins"), at_least=FAN_BINS)
    chances = {"p_alive": predicted.p_alive, "p_return": predicted.p_return, "p_return_3": predicted.p_return_at_least}
    return {
        **{name: np.asarray(states[name], dtype=np.int32) for name in ("x", "t", "n")},
        **{name: np.round(chance, 9) for name, chance in chances.items()},
    }


PAIR_STATES = ArrayStep("pair_states", _states("pairs"), _predict)
SENDER_STATES = ArrayStep("sender_states", _states("senders"), _predict)
