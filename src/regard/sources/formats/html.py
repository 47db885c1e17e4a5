"""HTML to text, and the few facts about people that a message's HTML holds: its links, and the elements that quote others.

Every function takes time linear in the length of the page, whatever the page holds. `html.parser` does not: it needs half a minute
for 256 KB of unclosed comments.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Final, NamedTuple

MAX_HTML: Final = 200_000
"""Characters of HTML looked at: ten times the longest text that a record keeps, and markup is seldom nine tenths of a page."""

# No pattern is tried again over the same characters: it stops at the next "<" or quotation mark, or starts only where a word starts.
_MARKUP = re.compile(r"<[^<>]*>")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK = re.compile(r'<a class="([^"]*)" href="([^"]*)"')
_ATTRIBUTE = re.compile(r'(?<![\w-])([\w-]++)="([^"]*)"')

_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)|[!?])")
_END_OF = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title")}
_BLOCKS = frozenset({"br", "p", "div", "tr", "li", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "table", "blockquote"})
_SPACES = re.compile(r"[^\S\n]+")
_NEWLINES = re.compile(r"[ \n]*\n[ \n]*")


def html_to_text(page: str, *, reflow: bool = False, longest: int = MAX_HTML) -> str:
    r"""The text of a page's first `longest` characters: tags removed, entities decoded once, blanks at both ends removed.

    By default the line feeds of the source stay and only `<br>` adds one. That suits platforms whose own program writes the HTML and
    ends each block with a line feed. With `reflow`, lines end where a browser ends them (at blocks), runs of blanks are one blank, and
    scripts, styles, titles and blockquotes are left out. That suits HTML of unknown origin, such as mail.

    >>> html_to_text("<p>Is <code>a &lt; b</code>?<br>Or &amp;lt;?</p>")
    'Is a < b?\nOr &lt;?'
    >>> html_to_text("<style>p {}</style><p>1 &lt;\n2<blockquote>hers</blockquote>mine", reflow=True)
    '1 < 2\nmine'
    """
    page = page[:longest]
    if reflow:
        return _NEWLINES.sub("\n", _SPACES.sub(" ", _decode(_reflow(page)))).strip()
    if "<" in page:
        page = _MARKUP.sub("", _LINE_BREAK.sub("\n", page) if "<br" in page else page)
    return _decode(page).strip()


def links(page: str, css_class: str) -> list[str]:
    """The addresses of the links of one class, in order, for HTML that writes `class` and then `href` first in the tag.

    >>> links('<a class="mention" href="/u/bob">@Bob</a> <a class="group" href="/g/all">@all</a>', "mention")
    ['/u/bob']
    """
    if f'class="{css_class}"' not in page:
        return []
    return [address for name, address in _LINK.findall(page) if name == css_class]


class Outside(NamedTuple):
    """A page without some of its elements."""

    page: str
    """The HTML outside these elements."""
    removed: list[Mapping[str, str]]
    """Attributes, as written, of each removed element that lies in no other removed one."""


def without_elements(page: str, names: Collection[str]) -> Outside:
    """A page without the elements of these names (small letters) and all that they hold, such as quotes of other people.

    >>> without_elements('<aside class="quote">Why?<aside>Who?</aside></aside><p>So.</p>', ("aside",))
    Outside(page='<p>So.</p>', removed=[{'class': 'quote'}])
    """
    if not any(f"<{name}" in page for name in names):
        return Outside(page, [])
    kept: list[str] = []
    removed: list[Mapping[str, str]] = []
    depth = end = 0
    for tag in _tags(tuple(names)).finditer(page):
        if depth == 0:
            kept.append(page[end : tag.start()])
        if tag[1]:
            depth = max(0, depth - 1)
        else:
            if depth == 0:
                removed.append(dict(_ATTRIBUTE.findall(tag[2])))
            depth += 1
        end = tag.end()
    if depth == 0:
        kept.append(page[end:])
    return Outside("".join(kept), removed)


@lru_cache(maxsize=16)
def _tags(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"<(/?)(?:{'|'.join(map(re.escape, names))})\b([^<>]*)>")


def _decode(text: str) -> str:
    if "&" in text:
        with suppress(ValueError):  # "&#" and more than 4,300 digits: Python's limit on reading numbers
            return html.unescape(text)
    return text


def _reflow(page: str) -> str:
    """The page without tags, with a line feed for each block. Each search goes forward, and one that fails is the last."""
    text: list[str] = []
    quotes = end = 0
    while tag := _TAG.search(page, end):
        if not quotes:
            text.append(page[end : tag.start()].replace("\n", " "))
        name, closing = (tag[2] or "").lower(), bool(tag[1])
        end = _end_of(page, tag)
        if name in _END_OF and not closing:
            last = _END_OF[name].search(page, end)
            end = last.start() if last else len(page)
        elif name == "blockquote":
            quotes = max(0, quotes + (-1 if closing else 1))
        if name in _BLOCKS:
            text.append("\n")
    if not quotes:
        text.append(page[end:].replace("\n", " "))
    return "".join(text)


def _end_of(page: str, tag: re.Match[str]) -> int:
    """Where a tag or comment ends; the end of the page if it does not end."""
    mark = "-->" if page.startswith("<!--", tag.start()) else ">"
    close = page.find(mark, tag.end())
    return close + len(mark) if close >= 0 else len(page)
