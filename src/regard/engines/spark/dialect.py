"""Translates a step's SQL from DuckDB's dialect to Spark's. Everything that the two read differently is written here and nowhere else.

What the translation adds to sqlglot's own (other names of functions, where NULL is sorted, how text is quoted):

- A decimal literal is a DOUBLE, and every division is of DOUBLEs. DuckDB does the same as soon as a column takes part.
- A sum is of whole numbers. It has more room than a BIGINT (DuckDB's HUGEINT), except if it is cast to BIGINT at once.
- round(x, n) is round(x * 10^n) / 10^n in floats. Spark's own rounds the decimals in which a float is printed.
- A timestamp has no zone; it is in UTC.
- A bound whole number is a BIGINT, so that products of it have room.
- `\\S` in a regular expression is written out: for RE2 (DuckDB) a vertical tab is no white space, for Java it is.
- lower(x) turns each character by itself, as DuckDB does. Java looks at the end of a word (Σ) and turns İ into two characters.

What is not on the list in `functions` is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.transforms import eliminate_window_clause

from regard.engines.base import Values
from regard.engines.spark.functions import check_functions

Rule = Callable[[exp.Expression], exp.Expression]

SUM_TYPE = "decimal(38, 0)"
"""The type in which Spark adds up whole numbers."""

NOT_SPACE = r"[^\t\n\f\r ]"
"""What `\\S` means to RE2."""


def to_spark(sql: str, values: Values) -> str:
    """Translate a query for Spark: `$name` becomes `:name`, and a relation `record.acts` becomes the view `record_acts`.

    Raises EngineError if the query uses a function that DuckDB and Spark do not answer alike; see `check_functions`.

    >>> to_spark("SELECT n // $step, n / 2 FROM record.acts", {"step": 3})
    'SELECT n DIV CAST(:step AS BIGINT), CAST(n AS DOUBLE) / CAST(2 AS DOUBLE) FROM record_acts'
    """
    return _translate(sql, frozenset(name for name, value in values.items() if isinstance(value, int) and not isinstance(value, bool)))


@lru_cache(maxsize=1_000)
def _translate(sql: str, whole: frozenset[str]) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    if isinstance(tree, exp.Query):  # other statements, such as SHOW VIEWS, ask Spark about itself
        check_functions(tree)
    # From the leaves up: when a rule wraps a node, everything below it is translated already.
    for node in reversed(list(tree.dfs())):
        if isinstance(node, exp.Select):
            eliminate_window_clause(node)
        elif isinstance(node, exp.Placeholder):
            _replace(node, _parameter(node, whole))
        elif rule := RULES.get(type(node)):
            _replace(node, rule(node))
    return str(tree.sql("spark"))


def _replace(node: exp.Expression, by: exp.Expression) -> None:
    if by is not node:
        node.replace(by)


def _parameter(node: exp.Expression, whole: frozenset[str]) -> exp.Expression:
    # LIMIT takes nothing but an INT.
    return exp.cast(node.copy(), "bigint") if node.name in whole and not isinstance(node.parent, exp.Limit) else node


def _table(node: exp.Expression) -> exp.Expression:
    # A view of a session has no schema.
    if node.args.get("db"):
        node.set("this", exp.to_identifier(f"{node.text('db')}_{node.name}"))
        node.set("db", None)
    return node


def _literal(node: exp.Expression) -> exp.Expression:
    is_decimal = node.is_number and "." in node.name and not _is_float(node)
    return exp.cast(node.copy(), "double") if is_decimal else node


def _division(node: exp.Expression) -> exp.Expression:
    for side in ("this", "expression"):
        if not _is_float(node.args[side]):
            node.set(side, exp.cast(node.args[side].copy(), "double"))
    return node


def _is_float(node: exp.Expression) -> bool:
    return node.is_number and "e" in node.name.lower()


def _sum(node: exp.Expression) -> exp.Expression:
    aggregate = node.parent if isinstance(node.parent, exp.Filter) else node
    cast = aggregate.parent
    if not (isinstance(cast, exp.Cast) and cast.to.is_type("bigint")):
        node.set("this", exp.cast(node.this.copy(), SUM_TYPE))
    return node


def _round(node: exp.Expression) -> exp.Expression:
    decimals = node.args.get("decimals")
    if decimals is None:
        return node
    power = exp.Literal.number(f"1e{decimals.name}")
    whole = exp.Round(this=exp.Mul(this=exp.paren(node.this.copy()), expression=power))
    return exp.paren(exp.Div(this=whole, expression=power.copy(), typed=False, safe=False))


def _timestamp(node: exp.Expression) -> exp.Expression:
    return exp.cast(node.copy(), exp.DataType.Type.TIMESTAMPNTZ)


def _logarithm(node: exp.Expression) -> exp.Expression:
    # Spark's log(10, 1000) is below 3.
    return exp.Anonymous(this="LOG10", expressions=[node.expression.copy()])


def _quantile_cont(node: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this.copy(), node.expression.copy()])


def _quantile_disc(node: exp.Expression) -> exp.Expression:
    # sqlglot would write PERCENTILE_APPROX. The result is one of the whole numbers; Spark gives it as a float.
    quantile = exp.Anonymous(this="PERCENTILE_DISC", expressions=[node.expression.copy()])
    ordered = exp.Order(expressions=[exp.Ordered(this=node.this.copy(), nulls_first=True)])
    return exp.cast(exp.WithinGroup(this=quantile, expression=ordered), "bigint")


def _lower(node: exp.Expression) -> exp.Expression:
    single = exp.Anonymous(this="TRANSLATE", expressions=[node.this.copy(), exp.Literal.string("Σİ"), exp.Literal.string("σi")])
    return exp.Lower(this=single)


def _pattern(node: exp.Expression) -> exp.Expression:
    written = node.expression.name.replace(r"\S", NOT_SPACE)
    node.set("expression", exp.Literal.string(written))
    return node


def _epoch_us(node: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="UNIX_MICROS", expressions=[exp.cast(node.expressions[0].copy(), exp.DataType.Type.TIMESTAMPLTZ)])


def _unknown_to_sqlglot(node: exp.Expression) -> exp.Expression:
    rule = FUNCTIONS.get(node.name.lower())
    return rule(node) if rule else node


FUNCTIONS: Mapping[str, Rule] = {"epoch_us": _epoch_us}
"""Rules for functions that sqlglot does not know, by their names."""

RULES: Mapping[type[exp.Expression], Rule] = {
    exp.Table: _table,
    exp.Literal: _literal,
    exp.Div: _division,
    exp.Sum: _sum,
    exp.Round: _round,
    exp.UnixToTime: _timestamp,
    exp.TimestampTrunc: _timestamp,
    exp.Log: _logarithm,
    exp.PercentileCont: _quantile_cont,
    exp.PercentileDisc: _quantile_disc,
    exp.Lower: _lower,
    exp.RegexpLike: _pattern,
    exp.RegexpReplace: _pattern,
    exp.RegexpExtract: _pattern,
    exp.Anonymous: _unknown_to_sqlglot,
}
