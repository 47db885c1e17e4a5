"""What a report says, on communities whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regard.base.text import utc_datetime
from regard.findings.report import Report
from regard.findings.section import Finding
from regard.findings.sections.activity import Activity, Period
from regard.findings.sections.cards import Card
from regard.findings.sections.cooling import Cooling
from regard.findings.sections.coverage import Coverage
from regard.findings.sections.people import People
from regard.findings.sections.unanswered import Question, Unanswered
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.simulate.community import Simulation, simulate
from regard.studies.report import report_of
from regard.studies.settings import Settings
from regard.studies.study import Study
from regard.surfaces.pages.page import render

DAY = 86_400_000_000
START = 1_700_000_000_000_000
MADE_UP = InputInfo("made up", "demo", made_up=True)


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    """A community with builders, broadcasters and the rest."""
    return simulate(people=160, days=200, seed=11)


@pytest.fixture(scope="module")
def demo(simulation: Simulation) -> Iterator[Study]:
    """Its study."""
    with Record.temporary() as record:
        record.append(MADE_UP, simulation.batches())
        with Study(record) as study:
            yield study


def report_on(acts: list[Act], accounts: list[Account] | None = None, *, me: str | None = None) -> Report:
    """The report on hand-made acts."""
    with Record.temporary() as record:
        record.append(InputInfo("table", "by hand", own_ids=False), [Batch(acts, accounts or [])])
        with Study(record) as study:
            return report_of(study, me=me)


def finding(report: Report, name: str) -> Finding:
    """The sentence of the section of that name."""
    return report.section(name).findings[0]


def cards(report: Report) -> tuple[Card, ...]:
    """The people of a report."""
    return report.data(People).cards


def questions(report: Report) -> tuple[Question, ...]:
    """The questions without an answer."""
    return report.data(Unanswered).questions


def periods(report: Report) -> tuple[Period, ...]:
    """The periods of a report."""
    return report.data(Activity).periods


def test_rank_hides_the_builders(demo: Study, simulation: Simulation) -> None:
    hidden = finding(report_of(demo), "reach_vs_kept")
    assert "A large audience does not show where people come back." in hidden.sentence
    assert hidden.interval is not None
    assert hidden.interval.low <= hidden.interval.estimate <= hidden.interval.high
    roles = {truth.person: truth.role for truth in simulation.truth}
    names = {account.name: account.id for account in simulation.accounts}
    by_reach = sorted(cards(report_of(demo)), key=lambda card: -card.reached)
    widest = [roles[names[card.name]] for card in by_reach[:4]]
    assert widest.count("broadcaster") >= 3


def test_listed_questions_are_those_nobody_answered(demo: Study, simulation: Simulation) -> None:
    report = report_of(demo)
    first = simulation.start.timestamp() + (simulation.days - 28) * 86_400
    roots = {question.reference for question in questions(report) if question.since.timestamp() > first and not question.put_to}
    assert roots <= set(simulation.unanswered)
    assert report.data(Unanswered).total >= len(simulation.unanswered)


def test_a_made_up_community_is_called_so(demo: Study) -> None:
    assert report_of(demo).made_up
    assert not report_on([Act("a", "reply", START, "b"), Act("b", "reply", START + DAY, "a")]).made_up


def test_a_personal_report_holds_only_ones_own_ties(demo: Study, simulation: Simulation) -> None:
    builder = next(truth.person for truth in simulation.truth if truth.role == "builder")
    report = report_of(demo, me=builder)
    names = {account.id: account.name for account in simulation.accounts}
    mine = {names[act.actor] for act in simulation.acts if act.target == builder}
    mine |= {names[act.target] for act in simulation.acts if act.actor == builder and act.target}
    assert report.audience == "personal"
    assert report.me == names[builder]
    assert {card.name for card in cards(report)} <= mine | {names[builder]}
    assert all("you" in question.put_to for question in questions(report))
    assert all("you" in (tie.person, tie.other) for tie in report.data(Cooling).ties)
    assert "have written or reacted to you" in finding(report, "reach_vs_kept").sentence


def daily(*pairs: str, days: range = range(200)) -> list[Act]:
    """A message from the first to the second letter of each pair on each day."""
    return [Act(pair[0], "message", START + day * DAY + n * 1_000_000, pair[1]) for day in days for n, pair in enumerate(pairs)]


def test_a_personal_report_names_the_surest_fans() -> None:
    report = report_on([*daily("ax", "xa", "bx", "ab", "ba"), *daily("cx", "xc", days=range(0, 200, 90))], me="x")
    fans = finding(report, "fans")
    # Of three who come back, b gets nothing from x, and c comes every ninety days.
    assert fans.sentence.endswith("are likely to write or react to you on 3 or more different days of the next 8 weeks; the surest: a.")
    assert fans.interval is not None
    assert (fans.interval.n, fans.interval.estimate > 1.8) == (3, True)
    assert fans.interval.low <= fans.interval.estimate <= fans.interval.high


def test_a_record_shorter_than_two_windows_is_compared_with_nothing() -> None:
    acts = daily("ab", "ba", "bc", "cb", days=range(100))
    for days, compared in ((50, True), (51, False)):
        with Record.temporary() as record:
            record.append(InputInfo("table", "by hand"), [Batch(acts)])
            with Study(record, Settings(window_days=days, until=utc_datetime(START + 100 * DAY))) as study:
                sentence = finding(report_of(study), "cohesion").sentence
        assert ("against the" in sentence, "the record is too short to compare this" in sentence) == (compared, not compared)


def test_one_fan_is_a_person_and_seven_days_are_a_week() -> None:
    weekly = daily("ax", "xa", days=range(0, 1_400, 7))
    sentence = finding(report_on(weekly, me="x"), "fans").sentence
    assert sentence.startswith("About 1 person (")
    assert " is likely to write or react to you in 3 or more different weeks of the next " in sentence


def test_in_a_community_without_fakes_nearly_everybody_is_vouched_for(demo: Study, simulation: Simulation) -> None:
    builder = next(truth.person for truth in simulation.truth if truth.role == "builder")
    trust = finding(report_of(demo, me=builder), "trust")
    assert trust.interval is not None
    assert 0.8 < trust.interval.estimate <= trust.interval.high <= 1
    assert "not a judgement of character" in trust.caveat
    assert "Trust starts from" in trust.caveat


def test_of_fake_accounts_nothing_remains() -> None:
    honest = daily("ab", "ba", "bc", "cb", "ca", "ac", days=range(0, 200, 3))
    fakes = [pair for fake in "0123456789" for pair in (f"{fake}x", f"x{fake}")]
    trust = finding(report_on([*honest, *daily(*fakes, days=range(100, 200, 5))], me="x"), "trust")
    assert trust.interval is not None
    assert trust.interval.estimate == 0
    assert "0 % of the people we expect back are also trusted by others here" in trust.sentence


def test_two_people_are_too_little_to_tell() -> None:
    report = report_on([Act("a", "message", START, "b"), Act("b", "message", START + DAY, "a")])
    assert all(sentence.interval is None for sentence in report.findings)
    assert finding(report, "unanswered").sentence == "Nothing to tell: the record holds no words, and a question is known by its words."
    assert "1 of 2 relationships was active in the last day" in finding(report, "cohesion").sentence
    assert "Too little to compare people" in finding(report, "reach_vs_kept").sentence


def test_one_person_alone_gets_a_report() -> None:
    report = report_on([Act("a", "post", START + n * DAY, item=f"m{n}", thread=f"m{n}", text="anyone?") for n in range(5)])
    assert cards(report) == ()
    assert report.data(People).total == 0
    assert finding(report, "cohesion").interval is None


def test_coverage_lists_what_cannot_be_seen() -> None:
    acts = [
        Act("a", "post", START, item="m1", thread="m1"),
        Act("b", "reply", START + DAY, item="m2", parent="m1"),
        Act("b", "reply", START + DAY, item="m3", parent="gone"),
        Act("robot", "reply", START + DAY, item="m4", parent="m1"),
        Act("c", "message", None, "a", item="m5", precision="none"),
    ]
    report = report_on(acts, [Account("robot", "Robot", "bot")])
    unseen = " ".join(report.data(Coverage).unseen)
    assert "1 reply of 3 (33 %) answers something the record does not hold" in unseen
    assert "1 interaction without a usable time" in unseen
    assert "1 account of bots" in unseen
    assert report.data(Coverage).line.startswith("4 interactions by 3 people from a table, 14 Nov 2023")


def test_a_question_whose_time_is_not_over_is_no_failure() -> None:
    acts = [Act("a", "post", START + n * DAY, item=f"m{n}", thread=f"m{n}", text="who?") for n in range(61)]
    acts += [Act("b", "reply", START + n * DAY + DAY // 4, item=f"r{n}", parent=f"m{n}", thread=f"m{n}") for n in range(60)]
    report = report_on(acts)
    assert [question.reference for question in questions(report)] == ["m60"]
    sentence = finding(report, "unanswered").sentence
    assert sentence.startswith("1 person waited for an answer to something asked in the last ")
    assert "(not new here; 1 question). Of 42 questions asked more than 2 days ago, 100 % got an answer within 2 days" in sentence
    assert finding(report, "unanswered").basis == "questions"
    few = report_on([act for act in acts if act.time is not None and act.time >= START + 57 * DAY])
    assert finding(few, "unanswered").sentence.endswith(
        "(not new here; 1 question). Too few questions older than 2 days (0) to tell what share is answered."
    )


def test_a_question_names_whom_it_was_put_to_and_who_saw_it_and_what_met_others_is_counted() -> None:
    acts = [Act("a", "post", START + n * DAY, item=f"m{n}", thread=f"m{n}", text="Cem, who?") for n in range(60)]
    acts += [Act("b", "reply", START + n * DAY + DAY // 4, item=f"r{n}", parent=f"m{n}", thread=f"m{n}") for n in range(58)]
    acts += [act._replace(kind="mention", target="c", text=None) for act in acts if act.item == "m59"]
    acts += [Act(person, "react", START + 59 * DAY, "a", item="m59", label="eyes") for person in "bcd"]
    acts += [Act("b", "react", START + 59 * DAY, "a", item="m58", label="white_check_mark"), Act("e", "join", START + 60 * DAY)]
    report = report_on(acts)
    (question,) = questions(report)
    assert (question.put_to, question.seen_by, question.why) == (("c",), 3, "no reply in its thread")
    assert report.data(Unanswered).met_by_mark == 1


def test_cards_are_in_the_order_of_names_not_of_numbers(demo: Study) -> None:
    names = [card.name.casefold() for card in cards(report_of(demo))]
    assert names == sorted(names)


def test_the_report_is_a_value(demo: Study) -> None:
    report = report_of(demo)
    assert report == replace(report)
    assert report == report_of(demo)


def test_a_record_that_ended_long_ago_says_so() -> None:
    acts = [Act("a", "post", START + n * DAY, item=f"m{n}", thread=f"m{n}", text="who?") for n in range(61)]
    acts += [Act("b", "reply", START + n * DAY + DAY // 4, item=f"r{n}", parent=f"m{n}", thread=f"m{n}") for n in range(60)]
    with Record.temporary() as record:
        record.append(InputInfo("table", "by hand"), [Batch(acts)])
        with Study(record) as study:
            until = utc_datetime(study.timescale.until_us)
            window = timedelta(microseconds=study.timescale.window_us)
            at_its_end, long_after = (report_of(study, now=until + after) for after in (window, window + timedelta(seconds=1)))
    assert (at_its_end.ended, long_after.ended) == (False, True)
    assert "This record ends on" in render(long_after)
    assert "This record ends on" not in render(at_its_end)
    assert "Unanswered when the record ended" in render(long_after)
    assert "1 person waited for an answer" in render(long_after)
    assert "1 person waits for an answer" in render(at_its_end)
    assert "People to answer today" in render(at_its_end)


def test_a_made_up_community_ends_today(demo: Study) -> None:
    assert not report_of(demo, now=datetime(2100, 1, 1, tzinfo=UTC)).ended
