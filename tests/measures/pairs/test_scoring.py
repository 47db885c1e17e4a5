"""Features of one person read that person's relations alone: the sums in scoring.py depend on it."""

from __future__ import annotations

import re

import pytest

from regard.measures.pairs.features import RECEIVER, SENDER, expressions
from regard.measures.pairs.scoring import pair_features
from regard.measures.pairs.snapshots import NOW, PAST, Landmark

OWN = {SENDER: {"u", "c"}, RECEIVER: {"v", "w", "d"}}


@pytest.mark.parametrize("origin", [NOW, *PAST], ids=lambda origin: str(origin.number))
@pytest.mark.parametrize("prefix", [SENDER, RECEIVER])
def test_what_is_named_as_a_persons_own_is_told_by_that_person_alone(origin: Landmark, prefix: str) -> None:
    own = {name: sql for name, sql in expressions(origin).items() if name.startswith(prefix)}
    assert own
    for name, sql in own.items():
        assert set(re.findall(r"\b([a-z])\.[a-z]", sql)) <= OWN[prefix], name


def test_each_feature_is_a_pairs_or_one_of_its_peoples() -> None:
    own = [name for name in expressions(NOW) if name.startswith((SENDER, RECEIVER))]
    assert sorted([*pair_features(), *own]) == sorted(expressions(NOW))
    for name, sql in pair_features().items():
        assert set(re.findall(r"\b([a-z])\.[a-z]", sql)) <= {"p", "r", "a", "b"}, name
