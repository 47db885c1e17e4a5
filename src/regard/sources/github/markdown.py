"""The Markdown of issues and comments on GitHub: the author's own words, and the people that they mention.

A quote (`> `) holds the words of others. A hidden comment (`<!-- -->`) comes from the template of an issue and holds the words of nobody.
"""

from __future__ import annotations

import re
from typing import Final

MAX_BODY: Final = 200_000
"""Characters of Markdown that are looked at. GitHub itself accepts 65,536."""

_QUOTED: Final = re.compile(r"^ {0,3}>.*\n?", re.MULTILINE)
_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE: Final = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(?<!`)(`++)[^`\n]+\2", re.DOTALL | re.MULTILINE)
# A login has at most 39 letters, digits and single hyphens inside. If a slash follows, it is the name of a team or a package.
_LOGIN: Final = re.compile(r"(?<![\w./@`-])@([a-zA-Z\d](?:[a-zA-Z\d]|-(?=[a-zA-Z\d])){0,38})(?![\w/@-])", re.ASCII)


def own_words(body: str) -> str:
    r"""The body without quotes and hidden comments.

    >>> own_words("> Is it so?\r\n\r\nIt is.<!-- Did you\nsearch? -->")
    'It is.'
    """
    text = body[:MAX_BODY].replace("\r\n", "\n")
    if "<!--" in text:
        text = _HIDDEN.sub("", text)
    if ">" in text:
        text = _QUOTED.sub("", text)
    return text.strip()


def find_mentions(words: str) -> list[str]:
    """The logins that an author's own words mention outside code, each once, in small letters as GitHub compares them.

    >>> find_mentions("@Ann-B and @bob, not `@code`, me@home.example, @team/all or @types/node. @bob?")
    ['ann-b', 'bob']
    """
    if "@" not in words:
        return []
    outside = _CODE.sub(" ", words) if "`" in words or "~~~" in words else words
    return list(dict.fromkeys(login.lower() for login in _LOGIN.findall(outside)))
