"""New contacts: people who act toward somebody for the first time in the next window."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given

from regard.record.schema import Act

from ...communities import Row, act, community, only_row, rows
from ...oracles import number
from ...strategies import Made, communities, examples

H = 10


def new_contacts_of(acts: list[Act], until: float) -> list[Row]:
    with community(acts, until=until, bin_days=1, window_days=H) as study:
        return rows(study, "new_contacts")


def test_one_first_contact_is_counted_by_hand() -> None:
    # Two people are known for one bin. Together they had 1 first contact in 2 bins, and they differ no more than by chance. So both are
    # expected to have half a new contact a bin, 5 in a window of ten. There was no window before, so the factor is that of other
    # communities (exp(-.7)).
    result = new_contacts_of([act(0.5, "ann", "message", "bea")], 1)
    assert {row["person"]: row["new_contacts"] for row in result} == pytest.approx({"ann": 5 * exp(-0.7), "bea": 5 * exp(-0.7)}, abs=1e-3)
    assert {row["person"]: (row["fresh"], row["recent"]) for row in result} == {"ann": (0, 0), "bea": (1, 1)}


def test_fresh_and_recent_are_people_of_the_last_window() -> None:
    acts = [act(1.5, "ann", "message", "eve"), act(12.5, "ann", "message", "eve")]  # old, and back
    acts += [act(2.5, "bea", "message", "eve")]  # old, and away
    acts += [act(13.5, "cem", "thank", "eve"), act(18.5, "cem", "react", "eve"), act(19.5, "dua", "reply", "eve")]  # new
    result = {row["person"]: (row["fresh"], row["recent"]) for row in new_contacts_of(acts, 20)}
    assert result == {"eve": (2, 3), "ann": (0, 0), "bea": (0, 0), "cem": (0, 0), "dua": (0, 0)}


def test_who_never_got_anybody_is_expected_to_draw_less_the_longer_they_are_there() -> None:
    hub = [act(day + 0.1, f"p{day}", "message", "hub") for day in range(60)]
    acts = hub + [act(day + 0.2, "old", "message", "hub") for day in (0, 30, 59)] + [act(59.3, "new", "message", "hub")]
    result = {row["person"]: row for row in new_contacts_of(acts, 60)}
    assert 0 < number(result["old"]["new_contacts"]) < number(result["new"]["new_contacts"]) < number(result["hub"]["new_contacts"])
    assert (result["old"]["low"], result["old"]["fresh"], result["old"]["recent"]) == (0, 0, 0)
    assert number(result["hub"]["fresh"]) == 11  # the people of the last ten days, and `new`; `old` had come before


def test_a_steady_stream_is_expected_to_go_on() -> None:
    # Twelve hubs get a new person each every other day, for a hundred days: five a window. In other communities half as many came as
    # the rates said, and that counts as one of the two windows behind the factor.
    acts = [act(day + 0.5, f"p{hub}-{day}", "message", f"hub{hub}") for hub in range(12) for day in range(0, 100, 2)]
    result = {row["person"]: row for row in new_contacts_of(acts, 100)}
    for hub in range(12):
        assert 2.5 < number(result[f"hub{hub}"]["new_contacts"]) < 5
        assert number(result[f"hub{hub}"]["low"]) <= 5 <= number(result[f"hub{hub}"]["high"])
    assert all(number(result[f"p0-{day}"]["new_contacts"]) < 0.5 for day in range(0, 100, 2))


@pytest.mark.long
def test_what_the_last_window_was_off_by_is_taken_off_by_half() -> None:
    # The same stream, dried up a window ago.
    acts = [act(day + 0.5, f"p{hub}-{day}", "message", f"hub{hub}") for hub in range(12) for day in range(0, 100, 2)]
    flowing, dry = (sum(number(row["new_contacts"]) for row in new_contacts_of(acts, until)) for until in (100, 100 + H))
    assert dry < 0.25 * flowing


def test_only_who_acts_or_is_acted_toward_is_told_of() -> None:
    acts = [
        act(1, "ann", "message", "bea"),
        act(2, "cem", "post", item="p"),
        act(3, "dua", "follow", "bea"),
        act(4, "eli", "message", "eli"),
    ]
    assert {row["person"] for row in new_contacts_of(acts, 10)} == {"ann", "bea"}


def test_many_acts_of_the_same_person_are_one_first_contact() -> None:
    acts = [act(day + 0.5, f"p{day % 7}", "message", "hub") for day in range(40)]
    loud = acts + [act(39.5 + n / 10_000, "p4", "message", "hub") for n in range(500)]
    assert new_contacts_of(acts, 40) == new_contacts_of(loud, 40)


@given(communities())
@examples(15)
def test_what_holds_everywhere(sample: Made) -> None:
    with community(sample.acts, accounts=sample.accounts) as study:
        ties = rows(study, "ties")
        result = rows(study, "new_contacts")
        assert {row["person"] for row in result} == {row[side] for row in ties for side in ("actor", "target")}
        for row in result:
            mine = [tie for tie in ties if tie["target"] == row["person"]]
            assert row["recent"] == sum(number(tie["silent_bins"]) < study.timescale.window_bins for tie in mine)
            assert number(row["fresh"]) <= number(row["recent"]) <= len(mine)
            assert 0 < number(row["new_contacts"]) < 1e6
            assert 0 <= number(row["low"]) <= number(row["high"])
            assert number(row["low"]) - 1 < number(row["new_contacts"]) < number(row["high"]) + 1


@pytest.mark.long
def test_ranges_hold_what_comes_to_hubs_of_their_own_pace() -> None:
    # Sixty hubs. Their rates are gamma, and their first contacts are Poisson. 120 days are known and 20 follow.
    dice = np.random.default_rng(5)
    known: list[Act] = [act(0, f"hub{hub}", "message", "sun") for hub in range(60)]
    later: list[int] = []
    for hub, pace in enumerate(dice.gamma(1.5, 0.15, 60)):
        times = np.cumsum(dice.exponential(1 / pace, 300))
        known += [act(float(time), f"p{hub}-{n}", "message", f"hub{hub}") for n, time in enumerate(times[times < 120])]
        later.append(int(((times >= 120) & (times < 140)).sum()))
    with community(known, until=120, bin_days=1, window_days=20) as study:
        result = [only_row(study, "new_contacts", person=f"hub{hub}") for hub in range(60)]
    inside = [number(row["low"]) <= actual <= number(row["high"]) for row, actual in zip(result, later, strict=True)]
    assert 0.85 <= np.mean(inside) <= 1
    # In other communities half as many came as the rates said, and that counts as one of the two windows behind the factor.
    assert 0.5 < sum(number(row["new_contacts"]) for row in result) / sum(later) < 1
