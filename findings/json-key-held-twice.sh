#!/usr/bin/env bash
# DuckDB 2.0.1, msgspec 0.23.0, orjson 3.13.0, polars 2.1.0, pyarrow 26.0.1: of an object that holds a key twice, json,
# orjson and msgspec keep the last value; polars' read_ndjson keeps the first and its json_path_match the last; DuckDB's
# -> gives the first and its read_json refuses, as pyarrow does.
# One would guess otherwise: one library should answer alike by each of its ways in.
# Seen: json 2, orjson 2, msgspec 2, polars read_ndjson 1, polars json_path_match 2, DuckDB -> 1; DuckDB read_json:
# InvalidInputException; pyarrow read_json: ArrowInvalid.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1 msgspec==0.23.0 orjson==3.13.0 polars==2.1.0 pyarrow==26.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import io
import json
from pathlib import Path

import duckdb
import msgspec
import orjson
import polars
import pyarrow
import pyarrow.json

LINE = '{"id":1,"id":2}'
Path("rows.ndjson").write_text(LINE + "\n")


def duckdb_rows():
    return duckdb.sql("SELECT id FROM read_json('rows.ndjson')").fetchall()[0][0]


answers = {
    "json": json.loads(LINE)["id"],
    "orjson": orjson.loads(LINE)["id"],
    "msgspec": msgspec.json.decode(LINE)["id"],
    "polars read_ndjson": polars.read_ndjson(io.StringIO(LINE))["id"][0],
    "polars json_path_match": polars.Series([LINE]).str.json_path_match("$.id")[0],
    "DuckDB ->": duckdb.sql(f"SELECT '{LINE}'::JSON -> 'id'").fetchall()[0][0],
}
for name, answer in answers.items():
    print(f"{name}: {answer}")
assert list(answers.values()) == [2, 2, 2, 1, "2", "1"]
for name, read, raised in (
    ("DuckDB read_json", duckdb_rows, duckdb.InvalidInputException),
    ("pyarrow read_json", lambda: pyarrow.json.read_json("rows.ndjson"), pyarrow.ArrowInvalid),
):
    try:
        read()
        raise SystemExit(f"{name} took it")
    except raised as error:
        print(f"{name}: {type(error).__name__}: {str(error).splitlines()[0]}")
PROGRAM
