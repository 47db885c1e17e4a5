"""Vouched: how much does a person's attention count? A price on fake accounts, not a judgement of character.

A walk starts from the seeds and follows attention. From u to v it has a weight of log(bins)²; bins are those in which u acted toward v. A
person who acted once passes nothing on. This gate is not opened by a thousand replies to different people. If hardly any pair repeats (see
`seeds`), there is no gate and the weight is log(1 + bins)². A person's score is their share of the steps of the walk. Attention counts in
full from the score `full_weight_score` = .1 Σ score², and below it in proportion: vouched = min(1, score / full_weight_score).

The weight of u for v must not depend on v's own acts. So `vouched_ties` scores u on walks that never touch v. The attention that a set S of
accounts without a seed can buy is bounded, whatever the size of S and whatever the acts inside it. It is at most
(1 - a) / (a full_weight_score) Σ score(h) φ(h) people. The sum is over everybody h outside of S. φ(h) is the share of h's repeated
attention that goes to S, and a = .15.

Related: EigenTrust 2003, SumUp 2009, SybilRank 2012. Unlike them, this measure counts people, and it counts for each v without v.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.engines.sql import billionths
from regard.measures.base import Column, Measure
from regard.measures.trust.attention import LEAVE_ONE_OUT, WALK
from regard.measures.trust.seeds import FIRST_HALF, HAS_REPEATS

VOUCHED = Measure(
    name="vouched",
    question="How much does a person's attention count?",
    row="one person who acted toward others, or toward whom others did",
    key=("person",),
    columns=(
        Column("person", "person", "whose attention"),
        Column("vouched", "0 to 1", "how much it counts"),
        Column("seed", "yes or no", "whether the walk starts from them"),
        Column("score", "0 to 1", "share of the walk's steps"),
        Column("full_weight_score", "0 to 1", "the score from which attention counts in full; the same for everybody"),
        Column("gate", "yes or no", "whether attention given in a single bin carries nothing; the same for everybody"),
    ),
    parts=(
        FIRST_HALF,
        HAS_REPEATS,
        WALK,
        Step(
            "vouched",
            """
            SELECT p.person, coalesce(w.vouched, 0) AS vouched, coalesce(w.seed, false) AS seed, coalesce(w.score, 0) AS score,
                coalesce((SELECT max(enough) FROM personalized_pagerank), 0) AS full_weight_score, r.repeats AS gate
            FROM (SELECT actor AS person FROM pairs UNION SELECT target FROM pairs) p CROSS JOIN has_repeats r
                LEFT JOIN personalized_pagerank w ON w.person = p.person
            """,
        ),
    ),
    needs=("seeds",),
    cannot="whether somebody is trustworthy: on Bitcoin alpha such walks separate people later rated below zero worse than chance",
    source="Kamvar, Schlosser, Garcia-Molina 2003; Tran, Min, Li, Subramanian 2009; Cao, Sirivianos, Yang, Pregueiro 2012",
    dropped=("personalized_pagerank", "first_half", "has_repeats"),
)

VOUCHED_TIES = Measure(
    name="vouched_ties",
    question="How much does someone's attention count for the person who gets it?",
    row="one ordered pair: actor acted toward target at least once",
    key=("actor", "target"),
    columns=(
        Column("actor", "person", "whose attention"),
        Column("target", "person", "who gets it"),
        Column("weight", "0 to 1", "how much it counts, on walks that never touched target"),
        Column("weight_error_bound", "0 to 1", "by how much the weight may be too low, at most; it is never too high. 0 where it is exact"),
    ),
    parts=(
        LEAVE_ONE_OUT,
        Step(
            "vouched_ties",
            """
            SELECT p.actor, p.target, coalesce(a.weight, 0) AS weight, coalesce(a.too_low, 0) AS weight_error_bound
            FROM pairs p LEFT JOIN leave_one_out a ON a.actor = p.actor AND a.target = p.target
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
    key=("person",),
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
            f"""
            WITH weighed AS (
                SELECT t.actor, t.target, {billionths("t.p_return_alive")} AS p, {billionths("t.p_return_alive * w.weight")} AS weighed
                FROM ties t JOIN vouched_ties w ON w.actor = t.actor AND w.target = t.target),
            given AS (SELECT actor, greatest(1, sum(p) / 1e9) AS people FROM weighed GROUP BY actor)
            SELECT w.target AS person, round(sum(w.weighed) / 1e9, 9) AS kept_vouched,
                round(sum(CAST(round(w.weighed / g.people) AS BIGINT)) / 1e9, 9) AS kept_share
            FROM weighed w JOIN given g ON g.actor = w.actor GROUP BY w.target
            """,
        ),
    ),
    needs=("ties", "vouched_ties"),
    cannot="people who act toward them for the first time; whether somebody is trustworthy",
)  # fmt: skip
