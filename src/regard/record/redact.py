"""Redaction: takes a person's ids and names out of what others wrote.

The words of others stay theirs. A removed person called "Will" must not take the word "will" out of every message. So a name is removed in
any spelling of upper and lower case, if it stands by itself ("Ann" in "@Ann" and "_Ann_", not in "Anna" and "ann_lee"), a name of several
words also as "ann-lee", "ann.lee" and "ann_lee", except that

- a name of one character, and a number of less than six digits, is removed after an @ only;
- a name that is a common word is removed after an @, and elsewhere only as it is written. A name is a common word if ten messages or more
  hold it in small letters, and these are more than a twentieth of all messages, and more than hold it as it is written. A name in small
  letters is a common word if that many messages hold it, and most of them without an @.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import duckdb

from regard.engines.duckdb.statements import execute, fetch

REMOVED = "[removed]"
PLACEHOLDER = "\ufdd0"
"""Stands for REMOVED until all patterns are applied, because a pattern might fit REMOVED itself. No text may use this code point."""
COMMON_TEXTS = 10
COMMON_SHARE = 20
"""A common word is in more than one text of so many."""
SHORT_NUMBER = 6
"""A number with fewer digits is short."""

LEFT, RIGHT = r"((?:^|[^\pL\pN\pM_])_*)", r"(_*(?:$|[^\pL\pN\pM_]))"
NOT_ADDRESSED = r"((?:^|[^\pL\pN\pM_@])_*)"
JOINED = r"[\s\pZ\x0b\x1c-\x1f\x{85}._-]{1,4}"
"""What may stand between the words of a name: a channel of Ann Lee's is called ann-lee, and a line may end after Ann."""
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""Scripts without spaces between words: nobody can tell where a word begins."""


class TextCounts(NamedTuple):
    """How many texts hold a name."""

    in_small_letters: int
    as_written: int
    texts: int


def patterns(connection: duckdb.DuckDBPyConnection, texts: str, words: Sequence[str]) -> list[str]:
    """Make RE2 patterns for ids and names. `texts` is SQL for a relation with a column `text`, in which common words are counted."""
    spellings = {form for word in words for form in (word, *(unicodedata.normalize(form, word) for form in ("NFC", "NFD")))}
    unique: dict[str, None] = {}
    for word in sorted((word for word in spellings if word.strip()), key=lambda word: (-len(word), word)):
        unique.update(dict.fromkeys(_patterns_of(connection, texts, word)))
    return list(unique)


def _patterns_of(connection: duckdb.DuckDBPyConnection, texts: str, word: str) -> list[str]:
    addressed = f"(@){_body(word, any_case=True)}{_edge(word[-1], RIGHT)}"
    if len(word) == 1 or (word.isdigit() and len(word) < SHORT_NUMBER):
        return [addressed]
    if not _is_common(connection, texts, word):
        return [f"{_edge(word[0], LEFT)}{_body(word, any_case=True)}{_edge(word[-1], RIGHT)}"]
    return [addressed] if word == word.lower() else [addressed, f"{_edge(word[0], LEFT)}{_body(word)}{_edge(word[-1], RIGHT)}"]


def _is_common(connection: duckdb.DuckDBPyConnection, texts: str, word: str) -> bool:
    small = word.lower()
    as_word = f"{_edge(small[0], NOT_ADDRESSED)}{_body(small)}{_edge(small[-1], RIGHT)}"
    as_name = f"(@){_body(word)}" if word == small else f"{_edge(word[0], LEFT)}{_body(word)}{_edge(word[-1], RIGHT)}"
    sql = f"""
        SELECT count(*) FILTER (regexp_matches(text, $as_word)), count(*) FILTER (regexp_matches(text, $as_name)), count(*)
        FROM ({texts}) WHERE text IS NOT NULL"""
    counts = fetch(connection, TextCounts, sql, {"as_word": as_word, "as_name": as_name})[0]
    is_frequent = counts.in_small_letters >= COMMON_TEXTS and counts.in_small_letters * COMMON_SHARE > counts.texts
    return is_frequent and counts.in_small_letters > counts.as_written


def redact(column: str, patterns: Sequence[str]) -> tuple[str, dict[str, str]]:
    """SQL for a text column without what fits the patterns, and the values that this SQL binds.

    >>> sql, values = redact("text", [r"(@)Ann($|\\\\W)"])
    >>> sql.count("regexp_replace"), list(values)
    (2, ['pattern_a'])
    """
    sql, values = column, {}
    for number, pattern in enumerate(patterns):
        name = "pattern_" + "".join(chr(97 + int(digit)) for digit in str(number))
        # Twice: the space between two names ends the first match, so the second name has no space before it in the same pass.
        for _ in range(2):
            sql = f"regexp_replace({sql}, ${name}, '\\1{PLACEHOLDER}\\2', 'g')"
        values[name] = pattern
    return f"replace({sql}, '{PLACEHOLDER}', '{REMOVED}')", values


def redacted(columns: Sequence[str], patterns: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """SQL for each of some text columns without what fits the patterns, and the values that all of them bind."""
    return [redact(column, patterns)[0] for column in columns], redact("", patterns)[1]


def names_in(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    """All texts of a small result."""
    return [str(word) for row in execute(connection, sql) for word in row if word is not None]


def _body(word: str, *, any_case: bool = False) -> str:
    """RE2 for the word itself, with punctuation as codes; with `any_case`, in any spelling of upper and lower case."""
    return f"(?i:{as_codes(word)})" if any_case else as_codes(word)


def as_codes(word: str) -> str:
    """RE2 for a text, with everything but letters and digits as codes, and its words joined in any of the usual ways."""
    words = re.split(r"(?<=\S)\s+(?=\S)", word)
    return JOINED.join("".join(char if char.isalnum() else f"\\x{{{ord(char):x}}}" for char in one) for one in words)


def _edge(char: str, edge: str) -> str:
    """RE2 for what must stand beside the first or last character of a word: anything, if it is no letter or its script has no spaces."""
    is_letter = char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")
    return edge if is_letter and not unicodedata.name(char, "").startswith(UNSPACED) else "()"
