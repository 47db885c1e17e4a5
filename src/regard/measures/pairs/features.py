"""Features of a pair and of its two people, as known at a landmark. The return model predicts from them whether a pair acts again.

No feature depends on the size or the pace of the community. Counts are taken by their logarithm, times are measured in windows (between a
hundredth and four) and taken by their logarithm, and chances are taken by their logit. Each feature is centred on its record before use.
"""

from __future__ import annotations

from collections.abc import Mapping

from regard.measures.pairs.alive import same_state
from regard.measures.pairs.snapshots import Landmark

MOST_BINS = 128
"""Active bins of a pair above this count as this many. The pretrained coefficients come from ties of up to 143, not from longer ones."""

SENDER, RECEIVER = "sender_", "receiver_"
"""How the names of features begin that depend on the sender alone, and on the receiver alone."""


def _logit(chance: str, least: str = "1e-6") -> str:
    bounded = f"least(1 - 1e-6, greatest({least}, {chance}))"
    return f"ln({bounded} / (1 - {bounded}))"


def _windows_since(time: str, landmark_us: str) -> str:
    """SQL for the logarithm of the time since then in windows, between a hundredth and four; four if there is no such time."""
    return f"ln(least(4.0, greatest(0.01, coalesce(CAST({landmark_us} - epoch_us({time}) AS DOUBLE) / $window_us, 4.0))))"


def _count(number: str) -> str:
    return f"ln(1.0 + coalesce({number}, 0))"


def expressions(landmark: Landmark) -> Mapping[str, str]:
    """Name -> SQL of each feature.

    The SQL reads p, the pair from sender to receiver; r, the pair from receiver to sender; u, the sender's acts; v, the receiver's own
    acts; w, the acts toward the receiver. It also reads what the alive model says of these: a of p, b of r, c of u, d of v.
    """
    landmark_us = f"($until_us - {landmark.bins} * $bin_us)"
    return {
        "return_chance": _logit("a.p_return"),
        "active_bins": _count(f"least({MOST_BINS}, p.bins)"),
        "since_last": _windows_since("p.last", landmark_us),
        "since_first": _windows_since("p.first", landmark_us),
        "decayed_bins": "ln(0.02 + p.decayed)",
        "repeated": "CASE WHEN p.bins > 1 THEN 1.0 ELSE 0.0 END",
        "two_way": "CASE WHEN r.actor IS NULL THEN 0.0 ELSE 1.0 END",
        "back_since_last": _windows_since("r.last", landmark_us),
        "back_return_chance": _logit("coalesce(b.p_return, 0)", "1e-3"),
        "back_decayed_bins": "ln(0.02 + coalesce(r.decayed, 0))",
        "sender_recent_sent": _count("u.recent"),
        "sender_latest_sent": _count("u.latest"),
        "sender_since_sent": _windows_since("u.last", landmark_us),
        "sender_people": _count("u.people"),
        "sender_recent_people": _count("u.recent_people"),
        "sender_repeat_share": _logit("(u.repeated + 0.5) / (u.people + 2.0)"),
        "sender_return_chance": _logit("c.p_return"),
        "receiver_recent_sent": _count("v.recent"),
        "receiver_since_sent": _windows_since("v.last", landmark_us),
        "receiver_return_chance": _logit("coalesce(d.p_return, 0)", "1e-3"),
        "receiver_recent_received": _count("w.recent"),
        "receiver_latest_received": _count("w.latest"),
        "receiver_people": _count("w.people"),
        "receiver_recent_people": _count("w.recent_people"),
    }


def pairs_joined(landmark: Landmark, pairs: str | None = None) -> str:
    """SQL of the relations (p, a, r, b) that the features of the pair read: all pairs known then, or those of the relation `pairs`."""
    return f"""
        {pairs or f"pairs{landmark.suffix}"} p JOIN pair_states a ON {same_state("a", "p")}
        LEFT JOIN pairs{landmark.suffix} r ON r.actor = p.target AND r.target = p.actor
        LEFT JOIN pair_states b ON {same_state("b", "r")}
    """


def senders_joined(landmark: Landmark) -> str:
    """SQL of the relations (u, c) that the features of the sender read."""
    return f"senders{landmark.suffix} u JOIN sender_states c ON {same_state('c', 'u')}"


def receivers_joined(landmark: Landmark) -> str:
    """SQL of the relations (w, v, d) that the features of the receiver read."""
    suffix = landmark.suffix
    return f"""
        receivers{suffix} w LEFT JOIN senders{suffix} v ON v.person = w.person
        LEFT JOIN sender_states d ON {same_state("d", "v")}
    """


def joined(landmark: Landmark, pairs: str | None = None) -> str:
    """SQL of all relations that the features read: all pairs known then, or those of the relation `pairs`."""
    return f"""
        {pairs_joined(landmark, pairs)}
        JOIN ({senders_joined(landmark)}) ON u.person = p.actor JOIN ({receivers_joined(landmark)}) ON w.person = p.target
    """


def columns(landmark: Landmark) -> str:
    """SQL of the features with their names."""
    return ", ".join(f"{sql} AS {name}" for name, sql in expressions(landmark).items())
