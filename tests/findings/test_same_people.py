"""The section on accounts that may be one person's: what it lists, for whom, and what it leaves alone."""

from __future__ import annotations

import pytest

from regard.findings.sections import same_people
from regard.findings.sections.same_people import Pair, SamePeople
from regard.record.schema import Account
from regard.studies.report import report_of

from ..communities import act, community

ACTS = [act(1, "annlee", "message", "bo"), act(2, "bo", "reply", "a7"), act(3, "cy", "reply", "bo"), act(4, "c9", "reply", "bo")]
ACCOUNTS = [Account("a7", "Ann Lee"), Account("annlee"), Account("bo", "Bo"), Account("cy", "Cy Roe"), Account("c9", "roe, cy")]


def test_pairs_are_listed_with_their_reasons_and_accounts() -> None:
    with community(ACTS, accounts=ACCOUNTS) as study:
        found = report_of(study).data(SamePeople)
        mine = report_of(study, me="cy").data(SamePeople)
    assert found.total == 2
    assert {(pair.first, pair.second) for pair in found.pairs} == {("Ann Lee", "annlee"), ("roe, cy", "Cy Roe")}
    assert {pair.reason for pair in found.pairs} == {"the name of one is the id of the other", "the same name"}
    assert [(pair.first, pair.second) for pair in mine.pairs] == [("roe, cy", "Cy Roe")]


def test_an_organisation_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with community(ACTS, accounts=ACCOUNTS) as study:
        assert all(built.section.name != "same_people" for built in report_of(study, audience="organisation").sections)
        monkeypatch.setattr(same_people, "MOST_ACCOUNTS", 2)
        assert report_of(study).data(SamePeople) == SamePeople((), 0)


def test_a_pair_names_its_accounts_as_merge_takes_them() -> None:
    with community(ACTS, accounts=ACCOUNTS) as study:
        pair = report_of(study).data(SamePeople).pairs[0]
    assert isinstance(pair, Pair)
    assert {pair.first_account.partition(":")[2], pair.second_account.partition(":")[2]} == {"a7", "annlee"}
