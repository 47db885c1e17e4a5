"""One spelling for one id: two programs may write the same name with other Unicode characters, and it is one account all the same."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = "\u200b\u2060\ufeff\u00ad\u200e\u200f"
"""Zero-width spaces, byte order marks, soft hyphens, and marks of direction. Joiners stay: they tell letters of some scripts apart."""
_BLANKS = "\u00a0\u2007\u202f"
"""Spaces at which no line breaks."""


def one_spelling(id: str) -> str:
    """An id in Unicode's composed form (NFC), with usual spaces, and without spaces that have no width.

    >>> one_spelling("Zoe\\u0308\\u00a0Li\\u200b") == "Zo\\u00eb Li"
    True
    """
    if id.isascii():
        return id
    return re.sub(f"[{_BLANKS}]", " ", re.sub(f"[{_INVISIBLE}]", "", unicodedata.normalize("NFC", id))).strip(" ")


def one_spelling_sql(column: str) -> str:
    """The same in SQL. Most ids are ASCII, and are not looked at further.

    >>> import duckdb
    >>> sql = f"SELECT {one_spelling_sql('id')} FROM (SELECT 'Zoe\\u0308\\u00a0Li\\u200b' AS id)"
    >>> duckdb.connect().execute(sql).fetchall() == [("Zo\\u00eb Li",)]
    True
    """
    spelled = f"translate(translate(nfc_normalize({column}), '{_INVISIBLE}', ''), '{_BLANKS}', '{' ' * len(_BLANKS)}')"
    return f"CASE WHEN strlen({column}) = length({column}) THEN {column} ELSE trim({spelled}) END"


def folded(name: str) -> str:
    """A name without upper case and accents, to compare names as people type them.

    >>> folded("Jos\u00e9 Garc\u00eda")
    'jose garcia'
    """
    return "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
