"""Addresses that an archive or a relay has changed: what can be undone, and what can't.

A mask ("address@hidden") stands for any number of people, so that it identifies none of them.
"""

from __future__ import annotations

import re
from typing import Final

_SPELLED_AT: Final = re.compile(r"\s*[\[({<]\s*at\s*[\])}>]\s*(?=[^\s()]+\s*[\[({<]\s*dot\b)", re.IGNORECASE)
_SPELLED_DOT: Final = re.compile(r"\s*[\[({<]\s*dot\s*[\])}>]\s*", re.IGNORECASE)
_OTHER_AT: Final = re.compile("\uff20|\ufe6b|&#(?:64|x40);", re.IGNORECASE)
_OF_MARC: Final = re.compile(r"([^\s<]+) \(\) ([^\s!>]+(?: ! [^\s!>]+)+)")
_IN_WORDS: Final = re.compile(r"(?<!\S)<?(\S+) at (\S+(?: dot \S+)+)", re.IGNORECASE)

_WITHHELD = r"(?:hidden|masked|removed|redacted|suppressed|withheld|concealed|obscured|protected|spamprotected)"
_CROSSES = r"(?:x{3,}|\*{2,}|\?{3,}|_{3,}|-{3,}|\.{2,})"
_MASK: Final = re.compile(
    # The address as a whole: address@hidden, xxxx@xxxx, xxx@xxx.org. arXiv's xxx.lanl.gov is a true domain.
    rf"[^@]*@(?:{_WITHHELD}(?:\.[a-z.]+)?|[a-z]+\.{_WITHHELD}|{_CROSSES}(?:\.{_CROSSES})*(?:\.[a-z]{{2,4}})?)"
    rf"|{_CROSSES}@.*"
    # One or more characters left out: joh...@gmail.com, j***@x.org, ann@x...
    r"|[^@]*(?:\.{3}|\u2026)@.*|[^@]*@[^@]*(?:\.{3}|\u2026).*|[^@]*[*\u2022][^@]*@.*|[^@]*@[^@]*[*\u2022].*"
    # No address: what Cloudflare and others write in the place of one.
    rf"|\[?e-?mail[ \xa0_-]*{_WITHHELD}\]?|\[?{_WITHHELD}[ \xa0_-]*(?:address|e-?mail)\]?"
    rf"|\[?(?:address|e-?mail|name)?[ \xa0_-]*{_WITHHELD}\]?",
    re.IGNORECASE,
)
_PERCENT_40: Final = re.compile(r"(.+)=40([^=@]+\.[^=@]+)@(?:.*\.)?dmarc\..+|(.+)=([^=@]+\.[^=@]+)@(?:.*\.)?dmarc\..+", re.IGNORECASE)
_AT_THE_LIST: Final = re.compile(r"(?!.*(?:bounce|return|owner|sentto))([^=@]+)=([^=@]+\.[a-z]{2,24})@.+", re.IGNORECASE)
"""The form of groups.io. In an address of bounces (VERP) the same form names the receiver."""
_SRS: Final = re.compile(r"srs0[=+-][^=@]+=[^=@]+=([^=@]+\.[^=@]+)=([^=@]+)@.+", re.IGNORECASE)
_INVALID: Final = re.compile(r"(.+@.+\..+)\.invalid", re.IGNORECASE)


def is_mask(shown: str) -> bool:
    """Whether a text in the place of an address tells nobody's address.

    >>> [is_mask(shown) for shown in ("address@hidden", "joh...@gmail.com", "xxxx@xxxx", "ann@xxx.lanl.gov", "foo..bar@x.org")]
    [True, True, True, False, False]
    """
    return _MASK.fullmatch(shown.strip(" ,;'\"")) is not None


def unspell(value: str) -> str:
    """A header's value with an address that is spelled in words written as one.

    >>> unspell("ann [at] x [dot] org"), unspell("ann at x dot org (Ann)"), unspell("Ann Lee <ann(at)x(dot)org>")
    ('ann@x.org', 'ann@x.org (Ann)', 'Ann Lee <ann@x.org>')
    >>> unspell("Ann Lee <ann () x ! org>"), unspell("ann&#64;x.org")
    ('Ann Lee <ann@x.org>', 'ann@x.org')
    """
    value = _OF_MARC.sub(lambda match: f"{match[1]}@{match[2].replace(' ! ', '.')}", _OTHER_AT.sub("@", value))
    if "dot" not in value.lower():
        return value
    value = _SPELLED_DOT.sub(".", _SPELLED_AT.sub("@", value))
    return _IN_WORDS.sub(lambda match: re.sub(" at ", "@", re.sub(" dot ", ".", match[0], flags=re.I), count=1, flags=re.I), value)


def undo_rewriting(address: str) -> str:
    """The address behind one that a list has rewritten so that it can be undone; any other address as it is.

    >>> undo_rewriting("ann=40y.org@dmarc.ietf.org"), undo_rewriting("ann@x.org.INVALID"), undo_rewriting("ann@x.invalid")
    ('ann@y.org', 'ann@x.org', 'ann@x.invalid')
    >>> undo_rewriting("ann=x.org@groups.io"), undo_rewriting("talk-bounces+ann=x.org@y.org")
    ('ann@x.org', 'talk-bounces+ann=x.org@y.org')
    """
    if forwarded := _SRS.fullmatch(address):
        return f"{forwarded[2]}@{forwarded[1]}"
    if rewritten := _PERCENT_40.fullmatch(address) or _AT_THE_LIST.fullmatch(address):
        return "@".join(part for part in rewritten.groups() if part)
    invalid = _INVALID.fullmatch(address)
    return invalid[1] if invalid else address
