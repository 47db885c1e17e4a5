"""Queries that both engines must answer alike, and queries that must not reach Spark."""

from __future__ import annotations

import numpy as np

from regard.engines.base import Arrays, Values
from regard.measures.questions import closes, has_links, is_foreign, is_mangled, letters, post_asks, reply_asks

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
    "alternatives and counts": r"SELECT regexp_matches(word, '^(a|Z|[\x{0A}])'), regexp_matches(concat(word, 'xx'), 'x{2}') FROM " + WORDS,
    "parts of texts": r"SELECT regexp_extract('level 4', 'level (\d)', 1), regexp_replace('a1b22', '\d+', '', 'g')",
    "limits": "SELECT n FROM t ORDER BY n DESC LIMIT $shown",
    "inner questions": """
        SELECT n, (SELECT count(*) FROM t) FROM t o
        WHERE n IN (SELECT n FROM t WHERE yes) AND EXISTS (SELECT 1 FROM t WHERE n = 7)
            AND NOT EXISTS (SELECT 1 FROM t i WHERE i.k = o.n)""",
    "in one or the other": "SELECT n FROM t WHERE n = 7 OR (yes AND n IN (SELECT nullif(k, 2) FROM t) OR n IN (SELECT min(n) FROM t))",
    "in none of what may be missing": "SELECT count(*) FROM t WHERE n NOT IN (SELECT nullif(k, 2) FROM t) AND yes",
    "no number": "SELECT CAST('nan' AS DOUBLE), greatest(x, CAST('nan' AS DOUBLE)) FROM t",
    "full joins": "SELECT a.n, b.n FROM t a FULL JOIN (SELECT n + 1 AS n FROM t) b ON a.n = b.n",
    "numbers": "SELECT -n, n - k, abs(n), abs(x), n + k, n * k, floor(x), ceil(x), CAST(floor(x * 2) AS BIGINT) FROM t",
    "conditions": """
        SELECT yes AND NULL, yes OR NULL, NOT yes, n BETWEEN 0 AND 7, n IN (1, NULL), n NOT IN (1, 2), if(yes, 1, 2), nullif(k, 2),
            n <> 2, n <= k, yes IS NULL, n IS DISTINCT FROM NULL, CASE WHEN n > 1 THEN 'more' WHEN yes THEN 'yes' END
        FROM t""",
    "no number is the greatest": """
        SELECT nan = nan, nan > 1e300, min(nan), max(greatest(nan, x))
        FROM t CROSS JOIN (SELECT CAST('nan' AS DOUBLE) AS nan) GROUP BY nan""",
    "casts": """
        SELECT CAST(n AS DOUBLE), CAST(n AS VARCHAR), CAST(yes AS INTEGER), CAST(round(x) AS BIGINT), CAST(make_timestamp(us) AS VARCHAR),
            CAST(CAST(make_timestamp(us) AS DATE) AS TIMESTAMP), CAST('7' AS DOUBLE), CAST(n > 0 AS BOOLEAN)
        FROM t""",
    "aggregates of nothing": """
        SELECT min(n), max(n), bool_or(yes), bool_and(yes), any_value(n), quantile_disc(n, 0.5), quantile_cont(n, 0.5), median(n)
        FROM t WHERE n IS NULL""",
    "any value that is not missing": "SELECT k, any_value(CASE WHEN yes THEN k END) FROM t GROUP BY k",
    "distinct values": "SELECT DISTINCT k, yes FROM t",
    "distinct floats": """
        SELECT count(DISTINCT x) FROM (SELECT x FROM t UNION ALL SELECT CAST('nan' AS DOUBLE) UNION ALL SELECT x * 0 FROM t)""",
    "ranks and neighbours": """
        SELECT n, row_number() OVER (ORDER BY k, n), rank() OVER (ORDER BY k), lag(n) OVER w, lead(n) OVER w
        FROM t WINDOW w AS (ORDER BY n)""",
    "the last day of a month": "SELECT make_timestamp(us) - INTERVAL 1 MONTH, make_timestamp(2592000000000) + INTERVAL 1 MONTH FROM t",
    "days": "SELECT strftime(make_timestamp(us), '%Y-%m-%d %H:%M:%S'), date_trunc('day', make_timestamp(us)) FROM t",
    "fingerprints": "SELECT sha256(word), sha256(concat(word, chr(0))) FROM " + WORDS,
    "small letters": "SELECT lower(w) FROM (VALUES ('ΑΣ ΟΔΟΣ Σ'), ('İSTANBUL Iı'), ('ẞß'), ('\u212a'), ('ǅ ﬀ'), ('ÀÉ')) words(w)",
    "white space": """
        SELECT regexp_replace(concat('https://a', space, '?b'), 'https?://\\S+', '', 'g'), regexp_matches(space, '^\\S')
        FROM (VALUES (' '), (chr(9)), (chr(11)), (chr(12)), ('\u00a0'), ('\u0085'), ('\u2028'), ('x')) spaces(space)
        """,
    "asks": f"""
        SELECT text, {post_asks("text")}, {reply_asks("text")}, {closes("text")}, {letters("text")}, {is_foreign("text")},
            {is_mangled("text")}, {has_links("text")}
        FROM (VALUES ('How?'), ('See https://example.org/?q=1'), ('好吗？'), ('لماذا؟'), ('Yes.'), ('f?r gro?e und kle?ne'),
            ('Thanks, found it'), ('Who? ' || 'So it is, and so on. '), (concat('> Why?', chr(10), 'Can anyone lend me a saw')),
            ('[Is it?](https://a.example) ~Is it?~ (how much?)'), (NULL)) asked(text)
        """,
}  # fmt: skip

REFUSED = {
    "date_diff": "SELECT date_diff('month', DATE '2024-01-31', DATE '2024-03-01')",
    "CAST": "SELECT CAST(n / 2 AS BIGINT) FROM t",
    "CAST of a product": "SELECT CAST(n * 0.5 AS INTEGER) FROM t",
    "CAST of a mean": "SELECT CAST(avg(n) AS BIGINT) FROM t",
    "list": "SELECT list(n ORDER BY n DESC) FROM t",
    "arg_max": "SELECT arg_max(n, k) FROM t",
    "to_timestamp": "SELECT to_timestamp(1.75)",
    "epoch_ms": "SELECT epoch_ms(1000)",
    "mode": "SELECT mode(n) FROM t",
    "skewness": "SELECT skewness(n) FROM t",
    "log": "SELECT log(n) FROM t",
    "log of another base": "SELECT log(2, 8)",
    "regexp_replace of the first match": r"SELECT regexp_replace(w, '\d', '')",
    "regexp_replace with a reference": r"SELECT regexp_replace(w, '(\d)', '[\1]', 'g')",
    "regexp_matches to the end": "SELECT regexp_matches(w, 'a$')",
    "regexp_matches with a flag": "SELECT regexp_matches(w, 'a', 'i')",
    "regexp_matches of a bound pattern": "SELECT regexp_matches(w, $pattern)",
    "dayofweek": "SELECT dayofweek(DATE '2024-01-07')",
    "unnest": "SELECT unnest([1, 2, 3]), unnest([10, 20])",
    "range": "SELECT * FROM range(3)",
    "sum of floats": "SELECT sum(n / 2) FROM t",
    "division of floats": "SELECT (n * 0.5) // 2 FROM t",
    "remainder of floats": "SELECT 7.5e0 % 2",
    "quantile_disc of floats": "SELECT quantile_disc(n / 2, 0.5) FROM t",
    "round to tens": "SELECT round(n, -1) FROM t",
    "avg": "SELECT avg(n) FROM t",
    "min of several": "SELECT min(n, 2) FROM t",
    "chr": "SELECT chr(960)",
    "strftime": "SELECT strftime(TIMESTAMP '2024-01-07', '%j')",
    "date_trunc": "SELECT date_trunc('decade', TIMESTAMP '2024-01-07')",
    "LIKE": "SELECT w LIKE 'a%'",
    "a list's element": "SELECT [1, 2][1]",
    "TRY_CAST": "SELECT TRY_CAST(w AS BIGINT)",
    "CAST to another type": "SELECT CAST(n AS SMALLINT) FROM t",
    "QUALIFY": "SELECT n FROM t QUALIFY row_number() OVER (ORDER BY n) = 1",
    "DISTINCT ON": "SELECT DISTINCT ON (k) k, n FROM t",
    "REPLACE": "SELECT * REPLACE (1 AS n) FROM t",
    "ASOF": "SELECT * FROM t ASOF JOIN t u ON t.n >= u.n",
    "IN outside of WHERE": "SELECT n IN (SELECT k FROM t) FROM t",
    "NOT IN below OR": "SELECT n FROM t WHERE n > 1 OR n NOT IN (SELECT nullif(k, 2) FROM t)",
    "a function that nobody knows": "SELECT forecast(n) FROM t",
}
"""By what is refused. On each of them Spark gives another answer than DuckDB, an error, or, for the last, nobody knows."""

OVERFLOWS = (
    "SELECT sum(n) OVER () * 1000000000, CAST(9223372036854775807 AS BIGINT) + n FROM t",
    "SELECT CAST(sum(n * 9000000000) AS BIGINT) FROM (SELECT n FROM t UNION ALL SELECT n FROM t)",
    "SELECT CAST(round(1e19 * (n + 8)) AS BIGINT) FROM t",
    "SELECT CAST(k * 1000000000 AS INTEGER) FROM t",
    "SELECT n // (k - 2) FROM t",
    "SELECT n % (k - 2) FROM t",
)
"""Queries that are an error on both engines, and no wrong number on either."""
