"""The coefficients that other communities taught, as they are shipped: where a record has not shown enough, they stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.errors import InputError
from regard.measures.pairs.features import expressions
from regard.measures.pairs.snapshots import NOW

EXPECTED = "expected a table of coefficients (features with name, scale and slope)"
SHIPPED = Path(__file__).with_name("pretrained.json")


@dataclass(frozen=True)
class Pretrained:
    """Slopes for features that are centred on their record and divided by `scale`, in the order of `names`."""

    names: tuple[str, ...]
    scale: NDArray[np.float64]
    slope: NDArray[np.float64]
    provenance: str
    """What it was learned from, in words."""


@cache
def pretrained(path: str = "") -> Pretrained:
    """The shipped table, or that of another file; raises InputError for a file that holds none.

    >>> table = pretrained()
    >>> len(table.names) == table.scale.size == table.slope.size
    True
    """
    place = Path(path) if path else SHIPPED
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        columns = told["features"]
        scale, slope = (np.array([float(column[name]) for column in columns]) for name in ("scale", "slope"))
        table = Pretrained(tuple(str(column["name"]) for column in columns), scale, slope, str(told["provenance"]))
    except OSError as error:
        raise InputError(f"{place}: {EXPECTED}, but it cannot be read ({error.strerror})") from error
    except KeyError as error:
        raise InputError(f"{place}: {EXPECTED}, but there is no {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{place}: {EXPECTED}, but {error}") from error
    if table.names != tuple(expressions(NOW)):
        raise InputError(f"{place}: {EXPECTED}, but its features are not those of this version: {', '.join(expressions(NOW))}")
    if not (np.isfinite(table.slope).all() and np.isfinite(table.scale).all() and (table.scale > 0).all()):
        raise InputError(f"{place}: {EXPECTED}, but a slope is no number or a scale not above 0")
    return table
