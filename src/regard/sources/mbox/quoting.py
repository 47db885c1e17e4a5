"""A message's own words, apart from what it quotes and signs, and the thanks in its trailers.

Plain text has marks for both, kept by habit rather than by a standard: `>` before a quoted line (RFC 3676), "On ... wrote:" above it,
`-- ` before a signature. Trailers ("Reported-by: Name <address>") are the custom of lists that discuss patches.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from regard.sources.mbox.senders import Address, address

LONGEST_TEXT: Final = 20_000
"""Characters of a message's own words that are kept."""
LONGEST_SIGNATURE: Final = 10
"""Lines below a `--` that has lost its blank; where more follow it is a ruler."""

_WROTE = r"(?:wrote|writes|said|schrieb|schreef|skrev|escribió|escreveu|ha scritto|a .crit|napisał\w?|kirjoitti|пишет|написал\w?)"
# (Pipermail makes a question mark of the é.)
_OPENING = r"(?:On|At|In|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|В|\d{1,4}[-/.]\d)"
_BY = rf"{_OPENING}\b.{{0,300}}\b{_WROTE}\b.{{0,120}}:"
_DATED = re.compile(rf"(?=.*\d){_BY}|\d{{4}}[-/.]\d\d?[-/.]\d\d? .{{1,200}}<[^<>]{{3,200}}>:")
"""Announces a quote wherever it stands: some programs mark the quote in a way of their own."""
_LED = re.compile(rf"{_BY}|\d{{4}}[-/.]\d\d?[-/.]\d\d?\b.{{0,200}}:")
"""Above a quote, with a beginning by which it is known when broken into several lines."""
_FIGURE = re.compile(r"\d")
_LAST = re.compile(rf".{{1,300}}\b{_WROTE}\s?:|.{{0,200}}<[^<>]{{3,200}}>.{{0,60}}[:\]]|Quoting .{{1,200}}:")
"""The last line above a quote: "Ann Lee wrote:", "Ann Lee <ann@example.org>, [20080725]:"."""
_FIRSTS = frozenset("-_ FD")
_MAY_END = ("--", "__", "  __", "From:", "Date:")
_END = re.compile(
    r"-{10,} next part -{10,}$"  # Pipermail: what follows are attachments
    r"|_{20,}$|  _{5,}\s*$"  # the list's footer, or Outlook above the message it answers
    r"|-{3,} ?(?:(?:Original|Forwarded|Weitergeleitete) (?:Message|Nachricht)|Original-Nachricht|Ursprüngliche Nachricht"
    r"|Oorspronkelijk bericht|Message d'origine|Mensaje original|Messaggio originale|Mensagem original|Исходное сообщение) ?-{3,}$"
    r"|-----BEGIN PGP SIGNATURE-----$",
    re.IGNORECASE,
)
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_THANKS = re.compile(
    r"^[ \t]{0,4}(reported|helped|suggested)(?:-and-[a-z]{1,20}){0,3}-by:[ \t]*(\S.{0,300})$", re.IGNORECASE | re.MULTILINE
)


class Thanks(NamedTuple):
    """A trailer that thanks somebody."""

    label: str
    """Reported-by, Helped-by or Suggested-by."""
    to: Address | None
    """None where only a name is told."""


def own_words(text: str) -> str:
    r"""The text without quotes, the lines that announce them, and the signature.

    >>> own_words("On Monday Ann wrote:\n> Is it open?\nIt is.\n-- \nBea, phone 123")
    'It is.'
    """
    kept: list[str] = []
    quoting = False
    lines = _unsigned(text).split("\n")
    for number, line in enumerate(lines):
        first = line[:1]
        if first == ">" or (first == " " and line[1:2] == ">"):
            if quoting or not line.startswith(">From "):
                if not quoting:
                    _drop_attribution(kept)
                quoting = True
                continue
            # Writers of mailboxes mask a line that begins with "From " (mboxo, mboxrd).
            line = line[1:]
        elif first in _FIRSTS and line.startswith(_MAY_END):
            if _ends(lines, number) or (_heads_message(lines, number) and any(kept)):
                break
        elif line[-1:] == ":" and _DATED.fullmatch(line[:800]):
            continue
        if line:
            quoting = False
            kept.append(line)
        elif kept and kept[-1]:
            kept.append(line)
    return "\n".join(kept).strip()


def _unsigned(text: str) -> str:
    """The text without the head of a signed message (RFC 4880)."""
    above, signed, _ = text[:200].partition(_SIGNED)
    return text[len(above) + len(signed) :].partition("\n\n")[2] if signed and not above.strip() else text


def _ends(lines: list[str], number: int) -> bool:
    line = lines[number]
    if line == "-- ":
        return True
    if line == "--":
        return _signature_size(lines, number + 1) <= LONGEST_SIGNATURE
    return _END.match(line) is not None


def _heads_message(lines: list[str], number: int) -> bool:
    """The head of the message that is answered, as Outlook puts it. At the top of a text it is a patch's, and says whose it is."""
    below = lines[number + 1 : number + 4]
    return lines[number].startswith(("From:", "Date:")) and any(line.startswith(("Sent:", "Date:", "From:", "To:")) for line in below)


def _signature_size(lines: list[str], begin: int) -> int:
    """Lines with words up to the next mark that ends a text; no more are counted than a signature may have."""
    size = 0
    for number in range(begin, len(lines)):
        line = lines[number]
        if _END.match(line) or line.startswith(">") or size > LONGEST_SIGNATURE:
            break
        size += bool(line.strip())
    return size


def _drop_attribution(kept: list[str]) -> None:
    """Take off "On ... wrote:" at the end, which may be broken into three lines."""
    while kept and not kept[-1].strip():
        kept.pop()
    if not kept or not kept[-1].rstrip().endswith((":", "]")):
        return
    for count in (1, 2, 3):
        above = " ".join(kept[-count:])[:800].strip()
        # Several lines without a figure among them are a sentence.
        if _LED.fullmatch(above) and (count == 1 or _FIGURE.search(above)):
            del kept[-count:]
            return
    if _LAST.fullmatch(kept[-1][:800].strip()):
        kept.pop()


def thanks(words: str) -> list[Thanks]:
    """The thanks in trailers among a message's own words.

    Reviewed-by, Tested-by and Acked-by are not among them: such a mail is itself a reply, and its reader is helped by it.

    >>> thanks("Fix it.\\n\\nReported-by: Ann Lee <ann at example.org>\\nReviewed-by: Bea <bea@example.org>")
    [Thanks(label='Reported-by', to=Address(id='ann@example.org', name='Ann Lee'))]
    """
    return [Thanks(f"{kind.capitalize()}-by", address(" ".join(who.split()))) for kind, who in _THANKS.findall(words)]
