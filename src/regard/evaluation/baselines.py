"""Baselines: the kinds of rank that `kept` is compared with. Scores of the whole graph come from `graph_ranks` (graph_baselines.py)."""

from __future__ import annotations

from regard.evaluation.scores import By, Score, decayed_count


def _graph_score(name: str, label: str) -> Score:
    return Score(name, label, f"SELECT person, {name} AS score FROM graph_ranks")


def _platform_score(name: str, label: str, sql: str) -> Score:
    return Score(name, label, sql, By.PLATFORM, needs=())


BASELINES = (
    Score("people_ever", "distinct people ever", "SELECT target AS person, count(*) AS score FROM pairs GROUP BY target"),
    Score("acts_in", "acts in", "SELECT target AS person, sum(acts) AS score FROM pairs GROUP BY target"),
    Score("acts_out", "own acts", "SELECT actor AS person, sum(acts) AS score FROM pairs GROUP BY actor"),
    Score("people_out", "people acted toward", "SELECT actor AS person, count(*) AS score FROM pairs GROUP BY actor"),
    Score("pagerank", "PageRank", "SELECT person, pagerank AS score FROM rank WHERE pagerank IS NOT NULL", needs=("rank",)),
    _graph_score("hits", "HITS authority"),
    _graph_score("k_core", "k-core"),
    # The largest h such that h people acted h times or more toward someone.
    Score(
        "h_index",
        "H-index of ties",
        """SELECT person, count(*) AS score FROM (
               SELECT target AS person, acts, row_number() OVER (PARTITION BY target ORDER BY acts DESC) AS nth FROM pairs)
           WHERE acts >= nth GROUP BY person""",
    ),
    # The largest h such that h people act toward someone who themselves have h people or more acting toward them
    # (Lü, Zhou, Zhang, Stanley, "The H-index of a network node", 2016).
    Score(
        "lu_h_index",
        "Lü's H-index",
        """WITH degrees AS (SELECT target AS person, count(*) AS people FROM pairs GROUP BY target)
           SELECT person, count(*) AS score FROM (
               SELECT p.target AS person, d.people, row_number() OVER (PARTITION BY p.target ORDER BY d.people DESC) AS nth
               FROM pairs p JOIN degrees d ON d.person = p.actor)
           WHERE people >= nth GROUP BY person""",
    ),
    _graph_score("influence_passivity", "influence-passivity"),
    _graph_score("eigentrust", "EigenTrust"),
    Score(
        "two_way",
        "two-way partners",
        """SELECT p.target AS person, count(*) AS score FROM pairs p JOIN pairs r ON r.actor = p.target AND r.target = p.actor
           GROUP BY p.target""",
    ),
    Score("decayed", "decayed acts in", f"SELECT target AS person, {decayed_count()} AS score FROM interactions GROUP BY target", needs=()),
    Score(
        "decayed_fast",
        "decayed fast",
        f"SELECT target AS person, {decayed_count('0.25')} AS score FROM interactions GROUP BY target",
        needs=(),
    ),
    Score(
        "recent",
        "recent people",
        # People ever break ties, of which whole numbers of a short window have many.
        """SELECT target AS person, count(*) FILTER (last >= make_timestamp($until_us - $window_us)) + count(*) / 1e9 AS score
           FROM pairs GROUP BY target""",
    ),
    Score("decayed_people", "decayed people", f"SELECT target AS person, {decayed_count(time='last')} AS score FROM pairs GROUP BY target"),
    Score("last_seen", "last seen", "SELECT actor AS person, max(epoch_us(last)) AS score FROM pairs GROUP BY actor"),
)
"""Rank, counted in the record itself."""

FROM_PLATFORM = (
    _platform_score("followers", "followers", "SELECT person, followers AS score FROM people WHERE followers IS NOT NULL"),
    _platform_score("points", "points", "SELECT person, points AS score FROM people WHERE points IS NOT NULL"),
    _platform_score(
        "trust_level",
        "trust level",
        r"""SELECT person, CAST(regexp_extract(role, 'trust level (\d)', 1) AS DOUBLE) AS score FROM people
            WHERE regexp_matches(role, 'trust level \d')""",
    ),
)
"""Rank as the platform gives it. It is used if the platform gives it for at least half of the people who are ranked."""

RIVALS = ("people_ever", "decayed", "recent", "decayed_people")
"""Names of four simple and strong ranks. `kept` must beat each of them before Regard says that it predicts better than rank."""
