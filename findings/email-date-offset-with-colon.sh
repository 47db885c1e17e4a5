#!/usr/bin/env bash
# Python 3.11 email.utils: parsedate_to_datetime takes +02:00, CEST, JST and GMT+2 without an error and gives a time
# without zone; EDT and +0200 keep theirs.
# One would guess otherwise: a zone that is not understood could raise ValueError, as an unreadable date does; a time
# without zone is also the documented answer to -0000.
# Seen: +0200: 2024-07-05T10:00:00+02:00; +02:00: 2024-07-05T10:00:00; CEST: 2024-07-05T10:00:00.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
from email.utils import parsedate_to_datetime

for zone, offset in (("+0200", "+02:00"), ("EDT", "-04:00"), ("+02:00", None), ("CEST", None), ("JST", None), ("GMT+2", None)):
    moment = parsedate_to_datetime(f"Fri, 05 Jul 2024 10:00:00 {zone}")
    print(f"{zone}: {moment.isoformat()}")
    assert moment.isoformat() == "2024-07-05T10:00:00" + (offset or "")
PROGRAM
