"""The forms in which a function of the written list may be used: checks on one node of sqlglot's tree."""

from __future__ import annotations

import re

from sqlglot import exp

WHOLE_TYPES = ("bigint", "int")
CAST_TYPES = (*WHOLE_TYPES, "double", "text", "date", "timestamp", "boolean")
UNITS = ("day", "hour", "week", "month", "quarter", "year")
DATE_PARTS = re.compile(r"(?:%[YmdHMS]|[-:. T])+")

PATTERN = re.compile(
    r"""\^?(?:
        (?: [^\\.^$|()\[\]{}] | \\[Sdtr\\] | \\x\{[0-9A-Fa-f]+\} | [()]
            | \[ \^? (?:[^\\\[\]^] | \\[tr\\] | \\p[CZ] | \\x\{[0-9A-Fa-f]+\})+ \] )
        (?: [?+*] | \{ [0-9]+ (?: , [0-9]+ )? \} )?
        | [|]
    )+""",
    re.VERBOSE,
)
"""Regular expressions that RE2 (DuckDB) and Java (Spark) read alike, once the dialect has written out `\\S`.

A pattern may hold alternatives and counts. Left out, because they differ: `$` (Java also matches before a last line feed), `.` (Java stops
at more line ends), `\\b`, `\\w`, flags. `\\pC` differs in
code points that Unicode has not assigned, which are in it for Java only."""

VALUES = (exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg, exp.Abs, exp.Least, exp.Greatest, exp.Coalesce, exp.Nullif, exp.Min, exp.Max)
COUNTS = (exp.Count, exp.RowNumber, exp.Rank, exp.IntDiv, exp.PercentileDisc, exp.Floor, exp.Ceil, exp.Null, exp.Column, exp.Placeholder)
WRAPPERS = (exp.Paren, exp.Filter, exp.Window, exp.Sum, exp.AnyValue, exp.IgnoreNulls, exp.Lag, exp.Lead)


def any_form(node: exp.Expression) -> bool:  # noqa: ARG001  (the check of a function that has no form of its own)
    """Every form is allowed."""
    return True


def is_whole(node: exp.Expression) -> bool:
    """Whether an expression can only be a whole number, if its columns and bound values are.

    The types of columns are not known here. A test runs every step on DuckDB and checks them there.

    >>> import sqlglot
    >>> [is_whole(sqlglot.parse_one(sql, read="duckdb")) for sql in ("n * 2 + 1", "round(x / 2)", "x / 2", "1e9 * n", "round(x, 2)")]
    [True, True, False, False, False]
    """
    if isinstance(node, exp.Subquery):
        return is_whole(node.this.selects[0].unalias())
    if isinstance(node, exp.Case | exp.If):
        results = [*node.args.get("ifs", []), *(node.args.get(name) for name in ("true", "false", "default"))]
        return all(is_whole(result) for result in results if result)
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type(*WHOLE_TYPES))
    if isinstance(node, VALUES):
        return all(map(is_whole, filter(None, [node.this, node.args.get("expression"), *node.expressions])))
    if isinstance(node, WRAPPERS):
        return is_whole(node.this)
    if isinstance(node, exp.Anonymous):
        return bool(node.name.lower() == "epoch_us")
    return bool(isinstance(node, COUNTS) or (node.is_number and node.is_int) or (isinstance(node, exp.Round) and one_argument(node)))


def whole_operand(node: exp.Expression) -> bool:
    """What the function is applied to is a whole number."""
    return is_whole(node.this)


def whole_operands(node: exp.Expression) -> bool:
    """Both sides are whole numbers."""
    return is_whole(node.this) and is_whole(node.expression)


def one_argument(node: exp.Expression) -> bool:
    """No argument beside the first."""
    return not any(value for name, value in node.args.items() if name != "this")


def cast(node: exp.Expression) -> bool:
    """A type of the list; to a whole number only from a whole number."""
    return bool(node.to.is_type(*CAST_TYPES, "timestampntz")) and (is_whole(node.this) or not node.to.is_type(*WHOLE_TYPES))


def rounding(node: exp.Expression) -> bool:
    """No number of decimals, or a literal one of 0 or more."""
    decimals = node.args.get("decimals")
    return decimals is None or (isinstance(decimals, exp.Literal) and bool(decimals.is_int))


def log10(node: exp.Expression) -> bool:
    """A logarithm to base 10."""
    return isinstance(node.this, exp.Literal) and node.this.name == "10" and node.expression is not None


def from_microseconds(node: exp.Expression) -> bool:
    """`make_timestamp` of one number: sqlglot reads `to_timestamp` and `epoch_ms` as the same function with other scales."""
    return bool(node.args.get("scale") == exp.UnixToTime.MICROS)


def truncation(node: exp.Expression) -> bool:
    """To a unit of the list, or to one of several of them by a CASE."""
    unit = node.args.get("unit")
    named = [unit] if isinstance(unit, exp.Literal | exp.Var) else [*unit.find_all(exp.Literal)] if isinstance(unit, exp.Case) else []
    names = [literal.name.lower() for literal in named if isinstance(literal, exp.Var) or literal.is_string]
    return bool(names) and all(name in UNITS for name in names)


def date_format(node: exp.Expression) -> bool:
    """A literal format of %Y, %m, %d, %H, %M, %S."""
    return bool(DATE_PARTS.fullmatch(_source_format(node)))


def _source_format(node: exp.Expression) -> str:
    written = node.args["format"]
    return str(written.name) if isinstance(written, exp.Literal) else ""


def interval(node: exp.Expression) -> bool:
    """A number of days or months."""
    return str(node.text("unit")).lower() in ("day", "month")


def character(node: exp.Expression) -> bool:
    """A literal code below 128: Spark takes the code modulo 256."""
    code = node.expressions[0] if len(node.expressions) == 1 else None
    return isinstance(code, exp.Literal) and bool(code.is_int) and int(code.name) < 128


def pattern(node: exp.Expression) -> bool:
    """A literal pattern that both kinds of regular expressions read alike, and no flags."""
    return _is_plain(node.expression) and not node.args.get("flag") and not node.args.get("parameters")


def replacement(node: exp.Expression) -> bool:
    """A pattern as in `pattern`, a literal without references, and 'g': Spark always replaces all."""
    new, modifiers = node.args.get("replacement"), node.args.get("modifiers")
    literal = isinstance(new, exp.Literal) and not set(new.name) & {"\\", "$"}
    return bool(_is_plain(node.expression) and literal and modifiers and modifiers.name == "g")


def _is_plain(written: exp.Expression) -> bool:
    return isinstance(written, exp.Literal) and "(?" not in written.name and bool(PATTERN.fullmatch(written.name))


def sha256(node: exp.Expression) -> bool:
    """256 bits."""
    return bool(node.text("length") == "256")


def membership(node: exp.Expression) -> bool:
    """A list of values, or a subquery that is a condition of a WHERE; NOT IN must not stand below an OR.

    If the subquery holds a NULL, Spark says false where DuckDB says NULL. Only such a WHERE treats both alike.
    """
    if node.args.get("query") is None:
        return True
    above = _without_parentheses(node.parent)
    connectors = (exp.And,) if isinstance(above, exp.Not) else (exp.And, exp.Or)
    above = _without_parentheses(above.parent) if isinstance(above, exp.Not) else above
    while isinstance(above, connectors):
        above = _without_parentheses(above.parent)
    return isinstance(above, exp.Where) and isinstance(above.parent, exp.Select)


def _without_parentheses(node: exp.Expression) -> exp.Expression:
    while isinstance(node, exp.Paren):
        node = node.parent
    return node


def distinct(node: exp.Expression) -> bool:
    """Not DISTINCT ON."""
    return not node.args.get("on")


def join(node: exp.Expression) -> bool:
    """An inner, outer or cross join; not ASOF, SEMI, ANTI, POSITIONAL or NATURAL."""
    return not node.args.get("method") and str(node.args.get("kind") or "") in ("", "INNER", "OUTER", "CROSS")


def star(node: exp.Expression) -> bool:
    """Neither REPLACE nor RENAME, which Spark has not."""
    return not (node.args.get("replace") or node.args.get("rename"))
