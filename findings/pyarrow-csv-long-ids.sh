#!/usr/bin/env bash
# pyarrow 26.0.1, polars 2.1.0: pyarrow reads a CSV column of 20-digit ids as float64 and makes two people one; polars
# reads it as Int128.
# One would guess otherwise: every cell is digits only, so a reader that has no integer wide enough could keep text.
# Seen: pyarrow: double, distinct: 1; polars: Int128, distinct: 2.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0 pyarrow==26.0.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import io

import polars
import pyarrow.csv

TEXT = b"id\n12345678901234567890\n12345678901234567891\n"
arrow = pyarrow.csv.read_csv(io.BytesIO(TEXT))["id"]
frame = polars.read_csv(TEXT)["id"]
print("pyarrow:", arrow.type, arrow.to_pylist(), "distinct:", len(set(arrow.to_pylist())))
print("polars:", frame.dtype, frame.to_list(), "distinct:", frame.n_unique())
assert (str(arrow.type), len(set(arrow.to_pylist()))) == ("double", 1)
assert frame.n_unique() == 2
PROGRAM
