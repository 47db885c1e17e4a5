"""The coefficients that other communities taught, as they are shipped: where a record has not shown enough, they stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.errors import InputError

SHIPPED = Path(__file__).with_name("frozen.json")


@dataclass(frozen=True)
class Frozen:
    """Slopes for features that are centred on their record and divided by `scale`, in the order of `names`."""

    names: tuple[str, ...]
    scale: NDArray[np.float64]
    slope: NDArray[np.float64]
    provenance: str
    """What it was learned from, in words."""


@cache
def frozen(path: str = "") -> Frozen:
    """The shipped table, or that of another file; raises InputError for a file that holds none.

    >>> table = frozen()
    >>> len(table.names) == table.scale.size == table.slope.size
    True
    """
    place = Path(path) if path else SHIPPED
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        columns = told["features"]
        scale, slope = (np.array([float(column[name]) for column in columns]) for name in ("scale", "slope"))
        return Frozen(tuple(str(column["name"]) for column in columns), scale, slope, str(told["provenance"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{place}: expected a table of coefficients (features with name, scale and slope), but {error}") from error
