#!/usr/bin/env bash
# DuckDB 2.0.1 (Python 3.11): a relation keeps no result. Each fetch runs its query anew, and fetchone() is gone, so that a relation can
# no longer be read row by row.
# One would guess otherwise: a relation has the calls of a cursor, and fetchone() stepped through one result up to 1.x.
# Seen: one relation of count(*) gives 0 before an insert and 1 after it; rel.fetchone raises AttributeError.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import duckdb

database = duckdb.connect()
database.execute("CREATE TABLE acts (id INTEGER)").fetchall()
relation = database.sql("SELECT count(*) FROM acts")
before = relation.fetchall()
database.execute("INSERT INTO acts VALUES (1)").fetchall()
after = relation.fetchall()
print("one relation, before and after an insert:", before, after)
assert (before, after) == ([(0,)], [(1,)])
try:
    relation.fetchone()
    raise SystemExit("a relation has fetchone() again")
except AttributeError as error:
    print("fetchone():", error)
PROGRAM
