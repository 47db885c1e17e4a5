"""Pairs: who ever acted toward whom, how often, and how long ago?

Counts only. No model is fitted for them, so the measures that need nothing more than counts are quick.
"""

from __future__ import annotations

from regard.measures.base import Column, Measure
from regard.measures.pairs.snapshots import NOW, PAIR_BINS

PAIRS = Measure(
    name="pairs",
    question="Who ever acted toward whom, how often, and how long ago?",
    row="one ordered pair: actor acted toward target at least once",
    key=("actor", "target"),
    columns=(
        Column("actor", "person", "who acts"),
        Column("target", "person", "toward whom"),
        Column("acts", "acts", "how often"),
        Column("words", "acts", "how often by words: a reply, mention, message or thanks"),
        Column("bins", "bins", "in how many different bins"),
        Column("first_age", "bins", "bins since the first active one"),
        Column("last_age", "bins", "bins since the last active one"),
        Column("words_age", "bins", "bins since the last one with words; missing if there were never any"),
        Column("first", "time, UTC", "the first act"),
        Column("last", "time, UTC", "the last act"),
        Column("recent", "bins", "active bins in the last window"),
        Column("latest", "bins", "active bins in the last quarter of a window, or in the last bin"),
        Column("decayed", "weight", "active bins, each counting half for each window of its age"),
    ),
    parts=(PAIR_BINS, NOW.pairs),
    cannot="whether they will act again (see `ties`)",
    table=False,
)
"""It leaves the relation `pair_bins` behind for the pair model."""
