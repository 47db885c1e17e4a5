#!/usr/bin/env bash
# Python 3.11 mailbox.mbox: a line that begins with "From " splits a mail even within a paragraph, with no blank line
# before and no address or date on it; what it quotes while writing it does not unquote while reading, so a quoted line
# and a line made of > look alike.
# One would guess otherwise: a line of prose holds no sender and no date, and a mail that the module wrote should come
# back as it was.
# Seen: [('one', 'Hello\n'), (None, 'Bye\n')]; '>From now on\n>From then on\n'.
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
import mailbox
from pathlib import Path

HEAD = b"From a@example.org Fri Jul  5 10:00:00 2024\nSubject: one\n\n"
Path("split.mbox").write_bytes(HEAD + b"Hello\nFrom now on it works.\n\nBye\n")
split = [(mail["Subject"], mail.get_payload()) for mail in mailbox.mbox("split.mbox")]
print("one mail with a line 'From now on':", split)
assert split == [("one", "Hello\n"), (None, "Bye\n")]
box = mailbox.mbox("turn.mbox")
box.add(b"Subject: two\n\nFrom now on\n>From then on\n")
box.close()
back = mailbox.mbox("turn.mbox")[0].get_payload()
print("written and read back:", repr(back))
assert back.splitlines()[:2] == [">From now on", ">From then on"]
PROGRAM
