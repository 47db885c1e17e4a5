"""The report page: one closed HTML file, made of a `Report`.

Nothing in it runs and nothing in it asks the network for anything: no script, one style block, drawings inside the page, and a Content
Security Policy that forbids the rest. All text goes through the template engine's escaping; no markup is made in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regard.base import text
from regard.charts.scatter import Plane, plane
from regard.charts.series import Bars, TwoLines, bars, two_lines
from regard.findings.report import Card, Report
from regard.surfaces.pages import filters

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class ReportPage:
    """What the template shows beside the report itself."""

    people: tuple[Card, ...]
    """The cards by name: wherever people are listed, the order says nothing about them."""
    plane: Plane | None
    """None without people."""
    lines: TwoLines | None
    """None with fewer than two periods."""
    bars: Bars | None
    """None without groups."""
    style: str
    """The style sheet."""


def render(report: Report) -> str:
    """The whole page as text, to be written as UTF-8.

    The same report gives the same text, byte for byte.
    """
    environment = _environment()
    people = tuple(sorted(report.cards, key=lambda card: (card.name.casefold(), card.name, card.number)))
    page = ReportPage(
        people=people,
        plane=plane(people),
        lines=two_lines(report.periods),
        bars=bars(report.reach_groups),
        style=_source(environment, "style.css"),
    )
    return environment.get_template("report.html.j2").render(report=report, page=page)


def _environment() -> Environment:
    # Imported here: the command line starts without it, and only a report needs it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("regard.surfaces.pages", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_filters())
    return environment


def _filters() -> Mapping[str, object]:
    return {
        "number": text.number,
        "span": text.number_range,
        "count": text.count,
        "times": filters.times,
        "bins": filters.bins,
        "percent": text.percent,
        "chance": filters.chance,
        "day": text.day,
        "iso": text.iso_day,
        "moment": text.moment,
        "doing": filters.doing,
        "isolated": filters.isolated,
        "host": filters.host,
        "place": _place,
        "percent_place": _percent_place,
    }


def _place(at: float) -> str:
    """A percentage without a useless ".0": a thousand dots hold four each."""
    return f"{at:g}%"


def _percent_place(share: float) -> str:
    return _place(round(100 * share, 1))


def _finalized(value: object) -> object:
    # Only plain text: what the engine has already made safe must keep its type, or it would be escaped twice.
    return filters.printable(value) if type(value) is str else value


def _source(environment: Environment, name: str) -> str:
    loader = environment.loader
    assert loader is not None
    return loader.get_source(environment, name)[0]
