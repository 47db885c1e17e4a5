"""Scoring: the return model's chance for every pair of today, as SQL.

The linear predictor of a pair is a sum over features. The terms of the sender alone and those of the receiver alone are added up once for
each person, and not once for each of their pairs. Most of the logarithms are in these terms.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.pairs.features import RECEIVER, SENDER, expressions, receivers_joined, senders_joined
from regard.measures.pairs.snapshots import NOW, Landmark


def _person_terms(prefix: str) -> str:
    """SQL for the sum over the features of one of the two people."""
    return " + ".join(f"m.b_{name} * {sql}" for name, sql in expressions(NOW).items() if name.startswith(prefix))


SENDER_TERMS = Step("sender_terms", f"SELECT u.person, {_person_terms(SENDER)} AS terms FROM {senders_joined(NOW)} CROSS JOIN pair_model m")
RECEIVER_TERMS = Step(
    "receiver_terms", f"SELECT w.person, {_person_terms(RECEIVER)} AS terms FROM {receivers_joined(NOW)} CROSS JOIN pair_model m"
)


def pair_features() -> dict[str, str]:
    """Name -> SQL of the features that belong to the pair and not to one of its people. They read p, r, a and b as in features.py."""
    return {name: sql for name, sql in expressions(NOW).items() if not name.startswith((SENDER, RECEIVER))}


def linear_predictor() -> str:
    """SQL over the pair (p, r, a, b), the terms of its sender (u) and receiver (v), and the row of `pair_model` (m)."""
    terms = [*(f"m.b_{name} * {sql}" for name, sql in pair_features().items()), "u.terms", "v.terms"]
    return " + ".join(["m.intercept", *terms])


def past_probability(landmark: Landmark) -> str:
    """SQL for the chance of a pair at a past landmark, over the relations of features.py and the row of `return_model` (m)."""
    terms = (f"m.b_{name} * {sql}" for name, sql in expressions(landmark).items())
    return probability(" + ".join([f"m.intercept{landmark.suffix}", *terms]))


def probability(predictor: str) -> str:
    """SQL for the chance that belongs to a linear predictor, strictly between 0 and 1."""
    return f"least(1 - 1e-9, greatest(1e-9, 1 / (1 + exp(-greatest(-30, least(30, {predictor}))))))"
