"""What reaches Spark: translated text, and nothing that Spark would answer in another way. Needs sqlglot, but neither Spark nor Java."""

from __future__ import annotations

import pytest
import sqlglot

from regard.engines.spark.dialect import to_spark
from regard.engines.spark.functions import FUNCTIONS, Function
from regard.errors import EngineError

from .queries import OVERFLOWS, REFUSED, SAME, VALUES


@pytest.mark.parametrize("name", SAME)
def test_what_both_engines_answer_alike_is_translated(name: str) -> None:
    assert to_spark(SAME[name], VALUES).startswith(("SELECT", "WITH", "FROM"))


def test_what_is_an_error_on_both_engines_is_translated() -> None:
    assert all(to_spark(sql, {}) for sql in OVERFLOWS)


@pytest.mark.parametrize("name", REFUSED)
def test_what_spark_would_answer_in_another_way_is_refused(name: str) -> None:
    with pytest.raises(EngineError, match=r"functions\.py.*queries\.py"):
        to_spark(REFUSED[name], VALUES)


def test_a_refusal_says_what_is_used_and_what_to_do() -> None:
    with pytest.raises(EngineError) as caught:
        to_spark("SELECT k, skewness(n + 1) FROM t GROUP BY k", {})
    assert str(caught.value) == (
        "the SQL uses skewness: SKEWNESS(n + 1). Use what is on the list of functions that DuckDB and Spark answer alike "
        "(regard/engines/spark/functions.py), or try it on both engines in tests/engines/spark/queries.py and add it to the list"
    )
    with pytest.raises(EngineError, match=r"^the SQL uses log10: LOG\(2, n\)\. It is allowed only as log10\(x\): .*functions\.py"):
        to_spark("SELECT log(2, n) FROM t", {})


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: str(function.name))
def test_every_function_of_the_list_is_tried_on_both_engines(function: Function) -> None:
    used = (node for sql in SAME.values() for node in sqlglot.parse_one(sql, read="duckdb").walk())
    assert any(function.node in (type(node), node.name.lower()) for node in used), f"try {function.name} in queries.py"


def test_a_record_is_read_through_views() -> None:
    assert to_spark("SELECT count(*) FROM record.acts e", {}) == "SELECT COUNT(*) FROM record_acts AS e"


def test_what_asks_spark_about_itself_passes() -> None:
    assert to_spark("SHOW VIEWS", {}) == "SHOW VIEWS"
