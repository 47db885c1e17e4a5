"""Scales, positions and labels, against values worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.charts.labels import Labelled, Screen, place_labels
from regard.charts.scales import Scale, from_top, linear_scale, log_scale
from regard.charts.scatter import Dot, draw_plane, jitter
from regard.charts.series import draw_bars, draw_line, draw_two_lines, label_dates
from regard.findings.sections.activity import Period
from regard.findings.sections.cards import Card
from regard.findings.sections.response import ReachGroup

PERIOD = Period(date(2025, 1, 1), "Jan 2025", 10, 90, 4, 5, 3, True)


def _person(number: int, reached: int, kept: float, name: str = "Ann") -> Card:
    return Card(number, name, None, reached, reached, None, 0, kept, kept / 2, kept * 2, (), ())


def _periods(*people: int, last_whole: bool = True) -> list[Period]:
    whole = [True] * (len(people) - 1) + [last_whole]
    return [replace(PERIOD, label=f"P{index}", people=value, whole=whole[index]) for index, value in enumerate(people)]


def _dots(*positions: tuple[float, float]) -> list[Dot]:
    return [Dot(_person(number, 1, 0), x, y, y, y, "Ann") for number, (x, y) in enumerate(positions, 1)]


def test_logarithmic_positions_of_nobody_one_and_many() -> None:
    scale = Scale(0, 99, logarithmic=True)
    assert [scale.at(value) for value in (0, 9, 99)] == [0.0, 50.0, 100.0]
    assert scale.at(1) == round(100 * math.log(2) / math.log(100), 1) == 15.1


def test_values_beyond_the_ends_stand_at_the_ends() -> None:
    scale = Scale(0.5, 100, logarithmic=True)
    assert (scale.at(0), scale.at(1e9)) == (0.0, 100.0)


def test_logarithmic_ticks_and_which_of_them_stay_on_a_phone() -> None:
    ticks = log_scale([40], low=-0.15).ticks()
    assert [tick.label for tick in ticks] == ["0", "1", "2", "5", "10", "20", "50"]
    assert [tick.label for tick in ticks if tick.major] == ["0", "1", "10"]
    assert ticks[-1].at == 100.0


def test_a_short_logarithmic_axis_keeps_all_its_ticks_on_a_phone() -> None:
    assert [tick.label for tick in log_scale([3], low=0).ticks() if tick.major] == ["0", "1", "2", "5"]


def test_a_long_logarithmic_axis_names_powers_of_ten_only() -> None:
    assert [tick.label for tick in log_scale([7001], low=0.5).ticks()] == ["1", "10", "100", "1,000", "10,000"]


def test_linear_ticks_are_round_and_reach_above_all_values() -> None:
    scale = linear_scale([118, 42])
    assert [tick.label for tick in scale.ticks()] == ["0", "50", "100", "150"]
    assert [tick.at for tick in from_top(scale.ticks())] == [100.0, 66.7, 33.3, 0.0]


@pytest.mark.parametrize(
    ("largest", "labels"), [(0, ["0", "1", "2", "3", "4"]), (4, ["0", "1", "2", "3", "4"]), (7, ["0", "2", "4", "6", "8"])]
)
def test_small_counts_have_whole_ticks(largest: int, labels: list[str]) -> None:
    assert [tick.label for tick in linear_scale([largest]).ticks()] == labels


def test_a_scale_of_shares_may_have_fractions() -> None:
    assert [tick.label for tick in linear_scale([1.3], whole=False).ticks()] == ["0", "0.5", "1", "1.5"]


@given(st.lists(st.floats(0, 1e9), max_size=20))
def test_every_scale_holds_its_values_and_few_ticks(values: list[float]) -> None:
    for scale in (log_scale(values, -0.15), log_scale(values, 0.5), linear_scale(values), linear_scale(values, whole=False)):
        assert scale.top >= max(values, default=0)
        positions = [tick.at for tick in scale.ticks()]
        assert 2 <= len(positions) <= 13
        assert positions == sorted(set(positions))
        assert positions[-1] <= 100.0


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_more_never_stands_before_less(first: float, second: float) -> None:
    scale = log_scale([first, second], -0.15)
    assert (scale.at(first) <= scale.at(second)) or first > second


def test_nobody_makes_no_plane() -> None:
    assert draw_plane([]) is None


def test_one_person_stands_where_the_numbers_say() -> None:
    drawn = draw_plane([_person(1, 9, 3)])
    assert drawn is not None
    (dot,) = drawn.dots
    # Across from 0.5 to 10, up from -0.15 to 5, both as log(1 + n).
    assert dot.x == round(100 * math.log(10 / 1.5) / math.log(11 / 1.5), 1) == 95.2
    assert dot.y == round(100 - 100 * math.log(4 / 0.85) / math.log(6 / 0.85), 1) == 20.7
    assert dot.y_high == 0.0  # 6 lies above the top of 5
    assert dot.y_low == round(100 - 100 * math.log(2.5 / 0.85) / math.log(6 / 0.85), 1) == 44.8
    assert dot.leftward


def test_people_whom_nobody_reached_have_a_position_on_both_axes() -> None:
    drawn = draw_plane([_person(1, 0, 0), _person(2, 1, 0)])
    assert drawn is not None
    assert [tick.label for tick in drawn.across] == ["0", "1", "2"]
    first, second = drawn.dots
    assert 0 < first.x < second.x < 100
    assert first.y == second.y < 100


def test_the_guides_run_from_corner_to_edge_and_end_where_they_leave() -> None:
    drawn = draw_plane([_person(1, 500, 80)])
    assert drawn is not None
    across, up = Scale(0.5, 500, logarithmic=True), Scale(-0.15, 100, logarithmic=True)
    positions = {guide.label: (guide.x, guide.y) for guide in drawn.guides}
    assert positions == {
        "all kept": (across.at(100), 0.0),
        "1 in 10": (100.0, round(100 - up.at(50), 1)),
        "1 in 100": (100.0, round(100 - up.at(5), 1)),
    }
    assert drawn.guides[0].path.startswith("M0 ")


def test_a_guide_that_would_lie_on_the_axis_is_left_out() -> None:
    drawn = draw_plane([_person(1, 9, 3)])
    assert drawn is not None
    assert [guide.label for guide in drawn.guides] == ["all kept"]


def test_equal_people_stand_side_by_side() -> None:
    drawn = draw_plane([_person(number, 9, 0) for number in range(1, 9)])
    assert drawn is not None
    middle = 95.2
    assert [round(dot.x - middle, 1) for dot in drawn.dots] == [0.0, 0.7, -0.7, 1.4, -1.4, 2.1, -2.1, 0.0]
    assert len({dot.y for dot in drawn.dots}) == 1


def test_people_apart_are_not_moved() -> None:
    dots = _dots((10, 10), (10, 20), (30, 10))
    assert jitter(dots) == dots


def test_moved_dots_stay_on_the_chart() -> None:
    assert {dot.x for dot in jitter(_dots(*[(100, 50)] * 7))} == {100.0, 99.3, 98.6, 97.9}


def test_dots_shrink_as_people_grow_in_number() -> None:
    drawn = [draw_plane([_person(number, 1, 0) for number in range(people)]) for people in (80, 400, 1000)]
    assert [chart.radius for chart in drawn if chart] == [6, 4.5, 3.5]


RIGHT, LEFT, EITHER = (False,), (True,), (False, True)
SCREEN, PHONE = Screen(width=560, height=352, letter=6.6, line=18), Screen(width=240, height=352, letter=6.6, line=20)


def test_names_have_room_where_they_cover_nothing() -> None:
    # "Ann" would cover the dot at 11 %; the dot itself has nothing to its right.
    dots = [Labelled(10, 50, "Ann", RIGHT), Labelled(11, 50, "Bo", RIGHT), Labelled(60, 20, "Cy", RIGHT)]
    assert place_labels(dots, SCREEN) == {1: False, 2: False}


def test_a_name_takes_the_other_side_where_the_first_is_taken() -> None:
    assert place_labels([Labelled(10, 50, "Ann", EITHER), Labelled(11, 50, "Bo", EITHER)], SCREEN) == {0: True, 1: False}


def test_of_two_names_that_meet_the_first_is_shown() -> None:
    # 4.5 % of 352 pixels lower: near enough for names of 18 pixels to meet, not for the first to touch the second dot.
    assert place_labels([Labelled(10, 50, "A" * 30, RIGHT), Labelled(45, 54.5, "B" * 30, LEFT)], SCREEN) == {0: False}
    assert place_labels([Labelled(10, 50, "A" * 30, RIGHT), Labelled(45, 55.5, "B" * 30, LEFT)], SCREEN) == {0: False, 1: True}


def test_a_name_that_would_leave_the_chart_has_no_room() -> None:
    assert place_labels([Labelled(65, 50, "A" * 24, RIGHT)], PHONE) == {}
    assert place_labels([Labelled(65, 50, "A" * 24, RIGHT)], SCREEN) == {0: False}
    assert place_labels([Labelled(5, 50, "A" * 24, LEFT)], SCREEN) == {}


def test_wide_letters_take_twice_the_room_and_marks_none() -> None:
    assert place_labels([Labelled(65, 50, "あ" * 20, RIGHT)], SCREEN) == {}
    assert place_labels([Labelled(65, 50, "e\u0301" * 20, RIGHT)], SCREEN) == {0: False}


def test_one_period_makes_no_line() -> None:
    assert draw_two_lines(_periods(3)) is None
    assert draw_two_lines([]) is None


def test_a_line_has_its_points_at_even_distances() -> None:
    drawn = draw_line(_periods(0, 50, 150), [0, 50, 150])
    assert [(point.x, point.y) for point in drawn.points] == [(0.0, 100.0), (50.0, 66.7), (100.0, 0.0)]
    assert drawn.solid == "M0 100L50 66.7L100 0"
    assert drawn.dashed == ""
    assert [point.value for point in drawn.ends] == [0, 150]


def test_the_way_to_a_period_that_is_not_over_is_dashed_and_its_value_not_written() -> None:
    drawn = draw_line(_periods(150, 0, 150, last_whole=False), [150, 0, 150])
    assert drawn.solid == "M0 0L50 100"
    assert drawn.dashed == "M50 100L100 0"
    assert [point.value for point in drawn.ends] == [150, 0]


def test_equal_values_make_a_flat_line_and_nothing_at_all_an_empty_one() -> None:
    assert draw_line(_periods(0, 0), [0, 0]).solid == "M0 100L100 100"
    nothing = draw_line([], [])
    assert (nothing.points, nothing.solid, nothing.ends) == ((), "", ())


@pytest.mark.parametrize(("periods", "labels"), [(2, 2), (6, 6), (7, 4), (18, 6), (500, 6)])
def test_few_dates_are_written(periods: int, labels: int) -> None:
    written = label_dates(_periods(*range(periods)))
    assert len(written) == labels
    assert written[0] == (0.0, "P0", True)


def test_long_dates_are_cut() -> None:
    assert label_dates([replace(PERIOD, label="x" * 400)])[0].label == "x" * 13 + "…"


def test_bars_share_one_scale() -> None:
    groups = [ReachGroup("a", 5, 3, 20, 10, 40), ReachGroup("b", 5, 30, 2, 0, 4)]
    drawn = draw_bars(groups)
    assert drawn is not None
    assert [tick.label for tick in drawn.ticks] == ["0", "10", "20", "30", "40"]
    assert [(bar.low, bar.x, bar.high) for bar in drawn.bars] == [(25.0, 50.0, 100.0), (0.0, 5.0, 10.0)]


def test_no_groups_make_no_bars_and_silent_ones_stand_at_nothing() -> None:
    assert draw_bars([]) is None
    silent = draw_bars([ReachGroup("a", 5, 3, 0, 0, 0)])
    assert silent is not None
    assert silent.bars[0][1:] == (0.0, 0.0, 0.0)
