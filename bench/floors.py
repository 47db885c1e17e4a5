"""Floors: the bytes that a stage must move at the least, over the bandwidths of the machine. No program is faster on this machine."""

from __future__ import annotations

from typing import Any

LINE = 64
"""Bytes of a cache line."""
ROW = 160
"""Bytes of an act while it is read: a time, two ids of 32 letters, an item, a thread, a channel, and the offset of each."""
ID = 36
"""Bytes of an id with its offset."""
NUMBERED = 24
"""Bytes of an act between people, with numbers for ids: two people, a time, a kind, whether it asks."""
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
"""The bytes that each floor counts, as the page describes them."""


def compute_floors(run: dict[str, Any], bandwidth: dict[str, float]) -> dict[str, tuple[float, str]]:
    """For the stages that move the most: the least number of seconds, and the bytes behind it in words."""
    interactions, pairs = run["rows"]["interactions"], run["rows"]["ties"]
    acts = interactions + run["rows"]["posts"]
    log, record = run["log_bytes"], run["record_bytes"]
    copied = {"reading": 4 * ROW * acts, "ids": 2 * ID * acts, "pairs": 2 * NUMBERED * interactions + 2 * BIN * interactions + PAIR * pairs}
    lines = {"reading": 5 * LINE * acts, "ids": 4 * LINE * acts, "pairs": 5 * LINE * interactions}
    disk = {"reading": (2 * log, record), "ids": (int(0.7 * log), 0), "pairs": (0, 0)}
    floors = {}
    for name in FLOORS:
        read, written = disk[name]
        seconds = copied[name] / bandwidth["copy"] + lines[name] / bandwidth["lines"]
        seconds = seconds + read / bandwidth["disk_read"] + written / bandwidth["disk_write"]
        moved = f"{copied[name] / 1e9:.1f} GB in order, {lines[name] / 1e9:.1f} GB of lines"
        floors[name] = seconds, moved + (f", disk {read / 1e9:.1f} GB read, {written / 1e9:.1f} GB written" if read else "")
    return floors
