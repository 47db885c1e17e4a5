"""Who waits for an answer."""

from __future__ import annotations

from regard.base.text import count, duration, percent
from regard.engines.base import Engine
from regard.findings.report import Finding, Interval
from regard.measures.timescale import Timescale

HEADING = "Who waits for an answer"

WHOSE = "(target = $me OR ($me IS NULL AND NOT with_post))"

WAITERS = f"SELECT count(DISTINCT person), count(DISTINCT person) FILTER (newcomer), count(*) FROM unanswered WHERE {WHOSE}"

ANSWERED = f"""
    SELECT count(*) FILTER (in_time), count(*) FROM openings
    WHERE question AND in_time IS NOT NULL AND time >= make_timestamp($until_us - $unanswered_us) AND {WHOSE}
"""


def unanswered(engine: Engine, timescale: Timescale, me: int | None) -> Finding:
    """How many people wait, how many of them are new, and what share of asks was answered in time (Wilson's range)."""
    waiting, new, asks = (int(str(n)) for n in engine.rows(WAITERS, {"me": me})[0])
    answered, asked = (int(str(n)) for n in engine.rows(ANSWERED, {**timescale.values, "me": me})[0])
    window, soon = duration(timescale.unanswered_us), duration(timescale.answer_us)
    whom = "your answer" if me is not None else "an answer"
    heading = "Who waits for your answer" if me is not None else HEADING
    said = "Nobody" if not waiting else count(waiting, "person", "people")
    sentence = f"{said} {'wait' if waiting > 1 else 'waits'} for {whom} to something asked in the last {window}"
    sentence += f" ({new or 'none'} of them new here; {count(asks, 'ask')})." if waiting else "."
    caveat = "Answers given elsewhere, or in a channel without saying to what, can't be seen; not every question wants one."
    if not asked and not waiting:
        none = f"Nothing to tell: no opening of the last {window} with a question mark was found."
        return Finding("waits", heading, none, caveat, None)
    if asked < 5:
        return Finding("waits", heading, f"{sentence} Too few asks ({asked}) to tell what share is answered.", caveat, None)
    low, high = wilson(answered, asked)
    share = f"{percent(answered / asked)} were answered within {soon} ({percent(low)} to {percent(high)})"
    sentence += f" Of {asked:,} asks whose time is over, {share}."
    return Finding("waits", heading, sentence, caveat, Interval(answered / asked, low, high, asked))


def wilson(hits: int, n: int, z: float = 1.6449) -> tuple[float, float]:
    """Wilson's 90 % range of a share (Wilson 1927).

    >>> [round(end, 3) for end in wilson(5, 10)]
    [0.269, 0.731]
    """
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((share * (1 - share) + z * z / (4 * n)) / n) ** 0.5 / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)
