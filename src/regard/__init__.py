"""Regard: influence over rank.

import regard
record = regard.read("export.zip")            # or regard.open("community.regard")
study = regard.study(record)
study.kept.to_polars(); study.ties.to_pandas()
regard.report(study, "report.html")
"""

from regard.api import attack, backtest, open, read, report, study
from regard.errors import RegardError

__version__ = "0.1.0.dev0"

__all__ = ["RegardError", "__version__", "attack", "backtest", "open", "read", "report", "study"]
