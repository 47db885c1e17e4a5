"""The charts there are, by the names under which templates call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from regard.charts.scatter import draw_plane
from regard.charts.series import draw_bars, draw_two_lines

CHARTS: Mapping[str, Callable[..., object]] = {"draw_plane": draw_plane, "draw_two_lines": draw_two_lines, "draw_bars": draw_bars}
