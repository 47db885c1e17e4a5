"""Rows of a query as typed values, so that no caller has to convert an `object`."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Row = tuple[object, ...]
R = TypeVar("R", bound=NamedTuple)
Scalar = TypeVar("Scalar", int, float, str, bool)

CONVERTED = (bool, int, float, str)
"""Types that a value is converted to. Values of other types, such as dates, stay as the engine gives them."""


def typed(row_type: type[R], rows: Iterable[Row]) -> list[R]:
    """Each row as a `row_type`, a NamedTuple whose fields stand in the order of the columns.

    A value becomes what its field is annotated as: engines give sums as int, Decimal or float, each in its own way. A field annotated
    `X | None` may be None. Raises TypeError if a row has more or fewer columns than the type has fields, or a value is None where it
    must not be.

    >>> from decimal import Decimal
    >>> class Total(NamedTuple):
    ...     name: str
    ...     acts: int
    ...     share: float | None
    >>> typed(Total, [("ann", Decimal(3), None), ("bo", 4.0, 1)])
    [Total(name='ann', acts=3, share=None), Total(name='bo', acts=4, share=1.0)]
    """
    converters = _converters(row_type)
    return [row_type._make(convert(value) for convert, value in zip(converters, row, strict=True)) for row in rows]


def scalar(kind: type[Scalar], rows: Iterable[Row]) -> Scalar:
    """The one value of the first row, as a `kind`.

    >>> scalar(int, [(3.0,)])
    3
    """
    return cast(Scalar, _required(kind, next(iter(rows))[0]))


@cache
def _converters(row_type: type[R]) -> list[Callable[[object], object]]:
    return [_converter(hint) for hint in get_type_hints(row_type).values()]


def _converter(hint: object) -> Callable[[object], object]:
    kinds = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    kind = next((kind for kind in CONVERTED if kind in kinds), None)
    if kind is None:
        return _unchanged
    return partial(_optional if type(None) in kinds else _required, kind)


def _required(kind: Callable[[Any], Any], value: object) -> Any:
    if value is None:
        raise TypeError("a value is missing where the row must have one")
    return value if type(value) is kind else kind(value)


def _optional(kind: Callable[[Any], Any], value: object) -> Any:
    return None if value is None else _required(kind, value)


def _unchanged(value: object) -> object:
    return value
