"""Excess: how much of what someone keeps is more than talkative people and a loud name would bring?

excess(v) = sum over u of max(0, p_return(u, v) - p0(u, v)). The baseline is p0 = 1 - exp(-E s): E is how much u gave anybody in the last
window, in bins, and s is v's share of all that was given. The measure explains `kept` and does not replace it: people ranked by it are
ranked worse than by `kept`. It says nothing of causes (Shalizi, Thomas 2011).
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.engines.sql import billionths
from regard.measures.base import Column, Measure

EXCESS = Measure(
    name="excess",
    question="How much of what someone keeps is more than talkative people and a loud name would bring?",
    row="one person whom anybody ever acted toward",
    key=("person",),
    columns=(
        Column("person", "person", "toward whom"),
        Column("excess", "people", "people kept beyond what u's talking and v's share of all attention would bring"),
        Column("baseline", "people", "what these two would bring"),
    ),
    parts=(
        Step(
            "excess",
            f"""
            WITH given AS (SELECT actor, CAST(sum(recent) AS DOUBLE) AS bins FROM pairs GROUP BY actor),
            everything AS (SELECT CAST(greatest(1, sum(recent)) AS DOUBLE) AS bins FROM pairs),
            received AS (
                SELECT p.target, sum(p.recent) / any_value(e.bins) AS share FROM pairs p CROSS JOIN everything e GROUP BY p.target),
            chances AS (
                SELECT t.target, {billionths("t.p_return")} AS p, {billionths("(1 - exp(-g.bins * r.share))")} AS p0
                FROM ties t JOIN given g ON g.actor = t.actor JOIN received r ON r.target = t.target)
            SELECT target AS person, round(sum(greatest(0, p - p0)) / 1e9, 9) AS excess, round(sum(p0) / 1e9, 9) AS baseline
            FROM chances GROUP BY target
            """,
        ),
    ),
    needs=("ties",),
    cannot="causes: who keeps many may be kept by a subject, a season or a role",
    source="Shalizi, Thomas 2011, on what can't be told from such records",
)
