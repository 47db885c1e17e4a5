"""What a reader calls a source: Slack, a mailing list."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "discourse": "Discourse", "github": "GitHub", "mbox": "a mailing list", "simulation": "a simulation", "slack": "Slack",
    "stackexchange": "Stack Exchange", "table": "a table", "twitter": "Twitter",
}  # fmt: skip


def source_name(source: str) -> str:
    """The name of a source within a sentence; one without a name keeps its own.

    >>> source_name("mbox"), source_name("irc")
    ('a mailing list', 'irc')
    """
    return _NAMES.get(source, source)
