"""The least that a stage must move, over what the machine can move: no program does it faster here."""

from __future__ import annotations

from typing import Any

LINE = 64
ROW = 160
"""Bytes of an act while it is read: a time, two ids of 32 letters, an item, a thread, a channel, and where each lies."""
ID = 36
NUMBERED = 24
"""Bytes of an act between people once they are numbers: two people, a time, a kind, whether it asks."""
BIN, PAIR = 40, 72
"""Bytes of a pair in a bin, and of a pair."""

FLOORS = {
    "reading": (
        "the log off the disk twice, for its fingerprint and to be read; each act copied twice in memory; each of its two ids looked up "
        "(a line of memory for the place and one for the id), and its key among all others (a line); the record onto the disk"
    ),
    "ids": "the ids of each act off the disk, and each looked up among those seen before",
    "pairs": (
        "each act between people written and read, looked up among pairs in bins, whose sums are a line of their own; each of these the "
        "same among pairs, whose sums are two lines; bins and pairs written"
    ),
}
"""What each floor counts, in words."""


def floors(run: dict[str, Any], speed: dict[str, float]) -> dict[str, tuple[float, str]]:
    """Seconds at the least, and the bytes behind them, of the stages that move the most."""
    acts = run["rows"]["toward"] + run["rows"]["posts"]
    log, record, toward, pairs = run["log_bytes"], run["record_bytes"], run["rows"]["toward"], run["rows"]["ties"]
    copied = {"reading": 4 * ROW * acts, "ids": 2 * ID * acts, "pairs": 2 * NUMBERED * toward + 2 * BIN * toward + PAIR * pairs}
    lines = {"reading": 5 * LINE * acts, "ids": 4 * LINE * acts, "pairs": 5 * LINE * toward}
    disk = {"reading": (2 * log, record), "ids": (int(0.7 * log), 0), "pairs": (0, 0)}
    found = {}
    for name in FLOORS:
        read, written = disk[name]
        seconds = copied[name] / speed["copy"] + lines[name] / speed["lines"] + read / speed["disk_read"] + written / speed["disk_write"]
        moved = f"{copied[name] / 1e9:.1f} GB in order, {lines[name] / 1e9:.1f} GB of lines"
        found[name] = seconds, moved + (f", disk {read / 1e9:.1f} GB read, {written / 1e9:.1f} GB written" if read else "")
    return found
