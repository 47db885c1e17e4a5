"""JSON files of any length, read value by value: memory holds one value and a window on the file, whatever the file's size.

The standard library's decoder gets the text from the beginning of a value and says where the value ends. If the window ends first, the
window grows.
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
"""An escape of a character that may not be storable: NUL, or a surrogate. The search for it is fast, and most values have none."""
_LONE: Final = re.compile(r"(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|\\u0000")
"""The same without surrogates in pairs, which are storable."""
_LONGEST_TOKEN: Final = 16
"""Characters. An error that near to the end of the window may come from a token that is cut off there. (An open string is another case:
it may have begun anywhere.)"""


class Value(NamedTuple):
    """One JSON value, and the line on which it begins."""

    line: int
    value: object


def values(bundle: Bundle, name: str) -> Iterator[Value]:
    """The JSON values of a file, one after the other: each line of JSON lines, each element of an array, or the file's one value.

    Raises Malformed (file, line) if the file is no JSON or breaks off, Unsafe for a single value of more than `MAX_LINE` characters.
    """
    with closing(_Window(bundle, name)) as window:
        while sign := window.sign():
            if sign == "[":
                yield from _elements(window)
            else:
                yield window.value()


def members(bundle: Bundle, name: str) -> Iterator[tuple[str, Value]]:
    """Key and value of each member of the file's one object. An array gives its elements, one by one. Raises as `values` does."""
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
    """The part of a file that is in memory, and the position in it."""

    def __init__(self, bundle: Bundle, name: str) -> None:
        self.name = name
        self._stream = bundle.open(name)
        # "utf-8-sig": a byte order mark does not belong to the text.
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self._json = json.JSONDecoder(strict=False, object_pairs_hook=self._object)
        self._bundle, self._repeated = bundle, 0
        self._text, self._position, self._ended = "", 0, False
        self._line, self._counted = 1, 0

    def close(self) -> None:
        self._stream.close()

    @property
    def line(self) -> int:
        """The line of the next character."""
        self._line += self._text.count("\n", self._counted, self._position)
        self._counted = self._position
        return self._line

    def sign(self) -> str:
        """The next character that is no blank, without going past it; empty at the end of the file."""
        while True:
            blank = _BLANK.match(self._text, self._position)
            self._position = blank.end() if blank else self._position
            if self._position < len(self._text):
                return self._text[self._position]
            if self._ended:
                return ""
            self._more()

    def step(self, sign: str, what: str) -> None:
        """Go past a character that must come now."""
        if self.sign() != sign:
            raise self.malformed(what, "it is cut short" if not self.sign() else "there is something else")
        self._position += 1

    def comma(self, end: str) -> None:
        """Go past the comma between two values. Before the end of an array or object there must be none."""
        if self.sign() != end:
            self.step(",", f"a comma or {end}")
            if self.sign() == end:
                raise self.malformed("a value after the comma", "there is none")

    def value(self, *, string: bool = False) -> Value:
        """Go past the value that begins here, and give it."""
        if string and self.sign() != '"':
            raise self.malformed("a key", "it is cut short" if not self.sign() else "there is something else")
        if not self.sign():
            raise self.malformed("a value", "it is cut short")
        line = self.line
        while True:
            self._repeated = 0
            try:
                value, end = self._json.raw_decode(self._text, self._position)
                # Only a number may continue beyond the end of the window.
                if end < len(self._text) or self._ended or not isinstance(value, int | float):
                    if (odd := _ESCAPE.search(self._text, self._position, end)) and _LONE.search(self._text, odd.start(), end):
                        value = storable(value)
                    self._position = end
                    self._bundle.n_repeated_keys += self._repeated
                    return Value(line, value)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated string") or error.pos > len(self._text) - _LONGEST_TOKEN
                if self._ended or not cut:
                    line += self._text.count("\n", self._position, error.pos)
                    raise Malformed(self.name, "JSON", f"it is cut short or broken ({error.msg})", line=line) from None
            except (ValueError, RecursionError):
                raise self.malformed("JSON", "it is nested too deeply or holds a number without end") from None
            if len(self._text) - self._position > MAX_LINE:
                raise Unsafe(f"{self.name}, line {line}: a value of more than {MAX_LINE >> 20} MB; that is no record of a community")
            self._more()

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """An object. Of a key that it holds twice, the last value is taken, and the others are counted."""
        fields = dict(pairs)
        self._repeated += len(pairs) - len(fields)
        return fields

    def malformed(self, expected: str, actual: str) -> Malformed:
        """The error for something unexpected at this position."""
        return Malformed(self.name, expected, actual, line=self.line)

    def _more(self) -> None:
        """Double the window: a long value is then decoded again only a few times."""
        line = self.line
        rest = self._text[self._position :]
        data = self._stream.read(max(CHUNK, len(rest)))
        self._ended = not data
        try:
            self._text = rest + self._decode(data, not data)
        except UnicodeDecodeError as error:
            line += rest.count("\n") + data[: error.start].count(b"\n")
            raise Malformed(self.name, "text in UTF-8", "it holds other bytes", line=line) from None
        self._position = self._counted = 0
