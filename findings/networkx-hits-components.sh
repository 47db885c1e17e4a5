#!/usr/bin/env bash
# networkx 3.6.1, scipy 1.17.1: the hubs that hits() gives for two equal ties without a common node differ from call to
# call and may be negative or above 1: nothing is set at random by the caller and hits() has no seed.
# One would guess otherwise: both ties look alike, so .5 each; and the same graph should give the same answer.
# Seen: hubs of ann and cy (-1.053, 2.053), (0.798, 0.202), (0.491, 0.509), (2.612, -1.612) and so on.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check networkx==3.6.1 numpy==2.4.6 scipy==1.17.1
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import networkx

graph = networkx.DiGraph([("ann", "bo"), ("cy", "di")])
answers = []
for _ in range(8):
    hubs, _ = networkx.hits(graph)
    answers.append((round(float(hubs["ann"]), 3), round(float(hubs["cy"]), 3)))
print("hubs of ann and cy, eight calls:", answers)
assert len(set(answers)) > 1
PROGRAM
