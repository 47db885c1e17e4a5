"""The pair model: how likely is each pair to act again, by the alive model and by the return model?

The alive model says it for each distinct state of a pair. The return model corrects it by what else is known of the pair and its people.
Both fits read distinct states or a bounded sample of pairs, never all pairs, and so does the spread: how far off their counts of people
were in the past. `ties` joins their answers back to the pairs.
"""

from __future__ import annotations

from regard.measures.base import Column, Measure
from regard.measures.pairs.alive import PAIR_STATES, SENDER_STATES
from regard.measures.pairs.features import expressions
from regard.measures.pairs.return_model import RETURN_MODEL
from regard.measures.pairs.snapshots import ACTIVE_BINS, NOW, PAST, WINDOW_AGO
from regard.measures.pairs.spread import JUDGED, PAST_ERRORS, SPREAD
from regard.measures.pairs.training import PAST_LEVELS, RETURNED, SAMPLED

_PEOPLE = tuple(step for landmark in PAST for step in landmark.people)
_PAIRS = tuple(landmark.pairs for landmark in PAST)

PAIR_MODEL = Measure(
    name="pair_model",
    question="What tells whether a pair acts again?",
    row="the model of this record; there is only one row",
    key=(),
    columns=(
        *(Column(f"b_{name}", "log odds", f"slope of the feature {name}") for name in expressions(NOW)),
        Column("intercept", "log odds", "added to the slopes times the features"),
        Column("level", "logarithm", "of the factor between the sum of all chances and that of the alive model"),
        Column("level_spread", "squared error", "relative, beyond chance, of the number of returns in the whole community"),
        Column("n_returns", "returns", "those that the slopes were learned from"),
        Column("spread", "squared error", "relative, beyond chance, of the number of people who come back to one person"),
    ),
    parts=(
        ACTIVE_BINS,
        *NOW.people,
        *(step for landmark in PAST for step in (landmark.pairs, *landmark.people)),
        PAIR_STATES,
        SENDER_STATES,
        *RETURNED,
        *SAMPLED,
        PAST_LEVELS,
        RETURN_MODEL,
        *JUDGED,
        PAST_ERRORS,
        SPREAD,
    ),
    needs=("pairs",),
    cannot="causes",
    source="the alive model is a relative of BG/BB: Fader, Hardie, Shang 2010",
    dropped=(
        "active_bins", "past_levels", "return_model", "past_errors", *(step.name for step in (*RETURNED, *SAMPLED, *JUDGED, *_PEOPLE)),
        *(step.name for step in _PAIRS if step.name != WINDOW_AGO.pairs.name),
    ),
    consumes=("pair_bins",),
    table=False,
)  # fmt: skip
"""It leaves behind for `ties` what the two fits say of states, and the snapshots that it joins: people now, pairs a window ago."""
