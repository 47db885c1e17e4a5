"""The Stack Exchange source against a dump of ten posts, seven comments and ten votes that can be counted by hand; broken files."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from regard.errors import InputError, Malformed, Unsafe
from regard.record.schema import Account, Act
from regard.sources import batch_builder
from regard.sources.base import CERTAIN, Options, Recognition
from regard.sources.formats import xml_rows
from regard.sources.formats.bundle import MAGIC, Bundle, Entry
from regard.sources.stackexchange import source as stackexchange
from regard.sources.stackexchange.source import STACKEXCHANGE

from .dumps import DAY, DUMP, JANUARY, Everything, everything, question, site


@pytest.fixture(scope="module")
def dump() -> Everything:
    return everything(DUMP)


def test_the_dump_is_recognised() -> None:
    assert STACKEXCHANGE.recognise(Bundle.of(DUMP))


def test_the_dump_is_recognised_with_a_reason() -> None:
    recognition = Recognition(CERTAIN, "Comments.xml has the rows of a Stack Exchange dump under <comments>")
    assert STACKEXCHANGE.recognise(Bundle.of(DUMP)) == recognition


def test_counts_by_hand(dump: Everything) -> None:
    # 4 of 5 questions have an owner; 4 answers and 6 comments with an author; 2 @names of people other than the owner.
    assert Counter(act.kind for act in dump.acts) == {"post": 4, "reply": 10, "mention": 2, "thank": 4, "react": 1}
    assert dump.notes == {
        "reputation is as of the dump day": 1,
        "posts that are neither question nor answer": 1,
        "posts without an owner": 1,
        "comments without an author": 1,
        "comments whose @name fits no one person there": 1,
        "up and down votes, which have no names": 2,
        "acceptances that no question tells of": 1,
        "favourites without a name": 1,
    }


def test_a_question(dump: Everything) -> None:
    assert dump.of("post", "p1") == [
        Act(
            "1",
            "post",
            JANUARY + DAY + 10 * 3_600_000_000 + 567_000,
            item="p1",
            thread="p1",
            text="Why is my loaf flat & sad?\nMy loaf is < 3 cm &amp; sad.\nWhy?\n\nbake --hot",
            label="bread sour-dough",
            precision="ms",
            visibility="public",
            edited=True,
            file="Posts.xml",
            line=3,
        )
    ]


def test_an_answer_knows_its_question_and_leaves_the_target_to_the_record(dump: Everything) -> None:
    (act,) = dump.of("reply", "p2")
    assert (act.actor, act.target, act.parent, act.thread, act.text, act.label, act.edited) == (
        "2",
        None,
        "p1",
        "p1",
        "More water.",
        None,
        False,
    )


def test_tags_of_the_newer_form(dump: Everything) -> None:
    assert dump.of("post", "p4")[0].label == "flour rye"


def test_community_wiki_is_kept_and_marked(dump: Everything) -> None:
    assert {act.item: act.note for act in dump.acts if act.note} == {"p5": "community wiki"}


def test_deleted_people_keep_their_name_and_never_meet_a_user(dump: Everything) -> None:
    assert (dump.of("post", "p4")[0].actor, dump.of("reply", "c5")[0].actor) == ("name:user77", "name:user88")
    deleted = [account for account in dump.accounts if account.actor_type == "deleted"]
    assert deleted == [Account("name:user77", "user77", "deleted"), Account("name:user88", "user88", "deleted")]


def test_an_id_wins_over_a_left_display_name(dump: Everything) -> None:
    assert dump.of("post", "p8")[0].actor == "2"


def test_community_is_a_system(dump: Everything) -> None:
    assert dump.of("post", "p10")[0].actor == "-1"
    assert Account("-1", "Community", "system", points=1.0) in dump.accounts
    assert {account.actor_type for account in dump.accounts if account.id == "-1"} == {"system"}


def test_accounts_have_reputation_and_nothing_sensitive(dump: Everything) -> None:
    people = {account.id: account for account in dump.accounts}
    assert people["1"] == Account("1", "Ann Lee", points=101.0)
    assert people["4"] == Account("4", "Élodie & Co")
    shown = repr(dump)
    for secret in ("Riverton", "ann.example", "0123456789abcdef", "9001", "img.example", "I bake", "server farm"):
        assert secret not in shown


def test_a_comment_is_decoded_once_and_takes_the_thread_of_its_post(dump: Everything) -> None:
    (act,) = dump.of("reply", "c1")
    assert (act.text, act.parent, act.thread, act.target, act.line) == ('That "works", &lt;3', "p2", None, None, 3)


def test_names_at_the_beginning_of_comments(dump: Everything) -> None:
    # c2 fits Ann Lee, who commented before. c3 fits Bob, the owner, to whom the comment is anyway, and Bobby Ray less exactly.
    # c4 is by Bob, so it fits Bobby Ray: nobody addresses themselves. c5 names Élodie, who is not there yet.
    mentions = [(act.actor, act.target, act.item, act.parent, act.text) for act in dump.of("mention")]
    assert mentions == [("3", "1", "c2", "p2", None), ("2", "3", "c4", "p2", None)]


def test_accepted_answers_are_thanks_with_the_day_of_the_vote(dump: Everything) -> None:
    thanks = [(a.actor, a.target, a.item, a.thread, a.time, a.precision, a.file, a.line) for a in dump.of("thank") if a.label == "accepted"]
    assert thanks == [
        ("1", "3", "p3", "p1", JANUARY + 7 * DAY, "day", "Votes.xml", 5),
        ("2", "2", "p9", "p8", JANUARY + 8 * DAY, "day", "Votes.xml", 6),
        ("name:user77", "4", "p5", "p4", None, "none", "Posts.xml", None),
    ]


def test_a_favourite_is_a_reaction(dump: Everything) -> None:
    (act,) = dump.of("react")
    assert (act.actor, act.target, act.item, act.label, act.time) == ("4", "1", "p1", "favourite", JANUARY + 9 * DAY)


def test_a_bounty_is_thanks_of_who_set_it(dump: Everything) -> None:
    (act,) = [act for act in dump.of("thank") if act.label == "bounty"]
    assert (act.actor, act.target, act.item, act.thread, act.time) == ("4", "2", "p2", "p1", JANUARY + 11 * DAY)


def test_without_text_the_same_acts_and_no_words(dump: Everything) -> None:
    silent = everything(DUMP, options=Options(text=False))
    assert silent.acts == [act._replace(text=None) for act in dump.acts]


def test_each_file_by_itself(dump: Everything) -> None:
    users, posts, comments, votes = (everything(DUMP / f"{name}.xml") for name in ("Users", "Posts", "Comments", "Votes"))
    assert len(users.accounts) == 5
    assert users.acts == []
    assert Counter(act.kind for act in posts.acts) == {"post": 4, "reply": 4, "thank": 3}
    assert posts.accounts == [Account("name:user77", "user77", "deleted"), Account("-1", None, "system")]
    assert comments.acts == [act for act in dump.acts if act.file == "Comments.xml" and act.kind == "reply"]
    # A favourite of a post that is not here still says of which post: a record that has it finds the owner.
    assert [(act.kind, act.target, act.parent) for act in votes.acts] == [("react", None, "p1")]
    assert {note for note in votes.notes if note.startswith("no ")} == {
        stackexchange.MISSING["users"],
        stackexchange.MISSING["posts"],
        stackexchange.MISSING["comments"],
    }


def test_zip_any_case_compressed_and_other_names(tmp_path: Path, dump: Everything) -> None:
    packed = tmp_path / "bread.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(DUMP.iterdir()):
            archive.write(file, f"bread.example.com/{file.name.upper()}")
    assert [act._replace(file=None) for act in everything(packed).acts] == [act._replace(file=None) for act in dump.acts]
    squeezed = tmp_path / "posts.xml.zst"
    squeezed.write_bytes(zstd.compress((DUMP / "Posts.xml").read_bytes()))
    other = tmp_path / "bread_first10.xml"
    other.write_bytes((DUMP / "Posts.xml").read_bytes())
    for path in (squeezed, other):
        assert STACKEXCHANGE.recognise(Bundle.of(path))
        assert len(everything(path).of("post")) == 4


def test_small_batches_give_the_same(monkeypatch: pytest.MonkeyPatch, dump: Everything) -> None:
    monkeypatch.setattr(xml_rows, "CHUNK", 100)
    monkeypatch.setattr(batch_builder, "BATCH_ACTS", 3)
    batches = list(STACKEXCHANGE.read(Bundle.of(DUMP), Options()))
    assert len(batches) > 5
    assert everything(DUMP) == dump


def test_several_sites_are_told_apart(tmp_path: Path) -> None:
    for name in ("bread", "beer"):
        site(tmp_path / name, {"posts": [question(1, 1)]})
    assert STACKEXCHANGE.recognise(Bundle.of(tmp_path))
    with pytest.raises(InputError, match="one site at a time"):
        everything(tmp_path)


def test_a_7z_is_told_how_to_unpack(tmp_path: Path) -> None:
    packed = tmp_path / "bread.7z"
    packed.write_bytes(b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(50))
    assert STACKEXCHANGE.recognise(Bundle.of(packed))
    with pytest.raises(InputError, match=r"7z x bread\.7z"):
        everything(packed)
    packed.write_bytes(b"not 7z")
    assert not STACKEXCHANGE.recognise(Bundle.of(packed))


def broken() -> Iterator[tuple[bytes, type[InputError], str]]:
    start = b'<?xml version="1.0"?>\n<posts>\n'
    yield b"", Malformed, "line 1"
    yield start, Malformed, "line 3"
    yield start + b'<row Id="1"', Malformed, "line 3"
    yield start + b'<row Id="1" Id="2" />\n</posts>', Malformed, "line 3"
    yield start + b'<row Id="\xff" />\n</posts>', Malformed, "line 3"
    yield start + b'<row Id="&who;" />\n</posts>', Malformed, "line 3"
    yield start + b'<row Id="1"><row Id="2" /></row>\n</posts>', Malformed, "line 3"
    yield b"<users></users>", Malformed, "line 1"
    yield b'<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<posts>\n<row Id="1" Body="&b;" /></posts>', Unsafe, "document type"
    yield b'<!DOCTYPE p SYSTEM "file:///etc/hostname">\n<posts></posts>', Unsafe, "document type"


@pytest.mark.parametrize(("data", "kind", "words"), list(broken()))
def test_broken_and_hostile_files_are_named_with_their_line(tmp_path: Path, data: bytes, kind: type[InputError], words: str) -> None:
    (tmp_path / "Posts.xml").write_bytes(data)
    with pytest.raises(kind, match=rf"Posts\.xml.*{words}"):
        everything(tmp_path)


def test_a_dump_cut_anywhere_is_malformed(tmp_path: Path) -> None:
    content = (DUMP / "Votes.xml").read_bytes().rstrip()
    for size in range(0, len(content), 7):
        (tmp_path / "Votes.xml").write_bytes(content[:size])
        with pytest.raises(Malformed):
            everything(tmp_path)


def plain_bytes(data: bytes) -> bool:
    """Compressed streams, whole and broken, are the bundle's own matter."""
    return not data.startswith(tuple(MAGIC))


@given(st.binary(max_size=200).filter(plain_bytes), st.sampled_from(["Posts.xml", "posts.xml.zst", "x.7z", "other.xml"]))
def test_recognise_takes_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    file = tmp_path_factory.mktemp("bytes") / name
    for head in (b"", b"<posts>", b"<row ", b"<?xml"):
        file.write_bytes(head + data)
        is_7z = name == "x.7z" and (head + data).startswith(b"7z\xbc\xaf\x27\x1c")
        recognition = STACKEXCHANGE.recognise(Bundle(name, {name: Entry(name, len(head + data), file)}))
        assert (recognition is not None) == is_7z


def test_at_names_with_accents_in_mid_sentence_and_of_an_editor() -> None:
    read = everything(DUMP.parents[1] / "cases" / "K14-at-names-in-comments")
    mentions = [(act.item, act.actor, act.target) for act in read.of("mention")]
    assert mentions == [("c2", "1", "2"), ("c4", "1", "3"), ("c5", "2", "3"), ("c13", "1", "2")]


def test_characters_that_xml_forbids_are_skipped_and_counted(tmp_path: Path) -> None:
    row = '<row Id="{}" PostTypeId="1" OwnerUserId="1" CreationDate="2024-01-01T00:00:00.000" Body="{}" />'
    bodies = ["a&#x1F;b&#xA;c", "&#0;&#xD800;&#65535;d\x0b", "&#9;e&#x1F600;"]
    rows = "\n".join(row.format(number, body) for number, body in enumerate(bodies, start=1))
    (tmp_path / "Posts.xml").write_text(f"<posts>\n{rows}\n</posts>")
    read = everything(tmp_path)
    assert [act.text for act in read.acts] == ["ab\nc", "d", "e\U0001f600"]
    assert read.notes["characters that XML forbids, skipped"] == 5
