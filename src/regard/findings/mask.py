"""Masks for what a text may hold besides words: e-mail addresses, phone numbers, and keys that open something.

The patterns are conservative: dates, versions, amounts, paths and plain numbers stay. What they miss stays too, so a mask is a help, and no
promise.
"""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![^\W_])")

_SECRET = re.compile(
    r"""
    -----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----(?:[^-]{0,8000}-----END\ [A-Z ]{0,30}PRIVATE\ KEY-----)?
    | (?<![\w-])(?:
        (?:xox[a-z]|xapp)-[\w-]{10,}                                # Slack
        | (?:gh[pousr]|github_pat|glpat|npm|pypi)[_-][\w-]{16,}
        | (?:sk|pk|rk)[_-][\w-]{16,}                       # Stripe, OpenAI
        | (?:AKIA|ASIA)[A-Z0-9]{16}                        # AWS
        | AIza[\w-]{35}                                    # Google
        | eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}               # JSON Web Token
        | (?=\w{0,64}[a-z])(?=\w{0,64}[A-Z])(?=\w{0,64}\d)[A-Za-z0-9_]{32,}
        | (?=\w{0,32}[a-f])(?=\w{0,32}\d)[0-9a-f]{32,}     # a hexadecimal key, or the name of a commit
    )
    | hooks\.slack\.com/services/[\w/]{8,}
    | (?<=://)[^\s/:@]{1,64}:[^\s/@]{1,128}(?=@)           # user and password in an address
    | (?i:\bbearer\s+)[\w.~+/=-]{12,}
    | (?i:(?<![^\W_])(?:password|passwd|passwort|pwd|secret|token|(?:api|access)[ _-]?key)   # also AWS_SECRET_ACCESS_KEY=, and in JSON
        (?:[_-](?:access|key|id)){0,3}["']?\s{0,3}[:=]\s{0,3}["']?)(?=[^\s,;"'<>()\d]{0,64}\d)[^\s,;"'<>()]{4,}
    """,
    re.VERBOSE,
)

_PHONE = re.compile(
    r"""(?:(?<![\w.,:/+-])|(?<=tel:))(?:
        (?:\+|00)[1-9](?:[ ().\/-]{0,2}\d){6,14}           # international
        | (?:\(\d{3}\)|\d{3})[ .-]\d{3}[ .-]\d{4}                  # North America
        | (?:\(0[1-9]\d{0,4}\)|0[1-9]\d{0,4})[ /-]\d{2,8}(?:[ -]\d{2,4}){0,4}
    )(?![\w-]|[.,:/]\d)""",
    re.VERBOSE,
)

FEWEST_DIGITS = 7
"""A national number with fewer digits is left alone."""


def mask(text: str) -> str:
    """The text without e-mail addresses, phone numbers and keys.

    >>> mask("ask ann@weir.example or +49 30 1234567, key ghp_0123456789abcdef0123, on 2025-03-14")
    'ask [e-mail] or [phone], key [secret], on 2025-03-14'
    """
    return _PHONE.sub(_mask_phone, _EMAIL.sub("[e-mail]", _SECRET.sub("[secret]", text)))


def mask_name(name: str) -> str:
    """A name, and of one that is an e-mail address the part before the @, so that people stay apart.

    >>> mask_name("Ann Lee"), mask_name("ann.lee@weir.example")
    ('Ann Lee', 'ann.lee@…')
    """
    return f"{name.partition('@')[0]}@…" if _EMAIL.fullmatch(name) else mask(name)


def _mask_phone(match: re.Match[str]) -> str:
    return "[phone]" if sum(char.isdigit() for char in match[0]) >= FEWEST_DIGITS else match[0]
