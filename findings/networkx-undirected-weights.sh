#!/usr/bin/env bash
# networkx 3.6.1: to_undirected() keeps one of the two weights of a mutual tie, and which one depends on the order in
# which the edges were added.
# One would guess otherwise: a sum, or an error; the documentation says that the choice is arbitrary, nothing says so at
# run time.
# Seen: 5 added before 2 gives 2; 2 added before 5 gives 5.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check networkx==3.6.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import networkx

EDGES = [("ann", "bo", 5), ("bo", "ann", 2)]
weights = []
for order in (EDGES, EDGES[::-1]):
    directed = networkx.DiGraph()
    directed.add_weighted_edges_from(order)
    weights.append(directed.to_undirected()["ann"]["bo"]["weight"])
    print(order, "->", weights[-1])
assert weights == [2, 5]
PROGRAM
