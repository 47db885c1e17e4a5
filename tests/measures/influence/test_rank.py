"""Rank: what platforms count, one row for everybody."""

from __future__ import annotations

import networkx as nx  # type: ignore[import-untyped]
import pytest

from regard.record.schema import Account
from regard.simulate.community import simulate

from ...communities import act, column, community, only_row, post, rows
from ...oracles import number


def test_everything_counted_by_hand() -> None:
    acts = [*post(1, "ann", "p", None, "bea"), *post(2, "ann", "q"), act(3, "bea", "message", "ann"), act(4, "bea", "react", "ann")]
    acts += [
        act(5, "cem", "reply", "ann"),
        act(6, "ann", "follow", "cem"),
        act(7, "ann", "reply", "ann"),
        act(None, "ann", "post", item="r"),
    ]
    accounts = [Account("ann", followers=9, points=1.5), Account("dua")]
    with community(acts, accounts=accounts) as study:
        row = only_row(study, "rank", person="ann")
        names = ("posts", "acts_out", "acts_in", "people_in", "followers", "points")
        assert [row[name] for name in names] == [2, 1, 3, 2, 9, 1.5]
        assert column(study, "rank", "person", "acts_out") == {"ann": 1, "bea": 2, "cem": 1, "dua": 0}
        assert column(study, "rank", "person", "acts_in") == {"ann": 3, "bea": 1, "cem": 0, "dua": 0}
        assert only_row(study, "rank", person="dua")["pagerank"] is None


def test_bots_have_a_row_and_count_for_nobody() -> None:
    acts = [
        act(1, "robot", "reply", "ann"),
        act(1, "robot", "post", item="p"),
        act(2, "bea", "reply", "ann"),
        act(3, "ann", "reply", "robot"),
    ]
    with community(acts, accounts=[Account("robot", actor_type="bot")]) as study:
        assert column(study, "rank", "person", "acts_in") == {"ann": 1, "bea": 0, "robot": 0}
        assert column(study, "rank", "person", "posts") == {"ann": 0, "bea": 0, "robot": 0}
        assert only_row(study, "rank", person="robot")["pagerank"] is None


def test_merged_accounts_are_one_row_with_the_most_followers() -> None:
    acts = [act(1, "ann", "message", "bea"), act(2, "ann2", "message", "bea"), act(3, "ann", "message", "ann2")]
    accounts = [Account("ann", followers=5), Account("ann2", followers=8)]
    with community(acts, accounts=accounts, merged=[("ann2", "ann")]) as study:
        row = only_row(study, "rank", person="ann")
        assert (row["acts_out"], row["acts_in"], row["followers"]) == (2, 0, 8)
        assert only_row(study, "rank", person="bea")["people_in"] == 1


def test_pagerank_by_hand() -> None:
    # Three act toward hub, which acts toward nobody: see the star in the kernel's tests.
    with community([act(1, name, "message", "hub") for name in ("ann", "bea", "cem")]) as study:
        outer = 1 / (4 + 3 * 0.85)
        assert only_row(study, "rank", person="ann")["pagerank"] == pytest.approx(outer, abs=1e-6)
        assert only_row(study, "rank", person="hub")["pagerank"] == pytest.approx(1 - 3 * outer, abs=1e-6)


@pytest.mark.parametrize("seed", [1, 2])
def test_pagerank_of_a_demo_is_that_of_networkx(seed: int) -> None:
    demo = simulate(people=40, days=60, seed=seed)
    with community(demo.acts, accounts=demo.accounts) as study:
        graph = nx.DiGraph()
        graph.add_weighted_edges_from((row["actor"], row["target"], row["acts"]) for row in rows(study, "ties"))
        theirs = nx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1_000)
        mine = {row["person"]: number(row["pagerank"]) for row in rows(study, "rank") if row["pagerank"] is not None}
        assert mine == pytest.approx(theirs, abs=1e-6)
        assert sum(mine.values()) == pytest.approx(1)


def test_posts_alone_have_no_pagerank() -> None:
    with community(post(1, "ann", "p")) as study:
        assert rows(study, "rank") == [
            {"person": "ann", "posts": 1, "acts_out": 0, "acts_in": 0, "people_in": 0, "followers": None, "points": None, "pagerank": None}
        ]
