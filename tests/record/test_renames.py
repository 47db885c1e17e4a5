"""Names that their owners may change: one account under several names, one name of several accounts, in whatever order they are read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regard.engines.duckdb.statements import execute
from regard.errors import Empty
from regard.record import renames
from regard.record.ingest import InputInfo
from regard.record.record import Record
from regard.record.schema import Account, Act, Batch
from regard.record.storage import reading

from ..strategies import examples

NOON = 1_709_294_400_000_000
FORUM = InputInfo("forum", "an export", renames=True)
LISTS = InputInfo("lists", "an archive")


def posts(name: str, *items: str, key: str | None = None, kind: str | None = None) -> Batch:
    """Posts of somebody, each at a time of its own."""
    account = Account(name, name.title(), "deleted" if kind == "deleted" else None, key=key)
    return Batch([Act(name, "post", NOON + int(item), item=item, thread=item) for item in items], [account])


def read(record: Record, *batches: Batch, origin: InputInfo = FORUM) -> dict[str, int]:
    """Read batches as one input. Gives the notes, but for that of repeats."""
    return {note: n for note, n in record.append(origin, batches).notes if note != "acts the record had already"}


def people(record: Record) -> list[tuple[str, str, int]]:
    """The ids of each person with acts, what they are called, and their acts."""
    sql = """SELECT string_agg(DISTINCT a.id, ' ' ORDER BY a.id), (SELECT count(*) FROM acts JOIN accounts b ON b.account = actor
             WHERE b.person = a.person) AS n FROM accounts a GROUP BY a.person HAVING n > 0 ORDER BY 1"""
    with reading(record.path) as connection:
        rows = execute(connection, sql)
    return [(str(ids), record.person(str(ids).split()[0]).name, int(str(n))) for ids, n in rows]


@pytest.mark.parametrize("key", ["5", None])
def test_who_was_renamed_is_one_person_and_each_post_one(record: Record, key: str | None) -> None:
    read(record, posts("ann", "1", "2", key=key))
    assert read(record, posts("anna", "1", "2", "3", key=key)) == {renames.RENAMED: 1}
    assert people(record) == [("ann anna", "Anna", 3)]
    assert read(record, posts("anna", "4")) == {}
    assert read(record, posts("ann", "2", key=key)) == {}
    assert people(record)[0][::2] == ("ann anna", 4)


def test_who_was_renamed_between_exports_that_share_no_post_is_told_by_the_key(record: Record) -> None:
    read(record, posts("ann", "1", key="5"), posts("bob", "2", key="6"), posts("cyd", "3", key="7"))
    read(record, posts("anna", "4", key="5"), posts("bob", "5", key="6"), posts("cyd", "6", key="7"))
    assert people(record) == [("ann anna", "Anna", 2), ("bob", "Bob", 2), ("cyd", "Cyd", 2)]


def test_two_names_in_one_input_are_one_account_by_the_key(record: Record) -> None:
    read(record, posts("ann", "1", key="5"), posts("anna", "1", "2", key="5"))
    assert people(record) == [("ann anna", "Anna", 2)]


def test_what_is_done_by_and_toward_a_new_name_is_no_second_act(record: Record) -> None:
    def export(name: str) -> Batch:
        acts = [
            Act(name, "post", NOON, item="1"), Act(name, "mention", NOON, "bob", item="1"), Act("bob", "react", None, name, item="1"),
            Act("bob", "reply", NOON + 1, name, item="2", parent="1"), Act("bob", "share", NOON + 1, name, item="2"),
        ]  # fmt: skip
        return Batch(acts, [Account(name, key="5"), Account("bob", key="6")])

    read(record, export("ann"))
    assert record.append(FORUM, [export("anna")]).added == 0


def test_an_account_known_by_name_only_is_that_of_the_key_with_that_name(record: Record) -> None:
    read(record, Batch([Act("bob", "mention", NOON, "anna", item="9")]))
    read(record, posts("ann", "1", key="5"), posts("bob", "2", key="6"))
    read(record, posts("anna", "1", key="5"), posts("bob", "2", key="6"))
    assert record.person("ann").ids == ("anna", "ann")


def test_a_name_that_another_takes_is_another_person(record: Record) -> None:
    read(record, posts("ann", "1", key="5"))
    assert read(record, posts("anna", "1", key="5"), posts("ann", "2", key="9")) == {renames.NAME_TAKEN: 1, renames.RENAMED: 1}
    assert people(record) == [("ann anna", "Anna", 1), ("ann#9", "Ann", 1)]
    read(record, posts("anna", "1", key="5"), posts("zoe", "2", "3", key="9"))
    assert people(record) == [("ann anna", "Anna", 1), ("ann#9 zoe", "Zoe", 2)]
    read(record, posts("anna", "1", key="5"), posts("ann", "2", "4", key="9"))
    assert people(record) == [("ann anna", "Anna", 1), ("ann#9 zoe", "Ann", 3)]


def test_a_name_that_two_bear_in_one_input_is_told(record: Record) -> None:
    assert read(record, posts("ann", "1", key="5"), posts("ann", "2", key="9")) == {renames.NAME_OF_TWO: 1}


def test_numbers_of_another_forum_join_nobody(record: Record) -> None:
    read(record, posts("admin", "1", key="1"), posts("ann", "2", key="2"), posts("bob", "3", key="3"))
    other = (posts("admin", "11", key="1"), posts("cyd", "12", key="2"), posts("dan", "13", key="3"))
    assert read(record, *other) == {renames.OTHER_KEYS: 2}
    assert [ids for ids, _, _ in people(record)] == ["admin", "ann", "bob", "cyd", "dan"]


def test_items_join_a_new_name_only_to_one_who_is_gone(record: Record) -> None:
    read(record, posts("ann", "1", "2"), posts("bob", "3", "4"))
    # A post was given to somebody else; a deleted account stands for all; what two wrote has one author now.
    assert renames.RENAMED not in read(record, posts("cyd", "1"), posts("ann", "2"))
    assert renames.RENAMED not in read(record, posts("ghost", "1", "2", kind="deleted"))
    assert renames.RENAMED not in read(record, posts("team", "1", "3"))
    assert [(ids, n) for ids, _, n in people(record)] == [("ann", 2), ("bob", 2)]


def test_one_account_that_is_two_now_is_neither(record: Record) -> None:
    read(record, posts("ann", "1", "2"))
    assert renames.RENAMED not in read(record, posts("cyd", "1"), posts("dan", "2"))
    assert record.person("ann").ids == ("ann",)


def test_a_name_that_went_from_one_to_another_is_each_account_in_its_time(record: Record) -> None:
    """Five was old, then ann; nine was zoe, and is ann now. All acts are there already, each once."""

    def export(five: str, nine: str) -> Batch:
        acts = [Act(five, "post", NOON, item="1"), Act(nine, "react", None, five, item="1"), Act(five, "react", None, nine, item="2")]
        return Batch(acts, [Account(five, key="5"), Account(nine, key="9")])

    read(record, export("old", "zoe"))
    for names in (("ann", "zoe"), ("anna", "ann"), ("anna", "ann"), ("old", "zoe")):
        result = record.append(FORUM, [export(*names)])
        assert (result.added, dict(result.notes)["acts the record had already"]) == (0, 3)


def test_one_item_under_two_names_is_one_and_joins_nobody_where_names_stay(record: Record) -> None:
    """An archive that masks addresses, and one that does not."""
    masked = [Act("ann(masked)", "post", NOON, item="m"), Act("ann(masked)", "thank", NOON, "bob", item="m")]
    shown = [act._replace(actor="ann@x.org") for act in masked]
    read(record, Batch(masked), origin=LISTS)
    result = record.append(LISTS, [Batch([*shown, Act("bob", "react", None, "ann@x.org", item="m")])])
    assert result.added == 1
    assert people(record) == [("ann(masked)", "ann(masked)", 2), ("bob", "bob", 1)]
    # The same id at another time is another message.
    assert record.append(LISTS, [Batch([Act("eve@x.org", "post", NOON + 1, item="m")])]).added == 1


@pytest.mark.parametrize("key", ["5", None])
def test_who_was_forgotten_stays_so_under_a_new_name(record: Record, key: str | None) -> None:
    bob = Act("bob", "post", NOON, item="7", text="as Anna said")
    read(record, posts("ann", "1", "2", key=key), Batch([bob], [Account("bob", key="6")]))
    record.forget("ann")
    named = Act("bob", "mention", NOON + 8, "anna", item="8")
    reply = Act("anna", "reply", NOON + 2, "bob", item="2", parent="7")
    read(record, posts("anna", "1", "3", key=key), Batch([reply, bob._replace(item="8", time=NOON + 8), named], [Account("bob", key="6")]))
    with reading(record.path) as connection:
        assert execute(connection, "SELECT id, key FROM accounts") == [("bob", "6")]
        assert execute(connection, "SELECT DISTINCT actor, target, text FROM acts WHERE item = '8'") == [(1, None, "as [removed] said")]


def test_all_names_of_who_is_forgotten_go(record: Record) -> None:
    read(record, posts("ann", "1", key="5"), posts("bob", "2", key="6"))
    read(record, posts("anna", "1", key="5"), posts("bob", "2", key="6"))
    assert record.forget("anna").ids == ("ann", "anna")
    for batch in (posts("ann", "1"), posts("anna", "3"), posts("annabel", "4", key="5")):
        with pytest.raises(Empty):
            read(record, batch)
    assert people(record) == [("bob", "Bob", 1)]


AUTHORS = (0, 0, 1, 1, 2, 3)
"""Who wrote each of six posts."""
NAMES = ("ann", "bob", "cyd", "dan", "eve")
Export = tuple[tuple[str, ...], frozenset[int]]
"""The names of the four people on a day, and the posts that an export of that day holds."""

exports = st.tuples(st.permutations(NAMES).map(lambda names: tuple(names[:4])), st.frozensets(st.sampled_from(range(1, 6))))


@examples(25)
@given(st.lists(exports, min_size=2, max_size=4))
@example([(("ann", "bob", "cyd", "dan"), frozenset({2, 4})), (("bob", "ann", "dan", "cyd"), frozenset({1, 3, 5}))])
def test_with_keys_people_are_told_apart_whatever_they_are_called(days: list[Export]) -> None:
    """Each export holds the first post, which shows that it is of the same forum."""
    with Record.temporary() as record:
        for names, held in days:
            read(record, *(posts(names[AUTHORS[item]], str(item), key=str(AUTHORS[item])) for item in sorted({0, *held})))
        with reading(record.path) as connection:
            rows = execute(connection, "SELECT item, person FROM acts JOIN accounts ON account = actor ORDER BY item")
        assert [int(str(item)) for item, _ in rows] == sorted({0, *(item for _, held in days for item in held)})
        pairs = {(AUTHORS[int(str(item))], person) for item, person in rows}
        assert len(pairs) == len({author for author, _ in pairs}) == len({person for _, person in pairs})
