"""Vouched: how much does a person's attention count? A price on fake accounts, not a judgement of character.

A walk starts from the seeds and follows attention given: from u to v with a weight of log(bins)², bins being those in which u acted
toward v. Who acted once gives nothing: that is the gate which a thousand one-off replies don't open. Where hardly any pair repeats
(see `seeds`) there is no gate, and the weight is log(1 + bins)². score = share of the walk's steps; vouched = min(1, score / enough),
enough = .1 Σ score².

What u is worth to v must not rest on v: `vouched_ties` scores u on walks that never touched v. For any set S of accounts without a seed,
whatever its size and whatever happens inside it, the attention bought is at most (1 - a) / (a enough) Σ score(h) φ(h) people, summed over
everybody h outside of S, φ(h) being the share of h's repeated attention that goes to S, a = .15.

Related: EigenTrust 2003, SumUp 2009, SybilRank 2012. Unlike them it counts people, and for each v without v.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels.leave_one_out import leave_one_out
from regard.measures.kernels.personalized_pagerank import CsrGraph, personalized_pagerank
from regard.measures.relational.leave_one_out import leave_one_out_sql
from regard.measures.relational.personalized_pagerank import personalized_pagerank_sql
from regard.measures.trust.seeds import EARLY, GATE

FULL = 0.1
"""A person counts in full from this share of the mean score, weighted by itself. Lower is cheaper to buy, higher costs rank correlation."""
ALLOWED = 0.01
"""Where it can't be exact, no more than this is taken off a weight unseen."""

Ints = NDArray[np.int64]


def graph_of(ties: Arrays) -> tuple[Ints, Ints, Ints, CsrGraph]:
    """People's numbers, actor and target among them, and the edges of the walk; of ties with `bins`, and whether pairs here `repeats`."""
    people, at = np.unique(np.concatenate([np.asarray(ties[name], dtype=np.int64) for name in ("actor", "target")]), return_inverse=True)
    actor, target = at[: at.size // 2], at[at.size // 2 :]
    once = ~np.asarray(ties["repeats"], dtype=np.bool_)
    weight = np.log(np.asarray(ties["bins"], dtype=np.float64) + once) ** 2
    return people, actor, target, CsrGraph.from_edges(actor, target, weight, people.size)


def _walked(ties: Arrays, _: Values) -> Arrays:
    people, actor, _target, graph = graph_of(ties)
    start = np.zeros(people.size)
    start[actor[np.asarray(ties["starts"], dtype=np.bool_)]] = 1
    seen = personalized_pagerank(graph, start)
    score = np.round(seen / max(float(seen.sum()), 1e-300), 12)
    enough = FULL * float((score**2).sum())
    vouched = np.minimum(1, score / max(enough, 1e-300))
    return {
        "person": people.astype(np.int32), "vouched": np.round(vouched, 9), "seed": start > 0, "score": score,
        "enough": np.full(people.size, enough),
    }  # fmt: skip


def _apart(ties: Arrays, _: Values) -> Arrays:
    people, actor, target, graph = graph_of(ties)
    score = np.zeros(people.size)
    score[actor] = np.asarray(ties["score"], dtype=np.float64)
    enough = max((float(value) for value in np.asarray(ties["enough"], dtype=np.float64)[:1]), default=0.0) or 1.0
    part = leave_one_out(graph, score, actor, target, cap=enough, tolerance=ALLOWED * enough)
    return {
        "actor": people[actor].astype(np.int32), "target": people[target].astype(np.int32),
        "weight": np.round(np.minimum(1, part.score / enough), 9), "too_low": np.round(np.minimum(1, part.error_bound / enough), 9),
    }  # fmt: skip


VOUCHED = Measure(
    name="vouched",
    question="How much does a person's attention count?",
    row="one person who acted toward others, or toward whom others did",
    columns=(
        Column("person", "person", "whose attention"),
        Column("vouched", "0 to 1", "how much it counts"),
        Column("seed", "yes or no", "whether the walk starts from them"),
        Column("score", "0 to 1", "share of the walk's steps"),
        Column("enough", "0 to 1", "the score from which attention counts in full; the same for everybody"),
        Column("gate", "yes or no", "whether attention given in a single bin carries nothing; the same for everybody"),
    ),
    parts=(
        EARLY,
        GATE,
        ArrayStep(
            "personalized_pagerank",
            """
            SELECT t.actor, t.target, t.bins, g.repeats, s.person IS NOT NULL AS starts
            FROM ties t CROSS JOIN gate g LEFT JOIN seeds s ON s.person = t.actor
            WHERE t.bins > 1 OR NOT g.repeats OR s.person IS NOT NULL
            """,
            _walked,
            personalized_pagerank_sql(FULL),
        ),
        Step(
            "vouched",
            """
            SELECT p.person, coalesce(w.vouched, 0) AS vouched, coalesce(w.seed, false) AS seed, coalesce(w.score, 0) AS score,
                coalesce((SELECT max(enough) FROM personalized_pagerank), 0) AS enough, g.repeats AS gate
            FROM (SELECT actor AS person FROM ties UNION SELECT target FROM ties) p CROSS JOIN gate g
                LEFT JOIN personalized_pagerank w ON w.person = p.person
            """,
        ),
    ),
    needs=("seeds",),
    cannot="whether somebody is trustworthy: on Bitcoin alpha such walks separate people later rated below zero worse than chance",
    source="Kamvar, Schlosser, Garcia-Molina 2003; Tran, Min, Li, Subramanian 2009; Cao, Sirivianos, Yang, Pregueiro 2012",
    dropped=("personalized_pagerank", "early", "gate"),
)

VOUCHED_TIES = Measure(
    name="vouched_ties",
    question="How much does someone's attention count for the person who gets it?",
    row="one ordered pair: actor acted toward target at least once",
    columns=(
        Column("actor", "person", "whose attention"),
        Column("target", "person", "who gets it"),
        Column("weight", "0 to 1", "how much it counts, on walks that never touched target"),
        Column("too_low", "0 to 1", "by how much the weight may be too low, at most; it is never too high. 0 where it is exact"),
    ),
    parts=(
        ArrayStep(
            "leave_one_out",
            # Who is never seen gives nothing on, and counts for nothing.
            """
            SELECT t.actor, t.target, t.bins, v.gate AS repeats, v.score, v.enough
            FROM ties t JOIN vouched v ON v.person = t.actor WHERE v.score > 0
            """,
            _apart,
            leave_one_out_sql(ALLOWED),
        ),
        Step(
            "vouched_ties",
            """
            SELECT t.actor, t.target, coalesce(a.weight, 0) AS weight, coalesce(a.too_low, 0) AS too_low
            FROM ties t LEFT JOIN leave_one_out a ON a.actor = t.actor AND a.target = t.target
            """,
        ),
    ),
    needs=("vouched",),
    cannot="whether somebody is trustworthy",
    source="see `vouched`; pushing: Andersen, Chung, Lang 2006",
    dropped=("leave_one_out",),
)

VOUCHED_KEPT = Measure(
    name="vouched_kept",
    question="How many people will act toward someone again, counting those that others vouch for?",
    row="one person whom anybody ever acted toward",
    columns=(
        Column("person", "person", "toward whom"),
        Column("kept_vouched", "people", "expected number of people who act toward them again in the next window, each by their weight"),
        Column(
            "kept_share", "people",
            "the same, nobody counting for more than one person in all: who is expected to come back to five counts a fifth for each",
        ),
    ),
    parts=(
        Step(
            "vouched_kept",
            """
            WITH weighed AS (
                SELECT t.actor, t.target, CAST(round(t.p_return_alive * 1e9) AS BIGINT) AS p,
                    CAST(round(t.p_return_alive * w.weight * 1e9) AS BIGINT) AS mine
                FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target),
            given AS (SELECT actor, greatest(1, sum(p) / 1e9) AS people FROM weighed GROUP BY actor)
            SELECT w.target AS person, round(sum(w.mine) / 1e9, 9) AS kept_vouched,
                round(sum(CAST(round(w.mine / g.people) AS BIGINT)) / 1e9, 9) AS kept_share
            FROM weighed w JOIN given g ON g.actor = w.actor GROUP BY w.target
            """,
        ),
    ),
    needs=("vouched_ties",),
    cannot="people who act toward them for the first time; whether somebody is trustworthy",
)  # fmt: skip
