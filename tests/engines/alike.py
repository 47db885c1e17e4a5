"""What two engines say, held against each other: whole numbers and words are the same, floats nearly."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from math import isclose, isnan


def alike(one: object, other: object) -> bool:
    """Whether two values are the same, floats within 1e-9 of their size, at any depth.

    >>> alike((1, 0.1 + 0.2), (1, 0.3)), alike(1, 2), alike(0.0, 1e-12), alike([1], [1, 1])
    (True, False, False, False)
    """
    if isinstance(one, float | Decimal) or isinstance(other, float | Decimal):
        return isinstance(one, float | int | Decimal) and isinstance(other, float | int | Decimal) and _near(float(one), float(other))
    if isinstance(one, dict) and isinstance(other, dict):
        return alike([*one.items()], [*other.items()])
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(alike(a, b) for a, b in zip(one, other, strict=True))
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and all(alike(getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return one == other


def _near(one: float, other: float) -> bool:
    return (isnan(one) and isnan(other)) or isclose(one, other, rel_tol=1e-9)
