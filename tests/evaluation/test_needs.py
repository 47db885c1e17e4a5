"""Scores say which measures they need: no more than these must be made."""

from __future__ import annotations

import pytest

from regard.evaluation.baselines import BASELINES
from regard.evaluation.scores import REGARD, Score
from regard.simulate.community import simulate

from ..communities import community

SCORES = [score for score in (*REGARD, *BASELINES) if "graph_ranks" not in score.sql]


@pytest.mark.parametrize("score", SCORES, ids=lambda score: str(score.name))
def test_the_needs_of_a_score_are_enough(score: Score) -> None:
    demo = simulate(people=10, days=40, seed=3)
    with community(demo.acts, accounts=demo.accounts) as study:
        study.make(score.needs)
        assert study.engine.rows(f"SELECT count(*) FROM ({score.sql})", study.timescale.values) > [(0,)]


def test_ranks_need_no_more_than_counts() -> None:
    assert {need for score in BASELINES for need in score.needs} == {"pairs", "rank"}
