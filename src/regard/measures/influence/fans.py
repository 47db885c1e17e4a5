"""True fans: how many people will come back to someone again and again?

A true fan of v acts toward v in three or more different bins of the next window. fans(v) = sum of p_fan(u, v) over everybody who ever acted
toward v. p_fan is the chance to come back at all (`ties`), times the alive model's chance of three bins for those who come back. Fans are
named only if they are sure: two-way, with a chance of a half or more.

"1,000 true fans" is Kelly's (2008). The rule in bins, in place of his "will buy anything you produce", is ours.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.base import Column, Measure
from regard.measures.influence.intervals import intermediates, moments_by_person, with_prediction_interval

FANS = Measure(
    name="fans",
    question="How many people will come back to someone again and again?",
    row="one person whom anybody ever acted toward",
    key=("person",),
    columns=(
        Column("person", "person", "toward whom"),
        Column("fans", "people", "expected number who act toward them in 3 or more different bins of the next window"),
        Column("low", "people", "90 % range, lower end"),
        Column("high", "people", "90 % range, upper end"),
        Column("sure", "people", "those two-way and with a chance of a half or more: `ties` has their names, by p_fan"),
    ),
    parts=(
        *with_prediction_interval(
            "fans_interval",
            f"SELECT k.*, k.chance + m.spread * k.mean * k.mean AS variance FROM ({moments_by_person('p_fan')}) k CROSS JOIN pair_model m",
        ),
        Step(
            "fans",
            """
            SELECT person, round(mean, 9) AS fans, least(ties, low) AS low, least(ties, high) AS high, CAST(sure AS BIGINT) AS sure
            FROM fans_interval
            """,
        ),
    ),
    needs=("ties",),
    cannot="whether they would follow elsewhere; anything where three bins are more than a window holds",
    source="Kelly, 1,000 True Fans, 2008; Fader, Hardie, Shang 2010",
    dropped=intermediates("fans_interval"),
)
