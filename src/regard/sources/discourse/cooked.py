"""The HTML of a Discourse post ("cooked"): its own text, whom it mentions, and which posts it quotes.

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
    """A quoted post: the username of its author, and "topic/number" if the quote gives it."""

    user: str
    item: str | None


class Cooked(NamedTuple):
    """What a post's HTML holds."""

    text: str
    mentions: tuple[str, ...]
    """Usernames."""
    quotes: tuple[Quote, ...]


def parse_cooked(html: str) -> Cooked:
    """A post's own text, the people it mentions and the posts it quotes, each once.

    Quotes, previews of other sites and blockquotes are other people's words: they are left out, with the mentions in them. A name that
    no member has is no link, and a group's link has another class: neither mentions anybody.

    >>> page = '<aside class="quote" data-username="Ann" data-post="2" data-topic="7"><blockquote>Why?</blockquote></aside>'
    >>> parse_cooked(page + '<p>Ask <a class="mention" href="/u/bob">@Bob</a> &amp; co</p>')
    Cooked(text='Ask @Bob & co', mentions=('bob',), quotes=(Quote(user='ann', item='7/2'),))
    """
    outside = without_elements(html[:MAX_HTML], ("aside", "blockquote"))
    profiles = (_PROFILE.fullmatch(address) for address in links(outside.page, "mention"))
    mentions = dict.fromkeys(fold_username(unquote(profile[1])) for profile in profiles if profile)
    quotes = dict.fromkeys(_quote(attributes) for attributes in outside.removed if attributes.get("data-username"))
    return Cooked(html_to_text(outside.page), tuple(filter(None, mentions)), tuple(quote for quote in quotes if quote.user))


def fold_username(name: str) -> str:
    """A username as the forum compares it: without case.

    >>> fold_username("Ann_B")
    'ann_b'
    """
    return name.strip().lower()


def _quote(attributes: Mapping[str, str]) -> Quote:
    topic, post = attributes.get("data-topic"), attributes.get("data-post")
    return Quote(fold_username(unescape(attributes["data-username"])), f"{topic}/{post}" if topic and post else None)
