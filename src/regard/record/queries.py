"""The join from acts to people, written once.

An act refers to accounts. Several accounts may be one person, so every measure joins `accounts` first. In a query over one of these joins,
`e` is the act, `a` is the account that acts, and `b` is the account that it acts toward. `a.person` and `b.person` are the people.
"""

from __future__ import annotations

from regard.record.schema import INTERACTION_KINDS, WORD_KINDS

ACTS_BY_PEOPLE = "record.acts e JOIN record.accounts a ON a.account = e.actor"
"""Every act with the person who acts."""

ACTS_BETWEEN_PEOPLE = f"{ACTS_BY_PEOPLE} JOIN record.accounts b ON b.account = e.target"
"""Every act that is toward somebody, with both people."""


def _among(kinds: tuple[str, ...]) -> str:
    return "kind IN (" + ", ".join(f"'{kind}'" for kind in kinds) + ")"


IS_INTERACTION = _among(INTERACTION_KINDS)
"""Whether an act is attention of one person to another."""

BY_WORDS = _among(WORD_KINDS)
"""Whether an act is words, and no reaction or share."""
