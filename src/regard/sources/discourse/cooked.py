"""The HTML of a Discourse post ("cooked"): its own words, whom it mentions, and which posts it quotes.

Discourse makes it from Markdown itself, so its shape is known: https://github.com/discourse/discourse, pretty_text and its engines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Final, NamedTuple
from urllib.parse import unquote

from regard.sources.formats.html import MAX_HTML, html_to_text, links, without_elements

_PROFILE: Final = re.compile(r'.*?/(?:u|users)/([^"/?#]+)', re.DOTALL)


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
    outside = without_elements(html[:MAX_HTML], ("aside", "blockquote"))
    profiles = (_PROFILE.fullmatch(address) for address in links(outside.page, "mention"))
    mentions = dict.fromkeys(username(unquote(profile[1])) for profile in profiles if profile)
    quotes = dict.fromkeys(_quote(attributes) for attributes in outside.removed if attributes.get("data-username"))
    return Cooked(html_to_text(outside.page), tuple(mentions), tuple(quotes))


def username(written: str) -> str:
    """A username as the forum compares it: without case.

    >>> username("Ann_B")
    'ann_b'
    """
    return written.strip().lower()


def _quote(attributes: Mapping[str, str]) -> Quote:
    topic, post = attributes.get("data-topic"), attributes.get("data-post")
    return Quote(username(unescape(attributes["data-username"])), f"{topic}/{post}" if topic and post else None)
