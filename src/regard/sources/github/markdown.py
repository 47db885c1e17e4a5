"""The Markdown of issues and comments on GitHub: its own words, and whom it names.

What is quoted (`> `) is others' words, and what a template hides (`<!-- -->`) is nobody's.
"""

from __future__ import annotations

import re
from typing import Final

MAX_BODY: Final = 200_000
"""Characters of Markdown looked at; GitHub itself takes 65,536."""

_QUOTED: Final = re.compile(r"^ {0,3}>.*\n?", re.MULTILINE)
_HIDDEN: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_CODE: Final = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1|\Z)|(?<!`)(`++)[^`\n]+\2", re.DOTALL | re.MULTILINE)
# A login has letters, digits and single hyphens inside, 39 at most. A slash behind it makes it a team's or a package's.
_LOGIN: Final = re.compile(r"(?<![\w./@`-])@([a-zA-Z\d](?:[a-zA-Z\d]|-(?=[a-zA-Z\d])){0,38})(?![\w/@-])", re.ASCII)


def words(body: str) -> str:
    r"""The words of a body that are its author's own.

    >>> words("> Is it so?\r\n\r\nIt is.<!-- Did you\nsearch? -->")
    'It is.'
    """
    text = body[:MAX_BODY].replace("\r\n", "\n")
    if "<!--" in text:
        text = _HIDDEN.sub("", text)
    if ">" in text:
        text = _QUOTED.sub("", text)
    return text.strip()


def mentioned(own: str) -> list[str]:
    """The logins that somebody's own words name outside code, in small letters as GitHub compares them, each once.

    >>> mentioned("@Ann-B and @bob, not `@code`, me@home.example, @team/all or @types/node. @bob?")
    ['ann-b', 'bob']
    """
    if "@" not in own:
        return []
    return list(dict.fromkeys(login.lower() for login in _LOGIN.findall(_CODE.sub(" ", own) if "`" in own or "~~~" in own else own)))
