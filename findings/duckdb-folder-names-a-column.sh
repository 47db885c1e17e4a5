#!/usr/bin/env bash
# DuckDB 2.0.1: a folder called actor=archive replaces the column actor that the file itself holds, in Parquet and in CSV,
# without a word.
# One would guess otherwise: nothing asked for partitions, the path names one file, and the file's own values are there.
# Seen: plain/ gives 'ann', actor=archive/ gives 'archive'; hive_partitioning = false gives 'ann'.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import os

import duckdb

database = duckdb.connect()
for folder in ("plain", "actor=archive"):
    os.makedirs(folder)
    database.execute(f"COPY (SELECT 'ann' AS actor, 1 AS messages) TO '{folder}/acts.parquet'")
    database.execute(f"COPY (SELECT 'ann' AS actor, 1 AS messages) TO '{folder}/acts.csv'")
for name in ("acts.parquet", "acts.csv"):
    plain = database.execute(f"SELECT actor FROM 'plain/{name}'").fetchone()[0]
    named = database.execute(f"SELECT actor FROM 'actor=archive/{name}'").fetchone()[0]
    print(f"{name}: plain/ gives {plain!r}, actor=archive/ gives {named!r}")
    assert (plain, named) == ("ann", "archive")
off = database.execute("SELECT actor FROM read_parquet('actor=archive/acts.parquet', hive_partitioning = false)").fetchone()[0]
print(f"hive_partitioning = false gives {off!r}")
assert off == "ann"
PROGRAM
