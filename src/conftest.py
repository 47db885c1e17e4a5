"""Which modules' examples are run: those of an extra only where it is installed."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pyspark") else ["regard/engines/spark/*.py"]
