"""The measures there are, in the order in which a reader would learn them."""

from __future__ import annotations

from collections.abc import Mapping

from regard.measures.above import ABOVE
from regard.measures.activity import ACTIVITY
from regard.measures.base import Measure
from regard.measures.cooling import COOLING
from regard.measures.drawn import DRAWN
from regard.measures.fans import FANS
from regard.measures.help import HELP, HELPERS
from regard.measures.kept import KEPT
from regard.measures.openings import OPENINGS
from regard.measures.rank import RANK
from regard.measures.reached import REACHED
from regard.measures.response import RESPONSE
from regard.measures.seeds import SEEDS
from regard.measures.ties import TIES
from regard.measures.vouched import VOUCHED, VOUCHED_KEPT, VOUCHED_TIES
from regard.measures.waiting import WAITING

ALL = (
    REACHED, KEPT, FANS, DRAWN, ABOVE, TIES, COOLING, WAITING, RESPONSE, HELP, HELPERS, RANK, ACTIVITY, OPENINGS, SEEDS, VOUCHED,
    VOUCHED_TIES, VOUCHED_KEPT,
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in ALL}
