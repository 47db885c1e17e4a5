"""SQL that reads whether a text asks something of others, whether it closes what was asked, and whether it looks like advertising.

The rules are plain and mostly free of language: they look at marks, their place, and what stands around them. docs/questions.md has them in
words, and docs/validity.md what they get right.
"""

from __future__ import annotations

END = r"\x{03}"
"""A character that no text holds (end of text). It is put behind a text, since `$` means different things to RE2 and to Java."""
LINE = r"\x{0A}"
MARK = r"[?\x{FF1F}\x{061F}\x{2047}\x{2048}\x{037E}\x{055E}]"
"""Question marks: Latin, full-width, Arabic, doubled, Greek, Armenian."""
LETTER = r"a-z\x{DF}-\x{F6}\x{F8}-\x{24F}"
"""Small letters of Latin script; a capital after a question mark is mostly the next sentence without its blank."""

NOT_ASKED = (
    "```[^`]*```",
    f"`[^`{LINE}]+`",
    f"\\x{{5B}}[^\\x{{5D}}{LINE}]*\\x{{5D}}[(]",
    r"[A-Za-z]+://\S*[A-Za-z0-9/=_&#-]",
    r"www[.]\S*[A-Za-z0-9/=_&#-]",
    f"{LINE}[ \\t]*>[^{LINE}]*",
    f'"[^"{LINE}]*"',
    f"[\\x{{201C}}\\x{{201E}}\\x{{AB}}][^\\x{{201C}}\\x{{201D}}\\x{{BB}}{LINE}]*[\\x{{201C}}\\x{{201D}}\\x{{BB}}]",
    f"~[^~ {LINE}][^~{LINE}]*~",
    f"[(][^()]{{0,40}}{MARK}+[)]",
    f"{MARK}+[{LETTER}0-9=&_/%]",
    r"[?][?][?][?][?][?]+",
)
"""What is taken out of a text first: code, titles of links, addresses, quotations, struck words, short asides, lost letters."""

SIGN_OFF, REPLY_TAIL, TAIL = 40, 160, 500
"""Characters that may follow the question mark: thanks and a signature; some more words of a reply; some more words of a post."""
SHORT = 3000
"""Characters of a post that is no essay. What is asked in the middle of an essay is part of its argument."""
TO_SOMEBODY = (
    "you|your|please|anyone|anybody|someone|somebody|any|du|dein|sie|ihr|euch|bitte|jemand|irgendjemand|wer|vous|votre|tu|quelqu'un|merci"
    "|usted|tu|alguien|por favor|voi|qualcuno|iemand|jij|jullie|alstublieft|você|alguém"
)
"""Words by which a question is put to somebody, in the languages that are most common in records."""
HEDGES = "maybe|perhaps|guess|suppose|i think|vielleicht|vermutlich|ich denke|peut-être|je pense|quizás?|creo que|forse|misschien|talvez"
"""Words that make a suggestion of what has a question mark: "Perhaps call it by another name?"."""
WANTED = (
    "(m|d|am|would|[.!:])( [a-z]+)? (looking for|like|appreciate|interested in)( [a-z]+){0,3} (feedback|advices?|opinions|code review)"
    "|help me"
    "|(can|could|does) (anyone|anybody|someone|somebody|one of you) |(kann|weiß|hat) (mir )?(jemand|wer) |brauche( [a-z]+){0,2} hilfe"
    "|quelqu[^a-z]un (peut|sait|pourrait) |alguien (sabe|puede|podría) "
)
"""Words by which people ask without a question mark."""
REQUESTS = "(could|can|would) (you|u) (please )?(provide|post|verify|check|try|explain|elaborate|clarify|confirm|share|send|give|tell|show)"
"""Words by which a short reply asks without one."""
BRIEF = 700
"""Characters of a short reply."""
COMMAND = f"^[ {LINE}]*[/!][a-z]+([ :]|{END})"
"""A word that a bot listens to: /giphy, !help."""
TAKEN_BACK = r"never ?mind|[(\x{5B}](solved|resolved|closed|gelöst|erledigt|résolu|resuelto)[)\x{5D}]"
"""Words by which a message takes back its own question."""


def _own(text: str) -> str:
    text = f"(chr(10) || {text})"
    for pattern in NOT_ASKED:
        text = f"regexp_replace({text}, '{pattern}', ' ', 'g')"
    return text


def _ends_in_question(own: str, tail: int) -> str:
    return f"regexp_matches({own} || chr(3), '{MARK}[^{END}]{{0,{tail}}}{END}')"


def _stands(text: str) -> str:
    """Whether a text is no command to a bot, and takes nothing back."""
    return f"NOT regexp_matches({text} || chr(3), '{COMMAND}') AND NOT regexp_matches(lower({text}), '{TAKEN_BACK}')"


def _if_it_may_ask(text: str, rule: str) -> str:
    """The rule, for texts that hold a question mark or words that ask. Most texts hold neither, and the rule takes long."""
    return (
        f"CASE WHEN regexp_matches({text}, '{MARK}') OR regexp_matches(lower({text}), '{WANTED}|{REQUESTS}') THEN {rule} "
        f"WHEN {text} IS NOT NULL THEN false END"
    )


def post_asks(text: str) -> str:
    """SQL for whether a post asks something: its last words do, or its first line, which is its title.

    >>> post_asks("text").startswith("CASE WHEN regexp_matches(text, ")
    True
    """
    own, title = _own(text), f"^[ {LINE}]*[^{LINE}{END}]*{MARK}[ )!.]*[{LINE}{END}]"
    essay = f"regexp_matches({text}, '^[^{END}]{{1000}}[^{END}]{{1000}}[^{END}]{{{SHORT - 2000}}}')"
    return _if_it_may_ask(
        text,
        f"({_stands(text)} AND (regexp_matches({own} || chr(3), '{title}') OR {_ends_in_question(own, SIGN_OFF)} "
        f"OR {_ends_in_question(own, TAIL)} AND NOT {essay} OR regexp_matches(lower({own}), '{WANTED}')))",
    )


def reply_asks(text: str) -> str:
    """SQL for whether a reply or a message to somebody asks something: it ends in a question, or soon after one that is put to somebody.

    >>> reply_asks("text").startswith("CASE WHEN regexp_matches(text, ")
    True
    """
    own = _own(text)
    end = f"[^{END}]{{0,{REPLY_TAIL}}}{END}"
    addressed = f"[^a-z]({TO_SOMEBODY})[^a-z?.!][^?.!{END}]{{0,150}}{MARK}{end}".replace("'", "''")
    hedged = f"[^a-z]({HEDGES})([^a-z?.!][^?.!{END}]{{0,150}})?{MARK}[^{END}]{{0,{REPLY_TAIL}}}{END}"
    return _if_it_may_ask(
        text,
        f"({_stands(text)} AND NOT regexp_matches(lower({own}) || chr(3), '{hedged}') "
        f"AND ({_ends_in_question(own, SIGN_OFF)} OR regexp_matches(lower({own}) || chr(3), '{addressed}') "
        f"OR regexp_matches(lower({own}), '{WANTED}|{REQUESTS}') AND NOT regexp_matches({text}, '^[^{END}]{{{BRIEF}}}')))",
    )


CLOSING = (
    "solved|resolved|never ?mind|nvm|figured|found (it|out|the|that|a solution)|tracked (it )?down|turn(s|ed) out|work(s|ing) now"
    "|now works|works (as|fine|well|nice)|works[.!)]|fixed|got it|finally got|oops|my bad|my mistake|clos(e|ed|ing) |superseded|obe "
    "|overcome by|thanks|thank you|thx|erledigt|gelöst|gefunden|danke|résolu|trouvé|merci|resuelto|gracias|risolto|grazie|opgelost"
    "|bedankt|obrigad|решено|спасибо"
)
"""Words by which people close what they asked, in the languages that are most common in records."""


def closes(text: str) -> str:
    """SQL for whether a text closes a question of the same writer: it asks nothing, and holds a word that closes.

    >>> closes("text").startswith("CASE WHEN regexp_matches(lower(text), ")
    True
    """
    return f"CASE WHEN regexp_matches(lower({text}), '{CLOSING}') THEN NOT {reply_asks(text)} ELSE false END"


FOREIGN = r"\x{370}-\x{1FFF}\x{2E80}-\x{D7FF}\x{F900}-\x{FAFF}\x{FF00}-\x{FFEF}"
"""Letters of other scripts than Latin: Greek to Khmer, and those of East Asia."""
MANGLED = f"[{LETTER}][?]+[{LETTER}]"


def is_foreign(text: str) -> str:
    """SQL for whether a text holds twenty letters or more that are not Latin."""
    return f"regexp_matches(regexp_replace({text}, '[^{FOREIGN}]+', '', 'g'), '[{FOREIGN}]{{20}}')"


def is_mangled(text: str) -> str:
    """SQL for whether letters of a text were lost: three question marks inside words, or six in a row."""
    inside = f"[^{END}]*".join([MANGLED] * 3)
    return f"(regexp_matches({text}, '{inside}') OR regexp_matches({text}, '[?][?][?][?][?][?]'))"


def has_links(text: str) -> str:
    """SQL for whether a text holds three addresses or more."""
    return f"regexp_matches({text}, '://[^{END}]*://[^{END}]*://')"


def letters(text: str) -> str:
    """SQL for the letters of a text without its addresses, digits, signs and blanks, by which copies are told; empty if there are few."""
    plain = f"regexp_replace(regexp_replace(lower({text}), '[a-z]+://\\S+', '', 'g'), '[^{LETTER}{FOREIGN}]+', '', 'g')"
    return f"CASE WHEN regexp_matches({plain}, '^[^{END}]{{40}}') THEN {plain} END"
