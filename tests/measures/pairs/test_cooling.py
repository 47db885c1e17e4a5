"""Cooling: two-way ties that were likelier alive than not a window ago and are no longer."""

from __future__ import annotations

from regard.record.schema import Act

from ...communities import act, community, only_row, rows, when
from ...oracles import number


def talk(person: str, other: str, days: range) -> list[Act]:
    """One writes every other day, the other answers a quarter of a day later."""
    return [a for day in days[::2] for a in (act(day + 0.1, person, "message", other), act(day + 0.35, other, "message", person))]


def crowd() -> list[Act]:
    """Ties that hold and ties that ended, so that the record knows of both."""
    holding = [a for n in range(6) for a in talk(f"h{n}", f"i{n}", range(100))]
    ended = [a for n in range(6) for a in talk(f"e{n}", f"f{n}", range(n, 24 + n))]
    return holding + ended


def test_a_tie_that_fell_silent_is_told_once_and_no_other() -> None:
    with community(crowd() + talk("ann", "bea", range(74)), until=100, bin_days=1, window_days=28) as study:
        row = only_row(study, "cooling")
        assert (row["person"], row["other"]) == ("ann", "bea")
        assert row["bins"] == 74  # 37 of each
        assert row["last"] == when(72.35)
        assert row["usual_gap_bins"] == 2
        assert row["silent_bins"] == 27  # the last act was on day 72 of 100
        assert number(row["p_before"]) >= 0.5 > number(row["p_now"])


def test_one_way_ties_do_not_cool() -> None:
    with community(
        crowd() + [act(day, "ann", "message", "bea") for day in range(0, 74, 2)], until=100, bin_days=1, window_days=28
    ) as study:
        assert rows(study, "cooling") == []


def test_fewer_than_six_bins_together_are_too_little_to_tell() -> None:
    for bins, n_rows in ((5, 0), (6, 1)):
        days = [72 - 2 * step for step in range(bins)]
        both = [act(day + 0.1, *(("ann", "message", "bea") if n % 2 else ("bea", "message", "ann"))) for n, day in enumerate(days)]
        with community(crowd() + both, until=100, bin_days=1, window_days=28) as study:
            assert len(rows(study, "cooling")) == n_rows


def test_a_direction_younger_than_a_window_can_not_have_been_alive_before_it() -> None:
    # ann wrote till day 73; bea answered once, on day 73.
    acts = [act(day, "ann", "message", "bea") for day in range(0, 74, 2)] + [act(73, "bea", "message", "ann")]
    with community(crowd() + acts, until=100, bin_days=1, window_days=28) as study:
        assert rows(study, "cooling") == []


def test_a_tie_that_was_cold_already_is_not_told() -> None:
    with community(crowd(), until=100, bin_days=1, window_days=28) as study:
        assert only_row(study, "ties", actor="e0")["silent_bins"] == 77
        assert rows(study, "cooling") == []
