"""The one list of measures, in the order in which a reader would learn them. Those that are no tables come last."""

from __future__ import annotations

from collections.abc import Mapping

from regard.measures.base import Catalogue, Measure
from regard.measures.base_relations import BASE
from regard.measures.conversations.activity import ACTIVITY
from regard.measures.conversations.adverts import ADVERTS
from regard.measures.conversations.asked import ASKED
from regard.measures.conversations.help import HELP, HELPERS
from regard.measures.conversations.openings import OPENINGS
from regard.measures.conversations.response import RESPONSE
from regard.measures.conversations.unanswered import UNANSWERED
from regard.measures.influence.excess import EXCESS
from regard.measures.influence.fans import FANS
from regard.measures.influence.kept import KEPT
from regard.measures.influence.new_contacts import NEW_CONTACTS
from regard.measures.influence.rank import RANK
from regard.measures.influence.reached import REACHED
from regard.measures.pairs.cooling import COOLING
from regard.measures.pairs.pair_model import PAIR_MODEL
from regard.measures.pairs.pairs import PAIRS
from regard.measures.pairs.ties import TIES
from regard.measures.trust.seeds import SEEDS
from regard.measures.trust.vouched import VOUCHED, VOUCHED_KEPT, VOUCHED_TIES

ALL = (
    REACHED, KEPT, FANS, NEW_CONTACTS, EXCESS, TIES, COOLING, UNANSWERED, RESPONSE, HELP, HELPERS, RANK, ACTIVITY, SEEDS, VOUCHED,
    VOUCHED_TIES, VOUCHED_KEPT, PAIRS, PAIR_MODEL, OPENINGS, ASKED, ADVERTS,
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in ALL}
CATALOGUE = Catalogue(BASE, MEASURES)
