"""Whom a name means, and two identities that become one person."""

from __future__ import annotations

import pytest

import regard
from regard.engines.duckdb.statements import execute
from regard.errors import UnknownName, UsageError
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import reading

NOON = 1_709_294_400_000_000
DAY = 86_400_000_000


@pytest.fixture
def community(record: Record) -> Record:
    """Ada on a chat and in a forum, two people called Bo, and one whose id is another's name."""
    chat = [Account("U1", "Ada"), Account("U2", "Bo"), Account("U3", "Bo"), Account("ada", "Cleo"), Account("7", "Seven")]
    record.append(InputInfo("chat", "an export"), [Batch([Act("U1", "post", NOON, item="1")], chat)])
    forum = [Account("7", "Ada of the forum"), Account("8", "BO")]
    record.append(InputInfo("forum", "a dump"), [Batch([Act("7", "post", NOON, item="1")], forum)])
    return record


@pytest.mark.parametrize(
    ("name", "ids"),
    [("U1", ("U1",)), ("Ada", ("U1",)), ("ada", ("ada",)), ("u2", ("U2",)), ("BO", ("8",)), ("chat:7", ("7",)), ("cleo", ("ada",))],
)
def test_an_id_comes_before_a_name_and_an_exact_fit_before_a_loose_one(community: Record, name: str, ids: tuple[str, ...]) -> None:
    assert community.person(name).ids == ids


def test_a_name_of_several_people_is_asked_back_with_what_fits_one(community: Record) -> None:
    with pytest.raises(UsageError, match=r"'Bo' fits 2 people; say which by id: Bo \(chat:U2\); Bo \(chat:U3\)"):
        community.person("Bo")
    assert community.person("chat:U3").ids == ("U3",)


def test_an_id_of_two_platforms_is_asked_back_with_what_fits_one(community: Record) -> None:
    with pytest.raises(UsageError, match=r"'7' fits 2 people; .*Seven \(chat:7\); Ada of the forum \(forum:7\)"):
        community.person("7")
    assert community.person("forum:7").name == "Ada of the forum"


def test_an_unknown_name_is_told_with_the_nearest(community: Record) -> None:
    with pytest.raises(UnknownName, match="unknown person 'Clea'; did you mean 'Cleo'"):
        community.person("Clea")


@pytest.mark.parametrize(
    ("name", "ids"),
    [("jose", ["U1"]), ("garc jos", ["U1"]), ("JOSÉ GARCÍA", ["U1"]), ("ann", ["U2", "U3"]), ("a a", []), ("ose", []), ("", [])],
)
def test_a_name_may_be_given_in_part_where_that_does_no_harm(record: Record, name: str, ids: list[str]) -> None:
    names = [Account("U1", "José García"), Account("U2", "Ann Lee"), Account("U3", "Anna Roe"), Account("U4", "Bo")]
    record.append(InputInfo("chat", "an export"), [Batch([Act("U1", "post", NOON, item="1")], names)])
    with regard.study(record) as study:
        if len(ids) == 1:
            assert list(study.person(name).ids) == ids
        else:
            with pytest.raises(UsageError, match="fits 2 people" if ids else "unknown person"):
                study.person(name)
    with pytest.raises(UnknownName):
        record.person("jose")  # merging and forgetting ask for the whole name


@pytest.mark.parametrize("name", ["", "'", "%", "a'; DROP TABLE acts; --", "\0"])
def test_a_name_is_never_sql(community: Record, name: str) -> None:
    with pytest.raises(UnknownName):
        community.person(name)
    assert community.counts().acts == 2


def test_merged_identities_are_one_person(community: Record) -> None:
    merged = community.merge("forum:7", "Ada")
    assert (merged.name, merged.ids) == ("Ada", ("U1", "7"))
    assert community.person("Ada of the forum") == community.person("U1") == merged
    assert (community.counts().accounts, community.counts().people) == (7, 6)


def test_merging_goes_on_from_merged(community: Record) -> None:
    community.merge("U2", "U3")
    community.merge("U3", "8")
    assert community.person("U2").ids == ("U2", "U3", "8")
    with pytest.raises(UsageError, match="one person already"):
        community.merge("8", "U2")


def test_merged_identities_are_told_apart_again(community: Record) -> None:
    before = community.counts()
    community.merge("U2", "U3")
    community.merge("U3", "8")
    assert [person.ids for person in community.unmerge("U3")] == [("U2",), ("U3",), ("8",)]
    assert community.counts() == before
    with pytest.raises(UsageError, match="one account only"):
        community.unmerge("U3")


def test_what_may_be_one_person_is_suggested_and_nothing_is_merged(record: Record) -> None:
    chat = [
        Account("U1", "Ann Lee"),
        Account("U2", "Bo"),
        Account("U3", "Jos\u00e9 P. D\u00edaz"),
        Account("U4", "Build", "bot"),
        Account("7", "Cy Roe"),
    ]
    record.append(InputInfo("chat", "an export"), [Batch([Act(each.id, "post", NOON, item=each.id) for each in chat], chat)])
    mail = [
        Account("ann.lee@x.org"),
        Account("jd@y.org", "Diaz, Jose"),
        Account("bo@x.org", "Bo"),
        Account("u2"),
        Account("7"),
        Account("build"),
    ]
    record.append(InputInfo("mail", "a list"), [Batch([Act(each.id, "post", NOON, item=each.id) for each in mail], mail)])
    found = [(each.first.reference, each.second.reference, each.reason) for each in record.suggestions()]
    assert found == [
        ("chat:U1", "mail:ann.lee@x.org", "the name of one is the id of the other"),
        ("chat:U2", "mail:u2", "the same id in two sources"),
        ("chat:U3", "mail:jd@y.org", "the same name"),
    ]
    assert record.counts().people == 11
    record.merge("chat:U2", "mail:u2")
    assert len(record.suggestions()) == 2


def test_ids_alike_up_to_the_at_sign_are_told_as_such_and_not_of_two_names(record: Record) -> None:
    accounts = [Account("ricky@x.org", "Richard Fair"), Account("ricky@y.org", "Richard Weait"), Account("ricky@z.org")]
    record.append(InputInfo("mail", "a list"), [Batch([Act(each.id, "post", NOON, item=each.id) for each in accounts], accounts)])
    found = [(each.first.id, each.second.id, each.reason) for each in record.suggestions()]
    assert found == [(f"ricky@{host}.org", "ricky@z.org", "the same id up to the @") for host in "xy"]


def test_a_name_of_many_tells_nobody_apart(record: Record) -> None:
    accounts = [Account(f"U{n}", "Guest User") for n in range(5)]
    record.append(InputInfo("chat", "an export"), [Batch([Act(each.id, "post", NOON, item=each.id) for each in accounts], accounts)])
    assert record.suggestions() == []


def test_merging_somebody_unknown_changes_nothing(community: Record) -> None:
    with pytest.raises(UnknownName):
        community.merge("Ada", "nobody of that name")
    assert community.counts().people == 7


def test_measures_are_of_the_one_person(record: Record) -> None:
    # Two people answer bo; once they are one, only one does, and what she does to herself counts for nobody.
    acts = [Act(actor, "message", NOON + n * DAY, "bo", item=f"{actor}{n}") for n in range(6) for actor in ("ann", "ann2")]
    acts += [Act("ann", "message", NOON + DAY, "ann2", item="self")]
    record.append(InputInfo("chat", "an export"), [Batch(acts)])

    def reached() -> dict[object, object]:
        with regard.study(record) as study:
            ids = {row[0]: row[1] for row in study.engine.rows("SELECT person, id FROM people")}
            return {ids[row["person"]]: row["people"] for row in study.reached.rows()}

    assert reached() == {"bo": 2, "ann2": 1}
    record.merge("ann", "ann2")
    assert reached() == {"bo": 1}


def test_reading_on_keeps_people_merged(community: Record) -> None:
    community.merge("Ada", "forum:7")
    community.append(InputInfo("forum", "a later dump"), [Batch([Act("7", "post", NOON + 1, item="2")], [Account("7", "Ada L.")])])
    assert community.person("Ada L.").ids == ("U1", "7")


def test_a_bot_stays_one_whatever_a_later_input_says(community: Record) -> None:
    assert community.mark_bot("U1").ids == ("U1",)
    community.append(InputInfo("chat", "a later export"), [Batch([Act("U1", "post", NOON, item="2")], [Account("U1", "Ada", "person")])])
    with reading(community.path) as connection:
        assert execute(connection, "SELECT id FROM accounts WHERE actor_type = 'bot'") == [("U1",)]
    with pytest.raises(UnknownName, match="unknown person 'Zoe'"):
        community.mark_bot("Zoe")
