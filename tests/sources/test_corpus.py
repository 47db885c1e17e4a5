"""Inputs that once broke a source, each the smallest of its kind: `make fuzz` finds them, and none of them may break it again.

An input is a folder corpus/SOURCE/NAME. It is read by its source alone, and through a record.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from regard.errors import RegardError
from regard.record.record import Record
from regard.sources.base import Options
from regard.sources.catalogue import named
from regard.sources.formats.bundle import Bundle
from regard.studies.read import Input, read_into

CORPUS = Path(__file__).parent / "corpus"
EXPECTED: Final[dict[str, int | str]] = {
    "discourse/blank-usernames": 3,
    "mbox/separators-that-are-headers": 1,
    "table/key-with-half-a-character": "it is no JSON",
    "table/number-of-5000-digits": "expected times in column 'c4'",
}
"""Input -> how many acts it has, or words of the error that tells what is wrong with it."""
NAMES = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


def test_each_input_has_an_expectation() -> None:
    assert sorted(EXPECTED) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_once_broke_a_source_is_read_or_told(name: str, record: Record) -> None:
    source, expected = named(name.partition("/")[0]), EXPECTED[name]
    bundle = Bundle.of(CORPUS / name)
    source.recognise(bundle)
    try:
        results = list(read_into(record, [Input(bundle, source)], Options()))
    except RegardError as error:
        assert isinstance(expected, str), error  # noqa: PT017  (some inputs are read)
        assert expected in str(error)  # noqa: PT017
        assert record.counts().acts == 0
    else:
        assert [result.added for _, result in results if result] == [expected]
