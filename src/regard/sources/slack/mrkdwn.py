"""Slack's message text ("mrkdwn"): whom it mentions, and how it reads.

`<@U1>`, `<#C1|general>`, `<!here>` and `<url|label>` are tokens, and only &, < and > are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from regard.sources.formats.json_fields import Fields, get_objects, get_str

# Only a token mentions somebody. A writer who shows a token has it escaped, "&lt;@U1&gt;", and addresses nobody.
MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
TOKEN: Final = re.compile(r"<([^<>]+)>")
ENTITY: Final = re.compile("&(amp|lt|gt);")
SIGN: Final = {"amp": "&", "lt": "<", "gt": ">"}
SCHEME: Final = re.compile("https?://|mailto:|tel:")


def find_mentions(message: Fields) -> dict[str, str | None]:
    """The people whom a message mentions, in order, each once, with the name that old exports give.

    Calls to all (`<!here>`, groups) mention nobody.

    >>> find_mentions({"text": "<@U1|ada> and <@W2>, <!here>, <@U1>"})
    {'U1': 'ada', 'W2': None}
    """
    names: dict[str, str | None] = {}
    text = get_str(message, "text")
    if text is not None and "<@" in text:
        for match in MENTION.finditer(text):
            names.setdefault(match[1], match[2] or None)
    if "blocks" in message:
        for id in _users_in_blocks(message["blocks"]):
            names.setdefault(id, None)
    return names


def to_text(raw: str, names: Mapping[str, str]) -> str:
    """A message's text as its readers saw it: ids of people and channels replaced by their names, entities decoded once.

    >>> to_text("<@U1> see <https://a.org/x|the page> in <#C1|help> &amp;lt;", {"U1": "Ada"})
    '@Ada see the page (https://a.org/x) in #help &lt;'
    """
    if "<" in raw:
        raw = TOKEN.sub(lambda match: _token_to_text(match[1], names), raw)
    return ENTITY.sub(lambda match: SIGN[match[1]], raw) if "&" in raw else raw


def _token_to_text(token: str, names: Mapping[str, str]) -> str:
    target, _, label = token.partition("|")
    if target[0] in "@#":
        return target[0] + (names.get(target[1:]) or label or target[1:])
    if target[0] == "!":
        return label or "@" + target[1:]
    bare = SCHEME.sub("", target, count=1)
    if target.startswith(("mailto:", "tel:")):
        return label or bare
    return f"{label} ({target})" if label and label not in (bare, target) else target


def _users_in_blocks(blocks: object) -> Iterator[str]:
    # The stack holds the elements in reverse, so that people come out in reading order.
    stack = list(get_objects(blocks))[::-1]
    while stack:
        element = stack.pop()
        if element.get("type") == "user" and (id := get_str(element, "user_id")):
            yield id
        elif "elements" in element:
            stack.extend(list(get_objects(element["elements"]))[::-1])
