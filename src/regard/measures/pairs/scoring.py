"""Chances: what `again` learned, said of all pairs of today.

A chance is a sum over features. Those of u alone (named u_) and of v alone (v_) are added up once for each person and not for each of
their pairs: most of the logarithms are theirs.
"""

from __future__ import annotations

from regard.engines.base import Step
from regard.measures.pairs.features import RECEIVER, SENDER, expressions, receivers_joined, senders_joined
from regard.measures.pairs.snapshots import NOW

CHANCE = "least(1 - 1e-9, greatest(1e-9, 1 / (1 + exp(-greatest(-30, least(30, m.intercept + {terms}))))))"


def _own(prefix: str) -> str:
    """SQL for the sum over the features of one of the two people."""
    return " + ".join(f"m.b_{name} * {sql}" for name, sql in expressions(NOW).items() if name.startswith(prefix))


ACTORS = Step("actor_terms", f"SELECT u.person, {_own(SENDER)} AS terms FROM {senders_joined(NOW)} CROSS JOIN pair_model m")
TARGETS = Step("target_terms", f"SELECT w.person, {_own(RECEIVER)} AS terms FROM {receivers_joined(NOW)} CROSS JOIN pair_model m")


def pair_features() -> dict[str, str]:
    """Name -> SQL of the features that only the pair has, over p, r, a and b as in `features`."""
    return {name: sql for name, sql in expressions(NOW).items() if not name.startswith((SENDER, RECEIVER))}


def chance() -> str:
    """SQL of the learned chance over `f` (the features of a pair, `actor_terms`, `target_terms`) and `m`, the row of `pair_model`."""
    terms = [*(f"m.b_{name} * f.{name}" for name in pair_features()), "f.actor_terms", "f.target_terms"]
    return CHANCE.format(terms=" + ".join(terms))
