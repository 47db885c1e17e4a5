"""Targets: what came in the window after the moment looked from. Nothing of it is known to any score.

resp: distinct people who acted toward someone within the window; kept: those of them who had done so before; late: kept, and acting in the
window's second half; recip: people with whom it went both ways within the window. A pair that acted before acts again, or does not.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.evaluation.origins import ACTS

TARGETS = ("resp", "kept", "late", "recip")

AHEAD = Step(
    "ahead",
    f"""
    SELECT actor, target, max(epoch_us(time)) >= $until_us + $window_us // 2 AS late FROM ({ACTS})
    WHERE time >= make_timestamp($until_us) AND time < make_timestamp($until_us + $window_us) GROUP BY actor, target
    """,
)
"""One row for each ordered pair that acts within the window."""

CAME = Step(
    "came",
    """
    SELECT h.target AS person, count(*) AS resp, count(p.actor) AS kept, count(*) FILTER (h.late AND p.actor IS NOT NULL) AS late,
        count(r.actor) AS recip
    FROM ahead h LEFT JOIN pairs p ON p.actor = h.actor AND p.target = h.target
        LEFT JOIN ahead r ON r.actor = h.target AND r.target = h.actor
    GROUP BY h.target
    """,
)
"""One row for each person toward whom anybody acts within the window."""
