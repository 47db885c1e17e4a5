"""Cooling: which two-way ties are going cold?

A pair of people is listed if all of this is true. They acted toward each other, both ways. They did so in at least six bins, those of both
directions added. P(alive), the mean of both directions by the alive model, was .5 or more a window ago and is below .5 now. Both directions
are older than a window.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure

COOLING = Measure(
    name="cooling",
    question="Which two-way ties are going cold?",
    row="one pair of people (person is the smaller number)",
    key=("person", "other"),
    columns=(
        Column("person", "person", "one of the two"),
        Column("other", "person", "the other"),
        Column("bins", "bins", "active bins, those of both directions added"),
        Column("last", "time, UTC", "the last act between them"),
        Column("usual_gap_bins", "bins", "how far apart the active bins of a direction usually lay"),
        Column("silent_bins", "bins", "bins since the last act"),
        Column("p_before", "0 to 1", "chance that it was alive a window ago"),
        Column("p_now", "0 to 1", "chance that it is alive now"),
    ),
    parts=(
        Step(
            "cooling",
            """
            SELECT * FROM (
                SELECT t.actor AS person, t.target AS other, t.bins + b.bins AS bins, greatest(t.last, b.last) AS last,
                    round((coalesce(t.gap_bins, b.gap_bins) + coalesce(b.gap_bins, t.gap_bins)) / 2, 9) AS usual_gap_bins,
                    least(t.silent_bins, b.silent_bins) AS silent_bins,
                    round((t.p_alive_before + b.p_alive_before) / 2, 9) AS p_before, round((t.p_alive + b.p_alive) / 2, 9) AS p_now
                FROM ties t JOIN ties b ON b.actor = t.target AND b.target = t.actor WHERE t.actor < t.target AND t.two_way) both_ways
            WHERE bins >= 6 AND p_before >= 0.5 AND p_now < 0.5
            """,
        ),
    ),
    needs=("ties",),
    cannot="why; whether they talk elsewhere",
    source="the alive model is a relative of BG/BB: Fader, Hardie, Shang 2010",
)
