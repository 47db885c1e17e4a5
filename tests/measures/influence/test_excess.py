"""Above: what is kept beyond what talkative people and a loud name would bring."""

from __future__ import annotations

from math import exp

import pytest
from hypothesis import given

from ...communities import act, community, only_row, rows
from ...oracles import number
from ...strategies import Made, communities, examples


def test_the_baseline_is_counted_in_bins_of_the_last_window() -> None:
    # Days 10 to 20 are the last window. ann gives 4 bins, 3 of them to cem and 1 to bea; dua gives 1 to cem. Of 5 bins cem gets 4, bea 1.
    acts = [act(day + 0.5, "ann", "message", "cem") for day in (11, 13, 15)] + [act(12.5, "ann", "react", "bea")]
    acts += [act(13.1, "ann", "message", "cem"), act(17.5, "dua", "thank", "cem"), act(3.5, "eli", "message", "cem")]
    with community(acts, until=20, bin_days=1, window_days=10) as study:
        again = {(str(row["actor"]), str(row["target"])): number(row["p_return"]) for row in rows(study, "ties")}
        by_chance = {
            ("ann", "cem"): 1 - exp(-4 * 0.8),
            ("dua", "cem"): 1 - exp(-1 * 0.8),
            ("eli", "cem"): 0.0,
            ("ann", "bea"): 1 - exp(-4 * 0.2),
        }
        for person in ("bea", "cem"):
            mine = only_row(study, "excess", person=person)
            pairs = [pair for pair in again if pair[1] == person]
            assert mine["baseline"] == pytest.approx(sum(by_chance[pair] for pair in pairs), abs=1e-6)
            assert mine["excess"] == pytest.approx(sum(max(0, again[pair] - by_chance[pair]) for pair in pairs), abs=1e-6)


def test_who_gets_all_attention_has_little_above_it() -> None:
    # All give to the star, who gets nearly everything; the friend gets a little, always from the same.
    acts = [act(day, f"p{n}", "message", "star") for n in range(20) for day in range(n % 3, 90, 3)]
    acts += [act(day + 0.5, f"p{n}", "message", "friend") for n in range(3) for day in range(0, 90, 3)]
    with community(acts, bin_days=1, window_days=14) as study:
        star, friend = (only_row(study, "excess", person=person) for person in ("star", "friend"))
        kept = {row["person"]: number(row["kept"]) for row in rows(study, "kept")}
        assert number(star["excess"]) / kept["star"] < 0.1 < number(friend["excess"]) / kept["friend"]


def test_silence_in_the_last_window_leaves_no_baseline() -> None:
    acts = [act(day, "ann", "message", "bea") for day in range(30)]
    with community(acts, until=60, bin_days=1, window_days=7) as study:
        mine = only_row(study, "excess", person="bea")
        assert mine["baseline"] == 0
        assert mine["excess"] == only_row(study, "kept", person="bea")["kept"]


@given(communities())
@examples(12)
def test_it_is_a_part_of_what_is_kept(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        kept = {row["person"]: row for row in rows(study, "kept")}
        excess_rows = rows(study, "excess")
        assert {row["person"] for row in excess_rows} == set(kept)
        for row in excess_rows:
            mine = kept[row["person"]]
            assert 0 <= number(row["excess"]) <= number(mine["kept"]) + 1e-9
            assert number(row["excess"]) >= number(mine["kept"]) - number(row["baseline"]) - 1e-6
            assert number(row["baseline"]) <= number(mine["ties"])
