"""The pieces that the validity page is put together from: figures with their ranges, pictures, sentences by rules."""

from __future__ import annotations

import doctest
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import advogato
import bitcoin
import doubt
import drawing
import hierarchy
import numpy as np
import pair_figures
import pytest
import tables
import trust
from drawing import Axis, Dot, Series
from hypothesis import given
from hypothesis import strategies as st

from regard.evaluation import metrics
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Plan

from .strategies import examples

AXES = Axis("people", 0, 100, (0, 1, 10, 100), bent=True), Axis("share", 0, 1, (0, 0.5, 1), percent=True)


@pytest.mark.parametrize("module", [advogato, bitcoin, doubt, drawing, hierarchy, pair_figures, tables], ids=lambda module: module.__name__)
def test_examples_in_the_validation_run(module: ModuleType) -> None:
    failed, run = doctest.testmod(module)
    assert run
    assert not failed


# --- figures


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=2, max_size=40))
@examples(60)
def test_figures_of_pairs_under_even_weights_are_those_of_the_backtest(rows: list[tuple[float, bool]]) -> None:
    scores, again = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    if again.all() or not again.any():
        return
    won, precision = pair_figures.Sorted(scores, again).figures(np.ones((len(rows), 1)))[:, 0]
    assert won == pytest.approx(metrics.auc(scores, again))
    assert precision == pytest.approx(metrics.average_precision(scores, again))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans(), st.integers(0, 3)), min_size=2, max_size=25))
@examples(60)
def test_a_pair_of_weight_three_counts_as_three_pairs(rows: list[tuple[float, bool, int]]) -> None:
    scores, again, weights = (np.array(values) for values in zip(*rows, strict=True))
    many = np.repeat(again, weights)
    if not many.size or many.all() or not many.any():
        return
    won, precision = pair_figures.Sorted(scores, again).figures(weights[:, None].astype(np.float64))[:, 0]
    assert won == pytest.approx(metrics.auc(np.repeat(scores, weights), many))
    assert precision == pytest.approx(metrics.average_precision(np.repeat(scores, weights), many))


def test_a_ratio_of_few_people_is_less_sure_than_one_of_as_many_rows_of_many_people() -> None:
    came = np.tile([0.0, 2.0], 100)
    one_each, few = (
        doubt.ratio(came, np.ones(200), who, Plan(1_000, 1)) for who in (np.arange(200), np.arange(200) // 50 * 2 + np.arange(200) % 2)
    )
    assert one_each.estimate == few.estimate == 1
    assert few.high is not None
    assert one_each.high is not None
    assert few.high > one_each.high


def test_a_range_of_95_percent_holds_the_share_95_times_of_100() -> None:
    dice = np.random.default_rng(1)
    found = [doubt.share(dice.random(60) < 0.9, np.arange(60)) for _ in range(500)]
    assert 0.92 < np.mean([one.low <= 0.9 <= one.high for one in found if one.low is not None and one.high is not None]) < 0.98


def test_what_always_held_may_yet_fail() -> None:
    found = doubt.share(np.ones(20, dtype=bool), np.arange(20))
    assert found.estimate == found.high == 1
    assert found.low is not None
    assert found.low < 0.9


def test_nothing_is_told_of_nobody() -> None:
    none = np.zeros(0)
    assert doubt.share(none.astype(bool), none.astype(np.int64)) == doubt.NOT_TOLD
    assert doubt.ratio(none, none, none.astype(np.int64), Plan(100, 1)) == doubt.NOT_TOLD
    assert doubt.ratio(np.ones(3), np.zeros(3), np.arange(3), Plan(100, 1)) == doubt.NOT_TOLD
    assert doubt.mean_of([], [], 100) == doubt.NOT_TOLD
    assert tables.percent(doubt.NOT_TOLD) == tables.starred(doubt.NOT_TOLD) == tables.ranged(doubt.NOT_TOLD) == "–"


# --- what the weight can and can't do


def ring(size: int) -> advogato.Certificates:
    """People who certify the next one, and are certified back."""
    here, following = np.arange(size), np.roll(np.arange(size), -1)
    return advogato.Certificates(np.append(here, following), np.append(following, here), np.ones(2 * size), size)


def test_fakes_whom_nobody_certifies_count_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advogato, "BRIDGES", 0)
    monkeypatch.setattr(advogato, "FARMS", 1)
    found = advogato.places(ring(30), np.arange(4), best=True)
    assert found[advogato.OURS].tolist() == [0.0]
    assert found["distinct people who certify"].tolist() == [1.0]


def test_fakes_stand_higher_the_more_honest_people_certify_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advogato, "FARMS", 1)
    stands = []
    for bridges in (1, 30):
        monkeypatch.setattr(advogato, "BRIDGES", bridges)
        stands.append(float(advogato.scores(advogato.with_farm(ring(30), 1, best=True), np.arange(4))[advogato.OURS][30:].max()))
    assert 0 < stands[0] < stands[1]


def rated_as(low: float, high: float) -> bitcoin.Rated:
    told = {name: Range((low + high) / 2, low, high) for name in bitcoin.SCORES}
    return bitcoin.Rated(10, 3, (bitcoin.Cut(0.5, 8, 2, told, 9, told), bitcoin.Cut(0.75, 6, 2, told, 9, told)))


def farms_at(place: float) -> advogato.Farms:
    places = {advogato.OURS: np.full(2, place)}
    return advogato.Farms(100, 500, places, places)


def test_what_the_weight_fails_at_is_said() -> None:
    good, bad = trust.Trust(farms_at(0.2), None, rated_as(0.4, 0.6)), trust.Trust(farms_at(0.6), None, rated_as(0.2, 0.4))
    assert [*trust.failed([], good)] == [*trust.failed([], trust.Trust(None, None, None))] == []
    fake, worse = trust.failed([], bad)
    assert "stands above 60 %" in fake
    assert "0.30, 0.30" in worse
    text = "\n".join(trust.section([], bad, Plan(100, 1)).lines)
    assert "missed" in text
    assert f"Worse than chance at every moment: {tables.listed([*bitcoin.SCORES])}." in text
    assert "Better at every moment: none." in text


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Thirty people in a ring, everybody certified by p0 besides, the first half at a high level; and the same as ratings."""
    (tmp_path / "trust-advogato").mkdir()
    (tmp_path / "bitcoin-alpha").mkdir()
    names = [*advogato.SEEDS, *(f"p{n}" for n in range(4, 30))]
    (tmp_path / advogato.NAMES).write_text("user_id,user_name\n" + "".join(f"{n + 1},{name}\n" for n, name in enumerate(names)))
    pairs = [(n, (n + step) % 30) for n in range(30) for step in (1, 2, 3, 29, 28, 27)]
    (tmp_path / advogato.PLACE).write_text("% asym\n" + "".join(f"{a + 1} {b + 1} {1.0 if b < 15 else 0.6}\n" for a, b in pairs))
    ratings = sorted((day + a / 100, a, (a + day) % 30) for a in range(30) for day in range(1, 15) if day % 4 == 1 or a % 2)
    (tmp_path / bitcoin.PLACE).write_text(
        "".join(f"{a} {b} {-5 if b == 7 and at > 10 else 3} {1e9 + at * 86_400}\n" for at, a, b in ratings)
    )
    return tmp_path


def test_certificates_held_out_are_told_by_those_that_are_left(known: Path) -> None:
    held = advogato.held_out(known)
    assert held is not None
    assert held.people == 30
    # Levels are the same for all who certify somebody, numbers of certificates are the same for everybody but for chance.
    assert held.level[advogato.MEAN_LEVEL].tolist() == pytest.approx([1.0] * advogato.SPLITS)
    assert abs(held.number["distinct people who certify"].mean()) > 0.3  # of six, the more are held out the fewer are left
    assert held.number["distinct people who certify"].mean() < 0


@pytest.mark.long
def test_new_raters_are_counted_once_and_only_if_they_are_new(known: Path) -> None:
    rows = np.loadtxt(known / bitcoin.PLACE)
    rows = rows[np.argsort(rows[:, 3])]
    again = np.vstack([rows, [*rows[0, :3], rows[-1, 3] + 1], [*rows[-1, :2], 3, rows[-1, 3] + 2]])
    day = rows[len(rows) // 2, 3]
    came = bitcoin._new_raters(again, day)
    wanted = {(int(a), int(b)) for a, b, rating, at in again if at >= day and rating > 0}
    wanted -= {(int(a), int(b)) for a, b, rating, at in again if at < day and rating > 0}
    assert came == {b: sum(target == b for _, target in wanted) for b in {target for _, target in wanted}}
    told = bitcoin.rated(known, Plan(50, 1))
    assert told is not None
    assert all(cut.known == 30 and set(cut.new) == set(bitcoin.SCORES) for cut in told.cuts)


def test_records_that_are_not_there_are_named(tmp_path: Path) -> None:
    text = "\n".join(trust.section([], trust.found(tmp_path, Plan(100, 1)), Plan(100, 1)).lines)
    assert "Not in the data folder: Advogato." in text
    assert "Not in the data folder: Bitcoin alpha." in text


# --- who reports to whom


def test_levels_of_a_small_company() -> None:
    above = {"b": "a", "c": "a", "d": "b", "e": "d"}
    assert hierarchy.steps_below(above) == {"a": 0, "b": 1, "c": 1, "d": 2, "e": 3}
    assert hierarchy.people_below(above) == {"a": 4, "b": 2, "c": 0, "d": 1, "e": 0}


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdef")))
@examples(60)
def test_a_circle_of_managers_ends(above: dict[str, str]) -> None:
    for person in "abcdef":
        found = hierarchy.chain(person, above)
        assert person not in found
        assert len(set(found)) == len(found)
    assert sum(hierarchy.people_below(above).values()) == sum(len(hierarchy.chain(person, above)) for person in above)


# --- pictures


def pictures() -> list[str]:
    series = [Series("kept <b>", [Dot(1, 0.5, 0.2, 0.7), Dot(250, 1.5, -1, 2)]), Series("rank & file", [Dot(3, 0.1, 0, 0.3)])]
    return [
        drawing.dots("a < b", "1 & 2", AXES, series),
        drawing.dots("level", "", AXES, series, level=0.9),
        drawing.rows("rows", "", Axis("lead", -1, 1, (-1, 0, 1)), ["one", "<two>"], [Series("x", [Dot(0.1, 1, -0.2, 0.4)])]),
        drawing.curves("curves", "", AXES, [("one", series), ("two", series), ("three", series)]),
    ]


def test_pictures_are_whole_stay_inside_and_say_what_they_show() -> None:
    for drawn in pictures():
        root = ET.fromstring(drawn)
        _, _, wide, high = (float(part) for part in root.attrib["viewBox"].split())
        assert root[0].tag.endswith("title")
        assert root[1].tag.endswith("desc")
        for part in root.iter():
            for name, value in part.attrib.items():
                if name in ("x", "x1", "x2", "cx"):
                    assert 0 <= float(value) <= wide, drawn
                if name in ("y", "y1", "y2", "cy"):
                    assert 0 <= float(value) <= high, drawn
        assert "script" not in drawn
        assert drawn == pictures()[pictures().index(drawn)]


def luminance(colour: str) -> float:
    """Relative luminance, by the Web Content Accessibility Guidelines."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#ffffff", "#0d1117"])
def test_every_colour_is_seen_on_light_and_dark(ground: str) -> None:
    for colour in {*drawing.TONES, drawing.INK, *re.findall(r"#[0-9a-f]{6}", "".join(pictures()))}:
        low, high = sorted((luminance(colour), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 3.8, colour


@given(st.floats(0, 1e6), st.floats(0, 1e6))
@examples(60)
def test_an_axis_keeps_the_order(one: float, other: float) -> None:
    axis = AXES[0]
    places = [axis.at(value) for value in sorted((one, other))]
    assert all(0 <= low <= high <= 1 for low, high in pairwise(places))
