"""The author's own words in a plain-text message, and the thanks in its trailers.

No standard says where quotes and signatures are, but habits do: `>` before a quoted line (RFC 3676, section 4.5), an attribution line
such as "On Monday Ann wrote:" above the quote, and `-- ` above the signature (RFC 3676, section 4.3). Lists that discuss patches give
credit in trailers: "Reported-by: Name <address>".
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from regard.sources.mbox.addresses import Address, parse_address

MAX_SIGNATURE: Final = 10
"""Lines of text that may follow a `--` without its blank. If more follow, the `--` is a ruler and not the mark of a signature."""

_WROTE = r"(?:wrote|writes|said|schrieb|schreef|skrev|escribió|escreveu|ha scritto|a .crit|napisał\w?|kirjoitti|пишет|написал\w?)"
# ("a .crit" because Pipermail writes a question mark for the é.)
_PREPOSITION = r"(?:On|At|In|Am|Le|El|Il|Em|Op|Den|Dne|Dnia|W dniu|В|\d{1,4}[-/.]\d)"
_ON_WROTE = rf"{_PREPOSITION}\b.{{0,300}}\b{_WROTE}\b.{{0,120}}:"
_DATED_ATTRIBUTION = re.compile(rf"(?=.*\d){_ON_WROTE}|\d{{4}}[-/.]\d\d?[-/.]\d\d? .{{1,200}}<[^<>]{{3,200}}>:")
"""An attribution with a digit in it. It is removed even if no line with `>` follows: some programs mark quotes in their own way."""
_WRAPPED_ATTRIBUTION = re.compile(rf"{_ON_WROTE}|\d{{4}}[-/.]\d\d?[-/.]\d\d?\b.{{0,200}}:")
"""An attribution right above a quote. It may be wrapped into several lines, because its first words are typical."""
_DIGIT = re.compile(r"\d")
_ATTRIBUTION_END = re.compile(rf".{{1,300}}\b{_WROTE}\s?:|.{{0,200}}<[^<>]{{3,200}}>.{{0,60}}[:\]]|Quoting .{{1,200}}:")
"""A single line right above a quote: "Ann Lee wrote:", "Ann Lee <ann@example.org>, [20080725]:"."""
_END_FIRST_CHARACTERS = frozenset("-_ FD")
_END_PREFIXES = ("--", "__", "  __", "From:", "Date:")
_END = re.compile(
    r"-{10,} next part -{10,}$"  # Pipermail, above attachments
    r"|_{20,}$|  _{5,}\s*$"  # the list's footer, or Outlook above the message that is answered
    r"|-{3,} ?(?:(?:Original|Forwarded|Weitergeleitete) (?:Message|Nachricht)|Original-Nachricht|Ursprüngliche Nachricht"
    r"|Oorspronkelijk bericht|Message d'origine|Mensaje original|Messaggio originale|Mensagem original|Исходное сообщение) ?-{3,}$"
    r"|-----BEGIN PGP SIGNATURE-----$",
    re.IGNORECASE,
)
_PGP_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_TRAILER = re.compile(
    r"^[ \t]{0,4}(reported|helped|suggested)(?:-and-[a-z]{1,20}){0,3}-by:[ \t]*(\S.{0,300})$", re.IGNORECASE | re.MULTILINE
)


class Thanks(NamedTuple):
    """A trailer that thanks a person."""

    label: str
    """Reported-by, Helped-by or Suggested-by."""
    receiver: Address | None
    """None if the trailer holds only a name."""


def own_words(text: str) -> str:
    r"""The text without quotes, their attribution lines, the signature, and whatever follows the signature.

    >>> own_words("On Monday Ann wrote:\n> Is it open?\nIt is.\n-- \nBea, phone 123")
    'It is.'
    """
    kept: list[str] = []
    in_quote = False
    lines = _without_pgp_header(text).split("\n")
    for index, line in enumerate(lines):
        first = line[:1]
        if first == ">" or (first == " " and line[1:2] == ">"):
            if in_quote or not line.startswith(">From "):
                if not in_quote:
                    _remove_attribution(kept)
                in_quote = True
                continue
            # A line of the author's own. Programs that write mailboxes put `>` before "From " (mboxo, mboxrd).
            line = line[1:]
        elif first in _END_FIRST_CHARACTERS and line.startswith(_END_PREFIXES):
            if _ends_text(lines, index) or (_begins_answered_message(lines, index) and any(kept)):
                break
        elif line[-1:] == ":" and _DATED_ATTRIBUTION.fullmatch(line[:800]):
            continue
        if line:
            in_quote = False
            kept.append(line)
        elif kept and kept[-1]:
            kept.append(line)
    return "\n".join(kept).strip()


def _without_pgp_header(text: str) -> str:
    """The text without the armor header of a signed message (RFC 4880, section 7)."""
    above, signed, _ = text[:200].partition(_PGP_SIGNED)
    return text[len(above) + len(signed) :].partition("\n\n")[2] if signed and not above.strip() else text


def _ends_text(lines: list[str], index: int) -> bool:
    """Whether the author's text ends at this line: a signature, a footer, or a message of another person follows."""
    line = lines[index]
    if line == "-- ":
        return True
    if line == "--":
        return _count_signature_lines(lines, index + 1) <= MAX_SIGNATURE
    return _END.match(line) is not None


def _begins_answered_message(lines: list[str], index: int) -> bool:
    """Whether the header of the answered message begins at this line, as Outlook copies it above that message.

    At the top of a text such a header belongs to a patch and names its author. The caller checks that.
    """
    below = lines[index + 1 : index + 4]
    return lines[index].startswith(("From:", "Date:")) and any(line.startswith(("Sent:", "Date:", "From:", "To:")) for line in below)


def _count_signature_lines(lines: list[str], start: int) -> int:
    """Lines with text from `start` to the next quote or mark that ends a text. Stops soon after `MAX_SIGNATURE`."""
    count = 0
    for index in range(start, len(lines)):
        line = lines[index]
        if _END.match(line) or line.startswith(">") or count > MAX_SIGNATURE:
            break
        count += bool(line.strip())
    return count


def _remove_attribution(kept: list[str]) -> None:
    """Remove an attribution, wrapped into at most three lines, from the end of the lines kept so far."""
    while kept and not kept[-1].strip():
        kept.pop()
    if not kept or not kept[-1].rstrip().endswith((":", "]")):
        return
    for n_lines in (1, 2, 3):
        above = " ".join(kept[-n_lines:])[:800].strip()
        # Several lines without a digit are a sentence of the author's.
        if _WRAPPED_ATTRIBUTION.fullmatch(above) and (n_lines == 1 or _DIGIT.search(above)):
            del kept[-n_lines:]
            return
    if _ATTRIBUTION_END.fullmatch(kept[-1][:800].strip()):
        kept.pop()


def find_thanks(words: str) -> list[Thanks]:
    """The thanks in the trailers of a message's own words.

    Reviewed-by, Tested-by and Acked-by are no thanks: the mail in which such a trailer was given is itself an act toward the author.

    >>> find_thanks("Fix it.\\n\\nReported-by: Ann Lee <ann at example.org>\\nReviewed-by: Bea <bea@example.org>")
    [Thanks(label='Reported-by', receiver=Address(id='ann@example.org', name='Ann Lee'))]
    """
    if "-by:" not in words.lower():
        return []
    return [Thanks(f"{kind.capitalize()}-by", parse_address(" ".join(person.split()))) for kind, person in _TRAILER.findall(words)]
