"""Recognises the ids that give an erased person away: of their accounts, of what they wrote, and ids of others that name them."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from regard.engines.base import Value, Values
from regard.engines.duckdb.statements import execute, fetch_scalar
from regard.record.redact import as_codes

LONG_ID = 8
"""An id of at least so many characters is looked for anywhere in other ids. A shorter one must stand by itself there."""
WRITTEN = "kind IN ('post', 'reply', 'message') AND item IS NOT NULL"
NOTHING = r"[^\s\S]"
OWNED = ("^at://{0}/", "/{0}@", "/users/{0}/", "/@{0}/")
"""Ids whose form says who wrote the item: on Bluesky, comments on GitHub, on Mastodon."""


def fingerprint(what: str, *, source: str = "source", id_: str = "id") -> str:
    """SQL for the fingerprint of an `account`, of its `key`, of an `item` of theirs, or of an item of another `named` after them."""
    return f"sha256(concat($salt, chr(0), {source}, chr(0), '{what}', chr(0), {id_}))"


def items_of(table: str, columns: str, which: str) -> str:
    """SQL for the ids of what some wrote, those that the items bear besides among them. `{}` in `columns` stands for the id."""
    of_items = f"SELECT {columns.format('item')} FROM {table} WHERE {which} AND {WRITTEN}"
    others = columns.format("unnest(string_split(other_ids, chr(10)))")
    return f"{of_items} UNION SELECT {others} FROM {table} WHERE {which} AND other_ids IS NOT NULL"


def salt_of(connection: duckdb.DuckDBPyConnection, tables: str = "") -> str:
    """The record's secret."""
    return fetch_scalar(connection, str, f"SELECT value FROM {tables}meta WHERE key = 'salt'")


def make_item_tokens(connection: duckdb.DuckDBPyConnection, ids: str, theirs: str, named: str, values: Values) -> None:
    """Make `item_tokens`: a token for each id that gives an erased person away, and whether the item is theirs.

    `ids` is SQL for `source` and `id` of items. `theirs` and `named` are conditions on them by which an id is known to be theirs, or to be
    named after them. Other such ids are found with the ids and the full names in the relation `erased`.
    """
    owned, holding, bound = _conditions(connection)
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE item_tokens AS
            SELECT source, id, 'removed-' || left({fingerprint("token")}, 16) AS token, ({theirs} OR {owned}) AS theirs
            FROM (SELECT DISTINCT source, id FROM ({ids}) WHERE id IS NOT NULL) WHERE {theirs} OR {named} OR {owned} OR {holding}""",
        {**values, **bound},
    )


def make_token_lists(connection: duckdb.DuckDBPyConnection, name: str, lists: str) -> None:
    """Make a relation of lists in which tokens replace ids, and of whether one of them is of an item that is theirs.

    `lists` is SQL for `source`, row `r` and `ids`, one id a line.
    """
    execute(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE {name} AS
            SELECT r, string_agg(coalesce(token, l.id), chr(10) ORDER BY nth) AS ids, coalesce(bool_or(theirs), false) AS theirs
            FROM (SELECT source, r, parts[i + 1] AS id, i AS nth
                FROM (SELECT source, r, string_split(ids, chr(10)) AS parts FROM ({lists})), range(len(parts)) n(i)) l
            LEFT JOIN item_tokens t ON t.source = l.source AND t.id = l.id GROUP BY r HAVING count(token) > 0""",
    )


def _conditions(connection: duckdb.DuckDBPyConnection) -> tuple[str, str, dict[str, Value]]:
    """Two conditions on `source` and `id`, and the values that they bind: the item is theirs; the id holds an id or full name of theirs."""
    words: dict[str, list[str]] = {}
    full_names = "SELECT source, name FROM erased WHERE contains(trim(name), ' ')"
    for source, word in execute(connection, f"SELECT source, id FROM erased UNION {full_names} ORDER BY ALL"):
        if word and not str(word).isdigit():
            words.setdefault(str(source), []).append(str(word))
    owned, holding, bound = ["false"], ["false"], dict[str, Value]()
    for number, source in enumerate(words):
        key = "".join(chr(97 + int(digit)) for digit in str(number))
        all_words, long = (_any(map(as_codes, some)) for some in (words[source], [word for word in words[source] if len(word) >= LONG_ID]))
        bound[f"source_{key}"] = source
        bound[f"owned_{key}"] = _any(form.format(all_words) for form in OWNED)
        bound[f"holding_{key}"] = _any([rf"(?:^|[^\pL\pN_.-]){all_words}(?:$|[^\pL\pN_.-])", long])
        owned.append(f"(source = $source_{key} AND regexp_matches(id, $owned_{key}, 'i'))")
        holding.append(f"(source = $source_{key} AND regexp_matches(id, $holding_{key}, 'i'))")
    return f"({' OR '.join(owned)})", f"({' OR '.join(holding)})", bound


def _any(patterns: Iterable[str]) -> str:
    """RE2 for any of some patterns; nothing fits none of them."""
    return f"(?:{'|'.join(patterns) or NOTHING})"
