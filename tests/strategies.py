"""Small communities made up by Hypothesis: every kind of act, threads, equal moments, missing times, bots, words with and without asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from regard.record.schema import Account, Act, Kind

from .communities import DAY, START_US

EFFORT: Final = float(os.environ.get("REGARD_TEST_EFFORT", "1"))
"""How many times the usual number of examples is tried, such as 0.1 or 20. Up to 1 the examples are the same each time."""


def scaled(number: int) -> int:
    """A number of examples at this effort, at least 2."""
    return max(2, round(number * EFFORT))


settings.register_profile(
    "regard",
    max_examples=scaled(100),
    deadline=None,
    derandomize=EFFORT <= 1,
    print_blob=True,
    # How fast examples are drawn depends on what else the machine does, and says nothing about the code.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("regard")

PEOPLE: Final = ("ann", "bea", "cem", "dua", "eli")
BOT: Final = "zbot"
MOVES: Final[tuple[Kind, ...]] = ("post", "post", "reply", "reply", "message", "message", "mention", "react", "thank", "share", "follow")
WORDS: Final = (None, "How?", "Like this.", "See https://example.org/?q=1")
LABELS: Final = ("pray", "+1", "🙏🏽", None)
STEPS: Final = (DAY // 24, DAY // 4, DAY, 3 * DAY, 30 * DAY)


def examples(number: int) -> Callable[[Any], Any]:
    """Settings for a test whose examples take long, such as one that makes a record in each."""
    return settings(max_examples=scaled(number), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Made(NamedTuple):
    """A community: its acts, its accounts, and who of them is a bot."""

    acts: list[Act]
    accounts: list[Account]

    @property
    def bots(self) -> frozenset[str]:
        """Ids of bots."""
        return frozenset(account.id for account in self.accounts if account.actor_type == "bot")

    @property
    def followers(self) -> dict[str, int]:
        """What the platform tells of followers."""
        return {account.id: account.followers for account in self.accounts if account.followers is not None}

    @property
    def until(self) -> int:
        """The moment from which a study looks when nobody says another."""
        return max(act.time for act in self.acts if act.time is not None) + 1


class Move(NamedTuple):
    """One draw, before it is known what came before it."""

    slot: int
    late: int
    actor: str
    kind: Kind
    target: str
    answers: int
    words: str | None
    label: str | None
    shape: int


def moves() -> st.SearchStrategy[Move]:
    """One thing that somebody does; most shapes are the usual one."""
    people = st.sampled_from((*PEOPLE, BOT))
    return st.builds(
        Move,
        st.integers(0, 40), st.sampled_from((0, 0, 0, 7_000_001)), people, st.sampled_from(MOVES), people, st.integers(0, 5),
        st.sampled_from(WORDS), st.sampled_from(LABELS), st.sampled_from((0, 0, 0, 0, 1, 2, 3, 4)),
    )  # fmt: skip


@st.composite
def communities(draw: st.DrawFn, most: int = 30) -> Made:
    """Up to `most` messages and what belongs to them, at least one of them at a known time."""
    step = draw(st.sampled_from(STEPS))
    drawn = draw(st.lists(moves(), min_size=1, max_size=most))
    acts: list[Act] = [Act("ann", "join", START_US)]
    messages: list[Act] = []
    for place, move in enumerate(drawn):
        fresh = _acts(place, move, START_US + move.slot * step + move.late, messages)
        acts += fresh
        messages += [act for act in fresh[:1] if act.kind in ("post", "reply", "message") and act.item is not None]
    told = draw(st.sampled_from((None, 0, 3, 700)))
    bots = [Account(BOT, "Robot", "bot")] if draw(st.booleans()) else []
    return Made(acts, [Account("ann", "Ann", "person", told), *bots])


def _acts(place: int, move: Move, time: int, messages: list[Act]) -> list[Act]:
    """The rows of one move. Shapes: 1 without a time, 2 without an item, 3 names its thread itself, 4 answers what nobody has."""
    item = None if move.shape == 2 else f"i{place}"
    known = None if move.shape == 1 else time
    thread = f"t{move.answers}" if move.shape == 3 else None
    answered = messages[-1 - move.answers % len(messages)] if messages else None
    base = Act(move.actor, move.kind, known, item=item, thread=thread, text=move.words)
    if move.kind == "post":
        mention = base._replace(kind="mention", target=move.target, text=None)
        return [base, mention] if move.label == "pray" else [base]
    if move.kind == "reply":
        gone = move.shape == 4 or answered is None
        return [base._replace(parent="gone" if gone else answered.item, target=move.target if move.label == "+1" else None)]  # type: ignore[union-attr]
    if move.kind in ("react", "thank"):
        return [Act(move.actor, move.kind, known, move.target, item=answered.item if answered else None, label=move.label)]
    if move.kind in ("follow", "share"):
        return [Act(move.actor, move.kind, known, move.target)]
    return [base._replace(target=move.target)]
