"""A step's SQL, written for DuckDB, as Spark says it. All that the two understand differently stands here and nowhere else.

Beyond what sqlglot knows (functions by other names, where NULL is sorted, how text is quoted):

- Decimal literals are DOUBLE, as is all division: what DuckDB makes of them as soon as a column takes part.
- A sum is of whole numbers, and has more room than a BIGINT (DuckDB's HUGEINT), but where it is cast to BIGINT at once.
- round(x, n) is round(x * 10^n) / 10^n in floats; Spark rounds the decimals that a float prints.
- A moment is without a zone, in UTC.
- Bound whole numbers are BIGINT, so that products of them have room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.transforms import eliminate_window_clause

from regard.engines.base import Values

Rule = Callable[[exp.Expression], exp.Expression]

WHOLE = "decimal(38, 0)"
"""What a sum of whole numbers is counted in."""


def to_spark(sql: str, values: Values) -> str:
    """The same query for Spark, in which `$name` is `:name` and a relation `record.acts` is the view `record_acts`.

    >>> to_spark("SELECT n // $step, n / 2 FROM record.acts", {"step": 3})
    'SELECT n DIV CAST(:step AS BIGINT), CAST(n AS DOUBLE) / CAST(2 AS DOUBLE) FROM record_acts'
    """
    return _turned(sql, frozenset(name for name, value in values.items() if isinstance(value, int) and not isinstance(value, bool)))


@lru_cache(maxsize=1_000)
def _turned(sql: str, whole: frozenset[str]) -> str:
    tree = sqlglot.parse_one(sql, read="duckdb")
    # From the leaves up: a rule finds what it wraps already turned.
    for node in reversed(list(tree.dfs())):
        if isinstance(node, exp.Select):
            eliminate_window_clause(node)
        elif isinstance(node, exp.Placeholder):
            _replace(node, _bound(node, whole))
        elif rule := RULES.get(type(node)):
            _replace(node, rule(node))
    return str(tree.sql("spark"))


def _replace(node: exp.Expression, by: exp.Expression) -> None:
    if by is not node:
        node.replace(by)


def _bound(node: exp.Expression, whole: frozenset[str]) -> exp.Expression:
    # LIMIT takes an INT alone.
    return exp.cast(node.copy(), "bigint") if node.name in whole and not isinstance(node.parent, exp.Limit) else node


def _table(node: exp.Expression) -> exp.Expression:
    # Views that go with a session have no schema.
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
    counted = node.parent if isinstance(node.parent, exp.Filter) else node
    cast = counted.parent
    if not (isinstance(cast, exp.Cast) and cast.to.is_type("bigint")):
        node.set("this", exp.cast(node.this.copy(), WHOLE))
    return node


def _round(node: exp.Expression) -> exp.Expression:
    decimals = node.args.get("decimals")
    if decimals is None:
        return node
    power = exp.Literal.number(f"1e{decimals.name}")
    whole = exp.Round(this=exp.Mul(this=exp.paren(node.this.copy()), expression=power))
    return exp.paren(exp.Div(this=whole, expression=power.copy(), typed=False, safe=False))


def _moment(node: exp.Expression) -> exp.Expression:
    return exp.cast(node.copy(), exp.DataType.Type.TIMESTAMPNTZ)


def _logarithm(node: exp.Expression) -> exp.Expression:
    # Spark's log(10, 1000) is below 3.
    return exp.Anonymous(this="LOG10", expressions=[node.expression.copy()]) if node.this.name == "10" else node


def _quantile_cont(node: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="PERCENTILE", expressions=[node.this.copy(), node.expression.copy()])


def _quantile_disc(node: exp.Expression) -> exp.Expression:
    # sqlglot would say PERCENTILE_APPROX. The answer is one of the whole numbers; Spark gives it as a float.
    quantile = exp.Anonymous(this="PERCENTILE_DISC", expressions=[node.expression.copy()])
    ordered = exp.Order(expressions=[exp.Ordered(this=node.this.copy(), nulls_first=True)])
    return exp.cast(exp.WithinGroup(this=quantile, expression=ordered), "bigint")


def _epoch_us(node: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this="UNIX_MICROS", expressions=[exp.cast(node.expressions[0].copy(), exp.DataType.Type.TIMESTAMPLTZ)])


def _named(node: exp.Expression) -> exp.Expression:
    rule = FUNCTIONS.get(node.name.lower())
    return rule(node) if rule else node


FUNCTIONS: Mapping[str, Rule] = {"epoch_us": _epoch_us}
"""Functions that sqlglot takes as they are."""

RULES: Mapping[type[exp.Expression], Rule] = {
    exp.Table: _table,
    exp.Literal: _literal,
    exp.Div: _division,
    exp.Sum: _sum,
    exp.Round: _round,
    exp.UnixToTime: _moment,
    exp.TimestampTrunc: _moment,
    exp.DateTrunc: _moment,
    exp.Log: _logarithm,
    exp.PercentileCont: _quantile_cont,
    exp.PercentileDisc: _quantile_disc,
    exp.Anonymous: _named,
}
