"""What a user may set about a study."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from regard.engines.catalogue import Name


@dataclass(frozen=True)
class Settings:
    """What a user may set about a study. None lets the record decide."""

    until: datetime | None = None
    """The moment of the study: it sees only acts before this moment. Without a zone the moment is in UTC."""
    bin_days: float | None = None
    window_days: float | None = None
    memory_limit: str | None = None
    """The most memory for relations, such as "8GB". Relations beyond it are kept in temporary files. Spark has its own setting for this."""
    temporary: str | os.PathLike[str] | None = None
    """The folder for temporary files: for a cluster a folder that all its machines see, or an address. None is the system's."""
    coefficients: Path | None = None
    """A table of coefficients in place of the shipped one (measures/pairs/pretrained.json). It is for records that the shipped table has
    learned from, so that they are judged by other records alone."""
    seeds: tuple[str, ...] = ()
    """Ids or names of the people from whom the walk of `vouched` starts. None of them lets the record decide."""
    engine: Name = "duckdb"
    """The engine that holds the relations."""
    work: Path | None = None
    """A folder that keeps the relations. What it already holds for the same record and settings is not made again."""
    master: str | None = None
    """Which Spark: local[2], spark://host:7077. None takes the running session, or all processors of this machine."""
