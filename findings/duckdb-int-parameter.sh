#!/usr/bin/env bash
# DuckDB 2.0.1 (Python 3.11): a bound Python int takes the narrowest type from INTEGER up, so that $a * $b overflows for
# 2,000,000,000 and not for 3,000,000,000.
# One would guess otherwise: Python's int has no width, and the same statement works with the greater number.
# Seen: 3_000_000_000 * 2 = 6000000000; 2_000_000_000 * 2 raises: Out of Range Error: Overflow in multiplication of INT32.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import duckdb

QUERY = "SELECT $seconds * $times"
database = duckdb.connect()
large = database.execute(QUERY, {"seconds": 3_000_000_000, "times": 2}).fetchone()
print("3_000_000_000 * 2 =", large[0])
assert large == (6_000_000_000,)
try:
    database.execute(QUERY, {"seconds": 2_000_000_000, "times": 2}).fetchone()
    raise SystemExit("the smaller number did not overflow")
except duckdb.OutOfRangeException as error:
    print("2_000_000_000 * 2 raises:", error)
types = [database.execute("SELECT typeof($n)", {"n": n}).fetchone()[0] for n in (1, 2**31, 2**63, 2**65)]
print("types of 1, 2**31, 2**63, 2**65:", types)
assert types == ["INTEGER", "BIGINT", "UBIGINT", "HUGEINT"]
PROGRAM
