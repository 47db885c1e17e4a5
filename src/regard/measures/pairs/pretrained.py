"""Pretrained coefficients: the slopes that other communities taught. They stand wherever a record has not shown enough itself."""

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

FORMAT = 2
"""The format of the table. In format 1, which has no number, the features have other names."""
EXPECTED = "expected a table of coefficients (features with name, scale and slope)"
OLD_FORMAT = "it was made by an older version of Regard; make it anew: python validation/freeze.py --data FOLDER -o {path}"
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
    """The shipped table, or that of another file; raises InputError for a file without such a table.

    >>> table = pretrained()
    >>> len(table.names) == table.scale.size == table.slope.size
    True
    """
    file = Path(path) if path else SHIPPED
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        features = content["features"]
        scale, slope = (np.array([float(feature[name]) for feature in features]) for name in ("scale", "slope"))
        table = Pretrained(tuple(str(feature["name"]) for feature in features), scale, slope, str(content["provenance"]))
        made_as = content.get("format", 1)
    except OSError as error:
        raise InputError(f"{file}: {EXPECTED}, but it cannot be read ({error.strerror})") from error
    except KeyError as error:
        raise InputError(f"{file}: {EXPECTED}, but there is no {error}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{file}: {EXPECTED}, but {error}") from error
    if made_as == 1:
        raise InputError(f"{file}: {EXPECTED}, but {OLD_FORMAT.format(path=file)}")
    if made_as != FORMAT or table.names != tuple(expressions(NOW)):
        raise InputError(f"{file}: {EXPECTED}, but its features are not those of this version: {', '.join(expressions(NOW))}")
    if not (np.isfinite(table.slope).all() and np.isfinite(table.scale).all() and (table.scale > 0).all()):
        raise InputError(f"{file}: {EXPECTED}, but a slope is no number or a scale not above 0")
    return table
