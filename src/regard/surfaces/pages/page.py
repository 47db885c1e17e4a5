"""The report page: one closed HTML file, made of a `Report`.

It runs nothing and asks the network for nothing: it has no script, one style block, drawings inside the page, and a Content Security Policy
that forbids the rest. All text goes through the template engine's escaping; no markup is made in Python.

`report.html.j2` is the frame. For each section of the report it includes the section's template from `sections/`. Such a template sees
`section`, `data` (the section's data), `report`, `personal` (whether the report speaks to one person), the charts of `regard.charts` as
functions, the filters below, and the macro `when`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from regard.base import text
from regard.charts.catalogue import CHARTS
from regard.findings.links import host
from regard.findings.report import Report
from regard.surfaces.pages import filters

if TYPE_CHECKING:
    from jinja2 import Environment

FILTERS: Mapping[str, object] = {
    "number": text.number,
    "span": text.number_range,
    "count": text.count,
    "times": filters.times,
    "bins": filters.bins,
    "without_one": text.without_one,
    "percent": text.percent,
    "chance": filters.chance,
    "day": text.day,
    "iso": text.iso_day,
    "moment": text.moment,
    "doing": filters.doing,
    "isolated": filters.isolated,
    "host": host,
    "by_name": filters.by_name,
    "position": filters.position,
    "share_position": filters.share_position,
}


def render(report: Report) -> str:
    """The whole page as text, to be written as UTF-8.

    The same report gives the same text, byte for byte.
    """
    environment = _environment()
    return environment.get_template("report.html.j2").render(report=report, style=_source(environment, "style.css"))


def _environment() -> Environment:
    # Imported here, so that the command line starts without it: only a report needs it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("regard.surfaces.pages", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.globals.update(CHARTS)
    return environment


def _finalize(value: object) -> object:
    # Plain text only: text that the template engine has made safe must keep its type, or it would be escaped twice.
    return filters.printable(value) if type(value) is str else value


def _source(environment: Environment, name: str) -> str:
    loader = environment.loader
    assert loader is not None
    return loader.get_source(environment, name)[0]
