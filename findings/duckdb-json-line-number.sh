#!/usr/bin/env bash
# DuckDB 2.0.1: the error about a line that is no JSON names the line after it; the error about a value of a wrong type in
# the same line names the right one.
# One would guess otherwise: both errors say "in line", and only one of them has to be corrected.
# Seen: the faulty line is 3: no JSON, DuckDB says line 4; JSON of a wrong type, it says line 3.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import re
from pathlib import Path

import duckdb

for broken in (2, 3, 5):
    lines = [f'{{"n":{n}}}' for n in range(1, 7)]
    lines[broken - 1] = '{"n":}'
    Path("rows.ndjson").write_text("\n".join(lines) + "\n")
    try:
        duckdb.sql("SELECT * FROM read_json('rows.ndjson', format = 'newline_delimited', columns = {'n': 'BIGINT'})").fetchall()
        raise SystemExit("nothing was raised")
    except duckdb.InvalidInputException as error:
        said = int(re.search(r"in line (\d+)", str(error)).group(1))
    Path("rows.ndjson").write_text("\n".join('{"n":"x"}' if n == broken else f'{{"n":{n}}}' for n in range(1, 7)) + "\n")
    try:
        duckdb.sql("SELECT * FROM read_json('rows.ndjson', format = 'newline_delimited', columns = {'n': 'BIGINT'})").fetchall()
        raise SystemExit("nothing was raised")
    except duckdb.InvalidInputException as error:
        typed = int(re.search(r"in line (\d+)", str(error)).group(1))
    print(f"the faulty line is {broken}: no JSON, DuckDB says line {said}; JSON of a wrong type, it says line {typed}")
    assert (said, typed) == (broken + 1, broken)
PROGRAM
