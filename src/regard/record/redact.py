"""Taking a person's ids and names out of what others wrote.

Others' words are theirs: a removed person called "Will" must not take the word "will" out of everybody's messages. So a name goes in
any spelling of upper and lower case, where it stands by itself ("Ann" in "@Ann" and "_Ann_", not in "Anna" and "ann_lee"), but for

- a name of one sign, and a number of less than six digits: only after an @;
- a name that is a common word: only as it is written, and after an @. A name is a common word when it is said in small letters in ten
  messages or more, in more than a twentieth of all, and more often than as it is written; and a name in small letters when it is said
  so often, and mostly without an @.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import duckdb

from regard.engines.duckdb.statements import execute

REMOVED = "[removed]"
HOLE = "\ufdd0"
"""Stands for REMOVED until all patterns are through, which might fit it themselves; a code point that no text may use."""
COMMON_TEXTS = 10
COMMON_SHARE = 20
"""One text in so many."""
SHORT_NUMBER = 6

LEFT, RIGHT = r"((?:^|[^\pL\pN\pM_])_*)", r"(_*(?:$|[^\pL\pN\pM_]))"
NOT_ADDRESSED = r"((?:^|[^\pL\pN\pM_@])_*)"
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""Scripts that put no space between words: where a word begins can't be told."""


def patterns(connection: duckdb.DuckDBPyConnection, texts: str, words: Sequence[str]) -> list[str]:
    """RE2 patterns for ids and names, as the texts allow; `texts` is SQL for a relation with a column `text`."""
    spelled = {form for word in words for form in (word, *(unicodedata.normalize(form, word) for form in ("NFC", "NFD")))}
    found: dict[str, None] = {}
    for word in sorted((word for word in spelled if word.strip()), key=lambda word: (-len(word), word)):
        found.update(dict.fromkeys(_patterns(connection, texts, word)))
    return list(found)


def _patterns(connection: duckdb.DuckDBPyConnection, texts: str, word: str) -> list[str]:
    addressed = f"(@){_body(word, loose=True)}{_edge(word[-1], RIGHT)}"
    if len(word) == 1 or (word.isdigit() and len(word) < SHORT_NUMBER):
        return [addressed]
    if not _is_common(connection, texts, word):
        return [f"{_edge(word[0], LEFT)}{_body(word, loose=True)}{_edge(word[-1], RIGHT)}"]
    return [addressed] if word == word.lower() else [addressed, f"{_edge(word[0], LEFT)}{_body(word)}{_edge(word[-1], RIGHT)}"]


def _is_common(connection: duckdb.DuckDBPyConnection, texts: str, word: str) -> bool:
    small = word.lower()
    said = f"{_edge(small[0], NOT_ADDRESSED)}{_body(small)}{_edge(small[-1], RIGHT)}"
    meant = f"(@){_body(word)}" if word == small else f"{_edge(word[0], LEFT)}{_body(word)}{_edge(word[-1], RIGHT)}"
    often, rarer, total = (
        int(str(count))
        for count in execute(
            connection,
            f"""SELECT count(*) FILTER (regexp_matches(text, $said)), count(*) FILTER (regexp_matches(text, $meant)), count(*)
                FROM ({texts}) WHERE text IS NOT NULL""",
            {"said": said, "meant": meant},
        )[0]
    )
    return often >= COMMON_TEXTS and often * COMMON_SHARE > total and often > rarer


def redact(column: str, patterns: Sequence[str]) -> tuple[str, dict[str, str]]:
    """SQL for a text column without what fits the patterns, and the values that it binds.

    >>> sql, values = redact("text", [r"(@)Ann($|\\\\W)"])
    >>> sql.count("regexp_replace"), list(values)
    (2, ['blot_a'])
    """
    sql, values = column, {}
    for number, pattern in enumerate(patterns):
        name = "blot_" + "".join(chr(97 + int(digit)) for digit in str(number))
        # Twice: the space between two names ends the one, and can't begin the other in the same go.
        for _ in range(2):
            sql = f"regexp_replace({sql}, ${name}, '\\1{HOLE}\\2', 'g')"
        values[name] = pattern
    return f"replace({sql}, '{HOLE}', '{REMOVED}')", values


def _body(word: str, *, loose: bool = False) -> str:
    """The word itself for RE2, its signs as codes; `loose` takes upper and lower case for one."""
    body = "".join(char if char.isalnum() else f"\\x{{{ord(char):x}}}" for char in word)
    return f"(?i:{body})" if loose else body


def _edge(char: str, edge: str) -> str:
    """What must stand beside the word's first or last sign: anything, where that is no letter or its script has no spaces."""
    plain = char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")
    return edge if plain and not unicodedata.name(char, "").startswith(UNSPACED) else "()"
