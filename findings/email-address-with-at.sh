#!/usr/bin/env bash
# Python 3.11 email: parseaddr reads Pipermail's "jgb at example.com (Ann Lee)" as the address jgb, so that people of two
# domains become one; with the address in angle brackets it keeps all of it, and policy.default keeps the words and drops
# the name.
# One would guess otherwise: Pipermail's archives write every From so; an address without @ could come back empty or
# whole.
# Seen: ('Ann Lee', 'jgb'); ('Ann Lee', 'jgb at example.com'); policy.default ('', 'jgb at example.com', '').
# Run on 2026-11-29.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3.11 -m venv "$work/venv"
cd "$work"
"$work/venv/bin/python" - <<'PROGRAM'
from email import message_from_string, policy
from email.utils import parseaddr

for text, expected in (("jgb at example.com (Ann Lee)", ("Ann Lee", "jgb")), ("jgb at example.org (Bo Day)", ("Bo Day", "jgb"))):
    print(text, "->", parseaddr(text))
    assert parseaddr(text) == expected
turned = parseaddr("Ann Lee <jgb at example.com>")
print("Ann Lee <jgb at example.com> ->", turned)
assert turned == ("Ann Lee", "jgb at example.com")
address = message_from_string("From: jgb at example.com (Ann Lee)\n\n", policy=policy.default)["from"].addresses[0]
print("policy.default ->", (address.display_name, address.username, address.domain))
assert (address.display_name, address.username, address.domain) == ("", "jgb at example.com", "")
PROGRAM
