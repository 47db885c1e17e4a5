"""Who is who in a Slack export, and how its messages name people.

`users.json` knows the workspace's people and bots; others turn up in messages only: guests of a shared channel with a `user_profile`,
apps by their `bot_id`, removed ones by their bare id. Names come from the profile; e-mail and phone stay where they are.
Message text is Slack's "mrkdwn": `<@U1>`, `<#C1|general>`, `<!here>` and `<url|label>` are tokens, and only &, < and > are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from regard.record.schema import Account, ActorType
from regard.sources.formats.bundle import Bundle
from regard.sources.formats.json_fields import Fields, get_object, get_objects, get_str
from regard.sources.slack.layout import USER_LISTS, array, listings

SLACKBOT: Final = "USLACKBOT"
APP_FOR_PERSON: Final = "app acting for a person"

# The token form only: someone who writes about a token has it escaped, "&lt;@U1&gt;", and addresses nobody.
MENTION: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")
TOKEN: Final = re.compile(r"<([^<>]+)>")
ENTITY: Final = re.compile("&(amp|lt|gt);")
SIGN: Final = {"amp": "&", "lt": "<", "gt": ">"}
SCHEME: Final = re.compile("https?://|mailto:|tel:")


class Author(NamedTuple):
    """Whose act a message is."""

    id: str
    note: str | None = None


@dataclass
class People:
    """The accounts of an export: those of its user lists, and those that messages bring in."""

    names: dict[str, str] = field(default_factory=dict)
    """What to write for an id in a text: people by the user lists, channels by theirs. Never by what messages tell: the words kept of
    one message would hang on which others were read before."""
    bots: set[str] = field(default_factory=set)
    fresh: list[Account] = field(default_factory=list)
    """Accounts met since `handed_over` was last called."""
    _met: dict[str, bool] = field(default_factory=dict)
    """Ids met, and whether with a name."""

    @classmethod
    def of(cls, bundle: Bundle) -> People:
        """The people of all user lists. Raises Malformed for a broken one."""
        people = cls()
        for workspace, file in listings(bundle):
            for user in get_objects(array(bundle, workspace + file)) if file in USER_LISTS else ():
                people._join(user)
        return people

    def author(self, message: Fields) -> Author | None:
        """Who acts in a message; None where it does not tell.

        Bots have a user id as well, and their messages carry both: one account, the user's. A person's id beside a `bot_id` is an app
        that acts for them. Old integrations have neither, only a `username`.
        """
        # Old comments on files: the message is told by whoever, its words are the comment's.
        user = get_str(get_object(message, "comment"), "user") if message.get("subtype") == "file_comment" else None
        user = user or get_str(message, "user")
        bot = get_str(message, "bot_id")
        if user is not None and (bot is None or user in self.bots or user == SLACKBOT):
            if not self._met.get(user):
                profile = get_object(message, "user_profile")
                self.meet(user, profile_name(profile), "person" if profile else None)
            return Author(user)
        name = get_str(message, "username") or get_str(get_object(message, "bot_profile"), "name")
        if bot is None and name is not None:
            bot = f"bot:{name}"
        if bot is None:
            return None
        self.meet(bot, _no_email(name), "bot")
        return Author(bot, APP_FOR_PERSON if user else None)

    def meet(self, id: str, name: str | None = None, actor_type: ActorType | None = None) -> None:
        """Note an account that an act names, once, and once more when its name turns up later."""
        named = self._met.get(id)
        if named or (named is not None and name is None):
            return
        self._met[id] = name is not None
        self.fresh.append(Account(id, name, "system" if id == SLACKBOT else actor_type))

    def handed_over(self) -> list[Account]:
        """The accounts met since the last call."""
        fresh, self.fresh = self.fresh, []
        return fresh

    def _join(self, user: Fields) -> None:
        id = get_str(user, "id")
        if id is None or id in self._met:
            return
        profile = get_object(user, "profile")
        name = profile_name(profile) or _no_email(get_str(user, "real_name") or get_str(user, "name"))
        bot = user.get("is_bot") is True or user.get("is_workflow_bot") is True
        self._met[id] = name is not None
        if name is not None:
            self.names[id] = name
        if bot:
            self.bots.add(id)
        # A deleted account keeps its id and stands for one person still.
        kind: ActorType = "system" if id == SLACKBOT else "bot" if bot else "person"
        self.fresh.append(Account(id, name, kind, title=get_str(profile, "title"), role=_role(user)))


def profile_name(profile: Fields) -> str | None:
    """The name a profile shows.

    >>> profile_name({"display_name": "", "real_name": "Ada Byron", "name": "ada"})
    'Ada Byron'
    """
    names = (get_str(profile, key) for key in ("display_name", "real_name", "name"))
    return _no_email(next((name for name in names if name), None))


def mentioned(message: Fields) -> dict[str, str | None]:
    """The people a message names, in order, each once, with the name old exports give. Calls to all (`<!here>`, groups) name nobody.

    >>> mentioned({"text": "<@U1|ada> and <@W2>, <!here>, <@U1>"})
    {'U1': 'ada', 'W2': None}
    """
    found: dict[str, str | None] = {}
    text = get_str(message, "text")
    if text is not None and "<@" in text:
        for match in MENTION.finditer(text):
            found.setdefault(match[1], match[2] or None)
    if "blocks" in message:
        for id in _in_blocks(message["blocks"]):
            found.setdefault(id, None)
    return found


def words(raw: str, names: Mapping[str, str]) -> str:
    """A message's text as it was read: tokens written out, entities unescaped once.

    >>> words("<@U1> see <https://a.org/x|the page> in <#C1|help> &amp;lt;", {"U1": "Ada"})
    '@Ada see the page (https://a.org/x) in #help &lt;'
    """
    if "<" in raw:
        raw = TOKEN.sub(lambda match: _token(match[1], names), raw)
    return ENTITY.sub(lambda match: SIGN[match[1]], raw) if "&" in raw else raw


def _token(body: str, names: Mapping[str, str]) -> str:
    target, _, label = body.partition("|")
    if target[0] in "@#":
        return target[0] + (names.get(target[1:]) or label or target[1:])
    if target[0] == "!":
        return label or "@" + target[1:]
    bare = SCHEME.sub("", target, count=1)
    if target.startswith(("mailto:", "tel:")):
        return label or bare
    return f"{label} ({target})" if label and label not in (bare, target) else target


def _in_blocks(blocks: object) -> Iterator[str]:
    # Newest first on the stack, so that people come out in the order of reading.
    stack = list(get_objects(blocks))[::-1]
    while stack:
        element = stack.pop()
        if element.get("type") == "user" and (id := get_str(element, "user_id")):
            yield id
        elif "elements" in element:
            stack.extend(list(get_objects(element["elements"]))[::-1])


def _role(user: Fields) -> str | None:
    if user.get("is_primary_owner") is True or user.get("is_owner") is True:
        return "owner"
    if user.get("is_admin") is True:
        return "admin"
    return "guest" if user.get("is_restricted") is True or user.get("is_ultra_restricted") is True else None


def _no_email(name: str | None) -> str | None:
    # Some people's name is their address: what stands before the sign names them well enough.
    before, _, after = (name or "").partition("@")
    address = before and "." in after and "@" not in after and len((name or "").split()) == 1
    return before if address else name
