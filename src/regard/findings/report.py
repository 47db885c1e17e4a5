"""The values that surfaces show. All arithmetic is done before one of these is made, and names and texts have passed `Disclosure`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Audience = Literal["community", "personal", "organisation"]


@dataclass(frozen=True)
class Interval:
    """An estimate with its 90 % range and the number of cases behind it."""

    estimate: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Finding:
    """One sentence that may be said."""

    name: str
    """What it is about: "holds", "waits" or "hides"."""
    heading: str
    sentence: str
    """With its range in words, or "too little to tell"."""
    caveat: str
    """What the sentence can't say."""
    interval: Interval | None
    """The number the sentence rests on; None where there is too little to tell."""


@dataclass(frozen=True)
class Ask:
    """Somebody who waits for an answer."""

    who: str
    to: str | None
    """Whom they asked; None for everybody."""
    words: str | None
    """What they asked, cut to a few lines; None where the record holds no words."""
    since: datetime
    waited: str
    """In words: "3 days"."""
    channel: str | None
    reference: str | None
    """Where to find the act: a link, an id, a file and line."""
    link: str | None
    """An https address, where the platform has one."""
    newcomer: bool
    answered_before: int
    """Their earlier openings that were answered."""


@dataclass(frozen=True)
class TieLine:
    """One person who acts toward the person of a card."""

    name: str
    acts: int
    bins: int
    last: datetime
    p_return: float
    two_way: bool


@dataclass(frozen=True)
class ActLine:
    """One act behind a number."""

    when: datetime
    who: str
    kind: str
    words: str | None
    reference: str | None


@dataclass(frozen=True)
class Card:
    """One person on the plane, with what opens the two numbers."""

    number: int
    """Its place in the report, from 1; the anchor is `person-<number>`."""
    name: str
    about: str | None
    """Title or role as the platform tells it."""
    reached: int
    people: int
    """Distinct people who ever acted toward them, the part of `reached` that the record shows."""
    followers: int | None
    recent: int
    """Distinct people who acted toward them in the last window."""
    kept: float
    low: float
    high: float
    ties: tuple[TieLine, ...]
    """The likeliest to come back, at most five."""
    acts: tuple[ActLine, ...]
    """The latest acts toward them, at most three."""


@dataclass(frozen=True)
class Cooling:
    """A two-way tie going cold."""

    one: str
    other: str
    last: datetime
    usually: str
    """How far apart they usually spoke, in words: "every 2 weeks"."""
    silent: str
    """How long they have not, in words."""
    p_before: float
    p_now: float


@dataclass(frozen=True)
class Period:
    """One week, month or quarter of activity and value."""

    start: date
    label: str
    people: int | None
    """Active people; None where they were fewer than may be shown."""
    acts: int
    two_way: int | None
    """Pairs who acted toward each other both ways."""
    openings: int
    answered: int
    whole: bool
    """Whether the record covers it to its end."""


@dataclass(frozen=True)
class ReachGroup:
    """People of like reach, and the response they get."""

    label: str
    """Such as "10–31 reached"."""
    people: int
    reached: float
    """Their median."""
    per_100: float
    """People who acted toward any of them in the last window, for each 100 reached, all of the group added up."""
    low: float
    """90 % range of the same, lower end."""
    high: float
    """Upper end."""


@dataclass(frozen=True)
class MonthCoverage:
    """What the record holds of one month."""

    label: str
    counts: tuple[int, ...]
    """Acts, in the order of `Coverage.kinds`."""


@dataclass(frozen=True)
class Coverage:
    """What the record holds and what can't be seen."""

    line: str
    """One sentence: sources, months, acts, people."""
    kinds: tuple[str, ...]
    months: tuple[MonthCoverage, ...]
    unseen: tuple[str, ...]
    """Sentences: whose side is missing, replies that could not be resolved, what was left out."""


@dataclass(frozen=True)
class Method:
    """One measure, as the report explains it."""

    name: str
    question: str
    how: str
    cannot: str
    source: str


@dataclass(frozen=True)
class Report:
    """All that a report shows, in its order."""

    title: str
    made_up: bool
    """The community was simulated: said wherever it shows."""
    audience: Audience
    me: str | None
    as_of: datetime
    """The last act seen, in UTC."""
    window: str
    """The window in words: "28 days"."""
    bin: str
    findings: tuple[Finding, ...]
    asks: tuple[Ask, ...]
    asks_total: int
    cards: tuple[Card, ...]
    """The people on the plane."""
    people_total: int
    """People who could be on it."""
    plane_note: str
    """How those shown were chosen, and what the ranges do not allow for."""
    cooling: tuple[Cooling, ...]
    cooling_total: int
    periods: tuple[Period, ...]
    activity_sentence: str
    reach_groups: tuple[ReachGroup, ...]
    response_sentence: str
    coverage: Coverage
    methods: tuple[Method, ...]
    settings: tuple[tuple[str, str], ...]
    """Name and value: versions, parameters, last act seen."""
