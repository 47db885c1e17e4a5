"""How much memory and disk of the machine relations may take."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEMORY_SHARE = "20%"
"""Share of the memory of the machine, or of its container, that relations take by default. Beyond it they are kept in temporary files.
Memory that the engine does not count, a source's batches and array steps come on top: 1 to 1.5 GB for 63 million acts."""

MEMORY_FLOOR, MEMORY_CEILING = "1GB", "60%"
"""On a small machine the limit is at least the floor (a million acts take three quarters of it), but never above the ceiling."""


@dataclass(frozen=True)
class Limits:
    """Most memory for relations, and the folder for temporary files; None takes the defaults of the machine."""

    memory: str | None = None
    """Such as "8GB", or "40%" of the machine."""
    temporary: str | os.PathLike[str] | None = None
    """A folder; None takes the system's folder for temporary files."""


DEFAULT = Limits()
