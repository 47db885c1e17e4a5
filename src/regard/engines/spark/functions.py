"""The written list of what a step may use: functions and operators of SQL that DuckDB and Spark answer alike.

Each was tried on both engines with NULL, at the ends of its range, with values that round, and in different orders of the rows; the trials
are in tests/engines/spark/queries.py. What is not on the list is refused, because sqlglot passes many functions to Spark that have the same
name there and another answer: `mode`, `skewness`, `date_diff`, `arg_max`, `list(... ORDER BY ...)` ...

To add one: try it in queries.py, run `make test-spark`, and write here how the two agree. If they differ, turn it in `dialect`, or allow
only the form in which they agree (`forms`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from regard.engines.spark import forms
from regard.errors import EngineError


@dataclass(frozen=True)
class Function:
    """One function or operator that both engines answer alike."""

    name: str
    """As a step writes it, for DuckDB."""
    node: type[exp.Expression] | str
    """As sqlglot reads it: a class of its tree, or a lower-case name for a function that it does not know."""
    spark: str
    """What Spark gets."""
    agreement: str
    """How the two agree: NULL, overflow, rounding, order."""
    only: str = ""
    """The form in which they agree, in words that follow "only"; empty if every form is allowed."""
    form: Callable[[exp.Expression], bool] = forms.any_form


WHOLE = "of whole numbers (round a float first)"

FUNCTIONS = (
    # Numbers
    Function("+", exp.Add, "+", "NULL if a side is NULL; whole numbers that overflow are an error on both"),
    Function("-", exp.Sub, "-", "as +; a difference of two timestamps is an interval on both"),
    Function("*", exp.Mul, "*", "as +; floats overflow to infinity on both"),
    Function("/", exp.Div, "/ of DOUBLE", "of floats. A divisor of 0 gives infinity or NaN on DuckDB, an error on Spark: rule it out"),
    Function("//", exp.IntDiv, "DIV", "cut off toward 0; a divisor of 0 is an error on both", WHOLE, forms.whole_operands),
    Function("%", exp.Mod, "%", "the sign of the first operand; a divisor of 0 is an error on both", WHOLE, forms.whole_operands),
    Function("- (sign)", exp.Neg, "-", "NULL of NULL"),
    Function("abs", exp.Abs, "ABS", "the type of its operand, NULL of NULL"),
    Function("round", exp.Round, "ROUND", "half away from 0; to n decimals as round(x * 10^n) / 10^n in floats on both",
             "with no decimals, or a literal number of them, 0 or more", forms.rounding),
    Function("floor", exp.Floor, "FLOOR", "a float on DuckDB, a BIGINT on Spark: equal as numbers; beyond 2^63 an error on Spark"),
    Function("ceil", exp.Ceil, "CEIL", "as floor"),
    Function("ln", exp.Ln, "LN", "within one unit of the last digit. Of 0 -inf on DuckDB, NULL on Spark, of less NaN, NULL: rule it out"),
    Function("log10", exp.Log, "LOG10", "as ln, exact for powers of 10; LOG(10, 1000) is below 3 on Spark",
             "as log10(x): log(x) has base 10 on DuckDB and base e on Spark", forms.log10),
    Function("exp", exp.Exp, "EXP", "within one unit of the last digit; overflows to infinity on both"),
    Function("power", exp.Pow, "POWER", "within one unit of the last digit; 0 to the power of 0 is 1, a root of a negative number NaN"),
    Function("sqrt", exp.Sqrt, "SQRT", "exact; NaN of a negative number"),
    Function("least", exp.Least, "LEAST", "passes over NULL; NaN is the greatest number"),
    Function("greatest", exp.Greatest, "GREATEST", "as least"),
    # Conditions
    Function("=", exp.EQ, "=", "NULL if a side is NULL; NaN equals NaN, -0 equals 0; text by its bytes"),
    Function("<>", exp.NEQ, "<>", "as ="),
    Function("<", exp.LT, "<", "as =; NaN is the greatest number; text in the order of its bytes"),
    Function("<=", exp.LTE, "<=", "as <"),
    Function(">", exp.GT, ">", "as <"),
    Function(">=", exp.GTE, ">=", "as <"),
    Function("BETWEEN", exp.Between, "BETWEEN", "as <= twice"),
    Function("AND", exp.And, "AND", "three-valued: false AND NULL is false"),
    Function("OR", exp.Or, "OR", "three-valued: true OR NULL is true"),
    Function("NOT", exp.Not, "NOT", "NULL of NULL"),
    Function("IS", exp.Is, "IS", "IS NULL and IS NOT NULL are never NULL"),
    Function("IS NOT DISTINCT FROM", exp.NullSafeEQ, "<=>", "NULL equals NULL"),
    Function("IS DISTINCT FROM", exp.NullSafeNEQ, "NOT <=>", "NULL equals NULL"),
    Function("IN", exp.In, "IN", "NULL if nothing is equal and the list holds a NULL",
             "with a list, or with a subquery as a condition of a WHERE, NOT IN not below OR: else Spark says false for NULL",
             forms.membership),
    Function("EXISTS", exp.Exists, "EXISTS", "never NULL"),
    Function("CASE", exp.Case, "CASE", "the first branch that is true; NULL is not true"),
    Function("if", exp.If, "IF", "as CASE"),
    Function("coalesce", exp.Coalesce, "COALESCE", "the first value that is not NULL"),
    Function("nullif", exp.Nullif, "NULLIF", "NULL if both are equal"),
    Function("CAST", exp.Cast, "CAST", "out of range is an error on both. A float is rounded on DuckDB, cut off on Spark; as text "
             "it differs (1e+20, 1.0E20)", f"to {', '.join(forms.CAST_TYPES)}; to BIGINT and INTEGER {WHOLE}", forms.cast),
    # Aggregates: NULL is passed over; of no rows NULL, but for count
    Function("count", exp.Count, "COUNT", "0 of no rows; NaN and NaN are one distinct value, -0 and 0 too"),
    Function("sum", exp.Sum, "SUM of DECIMAL(38, 0)", "exact, in any order of the rows; as BIGINT an overflow is an error on both",
             WHOLE, forms.whole_operand),
    Function("min", exp.Min, "MIN", "NaN is the greatest number; text in the order of its bytes", "with one argument", forms.one_argument),
    Function("max", exp.Max, "MAX", "as min", "with one argument", forms.one_argument),
    Function("bool_or", exp.LogicalOr, "BOOL_OR", "passes over NULL"),
    Function("bool_and", exp.LogicalAnd, "BOOL_AND", "passes over NULL"),
    Function("any_value", exp.AnyValue, "ANY_VALUE(...) IGNORE NULLS", "any value that is not NULL: use it only if all rows agree"),
    Function("quantile_disc", exp.PercentileDisc, "PERCENTILE_DISC as BIGINT", "one of the values", WHOLE, forms.whole_operand),
    Function("quantile_cont", exp.PercentileCont, "PERCENTILE", "between two values, within 1e-9 of its size"),
    Function("median", exp.Median, "MEDIAN", "as quantile_cont"),
    # Windows
    Function("OVER", exp.Window, "OVER", "order the rows fully, or those that tie come in another order; NULL comes last"),
    Function("row_number", exp.RowNumber, "ROW_NUMBER", "from 1; needs an ORDER BY on Spark"),
    Function("rank", exp.Rank, "RANK", "rows that tie share a rank"),
    Function("lag", exp.Lag, "LAG", "NULL before the first row"),
    Function("lead", exp.Lead, "LEAD", "NULL after the last row"),
    # Time: timestamps are without a zone, in UTC
    Function("make_timestamp", exp.UnixToTime, "TIMESTAMP_MICROS", "exact, before 1970 too; NULL of NULL",
             "as make_timestamp(microseconds)", forms.from_microseconds),
    Function("epoch_us", "epoch_us", "UNIX_MICROS", "exact, before 1970 too; NULL of NULL"),
    Function("date_trunc", exp.TimestampTrunc, "DATE_TRUNC", "weeks begin on Monday; of a timestamp, before 1970 too",
             f"to {', '.join(forms.UNITS)}, or one of them by CASE", forms.truncation),
    Function("strftime", exp.TimeToStr, "DATE_FORMAT", "digits only: other parts differ in padding or are not known to Spark",
             "with a literal format of %Y %m %d %H %M %S", forms.date_format),
    Function("INTERVAL", exp.Interval, "INTERVAL", "a month later is its last day if it is shorter", "of DAY or MONTH", forms.interval),
    # Text
    Function("||", exp.DPipe, "||", "NULL if a side is NULL"),
    Function("concat", exp.Concat, "CONCAT", "passes over NULL; of text and whole numbers (a float differs: 1e+20, 1.0E20)"),
    Function("lower", exp.Lower, "LOWER(TRANSLATE(...))", "each character by itself: Σ is σ at the end of a word too, İ is i; DuckDB 2.0 "
             "leaves 55 letters of Unicode 16 and 17 as they are"),
    Function("chr", exp.Chr, "CHR", "Spark takes the code modulo 256", "of a literal below 128", forms.character),
    Function("sha256", exp.SHA2, "SHA2", "64 hexadecimal digits in small letters; NULL of NULL", "as sha256(x)", forms.sha256),
    Function("regexp_matches", exp.RegexpLike, "RLIKE", "a match anywhere in the text; NULL of NULL",
             "with a literal pattern that RE2 and Java read alike: no $ . \\b \\w and no flags", forms.pattern),
    Function("regexp_extract", exp.RegexpExtract, "REGEXP_EXTRACT", "an empty text if nothing matches; NULL of NULL",
             "as regexp_matches", forms.pattern),
    Function("regexp_replace", exp.RegexpReplace, "REGEXP_REPLACE", "all matches; without 'g' DuckDB replaces the first match, Spark all",
             "as regexp_matches, with 'g' and without \\ and $ in the replacement", forms.replacement),
    # Clauses
    Function("DISTINCT", exp.Distinct, "DISTINCT", "NULL equals NULL, NaN equals NaN", "without ON", forms.distinct),
    Function("*", exp.Star, "*", "all columns in their order", "without REPLACE and RENAME", forms.star),
    Function("JOIN", exp.Join, "JOIN", "NULL joins nothing", "if inner, outer or cross", forms.join),
)  # fmt: skip
"""Sorted by what they are about."""

CLAUSES = (
    exp.Alias, exp.Boolean, exp.Column, exp.CTE, exp.DataType, exp.Except, exp.Filter, exp.From, exp.Group, exp.Having, exp.Identifier,
    exp.IgnoreNulls, exp.Limit, exp.Literal, exp.Null, exp.Order, exp.Ordered, exp.Paren, exp.Placeholder, exp.Select, exp.Subquery,
    exp.Table, exp.TableAlias, exp.Tuple, exp.Union, exp.Values, exp.Var, exp.Where, exp.WindowSpec, exp.With,
)  # fmt: skip
"""What a query is made of beside functions."""

ADVICE = (
    "Use what is on the list of functions that DuckDB and Spark answer alike (regard/engines/spark/functions.py), or try it on both "
    "engines in tests/engines/spark/queries.py and add it to the list"
)

_LISTED = {function.node: function for function in FUNCTIONS}
_CLAUSES = frozenset(CLAUSES)


def check_functions(tree: exp.Expression) -> None:
    """Raise EngineError if a query, as sqlglot reads it, uses anything that is not on the list, or not in the form that is.

    >>> import sqlglot
    >>> check_functions(sqlglot.parse_one("SELECT median(n) FROM t", read="duckdb"))
    >>> check_functions(sqlglot.parse_one("SELECT skewness(n) FROM t", read="duckdb"))
    Traceback (most recent call last):
    regard.errors.EngineError: the SQL uses skewness: SKEWNESS(n). Use what is on the list ...
    """
    for node in tree.walk():
        if type(node) in _CLAUSES:
            continue
        function = _LISTED.get(node.name.lower() if isinstance(node, exp.Anonymous) else type(node))
        if function is None:
            raise EngineError(f"the SQL uses {_name(node)}: {node.sql('duckdb')}. {ADVICE}")
        if not function.form(node):
            raise EngineError(f"the SQL uses {function.name}: {node.sql('duckdb')}. It is allowed only {function.only}. {ADVICE}")


def _name(node: exp.Expression) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.name)
    return str(node.sql_name() if isinstance(node, exp.Func) else type(node).__name__).lower()
