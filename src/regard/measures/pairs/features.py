"""Features of a pair and its two people, known at a moment: what the chance that one comes back to the other is learned from.

All of them are free of the community's size and pace: counts by their logarithm, times measured in windows (between a hundredth and four),
chances by their logit. Each is centred on its record before it is used. Of u, who may come back, v, and the pair, as of the moment:
"""

from __future__ import annotations

from collections.abc import Mapping

from regard.measures.pairs.snapshots import Landmark

MOST_BINS = 128
"""More active bins of a pair say no more: communities learned from had ties of up to 143, and beyond them a slope would be a guess."""

SENDER, RECEIVER = "u_", "v_"
"""How the names of features begin that are u's alone, told by u and c, and v's alone, told by v, w and d."""


def _logit(chance: str, least: str = "1e-6") -> str:
    bounded = f"least(1 - 1e-6, greatest({least}, {chance}))"
    return f"ln({bounded} / (1 - {bounded}))"


def _windows(time: str, cut: str) -> str:
    """The logarithm of the time since then in windows, between a hundredth and four; four where there was nothing."""
    return f"ln(least(4.0, greatest(0.01, coalesce(CAST({cut} - epoch_us({time}) AS DOUBLE) / $window_us, 4.0))))"


def _count(number: str) -> str:
    return f"ln(1.0 + coalesce({number}, 0))"


def expressions(origin: Landmark) -> Mapping[str, str]:
    """Name -> SQL over p (the pair), r (the same turned round), u and v as senders, w (v as receiver), a, b, c, d (BG/BB of p, r, u, v)."""
    cut = f"($until_us - {origin.bins} * $bin_us)"
    return {
        "again": _logit("a.p_return"),
        "bins": _count(f"least({MOST_BINS}, p.bins)"),
        "since_last": _windows("p.last", cut),
        "since_first": _windows("p.first", cut),
        "decayed": "ln(0.02 + p.decayed)",
        "repeated": "CASE WHEN p.bins > 1 THEN 1.0 ELSE 0.0 END",
        "two_way": "CASE WHEN r.actor IS NULL THEN 0.0 ELSE 1.0 END",
        "back_since": _windows("r.last", cut),
        "back_again": _logit("coalesce(b.p_return, 0)", "1e-3"),
        "back_decayed": "ln(0.02 + coalesce(r.decayed, 0))",
        "u_recent": _count("u.recent"),
        "u_latest": _count("u.latest"),
        "u_silent": _windows("u.last", cut),
        "u_people": _count("u.people"),
        "u_recent_people": _count("u.recent_people"),
        "u_repeats": _logit("(u.repeated + 0.5) / (u.people + 2.0)"),
        "u_active": _logit("c.p_return"),
        "v_recent": _count("v.recent"),
        "v_silent": _windows("v.last", cut),
        "v_active": _logit("coalesce(d.p_return, 0)", "1e-3"),
        "v_gets": _count("w.recent"),
        "v_gets_latest": _count("w.latest"),
        "v_people": _count("w.people"),
        "v_recent_people": _count("w.recent_people"),
    }


def _state(fitted: str, known: str) -> str:
    return f"{fitted}.x = {known}.bins - 1 AND {fitted}.t = {known}.first_age - {known}.last_age AND {fitted}.n = {known}.first_age"


def pairs_joined(origin: Landmark, pairs: str | None = None) -> str:
    """SQL of what the pair's own features are said over (p, a, r, b): all pairs known then, or those of the SQL `pairs`."""
    return f"""
        {pairs or f"pairs{origin.suffix}"} p JOIN alive a ON {_state("a", "p")}
        LEFT JOIN pairs{origin.suffix} r ON r.actor = p.target AND r.target = p.actor LEFT JOIN alive b ON {_state("b", "r")}
    """


def senders_joined(origin: Landmark) -> str:
    """SQL of what the features of u alone are said over (u, c)."""
    return f"senders{origin.suffix} u JOIN active c ON {_state('c', 'u')}"


def receivers_joined(origin: Landmark) -> str:
    """SQL of what the features of v alone are said over (w, v, d)."""
    end = origin.suffix
    return f"receivers{end} w LEFT JOIN senders{end} v ON v.person = w.person LEFT JOIN active d ON {_state('d', 'v')}"


def joined(origin: Landmark, pairs: str | None = None) -> str:
    """SQL of what the expressions are said over: all pairs known then, or those of the SQL `pairs`."""
    return f"""
        {pairs_joined(origin, pairs)}
        JOIN ({senders_joined(origin)}) ON u.person = p.actor JOIN ({receivers_joined(origin)}) ON w.person = p.target
    """


def columns(origin: Landmark) -> str:
    """SQL of the features, named."""
    return ", ".join(f"{sql} AS {name}" for name, sql in expressions(origin).items())
