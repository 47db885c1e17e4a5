"""Compares the results of two engines: whole numbers and texts must be the same, floats nearly."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from math import isclose, isnan


def alike(value: object, other: object) -> bool:
    """Whether two values are the same, floats within 1e-9 of their size, at any depth.

    >>> alike((1, 0.1 + 0.2), (1, 0.3)), alike(1, 2), alike(0.0, 1e-12), alike([1], [1, 1])
    (True, False, False, False)
    """
    if isinstance(value, float | Decimal) or isinstance(other, float | Decimal):
        return isinstance(value, float | int | Decimal) and isinstance(other, float | int | Decimal) and _near(float(value), float(other))
    if isinstance(value, dict) and isinstance(other, dict):
        return alike([*value.items()], [*other.items()])
    if isinstance(value, tuple | list) and isinstance(other, tuple | list):
        return len(value) == len(other) and all(alike(a, b) for a, b in zip(value, other, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        return type(value) is type(other) and all(alike(getattr(value, field.name), getattr(other, field.name)) for field in fields(value))
    return value == other


def _near(value: float, other: float) -> bool:
    return (isnan(value) and isnan(other)) or isclose(value, other, rel_tol=1e-9)
