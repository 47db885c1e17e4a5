"""Spark is an extra: nothing of it is imported, nor needed, until it is asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from regard.engines.catalogue import make_engine
from regard.errors import UsageError

WITHOUT = """
import sys
for name in ("pyspark", "py4j", "sqlglot", "pyarrow"):
    sys.modules[name] = None
from regard.surfaces.cli import run
import regard.studies.study, regard.studies.read, regard.studies.report, regard.evaluation.backtest.run, regard.record.dataset
from regard.engines.catalogue import make_engine
from regard.errors import MissingExtra
make_engine().close()
try:
    make_engine("spark", "local[1]")
except MissingExtra as error:
    print(error)
"""


@pytest.mark.long
def test_everything_but_spark_works_without_it() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True)
    assert done.stdout == "the engine spark needs an optional part. Install it with: pip install 'regard[spark]'\n"


def test_only_spark_has_a_master() -> None:
    with pytest.raises(UsageError, match="master"):
        make_engine("duckdb", "local[2]")
