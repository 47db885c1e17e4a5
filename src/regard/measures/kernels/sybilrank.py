"""SybilRank: who is near enough to the trusted that a short walk along mutual ties finds them (Cao, Sirivianos, Yang, Pregueiro 2012).

A walk that starts at the trusted and stops after log2 n steps is still mostly on their side of any narrow place: what reaches a farm of
fake accounts grows with its ties to others, and is shared out among the ties it has within itself. At each step half of it stays, so that
it does not swing between two sides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.measures.kernels.personalized_pagerank import Indices

NEAR = 0.5
"""The share of what each tie would carry if the walk went on for ever, from which on a node is near."""
DIGITS = 6
"""Decimals of that share: where many are exactly at the edge, how a sum was rounded does not choose among them."""


def accepted(source: Indices, target: Indices, size: int, trusted: Indices) -> NDArray[np.bool_]:
    """Which nodes are near the trusted; each mutual tie is given both ways, and every node has one.

    >>> path = np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2])
    >>> accepted(*path, 4, np.array([0])).tolist()          # after two steps nothing has come to 3, and 1/8 to 2, which has two of six ties
    [True, True, False, False]
    """
    if not size:
        return np.zeros(0, dtype=np.bool_)
    ties = np.bincount(source, minlength=size)
    share = np.bincount(trusted, minlength=size) / max(1, trusted.size)
    for _ in range(int(np.ceil(np.log2(max(2, size))))):
        share = share / 2 + np.bincount(target, (share / ties)[source], size) / 2
    return np.asarray(np.round(share / ties * ties.sum(), DIGITS) >= NEAR, dtype=np.bool_)
