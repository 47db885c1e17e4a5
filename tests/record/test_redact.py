"""Taking names out of what others wrote, and nothing else with them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute
from regard.record.redact import REMOVED, patterns, redact

from ..strategies import examples


@pytest.fixture(scope="module")
def engine() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect()
    yield connection
    connection.close()


def redacted(engine: duckdb.DuckDBPyConnection, texts: list[str], *names: str) -> list[str]:
    """The texts without the names."""
    execute(engine, "CREATE OR REPLACE TABLE messages (n INTEGER, text VARCHAR)")
    for number, text in enumerate(texts):
        execute(engine, "INSERT INTO messages VALUES ($n, $text)", {"n": number, "text": text})
    sql, values = redact("text", patterns(engine, "SELECT text FROM messages", names))
    return [str(row[0]) for row in execute(engine, f"SELECT {sql} FROM messages ORDER BY n", values)]


X = REMOVED


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Ann", "Ann, ann and ANN: @Ann <@Ann> _Ann_ (Ann) Ann's", f"{X}, {X} and {X}: @{X} <@{X}> _{X}_ ({X}) {X}'s"),
        ("Ann", "Anna ann_lee Joann 4ann Ann4 Änn", "Anna ann_lee Joann 4ann Ann4 Änn"),
        ("Ann", "Ann Ann Ann\nAnn\tAnn", f"{X} {X} {X}\n{X}\t{X}"),
        ("Ann Lee", "ann lee met Ann", f"{X} met Ann"),
        ("Ann Lee", "#ann-lee ann.lee@x Ann\nLee, Ann \u00a0Lee ANN_LEE", f"#{X} {X}@x {X}, {X} {X}"),
        ("Ann Lee", "Ann, Lee; annlee ann-leeds joann lee Ann --> Lee", "Ann, Lee; annlee ann-leeds joann lee Ann --> Lee"),
        ("a.b+c(d)[e]*$^|\\", "see a.b+c(d)[e]*$^|\\ and a-b+c(d)[e]*$^|\\", f"see {X} and a-b+c(d)[e]*$^|\\"),
        (".*", "all .* of it", f"all {X} of it"),
        ("ada@work.example", "write to ADA@work.example.", f"write to {X}."),
        ("U0123ABC", "<@U0123ABC> and U0123ABCD", f"<@{X}> and U0123ABCD"),
        ("Ünï", "ÜNÏ, ünï; Ünïcorn", f"{X}, {X}; Ünïcorn"),
        ("Øyvind", "hei øyvind!", f"hei {X}!"),
        ("Zoe\u0301", "Zo\u00e9 and Zoe\u0301 and Zoe", f"{X} and {X} and Zoe"),  # one name, composed and not
        ("王伟", "请问王伟先生在吗", f"请问{X}先生在吗"),  # no spaces between words
        ("さくら", "さくらさん、さくら", f"{X}さん、{X}"),
        ("😀😀", "hi 😀😀😀😀", f"hi {X}{X}"),
        ("line\nbreak", "line\nbreak", X),
        ("\\1", "back \\1 reference", f"back {X} reference"),
        ("did:plc:abc", "at did:plc:abc/x", f"at {X}/x"),
        ("123456", "no 123456, 1234567", f"no {X}, 1234567"),
    ],
)
def test_a_name_goes_where_it_stands_by_itself(engine: duckdb.DuckDBPyConnection, name: str, text: str, left: str) -> None:
    assert redacted(engine, [text], name) == [left]


@pytest.mark.parametrize("name", ["A", "I", "ü", "5", "2024"])
def test_a_letter_or_a_short_number_goes_only_where_it_is_addressed(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    text = f"{name} think {name} am; @{name} and @{name}x"
    assert redacted(engine, [text], name) == [f"{name} think {name} am; @{X} and @{name}x"]


def test_a_name_that_is_a_common_word_goes_only_as_it_is_written(engine: duckdb.DuckDBPyConnection) -> None:
    talk = ["I will come", "will you?"] * 6 + ["Will came", "@will came", "@Will came"] + ["nothing"] * 30
    assert redacted(engine, talk, "Will") == ["I will come", "will you?"] * 6 + [f"{X} came", f"@{X} came", f"@{X} came"] + ["nothing"] * 30


def test_a_name_in_small_letters_that_is_a_common_word_goes_only_where_it_is_addressed(engine: duckdb.DuckDBPyConnection) -> None:
    talk = ["the end", "The end"] * 10 + ["ask @the", "nothing"]
    assert redacted(engine, talk, "the") == ["the end", "The end"] * 10 + [f"ask @{X}", "nothing"]


def test_a_name_that_is_said_often_as_a_name_goes_everywhere(engine: duckdb.DuckDBPyConnection) -> None:
    talk = ["thanks Ada", "@ada", "thanks Ada"] * 10 + ["ada?"] * 5
    assert redacted(engine, talk, "Ada") == [f"thanks {X}", f"@{X}", f"thanks {X}"] * 10 + [f"{X}?"] * 5


def test_a_word_that_is_rare_goes_everywhere(engine: duckdb.DuckDBPyConnection) -> None:
    assert redacted(engine, ["a mark here"] * 9 + ["Mark"], "Mark") == [f"a {X} here"] * 9 + [X]


def test_the_longer_of_two_names_goes_first(engine: duckdb.DuckDBPyConnection) -> None:
    assert redacted(engine, ["Ann and Ann Lee"], "Ann", "Ann Lee") == [f"{X} and {X}"]


@pytest.mark.parametrize("name", ["", " ", "\n"])
def test_a_name_of_nothing_takes_nothing(engine: duckdb.DuckDBPyConnection, name: str) -> None:
    assert redacted(engine, ["a b\n"], name) == ["a b\n"]


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)


@examples(40)
@given(name=NAMES.filter(lambda name: bool(name.strip())), words=st.lists(st.sampled_from(["hello", "(", "x1"]), max_size=3))
@example(name="[", words=[])
@example(name="removed", words=["hello"])
@example(name="0\x1f0", words=[])
def test_any_name_goes_and_the_words_beside_it_stay(engine: duckdb.DuckDBPyConnection, name: str, words: list[str]) -> None:
    before, after = " ".join(words), " ".join(reversed(words))
    left = redacted(engine, [f"{before} @{name} {after}"], name)[0]
    if name not in "hello(x1":
        assert left == f"{before} @{X} {after}"
