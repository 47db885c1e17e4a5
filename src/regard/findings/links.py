"""Links to messages on their platform. An export tells the ids; where it lacks the host, the user tells the site (`--site`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from regard.errors import UsageError

USUAL_SITES: Final = {"github": "https://github.com", "twitter": "https://x.com"}
"""Source -> site, where all records of a platform are of one."""

_SLACK: Final = re.compile(r"([CGD][A-Z0-9]+):(\d+)\.(\d+)")
_DISCOURSE: Final = re.compile(r"(\d+)/(\d+)")
_GITHUB: Final = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)(?:@.*)?", re.DOTALL)
_STACKEXCHANGE: Final = re.compile(r"(p|c)(\d+)")
_TWEET: Final = re.compile(r"\d+")


def host(address: str | None) -> str | None:
    """The host that an address leads to, or None for one that may not be linked: it must be http or https, without a user part.

    >>> host("https://weir.example/t/12"), host("javascript:alert(1)"), host("https://weir.example@evil.example/"), host(None)
    ('weir.example', None, None, None)
    """
    if not address or any(character.isspace() or not character.isprintable() for character in address):
        return None
    try:
        parts = urlsplit(address)
        name = parts.hostname
    except ValueError:
        return None
    return name if parts.scheme in ("http", "https") and "@" not in parts.netloc else None


def parse_sites(given: Mapping[str, str] | None) -> dict[str, str]:
    """Source -> site, of the usual sites and those given; "" stands for every other source.

    Raises UsageError for anything but an https address.

    >>> parse_sites({"slack": "https://weir.slack.com/"})["slack"]
    'https://weir.slack.com'
    """
    for site in (given or {}).values():
        if not site.startswith("https://") or not host(site):
            raise UsageError(f"--site takes an address such as https://forum.example.org, not {site!r}")
    return {**USUAL_SITES, **{source: site.rstrip("/") for source, site in (given or {}).items()}}


def link(source: str, item: str | None, sites: Mapping[str, str]) -> str | None:
    """The address of a message; None if it cannot be told.

    >>> sites = parse_sites({"slack": "https://weir.slack.com", "mbox": "https://lists.example/r"})
    >>> link("slack", "C061A0WJG:1433562832.000005", sites), link("mbox", "1@x.org", sites)
    ('https://weir.slack.com/archives/C061A0WJG/p1433562832000005', 'https://lists.example/r/1%40x.org')
    >>> link("github", "weir/gate#5@2018-05-12T15:35:30Z", {"github": "https://github.com"}), link("discourse", "60/4", {})
    ('https://github.com/weir/gate/issues/5', None)
    """
    if item is None:
        return None
    if item.startswith("https://"):
        return item
    site = sites.get(source, sites.get(""))
    path = _path(source, item) if site is not None else None
    return f"{site}/{path}" if path is not None else None


def _path(source: str, item: str) -> str | None:
    if source == "slack" and (match := _SLACK.fullmatch(item)):
        return f"archives/{match[1]}/p{match[2]}{match[3]}"
    if source == "discourse" and (match := _DISCOURSE.fullmatch(item)):
        return f"t/{match[1]}/{match[2]}"
    if source == "github" and (match := _GITHUB.fullmatch(item)):
        return f"{match[1]}/issues/{match[2]}"
    if source == "stackexchange" and (match := _STACKEXCHANGE.fullmatch(item)):
        return f"q/{match[2]}" if match[1] == "p" else f"posts/comments/{match[2]}"
    if source == "twitter" and _TWEET.fullmatch(item):
        return f"i/status/{item}"
    return quote(item, safe="") if source == "mbox" else None
