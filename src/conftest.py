"""Which modules' examples are run: those that need pyspark only if it is installed."""

from __future__ import annotations

from importlib.util import find_spec

NEED_PYSPARK = [f"regard/engines/spark/{name}.py" for name in ("engine", "errors", "hadoop", "session")]

collect_ignore_glob = [] if find_spec("pyspark") else NEED_PYSPARK
