"""The HTML of a Discourse post ("cooked"): its own words, whom it mentions, and which posts it quotes.

Discourse makes it from Markdown itself, so its shape is known: https://github.com/discourse/discourse, pretty_text and its engines.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import unquote

from regard.sources.stackexchange.fields import MAX_BODY, plain

# Without "<" inside, so that a million unclosed tags are not a million scans.
_FOREIGN: Final = re.compile(r"<(/?)(?:aside|blockquote)\b([^<>]*)>")
_QUOTED: Final = re.compile(r'\bdata-(username|post|topic)="([^"]*)"')
_MENTION: Final = re.compile(r'<a class="mention" href="[^"]*?/(?:u|users)/([^"/?#]+)"')


class Quote(NamedTuple):
    """A quoted post: who wrote it, and "topic/number" where that is told."""

    user: str
    item: str | None


class Cooked(NamedTuple):
    """What a post's HTML says."""

    words: str
    mentions: tuple[str, ...]
    quotes: tuple[Quote, ...]


def cooked(html: str) -> Cooked:
    """A post's own words, the people it mentions and the posts it quotes, each once.

    Quotes, previews of other sites and blockquotes are others' words: left out, with the mentions in them. A name that no member has
    is no link, and a group's is one of another class: neither mentions anybody.

    >>> page = '<aside class="quote" data-username="Ann" data-post="2" data-topic="7"><blockquote>Why?</blockquote></aside>'
    >>> cooked(page + '<p>Ask <a class="mention" href="/u/bob">@Bob</a> &amp; co</p>')
    Cooked(words='Ask @Bob & co', mentions=('bob',), quotes=(Quote(user='ann', item='7/2'),))
    """
    own, quotes = _divided(html[:MAX_BODY])
    mentions = dict.fromkeys(username(unquote(found)) for found in _MENTION.findall(own)) if 'class="mention"' in own else ()
    return Cooked(plain(own), tuple(mentions), tuple(dict.fromkeys(quotes)))


def username(written: str) -> str:
    """A username as the forum compares it: without case.

    >>> username("Ann_B")
    'ann_b'
    """
    return written.strip().lower()


def _divided(html: str) -> tuple[str, list[Quote]]:
    """The HTML outside of what is quoted, and the quotes on the outermost level: those inside are others'."""
    if "<aside" not in html and "<blockquote" not in html:
        return html, []
    own: list[str] = []
    quotes: list[Quote] = []
    depth = end = 0
    for tag in _FOREIGN.finditer(html):
        if depth == 0:
            own.append(html[end : tag.start()])
        if tag[1]:
            depth = max(0, depth - 1)
        else:
            told = dict(_QUOTED.findall(tag[2])) if depth == 0 else {}
            if told.get("username"):
                item = f"{told['topic']}/{told['post']}" if told.get("topic") and told.get("post") else None
                quotes.append(Quote(username(unescape(told["username"])), item))
            depth += 1
        end = tag.end()
    if depth == 0:
        own.append(html[end:])
    return "".join(own), quotes
