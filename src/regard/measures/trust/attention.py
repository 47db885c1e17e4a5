"""The graph of attention, and the two walks on it that `vouched` and `vouched_ties` need.

An edge goes from actor to target. Its weight is log(bins)², and log(1 + bins)² if hardly any pair repeats in this record.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regard.engines.base import Arrays, ArrayStep, Values
from regard.measures.kernels.leave_one_out import leave_one_out
from regard.measures.kernels.personalized_pagerank import CsrGraph, personalized_pagerank
from regard.measures.relational.leave_one_out import leave_one_out_sql
from regard.measures.relational.personalized_pagerank import personalized_pagerank_sql

FULL_WEIGHT = 0.1
"""A person counts in full from this share of the mean score, weighted by itself. A lower share is cheaper to buy, and a higher share costs
rank correlation."""
ALLOWED_ERROR = 0.01
"""A weight that can't be exact may be too low by this much without being looked at."""

Ints = NDArray[np.int64]


class AttentionGraph(NamedTuple):
    """People with numbers from 0, and the edges of the walk among them."""

    people: Ints
    """The person number of each node."""
    actor: Ints
    """The node of the actor of each pair."""
    target: Ints
    """The node of the target of each pair."""
    edges: CsrGraph


def attention_graph(pairs: Arrays) -> AttentionGraph:
    """The graph of pairs with `actor`, `target`, `bins`, and with `repeats`: whether pairs of this record repeat."""
    ends = np.concatenate([np.asarray(pairs[name], dtype=np.int64) for name in ("actor", "target")])
    people, nodes = np.unique(ends, return_inverse=True)
    actor, target = nodes[: nodes.size // 2], nodes[nodes.size // 2 :]
    once_counts = ~np.asarray(pairs["repeats"], dtype=np.bool_)
    weight = np.log(np.asarray(pairs["bins"], dtype=np.float64) + once_counts) ** 2
    return AttentionGraph(people, actor, target, CsrGraph.from_edges(actor, target, weight, people.size))


def _scores(pairs: Arrays, _: Values) -> Arrays:
    """The walk from the seeds: each person's share of its steps, and the weight that follows from it."""
    graph = attention_graph(pairs)
    start = np.zeros(graph.people.size)
    start[graph.actor[np.asarray(pairs["starts"], dtype=np.bool_)]] = 1
    visits = personalized_pagerank(graph.edges, start)
    score = np.round(visits / max(float(visits.sum()), 1e-300), 12)
    full_weight_score = FULL_WEIGHT * float((score**2).sum())
    vouched = np.minimum(1, score / max(full_weight_score, 1e-300))
    return {
        "person": graph.people.astype(np.int32), "vouched": np.round(vouched, 9), "seed": start > 0, "score": score,
        "enough": np.full(graph.people.size, full_weight_score),
    }  # fmt: skip


def _weights(pairs: Arrays, _: Values) -> Arrays:
    """The weight of each actor for each target, on walks without the target."""
    graph = attention_graph(pairs)
    score = np.zeros(graph.people.size)
    score[graph.actor] = np.asarray(pairs["score"], dtype=np.float64)
    enough = max((float(value) for value in np.asarray(pairs["enough"], dtype=np.float64)[:1]), default=0.0) or 1.0
    left_out = leave_one_out(graph.edges, score, graph.actor, graph.target, cap=enough, tolerance=ALLOWED_ERROR * enough)
    return {
        "actor": graph.people[graph.actor].astype(np.int32), "target": graph.people[graph.target].astype(np.int32),
        "weight": np.round(np.minimum(1, left_out.score / enough), 9), "too_low": np.round(np.minimum(1, left_out.error_bound / enough), 9),
    }  # fmt: skip


WALK = ArrayStep(
    "personalized_pagerank",
    """
    SELECT p.actor, p.target, p.bins, r.repeats, s.person IS NOT NULL AS starts
    FROM pairs p CROSS JOIN has_repeats r LEFT JOIN seeds s ON s.person = p.actor
    WHERE p.bins > 1 OR NOT r.repeats OR s.person IS NOT NULL
    """,
    _scores,
    personalized_pagerank_sql(FULL_WEIGHT),
)
"""One row for each person that the walk may reach."""

LEAVE_ONE_OUT = ArrayStep(
    "leave_one_out",
    # People whom the walk never reaches pass nothing on, and their attention counts for nothing.
    """
    SELECT p.actor, p.target, p.bins, v.gate AS repeats, v.score, v.full_weight_score AS enough
    FROM pairs p JOIN vouched v ON v.person = p.actor WHERE v.score > 0
    """,
    _weights,
    leave_one_out_sql(ALLOWED_ERROR),
)
"""One row for each pair whose actor the walk reaches."""
