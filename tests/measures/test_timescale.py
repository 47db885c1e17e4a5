"""Rhythm: bin, window and answer time, derived or set."""

from __future__ import annotations

from math import inf, nan

import pytest

from regard.errors import UsageError
from regard.measures.timescale import MOST_BINS, Timescale
from regard.record.schema import Act

from ..communities import DAY, HOUR, act, community, only_row, post, rows
from ..oracles import number


def timescale(acts: list[Act], *, bin_days: float | None = None, window_days: float | None = None) -> Timescale:
    with community(acts, bin_days=bin_days, window_days=window_days) as study:
        return study.timescale


def every(gap: float, days: float, pairs: int = 1) -> list[Act]:
    """Pairs in which one acts toward the other at this distance, in days."""
    return [act(gap * n, f"a{pair}", "message", f"b{pair}") for pair in range(pairs) for n in range(int(days / gap) + 1)]


@pytest.mark.parametrize(("gap", "bin_days"), [(0.1, 1), (1, 1), (2.6, 1), (2.7, 7), (7, 7), (13.9, 7), (14.1, 28), (40, 28)])
def test_the_bin_is_the_nearest_to_the_median_gap(gap: float, bin_days: int) -> None:
    # On a scale of ratios: the border between 1 and 7 is 2.65, that between 7 and 28 is 14.
    assert timescale(every(gap, 300)).bin_us == bin_days * DAY


def test_the_gap_is_that_of_an_ordered_pair() -> None:
    # Both ways together something passes every five days, each way every ten; and there are many pairs that meet once.
    acts = [act(10 * n, "ann", "message", "bea") for n in range(20)] + [act(10 * n + 5, "bea", "message", "ann") for n in range(20)]
    acts += [act(3 * n, f"once{n}", "message", "ann") for n in range(60)]
    assert timescale(acts).bin_us == 7 * DAY


def test_a_record_without_a_second_act_of_any_pair_has_weeks() -> None:
    assert timescale([act(0, "ann", "message", "bea"), act(100, "cem", "message", "bea")]).bin_us == 7 * DAY


@pytest.mark.parametrize(("days", "hours"), [(7, 6), (29.9, 6), (30, 24)])
def test_a_burst_has_bins_of_six_hours(days: float, hours: int) -> None:
    assert timescale([*every(0.1, days - 0.1), act(days, "a0", "message", "b0")]).bin_us == hours * HOUR


def test_a_burst_of_a_week_has_a_window_within_it() -> None:
    result = timescale(every(0.01, 7))  # a fifth of 7 days is 1.4: five bins of six hours, which hold over a hundred acts
    assert (result.bin_us, result.window_us) == (6 * HOUR, 30 * HOUR * 2)  # 125 acts in the first are too few
    assert timescale(every(0.005, 7)).window_us == 30 * HOUR


@pytest.mark.parametrize("days", [900, 1_100, 4_000])
def test_there_are_fewer_than_a_thousand_bins(days: int) -> None:
    result = timescale([*every(0.5, 60), act(days, "a0", "message", "b0")])
    assert result.bin_us == (DAY if days < MOST_BINS else 7 * DAY)
    assert (result.until_us - result.start_us) / result.bin_us < MOST_BINS


@pytest.mark.parametrize(
    ("gap", "days", "window"),
    [
        (1, 300, 28),  # longest for bins of a day
        (1, 100, 20),  # a fifth of the record
        (7, 1_000, 84),
        (7, 300, 56),  # a fifth is 60 days: eight whole bins
        (28, 3_000, 364),
    ],
)
def test_the_window_is_a_fifth_of_the_record_up_to_what_goes_with_the_bin(gap: float, days: int, window: int) -> None:
    assert timescale(every(gap, days, pairs=50)).window_us == window * DAY


def test_the_window_doubles_until_it_holds_150_acts_or_half_the_record() -> None:
    # One act a day: 28 days hold 28 acts, 56 hold 56, 112 hold 112, 224 hold 224.
    assert timescale(every(1, 600)).window_us == 224 * DAY
    assert timescale(every(1, 200)).window_us == 112 * DAY  # the next would cover more than the record
    assert timescale(every(1, 600, pairs=6)).window_us == 28 * DAY  # 168 acts


def test_the_answer_time_is_the_ninetieth_percentile_of_waits() -> None:
    # Eleven talks of two words, the waits of which are 1 to 11 hours: the 90th percentile of 1..11 is 10.
    acts = [a for n in range(11) for a in (act(n * 5, "ann", "message", "bea"), act(n * 5 + (n + 1) / 24, "bea", "reply", "ann"))]
    result = timescale(acts, bin_days=1, window_days=3)
    assert result.answer_us == 10 * HOUR


def test_waits_are_for_words_of_the_other_within_a_window() -> None:
    acts = [
        act(0, "ann", "message", "bea"),
        act(0.1, "ann", "message", "bea"),
        act(0.3, "bea", "react", "ann"),
        act(0.5, "bea", "reply", "ann"),
    ]
    acts += [act(9, "bea", "message", "ann"), act(40, "ann", "message", "bea")]
    assert timescale(acts, bin_days=1, window_days=10).answer_us == round(0.4 * DAY)  # from the second word to the reply


@pytest.mark.parametrize(("wait_hours", "answer_hours"), [(0.01, 1), (30, 30), (200, 48)])
def test_the_answer_time_is_between_an_hour_and_a_window(wait_hours: float, answer_hours: float) -> None:
    acts = [act(0, "ann", "message", "bea"), act(wait_hours / 24, "bea", "message", "ann"), act(50, "ann", "react", "bea")]
    assert timescale(acts, bin_days=1, window_days=2).answer_us == answer_hours * HOUR


def test_a_record_of_posts_has_the_span_of_its_posts() -> None:
    result = timescale([*post(0, "ann", "p"), *post(500, "bea", "q")])
    assert (result.acts, result.bin_us, result.answer_us) == (0, 7 * DAY, 2 * DAY)
    assert result.until_us - result.start_us == 500 * DAY + 1


def test_a_record_of_neither_has_a_rhythm_all_the_same() -> None:
    result = timescale([act(3, "ann", "join")])
    assert (result.bin_us, result.window_us) == (6 * HOUR, 12 * HOUR)  # those of a single day


def test_what_the_user_sets_holds() -> None:
    result = timescale(every(1, 300), bin_days=3, window_days=30)
    assert (result.bin_us, result.window_us, result.window_bins, result.chosen) == (3 * DAY, 30 * DAY, 10, True)
    assert timescale(every(1, 300)).chosen is False


def test_a_derived_bin_gives_way_to_a_window_that_is_set() -> None:
    weeks = every(7, 1_000)
    assert (timescale(weeks, window_days=28).bin_us, timescale(weeks, window_days=28).window_bins) == (7 * DAY, 4)
    assert (timescale(weeks, window_days=30).bin_us, timescale(weeks, window_days=30).window_us) == (7.5 * DAY, 30 * DAY)
    assert (timescale(weeks, window_days=2).bin_us, timescale(weeks, window_days=2).window_bins) == (2 * DAY, 1)


def test_a_window_is_a_whole_number_of_bins_that_are_set() -> None:
    result = timescale(every(1, 300), bin_days=7, window_days=30)
    assert (result.window_us, result.window_bins) == (28 * DAY, 4)


def test_an_ask_waits_no_longer_than_twelve_weeks() -> None:
    assert timescale(every(1, 300), window_days=28).unanswered_us == 28 * DAY
    assert timescale(every(1, 300), window_days=200).unanswered_us == 84 * DAY


@pytest.mark.parametrize("days", [0, -1, nan, inf, 1e-9, 40_000])
def test_lengths_that_can_not_be_are_refused(days: float) -> None:
    with pytest.raises(UsageError, match="between a minute"):
        timescale(every(1, 30), bin_days=days)
    with pytest.raises(UsageError, match="between a minute"):
        timescale(every(1, 30), window_days=days)


def test_a_window_shorter_than_a_bin_is_refused() -> None:
    with pytest.raises(UsageError, match="a window of 5 days is shorter than a bin of 7"):
        timescale(every(1, 30), bin_days=7, window_days=5)


def test_bins_without_number_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 100,000"):
        timescale(every(1, 1_500), bin_days=1 / 1440)


@pytest.mark.parametrize("bin_days", [1 / 24, 1, 84, 364])
def test_any_bin_gives_chances_that_are_chances(bin_days: float) -> None:
    acts = every(1, 1_461) + [act(5 * n, "bea", "message", "ann") for n in range(250)] + [act(3, "ann", "reply", "bea")]
    with community(acts, bin_days=bin_days) as study:
        for row in rows(study, "ties"):
            assert all(0 <= number(row[name]) <= 1 for name in ("p_alive", "p_return"))
        assert number(only_row(study, "ties", actor="a0")["p_return"]) > 0.5
