"""SybilRank: which nodes does a short walk from the trusted along mutual ties reach? (Cao, Sirivianos, Yang, Pregueiro 2012).

A walk that starts at the trusted and stops after log2(n) steps is still mostly on their side of any narrow cut in a graph of n nodes. The
share that reaches a farm of fake accounts grows with the farm's ties to others, and is divided among the ties within the farm. At each
step half of the walk stays where it is, so that it does not swing between two sides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.measures.kernels.personalized_pagerank import Indices

ACCEPTED_SHARE = 0.5
"""A node is accepted from this share on of what each of its ties would carry if the walk went on for ever."""
DECIMALS = 6
"""Decimals of that share. If many nodes lie exactly at the border, the rounding of a sum does not choose among them."""


def accepted(source: Indices, target: Indices, size: int, trusted: Indices) -> NDArray[np.bool_]:
    """Whether each of `size` nodes is accepted. Each mutual tie is given both ways, and every node must have one.

    After two steps 1/8 has come to node 2, which has two of the six ties, and nothing to node 3:

    >>> path = np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2])
    >>> accepted(*path, 4, np.array([0])).tolist()
    [True, True, False, False]
    """
    if not size:
        return np.zeros(0, dtype=np.bool_)
    ties = np.bincount(source, minlength=size)
    share = np.bincount(trusted, minlength=size) / max(1, trusted.size)
    for _ in range(int(np.ceil(np.log2(max(2, size))))):
        share = share / 2 + np.bincount(target, (share / ties)[source], size) / 2
    return np.asarray(np.round(share / ties * ties.sum(), DECIMALS) >= ACCEPTED_SHARE, dtype=np.bool_)
