#!/usr/bin/env bash
# sqlglot 30.30.0 (Python 3.11): with unsupported_level=RAISE, functions of DuckDB that mean something else in Spark pass without an error.
# One would guess otherwise: RAISE promises an error for what the other dialect has no equal of.
# Seen: list(x ORDER BY x DESC) loses its order as COLLECT_LIST(x); log(100), base 10 in DuckDB, stays LOG(100), which Spark's
# documentation calls the natural logarithm; format('{:.2f}', x) becomes FORMAT_STRING('{:.2f}', x), whose patterns are those of printf.
# Run on 2026-11-29. Spark itself is not run here.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check sqlglot==30.30.0 duckdb==2.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import duckdb
import sqlglot

EXPECTED = {
    "SELECT list(x ORDER BY x DESC) FROM (VALUES (1), (2)) t(x)": ("SELECT COLLECT_LIST(x)", [([2, 1],)]),
    "SELECT log(100)": ("SELECT LOG(100)", [(2.0,)]),
    "SELECT format('{:.2f}', 1.5)": ("SELECT FORMAT_STRING('{:.2f}', 1.5)", [("1.50",)]),
}
for sql, (spark, rows) in EXPECTED.items():
    (translated,) = sqlglot.transpile(sql, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    answer = duckdb.connect().execute(sql).fetchall()
    print(sql, "| DuckDB:", answer, "| for Spark:", translated)
    assert translated.startswith(spark), translated
    assert answer == rows, answer
PROGRAM
