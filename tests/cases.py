"""Cases of parametrised tests, some of which `make test-quick` leaves out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import pytest

T = TypeVar("T")


def mostly_long(cases: Collection[T], quick: int = 2, name: Callable[[T], str] | None = None) -> list[Any]:
    """The cases for `pytest.mark.parametrize`: `quick` of them, spread evenly, always run, the others are marked `long`.

    >>> [len(case.marks) for case in mostly_long(range(6))]
    [0, 1, 1, 0, 1, 1]
    """
    step = -(-len(cases) // quick)
    return [
        pytest.param(case, id=None if name is None else name(case), marks=[pytest.mark.long] if index % step else [])
        for index, case in enumerate(cases)
    ]
