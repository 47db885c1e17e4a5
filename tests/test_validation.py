"""The parts of the validity page: figures with their ranges, pictures, sentences that follow from figures by rules."""

from __future__ import annotations

import doctest
import json
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import advogato
import bitcoin
import drawing
import hierarchy
import label_figures
import labels
import numpy as np
import pair_figures
import pytest
import tables
import trust
import uncertainty
from drawing import Axis, Dot, Series
from hypothesis import given
from hypothesis import strategies as st

from regard.evaluation import metrics
from regard.evaluation.backtest.results import Range
from regard.evaluation.bootstrap import Resampling

from .strategies import examples

AXES = Axis("people", 0, 100, (0, 1, 10, 100), bent=True), Axis("share", 0, 1, (0, 0.5, 1), percent=True)


@pytest.mark.parametrize(
    "module",
    [advogato, bitcoin, drawing, hierarchy, label_figures, labels, pair_figures, tables, uncertainty],
    ids=lambda module: module.__name__,
)
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
    auc, precision = pair_figures.SortedPairs(scores, again).figures(np.ones((len(rows), 1)))[:, 0]
    assert auc == pytest.approx(metrics.auc(scores, again))
    assert precision == pytest.approx(metrics.average_precision(scores, again))


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.5, 0.9]), st.booleans(), st.integers(0, 3)), min_size=2, max_size=25))
@examples(60)
def test_a_pair_of_weight_three_counts_as_three_pairs(rows: list[tuple[float, bool, int]]) -> None:
    scores, again, weights = (np.array(values) for values in zip(*rows, strict=True))
    many = np.repeat(again, weights)
    if not many.size or many.all() or not many.any():
        return
    auc, precision = pair_figures.SortedPairs(scores, again).figures(weights[:, None].astype(np.float64))[:, 0]
    assert auc == pytest.approx(metrics.auc(np.repeat(scores, weights), many))
    assert precision == pytest.approx(metrics.average_precision(np.repeat(scores, weights), many))


def test_a_ratio_of_few_people_is_less_sure_than_one_of_as_many_rows_of_many_people() -> None:
    returned = np.tile([0.0, 2.0], 100)
    one_each, few = (
        uncertainty.ratio(returned, np.ones(200), who, Resampling(1_000, 1))
        for who in (np.arange(200), np.arange(200) // 50 * 2 + np.arange(200) % 2)
    )
    assert one_each.estimate == few.estimate == 1
    assert few.high is not None
    assert one_each.high is not None
    assert few.high > one_each.high


def test_a_range_of_95_percent_holds_the_share_95_times_of_100() -> None:
    rng = np.random.default_rng(1)
    shares = [uncertainty.share(rng.random(60) < 0.9, np.arange(60)) for _ in range(500)]
    assert 0.92 < np.mean([share.low <= 0.9 <= share.high for share in shares if share.low is not None and share.high is not None]) < 0.98


def test_what_always_held_may_yet_fail() -> None:
    share = uncertainty.share(np.ones(20, dtype=bool), np.arange(20))
    assert share.estimate == share.high == 1
    assert share.low is not None
    assert share.low < 0.9


def test_without_people_there_is_no_figure() -> None:
    none = np.zeros(0)
    assert uncertainty.share(none.astype(bool), none.astype(np.int64)) == uncertainty.UNKNOWN
    assert uncertainty.ratio(none, none, none.astype(np.int64), Resampling(100, 1)) == uncertainty.UNKNOWN
    assert uncertainty.ratio(np.ones(3), np.zeros(3), np.arange(3), Resampling(100, 1)) == uncertainty.UNKNOWN
    assert uncertainty.mean_of([], [], 100) == uncertainty.UNKNOWN
    assert tables.percent(uncertainty.UNKNOWN) == tables.starred(uncertainty.UNKNOWN) == tables.with_range(uncertainty.UNKNOWN) == "–"


# --- what the weight can and can't do


def ring(size: int) -> advogato.Certificates:
    """People who each certify the next person, and are certified back."""
    people, following = np.arange(size), np.roll(np.arange(size), -1)
    return advogato.Certificates(np.append(people, following), np.append(following, people), np.ones(2 * size), size)


def test_fakes_whom_nobody_certifies_count_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advogato, "BRIDGES", 0)
    monkeypatch.setattr(advogato, "FARMS", 1)
    shares = advogato.shares_below(ring(30), np.arange(4), best=True)
    assert shares[advogato.OURS].tolist() == [0.0]
    assert shares["distinct people who certify"].tolist() == [1.0]


def test_fakes_stand_higher_the_more_honest_people_certify_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advogato, "FARMS", 1)
    highest = []
    for bridges in (1, 30):
        monkeypatch.setattr(advogato, "BRIDGES", bridges)
        highest.append(float(advogato.scores(advogato.with_farm(ring(30), 1, best=True), np.arange(4))[advogato.OURS][30:].max()))
    assert 0 < highest[0] < highest[1]


def rated_as(low: float, high: float) -> bitcoin.Rated:
    ranges = {name: Range((low + high) / 2, low, high) for name in bitcoin.SCORES}
    return bitcoin.Rated(10, 3, (bitcoin.RatedDay(0.5, 8, 2, ranges, 9, ranges), bitcoin.RatedDay(0.75, 6, 2, ranges, 9, ranges)))


def farms_at(share: float) -> advogato.Farms:
    shares = {advogato.OURS: np.full(2, share)}
    return advogato.Farms(100, 500, shares, shares)


def test_what_the_weight_fails_at_is_said() -> None:
    good, bad = trust.Trust(farms_at(0.2), None, rated_as(0.4, 0.6)), trust.Trust(farms_at(0.6), None, rated_as(0.2, 0.4))
    assert [*trust.failures([], good)] == [*trust.failures([], trust.Trust(None, None, None))] == []
    fake, worse = trust.failures([], bad)
    assert "stands above 60 %" in fake
    assert "0.30, 0.30" in worse
    text = "\n".join(trust.section([], bad, Resampling(100, 1)).lines)
    assert "missed" in text
    assert f"Worse than chance at every moment: {tables.listed([*bitcoin.SCORES])}." in text
    assert "Better at every moment: none." in text


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Thirty people in a ring, with certificates at a high level for the first half, and ratings in a similar pattern."""
    (tmp_path / "trust-advogato").mkdir()
    (tmp_path / "bitcoin-alpha").mkdir()
    names = [*advogato.SEEDS, *(f"p{n}" for n in range(4, 30))]
    (tmp_path / advogato.NAMES_PATH).write_text("user_id,user_name\n" + "".join(f"{n + 1},{name}\n" for n, name in enumerate(names)))
    pairs = [(n, (n + step) % 30) for n in range(30) for step in (1, 2, 3, 29, 28, 27)]
    (tmp_path / advogato.PATH).write_text("% asym\n" + "".join(f"{a + 1} {b + 1} {1.0 if b < 15 else 0.6}\n" for a, b in pairs))
    ratings = sorted((day + a / 100, a, (a + day) % 30) for a in range(30) for day in range(1, 15) if day % 4 == 1 or a % 2)
    (tmp_path / bitcoin.PATH).write_text(
        "".join(f"{a} {b} {-5 if b == 7 and at > 10 else 3} {1e9 + at * 86_400}\n" for at, a, b in ratings)
    )
    return tmp_path


def test_certificates_held_out_are_predicted_by_those_that_are_left(known: Path) -> None:
    held = advogato.hold_out(known)
    assert held is not None
    assert held.people == 30
    # All certificates of a person have the same level. Everybody has the same number of certificates, up to chance.
    assert held.level[advogato.MEAN_LEVEL].tolist() == pytest.approx([1.0] * advogato.SPLITS)
    assert abs(held.number["distinct people who certify"].mean()) > 0.3  # of six, the more are held out the fewer are left
    assert held.number["distinct people who certify"].mean() < 0


@pytest.mark.long
def test_new_raters_are_counted_once_and_only_if_they_are_new(known: Path) -> None:
    rows = np.loadtxt(known / bitcoin.PATH)
    rows = rows[np.argsort(rows[:, 3])]
    again = np.vstack([rows, [*rows[0, :3], rows[-1, 3] + 1], [*rows[-1, :2], 3, rows[-1, 3] + 2]])
    day = rows[len(rows) // 2, 3]
    new_raters = bitcoin._new_raters(again, day)
    wanted = {(int(a), int(b)) for a, b, rating, at in again if at >= day and rating > 0}
    wanted -= {(int(a), int(b)) for a, b, rating, at in again if at < day and rating > 0}
    assert new_raters == {b: sum(target == b for _, target in wanted) for b in {target for _, target in wanted}}
    rated = bitcoin.evaluate_ratings(known, Resampling(50, 1))
    assert rated is not None
    assert all(day.known == 30 and set(day.new_raters) == set(bitcoin.SCORES) for day in rated.days)


def test_records_that_are_not_there_are_named(tmp_path: Path) -> None:
    text = "\n".join(trust.section([], trust.evaluate_trust(tmp_path, Resampling(100, 1)), Resampling(100, 1)).lines)
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
        managers = hierarchy.chain(person, above)
        assert person not in managers
        assert len(set(managers)) == len(managers)
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
    for svg in pictures():
        root = ET.fromstring(svg)
        _, _, wide, high = (float(part) for part in root.attrib["viewBox"].split())
        assert root[0].tag.endswith("title")
        assert root[1].tag.endswith("desc")
        for part in root.iter():
            for name, value in part.attrib.items():
                if name in ("x", "x1", "x2", "cx"):
                    assert 0 <= float(value) <= wide, svg
                if name in ("y", "y1", "y2", "cy"):
                    assert 0 <= float(value) <= high, svg
        assert "script" not in svg
        assert svg == pictures()[pictures().index(svg)]


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
def test_an_axis_keeps_the_order(first: float, second: float) -> None:
    axis = AXES[0]
    positions = [axis.position(value) for value in sorted((first, second))]
    assert all(0 <= low <= high <= 1 for low, high in pairwise(positions))


def test_precision_and_recall_are_counted_by_hand() -> None:
    listed = label_figures.Stratum(8, [(True, True)] * 6 + [(True, False)] * 2)
    others = label_figures.Stratum(30, [(False, True), (False, False), (False, False)])
    share = label_figures.precision([listed, others])
    assert (share.estimate, share.cases) == (0.75, 8)
    assert share.low < 0.75 < share.high
    # Six of the eight listed are open, and of the thirty others ten are.
    share = label_figures.recall([listed, others], 8)
    assert share.estimate == pytest.approx(6 / 16)
    assert share.cases == 7
    assert label_figures.recall([listed], 8).estimate == 1


def test_without_labels_nothing_is_told() -> None:
    nothing = [label_figures.Stratum(5, [(False, False)] * 2)]
    assert np.isnan(label_figures.precision(nothing).estimate)
    assert np.isnan(label_figures.recall(nothing, 0).estimate)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30), st.integers(0, 100))
def test_shares_lie_in_their_ranges(cases: list[tuple[bool, bool]], more: int) -> None:
    strata = [label_figures.Stratum(len(cases) + more, cases)]
    for share in (label_figures.precision(strata), label_figures.recall(strata, sum(shown for shown, _ in cases))):
        assert np.isnan(share.estimate) or 0 <= share.low <= share.high <= 1


def test_labels_hold_hashes_and_verdicts_alone() -> None:
    for path in labels.LABELS.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert re.sub(r'"[0-9a-f]{24}": (true|false)', "", text).count(": true") == 0
        strata = json.loads(text)["strata"]
        assert all(re.fullmatch("[0-9a-f]{24}", name) for stratum in strata.values() for name in stratum["labels"])
        assert all(len(stratum["labels"]) <= stratum["messages"] for stratum in strata.values())


def test_a_stratum_tells_what_the_program_lists() -> None:
    key = b"secret"
    verdicts = {labels.hashed("p1", key): True, labels.hashed("p2", key): False}
    assert labels.strata_of({"all": {"messages": 9, "labels": verdicts}}, ["p1", "p9"], key) == [
        label_figures.Stratum(9, [(True, True), (False, False)])
    ]
