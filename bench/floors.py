"""The least that a stage must move, over what the machine can move: no program does it faster here."""

from __future__ import annotations

from typing import Any

LINE = 64
ROW = 160
"""Bytes of an act while it is read: a time, two ids of 32 letters, an item, a thread, a channel, and where each lies."""
ID = 36
NUMBERED = 24
"""Bytes of an act between people once they are numbers: two people, a time, a kind, whether it asks."""

FLOORS = {
    "reading": "the log off the disk twice (for its fingerprint, and to be read), the record onto it, each act copied twice in memory",
    "ids": (
        "each act's two ids read, and looked up twice in a table of all people (once to find who is new, once for the numbers), a line of "
        "memory for the place and one for the id itself each time; two numbers written"
    ),
    "pairs": "each act between people read twice and written twice, and a line of memory for its pair and bin, and one for its pair",
}
"""What each floor counts, in words."""


def floors(run: dict[str, Any], speed: dict[str, float]) -> dict[str, tuple[float, str]]:
    """Seconds at the least, and the bytes behind them, of the stages that move the most."""
    acts = run["rows"]["toward"] + run["rows"]["posts"]
    log, record, toward = run["log_bytes"], run["record_bytes"], run["rows"]["toward"]
    copied = {"reading": 4 * ROW * acts, "ids": (4 * ID + 8) * acts, "pairs": 4 * NUMBERED * toward}
    lines = {"reading": 0, "ids": 8 * LINE * acts, "pairs": 2 * LINE * toward}
    disk = {"reading": 2 * log / speed["disk_read"] + record / speed["disk_write"], "ids": 0.0, "pairs": 0.0}
    found = {}
    for name in FLOORS:
        seconds = copied[name] / speed["copy"] + lines[name] / speed["lines"] + disk[name]
        parts = [f"{copied[name] / 1e9:.1f} GB in order", f"{lines[name] / 1e9:.1f} GB of lines" if lines[name] else ""]
        parts += [f"disk {2 * log / 1e9:.1f} GB read, {record / 1e9:.1f} written" if disk[name] else ""]
        found[name] = seconds, ", ".join(part for part in parts if part)
    return found
