"""JSON files of any length, read value by value through a window: memory holds one value and a piece of the file, whatever its size.

The standard library's decoder is given the text from where a value begins and says where it ends; where the window ends first, it grows.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Final, NamedTuple

from regard.errors import Malformed, Unsafe
from regard.sources.formats.bundle import CHUNK, MAX_LINE, Bundle
from regard.sources.formats.json_fields import storable

_BLANK: Final = re.compile(r"[ \t\r\n]+")
_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""An escape of what may not be storable: NUL, or a surrogate. A search for it is fast, and most values have none."""
_LONE: Final = re.compile(r"(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|\\u0000")
"""The same, but for surrogates in pairs, which are fine."""
_LONGEST_TOKEN: Final = 16
"""An error so near the end of the window may come from a token that is cut off there; an open string may have begun anywhere."""


class Value(NamedTuple):
    """One JSON value and the line on which it begins."""

    line: int
    value: object


def values(bundle: Bundle, name: str) -> Iterator[Value]:
    """The JSON values of a file one after the other: those of JSON lines, or its one value; of an array each element.

    Raises Malformed (file, line) where the file is no JSON or breaks off, Unsafe for a single value of more than `MAX_LINE` characters.
    """
    with closing(_Window(bundle, name)) as window:
        while sign := window.sign():
            if sign == "[":
                yield from _elements(window)
            else:
                yield window.value()


def members(bundle: Bundle, name: str) -> Iterator[tuple[str, Value]]:
    """Key and value of each member of the file's one object; for an array its elements, one by one. Raises as `values` does."""
    with closing(_Window(bundle, name)) as window:
        window.step("{", "an object")
        while window.sign() != "}":
            key = str(window.value(string=True).value)
            window.step(":", "a colon")
            if window.sign() == "[":
                yield from ((key, element) for element in _elements(window))
            else:
                yield key, window.value()
            window.comma("}")
        window.step("}", "the object's end")
        if window.sign():
            raise window.malformed("nothing after the object", "there is more")


def _elements(window: _Window) -> Iterator[Value]:
    window.step("[", "an array")
    while window.sign() != "]":
        yield window.value()
        window.comma("]")
    window.step("]", "the array's end")


class _Window:
    """The piece of a file that is being looked at."""

    def __init__(self, bundle: Bundle, name: str) -> None:
        self.name = name
        self._stream = bundle.open(name)
        # A BOM is no part of the text.
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self._json = json.JSONDecoder(strict=False)
        self._text, self._at, self._ended = "", 0, False
        self._line, self._counted = 1, 0

    def close(self) -> None:
        self._stream.close()

    @property
    def line(self) -> int:
        """The line of the next sign."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def sign(self) -> str:
        """The next sign that is no blank; empty at the end of the file."""
        while True:
            blank = _BLANK.match(self._text, self._at)
            self._at = blank.end() if blank else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._ended:
                return ""
            self._more()

    def step(self, sign: str, what: str) -> None:
        """Go past a sign that must come now."""
        if self.sign() != sign:
            raise self.malformed(what, "it is cut short" if not self.sign() else "there is something else")
        self._at += 1

    def comma(self, end: str) -> None:
        """Go past a comma; none is needed before the end of what holds the values, and none may stand there."""
        if self.sign() != end:
            self.step(",", f"a comma or {end}")
            if self.sign() == end:
                raise self.malformed("a value after the comma", "there is none")

    def value(self, *, string: bool = False) -> Value:
        """The value that begins here, and go past it."""
        if string and self.sign() != '"':
            raise self.malformed("a key", "it is cut short" if not self.sign() else "there is something else")
        if not self.sign():
            raise self.malformed("a value", "it is cut short")
        line = self.line
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
                # Only a number may go on where the window ends.
                if end < len(self._text) or self._ended or not isinstance(value, int | float):
                    if (odd := _ESCAPE.search(self._text, self._at, end)) and _LONE.search(self._text, odd.start(), end):
                        value = storable(value)
                    self._at = end
                    return Value(line, value)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _LONGEST_TOKEN
                if self._ended or not cut:
                    place = line + self._text.count("\n", self._at, error.pos)
                    raise Malformed(self.name, "JSON", f"it is cut short or broken ({error.msg})", line=place) from None
            except (ValueError, RecursionError):
                raise self.malformed("JSON", "it is nested too deeply or holds a number without end") from None
            if len(self._text) - self._at > MAX_LINE:
                raise Unsafe(f"{self.name}, line {line}: a value of more than {MAX_LINE >> 20} MB; that is no record of a community")
            self._more()

    def malformed(self, expected: str, found: str) -> Malformed:
        """What was expected here and what there is."""
        return Malformed(self.name, expected, found, line=self.line)

    def _more(self) -> None:
        """Read on, as much as there is in the window: a long value is not looked at again and again."""
        line = self.line
        rest = self._text[self._at :]
        data = self._stream.read(max(CHUNK, len(rest)))
        self._ended = not data
        try:
            self._text = rest + self._decode(data, not data)
        except UnicodeDecodeError as error:
            place = line + rest.count("\n") + data[: error.start].count(b"\n")
            raise Malformed(self.name, "text in UTF-8", "it holds other bytes", line=place) from None
        self._at = self._counted = 0
