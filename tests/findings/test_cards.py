"""Cards: how much of what a person gets is words, and how much only reactions and shares."""

from __future__ import annotations

from collections.abc import Sequence

from regard.findings.disclosure import Disclosure
from regard.findings.section import Context
from regard.findings.sections.cards import ByWords, Card
from regard.findings.sections.people import PEOPLE, People
from regard.findings.sections.response import RESPONSE, Response
from regard.record.schema import Act
from regard.studies.study import Study

from ..communities import act, community


def context(study: Study) -> Context:
    """What the two sections are built from."""
    study.make([*PEOPLE.needs, *RESPONSE.needs])
    return Context(study.engine, study.timescale, Disclosure(study.engine), None)


def cards(acts: Sequence[Act]) -> dict[str, Card]:
    """The cards of a community by name. Its window is ten days."""
    with community(acts, until=100, bin_days=1, window_days=10) as study:
        people = PEOPLE.build(context(study)).data
        assert isinstance(people, People)
        return {card.name: card for card in people.cards}


def test_a_card_tells_reactions_from_words() -> None:
    acts = [act(1, "bea", "reply", "ann"), *(act(day, "bea", "react", "ann") for day in (40, 70, 95))]
    acts += [act(94, "cem", "message", "ann"), act(96, "dua", "react", "ann"), act(20, "eli", "share", "ann")]
    ann = cards(acts)["ann"]
    assert (ann.people, ann.by_reactions, ann.recent) == (4, 2, 3)
    assert ann.by_words is not None
    assert ann.by_words.recent == 1
    assert 0 < ann.by_words.kept < ann.kept
    assert {tie.name: (tie.acts, tie.words) for tie in ann.ties}["bea"] == (4, 1)


def test_whom_people_only_reacted_to_keeps_nobody_by_words() -> None:
    ann = cards([act(day, who, "react", "ann") for day in (10, 50, 95) for who in ("bea", "cem")])["ann"]
    assert (ann.by_reactions, ann.by_words) == (2, ByWords(0, 0, 0, 0))


def test_where_all_is_words_nothing_is_told_apart() -> None:
    ann = cards([act(day, who, "message", "ann") for day in (10, 50, 95) for who in ("bea", "cem")])["ann"]
    assert (ann.by_reactions, ann.by_words) == (0, None)


def test_the_response_in_words_is_told_where_some_only_reacted() -> None:
    # Ten people hear from one of the two who ever acted toward them; f0 to f4 in words. Ten others have four each, all silent since.
    acts = [act(10, who, "message", f"f{n}") for n in range(10) for who in ("x", "y")]
    acts += [act(95, "x", "message" if n < 5 else "react", f"f{n}") for n in range(10)]
    acts += [act(20, who, "message", f"g{n}") for n in range(10) for who in ("x", "y", "z", "w")]
    for made, words in ((acts, True), ([each._replace(kind="message") for each in acts], False)):
        with community(made, until=100, bin_days=1, window_days=10) as study:
            response = RESPONSE.build(context(study)).data
            assert isinstance(response, Response)
            assert "heard from 50 % (" in response.sentence
            assert ("In words they heard from 25 % (" in response.sentence) is words
