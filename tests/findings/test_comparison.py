"""One rule for comparing counts: it follows from the range of the change, and says nothing of few."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regard.findings.comparison import SAME, TOO_FEW, compare

COUNTS = st.integers(0, 100_000)


@given(COUNTS, COUNTS)
def test_the_words_follow_from_the_range(before: int, after: int) -> None:
    change = compare(before, after)
    if change.low is None or change.high is None:
        assert max(before, after) < TOO_FEW
        assert change.words.startswith("too few")
        return
    assert change.words.startswith("more") is (change.low > 0)
    assert change.words.startswith("fewer") is (change.high < 0)
    assert not change.words.startswith("about the same") or (change.low >= -SAME and change.high <= SAME)


@given(COUNTS, COUNTS)
def test_the_way_back_is_the_other_way(before: int, after: int) -> None:
    words = {"more": "fewer", "fewer": "more"}
    there, back = (compare(*counts).words.partition(" (")[0] for counts in ((before, after), (after, before)))
    if "same" not in (there + back):  # 10 % more is not 10 % fewer the other way
        assert back == words.get(there, there)


def test_the_range_holds_the_true_change_nine_times_in_ten() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for before, after in rng.poisson((60, 90), (2_000, 2)):
        change = compare(int(before), int(after))
        assert change.low is not None
        assert change.high is not None
        held += change.low <= 0.5 <= change.high
    assert 0.88 < held / 2_000 < 0.92
