"""The sentences on quarters: what is said of a change, and when nothing is said."""

from __future__ import annotations

from datetime import date

import pytest

from regard.findings.figures import Figure, Publication, Quarter
from regard.findings.publication import close
from regard.findings.quarter_counts import Count, QuarterCounts
from regard.findings.sections.channels import CHANNELS, Channels
from regard.findings.sections.quarters import QUARTERS

SPRING, SUMMER = date(2025, 4, 1), date(2025, 7, 1)


def sentence(*quarters: Quarter) -> str:
    """What is said of these quarters."""
    return QUARTERS.build(Publication(("slack",), (), False, quarters)).findings[0].sentence


def quarter(start: date, people: int, secret: str) -> Quarter:
    """A quarter in which so many people took part."""
    return close(start, QuarterCounts((Count(start, "people", "", people),), 0), 1, secret)


def shown(start: date, people: int, half: int = 60) -> Quarter:
    """A quarter with this figure."""
    return Quarter(start, (Figure("people", "", people, people - half, people + half),))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (500, 700, ", more than the quarter before (about 500)."),
        (700, 500, ", fewer than the quarter before (about 700)."),
        (500, 600, "; whether more or fewer than the quarter before can't be told."),
        (5000, 5100, ", about as many as the quarter before."),
    ],
)
def test_a_change_is_told_only_beyond_its_range(before: int, after: int, said: str) -> None:
    assert sentence(shown(SPRING, before), shown(SUMMER, after)).endswith(f"took part in Jul to Sep 2025{said}")


def test_a_change_that_four_people_made_is_hardly_ever_told() -> None:
    told = [sentence(quarter(SPRING, 400, str(n)), quarter(SUMMER, 404, str(n))) for n in range(1000)]
    assert sum(" than the quarter before (" in each for each in told) <= 30
    known = [sentence(quarter(SPRING, 400, str(n)), quarter(SUMMER, 800, str(n))) for n in range(100)]
    assert all("more than the quarter before (" in each for each in known)


def test_what_is_said_where_there_is_nothing_to_say() -> None:
    assert sentence().startswith("Nothing is told of this record: no calendar quarter")
    assert sentence(shown(SPRING, 500), Quarter(SUMMER, ())).startswith("Nothing is told of the last quarter: too few people")
    assert sentence(Quarter(SPRING, ()), shown(SUMMER, 500)) == "About 500 people (440 to 560) took part in Jul to Sep 2025."


def test_channels_are_listed_by_name_and_others_only_beside_them() -> None:
    def channels(*names: str) -> Channels:
        figures = tuple(Figure("channel", name, 200, 140, 260) for name in names)
        data = CHANNELS.build(Publication((), (), False, (Quarter(SPRING, figures),))).data
        assert isinstance(data, Channels)
        return data

    assert [figure.cell for figure in channels("b", "", "A").channels] == ["A", "b"]
    assert channels("b", "").others is not None
    assert channels("").others is None
