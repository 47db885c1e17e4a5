"""Rank: what platforms count about a person: posts, people in, followers, points, PageRank. None of it is influence."""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, ArrayStep, Step, Values
from regard.measures.base import Column, Measure
from regard.measures.kernels.pagerank import pagerank
from regard.measures.relational.pagerank import PAGERANK_SQL


def _pagerank(edges: Arrays, _: Values) -> Arrays:
    actor, target = (np.asarray(edges[name], dtype=np.int64) for name in ("actor", "target"))
    weight = np.asarray(edges["acts"], dtype=np.float64)
    people = np.unique(np.concatenate([actor, target]))
    scores = pagerank(np.searchsorted(people, actor), np.searchsorted(people, target), weight, people.size).scores
    return {"person": people.astype(np.int32), "pagerank": np.round(scores, 12)}


RANK = Measure(
    name="rank",
    question="What do platforms count about a person?",
    row="one person",
    key=("person",),
    columns=(
        Column("person", "person", "whom it is about"),
        Column("posts", "acts", "posts that open a thread"),
        Column("acts_out", "acts", "acts toward others"),
        Column("acts_in", "acts", "acts of others toward them"),
        Column("people_in", "people", "distinct people who ever acted toward them"),
        Column("followers", "people", "as the platform tells; missing where it tells nothing"),
        Column("points", "points", "reputation or karma as the platform tells; missing where it tells nothing"),
        Column("pagerank", "0 to 1", "share of a random walk along acts (damping .85); missing for people without any tie"),
    ),
    parts=(
        ArrayStep("pagerank", "SELECT actor, target, acts FROM pairs", _pagerank, PAGERANK_SQL),
        Step(
            "rank",
            """
            SELECT p.person, coalesce(w.posts, 0) AS posts, coalesce(o.acts, 0) AS acts_out, coalesce(i.acts, 0) AS acts_in,
                coalesce(i.people, 0) AS people_in, p.followers, p.points, r.pagerank
            FROM people p
                LEFT JOIN (SELECT actor, count(*) AS posts FROM posts GROUP BY actor) w ON w.actor = p.person
                LEFT JOIN (SELECT actor, CAST(sum(acts) AS BIGINT) AS acts FROM pairs GROUP BY actor) o ON o.actor = p.person
                LEFT JOIN (SELECT target, CAST(sum(acts) AS BIGINT) AS acts, count(*) AS people FROM pairs GROUP BY target) i
                    ON i.target = p.person
                LEFT JOIN pagerank r ON r.person = p.person
            """,
        ),
    ),
    needs=("pairs",),
    cannot="influence",
    source="PageRank: Brin, Page 1998",
    dropped=("pagerank",),
)
