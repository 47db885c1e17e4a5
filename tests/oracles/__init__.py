"""Slow answers in plain Python to the questions that the measures answer in SQL, from a list of acts and the definitions alone.

Every function reads like the docstring of its measure, knows nothing of DuckDB, and takes minutes where the measure takes milliseconds.
People are their ids. Of two people, the smaller number is the earlier id.
"""

from .alive_model import Chances, chances, in_several, likelihood, often, silence
from .conversations import activity, helpers, helps, opening_rows, openings, response, unanswered
from .counts import quantiles, quantiles_of, returns
from .lengths import timescale
from .pairs import State, Tie, ages, cooling, excess, fans, kept, state, ties
from .reach import new_contacts, pagerank, rank, reached
from .world import DAY, Floats, Pair, Row, World, integer, moment, number, settled, stamp

__all__ = [
    "DAY",
    "Chances",
    "Floats",
    "Pair",
    "Row",
    "State",
    "Tie",
    "World",
    "activity",
    "ages",
    "chances",
    "cooling",
    "excess",
    "fans",
    "helpers",
    "helps",
    "in_several",
    "integer",
    "kept",
    "likelihood",
    "moment",
    "new_contacts",
    "number",
    "often",
    "opening_rows",
    "openings",
    "pagerank",
    "quantiles",
    "quantiles_of",
    "rank",
    "reached",
    "response",
    "returns",
    "settled",
    "silence",
    "stamp",
    "state",
    "ties",
    "timescale",
    "unanswered",
]
