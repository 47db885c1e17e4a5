"""How much of the machine relations may take."""

from __future__ import annotations

import os
from dataclasses import dataclass

SHARE = "20%"
"""Of the machine's memory, or of what its container may have; beyond it relations lie in temporary files. What the engine itself does not
count, what a source has in hand, and fits come on top: 1 to 1.5 GB for 63 million acts."""

LEAST, MOST = "1GB", "60%"
"""On a small machine no less than LEAST (a million acts take three quarters of it), but for more than MOST of what it has."""


@dataclass(frozen=True)
class Limits:
    """Most memory for relations, and where temporary files go; None lets the machine decide."""

    memory: str | None = None
    """Such as "8GB", or "40%" of the machine."""
    temporary: str | os.PathLike[str] | None = None
    """A folder; else the system's own for temporary files."""


DEFAULT = Limits()
