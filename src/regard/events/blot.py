"""Taking a person's ids and names out of what others wrote."""

from __future__ import annotations

from collections.abc import Sequence

REMOVED = "[removed]"


def blotted(column: str, words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """SQL for a text column without these words, and the values that it binds.

    >>> blotted("text", ["Ann"])
    ("regexp_replace(text, $blot_a, '[removed]', 'gi')", {'blot_a': '\\\\bAnn\\\\b'})
    """
    sql, values = column, {}
    for number, word in enumerate(word for word in dict.fromkeys(words) if word.strip()):
        name = "blot_" + "".join(chr(97 + int(digit)) for digit in str(number))
        sql = f"regexp_replace({sql}, ${name}, '{REMOVED}', 'gi')"
        values[name] = pattern(word)
    return sql, values


def pattern(word: str) -> str:
    """The word where it stands by itself, for RE2: "Ann" in "@Ann" goes, in "Anna" it stays.

    >>> pattern("a.b")
    '\\\\ba\\\\.b\\\\b'
    """
    body = "".join(char if char.isalnum() or char in "_ " or ord(char) > 127 else f"\\{char}" for char in word)
    # RE2's \b knows ASCII words only: at a letter outside ASCII it would never match.
    left, right = (r"\b" if char.isascii() and (char.isalnum() or char == "_") else "" for char in (word[0], word[-1]))
    return f"{left}{body}{right}"
