"""Hand-made reports with invented people: a full one, an empty one, hostile ones and a crowd. None of their numbers is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from regard.findings.assemble import assemble_public
from regard.findings.figures import Figure, Part, Publication, Quarter
from regard.findings.intervals import Interval
from regard.findings.report import Method, Report
from regard.findings.section import BuiltSection, Finding
from regard.findings.sections.activity import Activity, Period
from regard.findings.sections.cards import ActLine, ByWords, Card, TieLine
from regard.findings.sections.catalogue import PUBLIC_SECTIONS, SECTIONS
from regard.findings.sections.cooling import Cooling, CoolingTie
from regard.findings.sections.coverage import Coverage, MonthCoverage
from regard.findings.sections.people import People
from regard.findings.sections.response import ReachGroup, Response
from regard.findings.sections.unanswered import WHY, Question, Unanswered

AS_OF = datetime(2025, 3, 14, 9, 12, tzinfo=UTC)
HOSTILE = "</script><img src=x onerror=alert(1)>"
HOSTILE_TEXTS = (
    HOSTILE,
    "\"'><svg/onload=alert(1)>",
    "</title></style><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %} <!--",
    "]]>--><b onmouseover=alert(1)>x</b>",
    "&lt;i&gt; &amp; <a href=javascript:alert(1)>y</a>",
    "\u202eevil\u2069 \x00 \ud800 \x1b[31m",
    "x" * 400,
)

_FIRST = (
    "Ama",
    "Bela",
    "Chidi",
    "Dora",
    "Emre",
    "Farah",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Keiko",
    "Lior",
    "Mara",
    "Nils",
    "Oona",
    "Paulo",
)
_LAST = (
    "Abara",
    "Berg",
    "Costa",
    "Duarte",
    "Eriksen",
    "Falk",
    "Grant",
    "Haas",
    "Ito",
    "Jansen",
    "Kaya",
    "Lind",
    "Moreau",
    "Novak",
    "Okafor",
)


def _ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def _tie(name: str, p_return: float, acts: int = 12, days: int = 6, *, two_way: bool = False) -> TieLine:
    return TieLine(name=name, acts=acts, words=acts, bins=min(acts, 1 + acts // 2), last=_ago(days), p_return=p_return, two_way=two_way)


def _act(who: str, kind: str, words: str | None, days: float, reference: str | None = None) -> ActLine:
    return ActLine(when=_ago(days), who=who, kind=kind, words=words, reference=reference)


def findings() -> dict[str, tuple[Finding, ...]]:
    """The three sentences, by section."""
    return {
        "cohesion": (
            Finding(
                "What holds it together",
                "About 14 people (11 to 17) hold this community together: each is expected to hear again from five or more others "
                "within 28 days, and between them they carry two thirds of all ties that go both ways.",
                "It counts who comes back, not why.",
                Interval(14.2, 11.0, 17.0, 148),
            ),
        ),
        "unanswered": (
            Finding(
                "Who waits",
                "31 people asked something and have had no answer yet; 12 of them are new, and about 7 in 10 newcomers (6 to 8 in 10) "
                "who wait this long never write again.",
                "An answer given elsewhere, by voice or in private, can’t be seen.",
                Interval(0.71, 0.62, 0.79, 86),
            ),
        ),
        "reach_vs_kept": (
            Finding(
                "What rank hides",
                "Of the ten people most reached, three (1 to 5) keep fewer people than somebody whom a tenth as many have ever noticed.",
                "Followers are known for two of three people only.",
                None,
            ),
        ),
    }


def questions() -> tuple[Question, ...]:
    """Six questions without an answer, with every way to leave a field open."""
    return (
        Question(
            "Oona Lind",
            (),
            "Does anybody know how to take the blade guard off the old band saw without the special key? I have it booked until Sunday "
            "and would rather not force it.",
            _ago(2.1),
            "2 days",
            "#workshop",
            "message 1741772133",
            None,
            newcomer=True,
            answered_before=0,
            seen_by=4,
        ),
        Question(
            "Emre Kaya",
            ("Hana Ito", "Nils Haas"),
            "Is the Saturday shift still yours, or shall I ask around?",
            _ago(4),
            "4 days",
            None,
            None,
            None,
            False,
            5,
            WHY["mention"],
        ),
        Question("Paulo Duarte", (), None, _ago(5.5), "5 days", "#lending", "lending.json, line 412", None, False, 0),
        Question(
            "Farah Moreau",
            (),
            "We have forty chairs left over from the fair. Who could use some?\nThey can be fetched any evening.",
            _ago(6.2),
            "6 days",
            "#gifts",
            None,
            None,
            False,
            1,
        ),
        Question("Jonas", ("Goran Falk",), "كيف أستعير السلم الطويل؟", _ago(9), "9 days", "#lending", None, None, True, 0),
        Question(
            "Keiko Abara", (), "Is there a way to pay the deposit in two parts?", _ago(11), "11 days", "#newcomers", None, None, True, 0
        ),
    )


def cards() -> tuple[Card, ...]:
    """Nine people, not in the order of their names."""
    mara_ties = (
        _tie("Hana Ito", 0.93, 41, 1, two_way=True),
        _tie("Emre Kaya", 0.82, 18, 3, two_way=True),
        _tie("Goran Falk", 0.61, 9, 8),
        _tie("Dora Berg", 0.44, 6, 15, two_way=True),
        _tie("Ines Novak", 0.12, 2, 44),
    )
    mara_acts = (
        _act(
            "Hana Ito", "thank", "You saved my weekend. The hinge holds, and the door closes for the first time in years.", 1, "message 881"
        ),
        _act("Emre Kaya", "reply", "Yes: the small drill is back, I put it on the lower shelf.", 3, "message 874"),
        _act("Goran Falk", "react", None, 8),
    )
    nils_ties = (replace(_tie("Dora Berg", 0.55, 7, 2), words=2), replace(_tie("Ines Novak", 0.34, 5, 9), words=0))
    goran_acts = (_act("Nils Haas", "share", None, 2, "announcements.json, line 12"), _act("Ines Novak", "follow", None, 30))
    return (
        Card(1, "Mara Okafor", "Looks after the lending desk", 154, 154, None, 41, 37.6, 30, 46, mara_ties, mara_acts),
        Card(2, "Goran Falk", "Chair of the board", 1240, 312, 1204, 19, 9.4, 5, 15, (_tie("Nils Haas", 0.55, 7, 2),), goran_acts),
        Card(3, "Hana Ito", None, 96, 96, 40, 33, 28.2, 22, 35, (_tie("Mara Okafor", 0.95, 52, 1, two_way=True),), ()),
        Card(4, "Emre Kaya", None, 61, 61, None, 15, 12.8, 8, 18, (_tie("Mara Okafor", 0.71, 20, 3, two_way=True),), ()),
        Card(5, "Nils Haas", "Writes the newsletter", 702, 88, 690, 4, 2.4, 0, 5, nils_ties, (), 0, 71, ByWords(1, 0.6, 0, 2)),
        Card(6, "Ines Novak", None, 34, 34, None, 3, 3.1, 1, 6, (), ()),
        Card(7, "Dora Berg", None, 18, 18, 0, 6, 5.5, 3, 8, (), (), by_reactions=18, by_words=ByWords(0, 0, 0, 0)),
        Card(8, "Oona Lind", None, 1, 1, None, 1, 0.31, 0, 1, (), (_act("Mara Okafor", "mention", "Welcome, Oona!", 2.5),)),
        Card(9, "Chidi Abara", None, 1, 1, None, 0, 0, 0, 0, (), ()),
    )


def periods() -> tuple[Period, ...]:
    """Eighteen months: people up, pairs down; the last not over."""
    people = (42, 47, 51, 55, 61, 58, 66, 72, 70, 79, 88, 84, 95, 101, 99, 112, 118, 64)
    pairs = (31, 34, 38, 37, 41, 42, 44, 43, 40, 41, 38, 36, 37, 33, 34, 31, 29, 14)
    months = [date(2023 + (9 + index) // 12, (9 + index) % 12 + 1, 1) for index in range(18)]
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return tuple(
        Period(month, f"{names[month.month - 1]} {month.year}", active, 9 * active, two_way, active // 2, active // 3, index < 17)
        for index, (month, active, two_way) in enumerate(zip(months, people, pairs, strict=True))
    )


def data() -> dict[str, object]:
    """What the sections show, by section, with every field used."""
    return {
        "unanswered": Unanswered(questions(), 31, met_beside=12, met_by_asker=3, met_by_mark=2, adverts=1),
        "people": People(
            cards(),
            214,
            "Chosen: everybody whom at least one person acted toward in the last half year. The ranges hold 9 times in 10 if the "
            "community neither grows nor shrinks as a whole.",
        ),
        "cooling": Cooling(
            (
                CoolingTie("Dora Berg", "Mara Okafor", _ago(49), "every 2 weeks", "for 7 weeks", 0.86, 0.22),
                CoolingTie("Hana Ito", "Ines Novak", _ago(31), "every 4 days", "for 31 days", 0.93, 0.34),
                CoolingTie("Emre Kaya", "Goran Falk", _ago(88), "every month", "for 3 months", 0.58, 0.004),
            ),
            9,
        ),
        "activity": Activity(
            periods(),
            "More people write than a year ago (112 a month against 66), and fewer of them write with each other: 31 pairs against 44.",
        ),
        "response": Response(
            (
                ReachGroup("1–9 reached", 122, 3, 34.2, 12, 66.7),
                ReachGroup("10–31 reached", 51, 18, 31.5, 18.4, 44),
                ReachGroup("32–99 reached", 28, 54, 24, 15, 33),
                ReachGroup("100–315 reached", 9, 154, 14.1, 6.3, 21),
                ReachGroup("316 reached or more", 4, 702, 1.5, 0.6, 2.75),
            ),
            "The more people somebody has reached, the smaller the part that acts toward them: from about 34 in 100 "
            "to fewer than 2 in 100.",
        ),
        "coverage": Coverage(
            line="One Slack export, 1 Oct 2023 to 14 Mar 2025: 12,406 acts by 214 people in 11 channels.",
            kinds=("reply", "mention", "react"),
            months=(MonthCoverage("Jan 2025", (310, 92, 1204)), MonthCoverage("Feb 2025", (287, 101, 0))),
            unseen=(
                "Direct messages and private channels are not in the export.",
                "212 replies (4 %) answer a message that is not in the export; they count for nobody.",
            ),
        ),
    }


def built(data: Mapping[str, object], findings: Mapping[str, tuple[Finding, ...]]) -> tuple[BuiltSection, ...]:
    """The sections of the catalogue, in its order, that have data or sentences here."""
    return tuple(
        BuiltSection(section, data.get(section.name), findings.get(section.name, ()))
        for section in SECTIONS
        if section.name in data or section.name in findings
    )


def sample() -> Report:
    """A report with every field used, without any link."""
    return Report(
        title="The Weir Street tool library",
        made_up=True,
        audience="community",
        me=None,
        as_of=AS_OF,
        ended=False,
        window="28 days",
        bin="1 day",
        sections=built(data(), findings()),
        methods=(
            Method(
                "kept",
                "How many people will act toward someone again in the next window?",
                "The chance of each tie to act again, summed over everybody who ever acted toward them.",
                "people who act toward them for the first time",
                "Fader, Hardie, Shang 2010",
            ),
            Method(
                "reached",
                "How many people ever acted toward someone?",
                "Distinct people, and followers where they are told.",
                "response",
                "",
            ),
        ),
        settings=(("Regard", "0.1.0"), ("window", "28 days"), ("bin", "1 day"), ("last act", "2025-03-14 09:12 UTC")),
    )


def with_data(report: Report, name: str, **changes: Any) -> Report:
    """The report with other data in one section."""
    changed: Any = report.section(name).data
    sections = (replace(built, data=replace(changed, **changes)) if built.section.name == name else built for built in report.sections)
    return replace(report, sections=tuple(sections))


def people(report: Report) -> tuple[Card, ...]:
    """The cards of a report."""
    return report.data(People).cards


def personal() -> Report:
    """The same for one person."""
    mine = tuple(tie for tie in sample().data(Cooling).ties if "Mara Okafor" in (tie.person, tie.other))
    return replace(with_data(sample(), "cooling", ties=mine, total=1), audience="personal", me="Mara Okafor", made_up=False)


def publication() -> Publication:
    """Three quarters of a large organisation: every kind of figure, and one quarter in which all is withheld."""

    def figure(part: Part, cell: str, people: int) -> Figure:
        return Figure(part, cell, people, people - 60, people + 60)

    shown = (
        figure("people", "", 1240), figure("talk", "both ways", 810), figure("talk", "one way", 220),
        figure("talk", "new, with response", 130), figure("channel", "#lending", 340), figure("channel", "", 700),
    )  # fmt: skip
    quarters = (Quarter(date(2024, 7, 1), ()), Quarter(date(2024, 10, 1), shown), Quarter(date(2025, 1, 1), shown))
    return Publication(("slack", "mbox"), ("Slack: reading.",), False, quarters)


def organisation() -> Report:
    """A report for an organisation."""
    return assemble_public(publication(), PUBLIC_SECTIONS, title="The Weir Street tool library", version="0.1.0")


def empty() -> Report:
    """A record of one person: nothing to show anywhere."""
    nothing: dict[str, object] = {
        "unanswered": Unanswered((), 0),
        "people": People((), 0, ""),
        "cooling": Cooling((), 0),
        "activity": Activity((), ""),
        "response": Response((), ""),
        "coverage": Coverage(line="", kinds=(), months=(), unseen=()),
    }
    return replace(sample(), title="", made_up=False, sections=built(nothing, {}), methods=(), settings=())


def everywhere(text: str, link: str | None = None) -> Report:
    """The sample with `text` wherever a text can be. The same shape for every text."""
    hostile: dict[str, object] = {
        "unanswered": Unanswered(
            tuple(
                replace(question, who=text, put_to=(text,), why=text, words=text, waited=text, channel=text, reference=text, link=link)
                for question in questions()
            ),
            31,
        ),
        "people": People(tuple(_card_of(text, card) for card in cards()), 214, text),
        "cooling": Cooling(
            tuple(replace(tie, person=text, other=text, usually=text, silent=text) for tie in sample().data(Cooling).ties), 9
        ),
        "activity": Activity(tuple(replace(period, label=text) for period in periods()), text),
        "response": Response(tuple(replace(group, label=text) for group in sample().data(Response).groups), text),
        "coverage": Coverage(text, (text,), (MonthCoverage(text, (1,)),), (text,)),
    }
    sentences = {
        name: tuple(replace(finding, heading=text, sentence=text, caveat=text) for finding in given) for name, given in findings().items()
    }
    return replace(
        sample(),
        title=text,
        me=text,
        window=text,
        bin=text,
        sections=built(hostile, sentences),
        methods=(Method(text, text, text, text, text),),
        settings=((text, text),),
    )


def _card_of(text: str, card: Card) -> Card:
    ties = tuple(replace(tie, name=text) for tie in card.ties)
    acts = tuple(replace(act, who=text, kind=text, words=text, reference=text) for act in card.acts)
    return replace(card, name=text, about=text, ties=ties, acts=acts)


def crowd(size: int) -> Report:
    """The sample with so many people on the plane, each with five ties and three acts of 120 letters."""
    return with_data(sample(), "people", cards=tuple(_stranger(number) for number in range(1, size + 1)), total=size)


def _stranger(number: int) -> Card:
    # Multiples of irrational numbers fill an interval evenly. A random generator's stream could change with its version.
    luck, warmth = number * 0.6180339887 % 1, number * 0.7548776662 % 1
    reached = max(1, int(700 ** (luck**1.6)))
    kept = reached * 0.45 * warmth**2
    name = _name(number)
    ties = tuple(_tie(_name(number + 7 * step), 0.9 / step, 30 // step, 3 * step, two_way=step == 1) for step in range(1, 6))
    words = f"Thank you, {name}: it works again. " * 4
    acts = tuple(_act(_name(number + 11 * step), "reply", words[:120], step, f"message {number * 10 + step}") for step in range(1, 4))
    margin = 1.6 * kept**0.5
    low, high = float(max(0, round(kept - margin))), float(min(reached, round(kept + margin + 0.5)))
    return Card(number, name, None, reached, reached, None, int(kept), round(kept, 2), low, high, ties, acts)


def _name(number: int) -> str:
    family = _LAST[number // len(_FIRST) % len(_LAST)]
    return f"{_FIRST[number % len(_FIRST)]} {family}" + (f" {number // 240 + 1}" if number >= 240 else "")
