"""What the two engines understand differently is turned: the same SQL gives the same rows."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("sqlglot")

from regard.engines.base import Arrays, Values
from regard.engines.duckdb.engine import DuckDBEngine
from regard.engines.spark.dialect import to_spark
from regard.measures.base_relations import IS_QUESTION

from ..alike import alike

if TYPE_CHECKING:
    from regard.engines.spark.engine import SparkEngine

COLUMNS: Arrays = {
    "n": np.array([-7, -1, 0, 1, 2, 7, 1_000_000_007], dtype=np.int64),
    "k": np.array([2, 2, 3, 3, 3, 5, 5], dtype=np.int32),
    "x": np.array([0.1, 0.25, 0.3, -0.5, 1e-7, 2.5, 1e12]),
    "us": np.array(
        [-1, 0, 1_167_609_600_000_001, 1_170_000_000_000_000, 1_175_000_000_000_000, 1_180_000_000_000_000, 1_199_999_999_999_999]
    ),
    "yes": np.array([True, False, True, False, True, False, True]),
}
WORDS = "(VALUES ('a'), ('Z'), ('ä'), ('ﬀ'), ('😀'), (''), (NULL), ('O''Hara \\ %')) words(word)"
VALUES: Values = {
    "most": 2_000_000_000,
    "many": 2_000_000_000,
    "us": 1_170_000_000_000_000,
    "shown": 2,
    "me": None,
    "word": "ä",
    "share": 0.5,
}

SAME = {
    "division is of floats": "SELECT n / k, 1 / k, sum(n) / 2, x / 3 FROM t GROUP BY n, k, x",
    "whole division cuts off toward zero": "SELECT n // 2, n // k, n % 3, n // 2 * 2 FROM t",
    "decimals are floats": "SELECT 1.0 + k, 0.1 * k, (1.0 + k) / (2.0 + n * n), 0.1 + 0.2 FROM t",
    "a sum has room": "SELECT sum(n * 9000000000) * 4, sum(n) FILTER (yes), sum(CAST(round(x) AS BIGINT)) / 1e9 FROM t",
    "a sum over a window has room": "SELECT n, sum(n * 9000000000) OVER (ORDER BY n) * 4 FROM t",
    "a sum cast at once": "SELECT CAST(sum(n) AS BIGINT), CAST(sum(n) FILTER (yes) AS BIGINT) FROM t",
    "a sum of nothing": "SELECT sum(n), count(*), coalesce(sum(n), 0) FROM t WHERE false",
    "bound whole numbers have room": "SELECT $most * $many, $most + $many",
    "bound values": "SELECT word = $word, $me IS NULL OR word = $me, $share * 2 FROM " + WORDS,
    "rounding to digits": "SELECT round(x, 1), round((0.000000001 + x) / 2, 9), round(x * 1e9), round(-2.5e0), round(0.5e0) FROM t",
    "logarithms of tens": "SELECT floor(log10(1000)), log10(1000000), ln(2.0), exp(1.0), power(0.5, 3), sqrt(2.0) FROM t",
    "quantiles": "SELECT quantile_disc(n, 0.01), quantile_disc(us, 0.55), quantile_cont(n, 0.9), median(n), median(x) FROM t",
    "quantiles of each": "SELECT k, quantile_disc(n, 0.5), median(n) FROM t GROUP BY k",
    "moments": "SELECT make_timestamp(us), epoch_us(make_timestamp(us)), CAST(make_timestamp(us) AS DATE) FROM t",
    "moments against moments": "SELECT make_timestamp(us) < make_timestamp($us), make_timestamp(us) >= make_timestamp($us - 1) FROM t",
    "beginnings": "SELECT date_trunc(CASE WHEN k < 3 THEN 'week' ELSE 'quarter' END, make_timestamp(us)) FROM t",
    "later moments": "SELECT make_timestamp(us) + INTERVAL 7 DAY, epoch_us(make_timestamp(us) + INTERVAL 3 MONTH) FROM t",
    "months": "SELECT strftime(make_timestamp(us), '%Y-%m'), strftime(make_timestamp(us), '%Y') FROM t",
    "no moment": "SELECT CAST(NULL AS TIMESTAMP), epoch_us(CAST(NULL AS TIMESTAMP)), least(NULL, make_timestamp(0))",
    "named windows": """
        SELECT n, lag(n) OVER w, min(CASE WHEN yes THEN n END) OVER (w ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        FROM t WINDOW w AS (PARTITION BY k ORDER BY us DESC, yes)""",
    "windows of values": "SELECT n, count(*) OVER (PARTITION BY k ORDER BY us RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) FROM t",
    "filters": "SELECT k, count(*) FILTER (yes), count(*) FILTER (n > 0) + 0.5, bool_or(yes), bool_and(yes) FROM t GROUP BY ALL",
    "from first": "FROM t",
    "the least and the greatest pass over what is missing": "SELECT least(n, NULL), greatest(NULL, n, k), coalesce(NULL, n) FROM t",
    "missing values come last": "SELECT word FROM " + WORDS + " ORDER BY word LIMIT 20",
    "missing values come last, turned round": "SELECT word, row_number() OVER (ORDER BY word DESC, 1) FROM " + WORDS,
    "texts": "SELECT min(word), max(word), count(DISTINCT word), min(word) FILTER (word > 'a') FROM " + WORDS,
    "put together": "SELECT chr(39) || word || '\\', concat('a', 1), lower(word) FROM " + WORDS,
    "missing is like missing": "SELECT word IS NOT DISTINCT FROM NULL, word IS NOT DISTINCT FROM 'a' FROM " + WORDS,
    "patterns": r"SELECT regexp_matches(word, '^[=+@\t\r-]'), regexp_matches(word, '\\') FROM " + WORDS,
    "parts of texts": r"SELECT regexp_extract('level 4', 'level (\d)', 1), regexp_replace('a1b22', '\d+', '', 'g')",
    "limits": "SELECT n FROM t ORDER BY n DESC LIMIT $shown",
    "inner questions": """
        SELECT n, (SELECT count(*) FROM t) FROM t o
        WHERE n IN (SELECT n FROM t WHERE yes) AND EXISTS (SELECT 1 FROM t WHERE n = 7)
            AND NOT EXISTS (SELECT 1 FROM t i WHERE i.k = o.n)""",
    "no number": "SELECT CAST('nan' AS DOUBLE), greatest(x, CAST('nan' AS DOUBLE)) FROM t",
    "full joins": "SELECT a.n, b.n FROM t a FULL JOIN (SELECT n + 1 AS n FROM t) b ON a.n = b.n",
    "questions": f"""
        SELECT text, {IS_QUESTION}
        FROM (VALUES ('How?'), ('See https://example.org/?q=1'), ('好吗？'), ('لماذا؟'), ('Yes.')) asked(text)""",
}  # fmt: skip


@pytest.mark.spark
@pytest.mark.parametrize("name", SAME)
def test_the_same_rows_on_both_engines(name: str, engine: SparkEngine) -> None:
    with closing(DuckDBEngine()) as duck:
        duck.put("t", COLUMNS)
        engine.put("t", COLUMNS)
        ordered = f"SELECT * FROM ({SAME[name]}) ORDER BY ALL" if "ORDER BY n DESC" not in SAME[name] else SAME[name]
        mine, theirs = (one.rows(ordered, VALUES) for one in (duck, engine))
        assert mine, "nothing is compared"
        assert alike(mine, theirs), f"{mine}\n{theirs}\n{to_spark(SAME[name], VALUES)}"


@pytest.mark.spark
def test_a_record_is_read_through_views() -> None:
    assert to_spark("SELECT count(*) FROM record.acts e", {}) == "SELECT COUNT(*) FROM record_acts AS e"
