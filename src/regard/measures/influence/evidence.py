"""Evidence: how many people somebody came back to, and how many there must be before people are compared (measures.md)."""

from __future__ import annotations

ENOUGH_KEPT = 30
"""People with a kept tie in the last window. In a record with fewer no two people are compared."""

EVIDENCE = "SELECT count(DISTINCT target) FROM ties WHERE p_alive_before IS NOT NULL AND silent_bins < $window_bins"
"""One number: the people with a kept tie in the last window. Such a tie is older than the window and has an act within it."""
