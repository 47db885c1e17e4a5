"""The charts there are, by the names under which templates call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from regard.charts.scatter import plane
from regard.charts.series import bars, two_lines

CHARTS: Mapping[str, Callable[..., object]] = {"plane": plane, "two_lines": two_lines, "bars": bars}
