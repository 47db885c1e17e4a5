"""Inputs that are broken, hostile or odd, with the exit code that each must give and words that its message must hold."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from regard.record.storage import create

FINE, WRONG_USE, UNREADABLE = 0, 2, 3
SECRET = "swordfish-4711"
"""A word of a user. No error may repeat it."""
USERS = '[{"id": "U00000001", "team_id": "T1", "name": "a", "deleted": false, "profile": {"real_name": "A"}}]'


@dataclass(frozen=True)
class Bad:
    """One input: a function that makes it in a folder, and the exit code that it must give."""

    name: str
    make: Callable[[Path], Path]
    code: int
    words: str = ""
    """Words that the message must contain."""


def file(name: str, content: bytes | str) -> Callable[[Path], Path]:
    """A file with this content."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def zipped(members: dict[str, bytes | str], *, keep: float = 1.0, flip: bool = False) -> Callable[[Path], Path]:
    """A zip of these members, cut to a share of its length, or with a byte in its middle changed."""

    def make(folder: Path) -> Path:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        raw = bytearray(data.getvalue())
        if flip:
            raw[len(raw) // 3] ^= 0xFF
        return file("export.zip", bytes(raw[: int(len(raw) * keep)]))(folder)

    return make


def tarred(members: dict[str, str], *, keep: float = 1.0) -> Callable[[Path], Path]:
    """A tar.gz of these members, the tar in it cut to a share of its length."""

    def make(folder: Path) -> Path:
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as archive:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content.encode())
                archive.addfile(info, io.BytesIO(content.encode()))
        return file("export.tar.gz", gzip.compress(data.getvalue()[: int(len(data.getvalue()) * keep)]))(folder)

    return make


def bomb(folder: Path) -> Path:
    """300 MB of blanks in a zip of 300 kB that looks like a Slack export."""
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("users.json", USERS)
        with archive.open("general/2024-01-01.json", "w") as member:
            member.write(b'[{"type": "message", "user": "U00000001", "ts": "1700000000.000100", "text": "')
            for _ in range(300):
                member.write(b" " * (1 << 20))
            member.write(b'"}]')
    return path


def long_line(folder: Path) -> Path:
    """2 GB without a line end after a table's header, as gz of 2 MB."""
    path = folder / "long.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b"from,to,time\n")
        for _ in range(2048):
            stream.write(b"x" * (1 << 20))
    return path


def foreign_parquet(folder: Path) -> Path:
    """A Parquet file about something else."""
    path = folder / "other.parquet"
    with contextlib.closing(duckdb.connect()) as connection:
        connection.execute(f"COPY (SELECT 1 AS colour, 2 AS weight_kg) TO '{path}' (FORMAT parquet)").fetchall()
    return path


def cut_parquet(folder: Path) -> Path:
    """A Parquet file whose end is missing."""
    path = foreign_parquet(folder)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def damaged_parquet(folder: Path) -> Path:
    """A Parquet file with other bytes in its middle."""
    path = folder / "damaged.parquet"
    with contextlib.closing(duckdb.connect()) as connection:
        acts = "SELECT 'a' || range AS \"from\", 'b' AS \"to\", range AS time FROM range(5000)"
        connection.execute(f"COPY ({acts}) TO '{path}' (FORMAT parquet)").fetchall()
    data = bytearray(path.read_bytes())
    data[40:2000] = bytes(1960)
    path.write_bytes(data)
    return path


def empty_folder(folder: Path) -> Path:
    """A folder with nothing in it."""
    path = folder / "empty"
    path.mkdir()
    return path


def later_record(folder: Path) -> Path:
    """A record with a format that is newer than this version of Regard."""
    path = folder / "later.regard"
    create(path)
    with contextlib.closing(duckdb.connect(str(path))) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'").fetchall()
    return path


def kept_case(name: str, *inside: str) -> Callable[[Path], Path]:
    """An input that the tests have."""

    def make(folder: Path) -> Path:
        found = Path(__file__).parents[1].joinpath("tests", "sources", "cases", name, *inside)
        path = folder / found.name
        shutil.copytree(found, path) if found.is_dir() else shutil.copy(found, path)
        return path

    return make


def table(*rows: str) -> bytes:
    """A table of ten acts between Ann and Bo, and these rows."""
    usual = [f"ann,bo,2024-01-{day:02} 10:00" for day in range(1, 11)]
    return "\n".join(["from,to,time", *usual, *rows, ""]).encode()


def slack(messages: list[object]) -> dict[str, bytes | str]:
    """A Slack export of one day."""
    channels = '[{"id": "C00000001", "name": "general", "created": 1, "members": ["U00000001"]}]'
    return {"users.json": USERS, "channels.json": channels, "general/2024-01-01.json": json.dumps(messages)}


POSTED = {"type": "message", "user": "U00000001", "ts": "1700000000.000100", "text": SECRET}
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<posts><row Id="1" Body="&b;"/></posts>'
)
CUT = '<posts>\n<row Id="1" PostTypeId="1" CreationDate="2024-01-01T00:00:00.000" OwnerUserId="2"/>\n<row Id='
FORBIDDEN = (
    '<posts>\n<row Id="1" PostTypeId="1" CreationDate="2024-01-01T00:00:00.000" OwnerUserId="2"/>\n'
    '<row Id="3" PostTypeId="2" ParentId="1" Body="&#8;" CreationDate="2024-01-01T00:00:00.000" OwnerUserId="4"/>\n</posts>'
)
KLINGON = "Content-Type: text/plain; charset=klingon\nMessage-ID"
MAIL = f"From a@x.org Mon Apr  6 07:06:00 2020\nFrom: a@x.org\nDate: Mon, 06 Apr 2020 07:06:00 +0000\nMessage-ID: <1@x>\n\n{SECRET}\n"
DATES = "from,to,time\na,b,0\nb,a,4070908800\n" + "".join(f"a,b,{1_700_000_000 + n}\n" for n in range(5))
POST = {"id": 5, "topic_id": 7, "post_number": 1, "username": "ann", "created_at": "2024-01-01T00:00:00.000Z", "cooked": SECRET}
THREAD = {"number": 1, "author": "ann", "authorAssociation": "NONE", "title": SECRET, "createdAt": "2024-01-01T00:00:00Z", "comments": []}
ARCHIVE = json.dumps({"magic": "E!vIA5L86J2I", "repo": "a/b", "labels": [], "issues": [THREAD], "pulls": []}, indent=1)
TWEET = {"id_str": "50", "created_at": "Mon Jan 01 00:00:00 +0000 2024", "text": SECRET, "user": {"id_str": "7", "screen_name": "ann"}}
DEEP = f'{json.dumps(TWEET)}\n{{"a": {"[" * 90_000}'

LINE = '{"from": "a", "to": "b", "time": 1700000000}\n'
TELEGRAM = json.dumps(
    {"name": "Bread", "type": "public_supergroup", "id": 1, "messages": [{"id": 1, "type": "message", "date_unixtime": "1"}]}
)

CASES = (
    Bad("nothing there", lambda folder: folder / "none.zip", UNREADABLE, "no such file"),
    Bad("empty file", file("empty.csv", b""), UNREADABLE, "no source knows"),
    Bad("empty folder", empty_folder, UNREADABLE, "holds no files"),
    Bad("empty zip", zipped({}), UNREADABLE, "holds no files"),
    Bad("random bytes", file("x.bin", bytes(range(256)) * 40), UNREADABLE, "no source knows"),
    Bad("a picture named .zip", file("x.zip", b"\x89PNG\r\n\x1a\n" + b"\0" * 99), UNREADABLE, "no source knows"),
    Bad("truncated zip", zipped(slack([POSTED]), keep=0.6), UNREADABLE, "whole zip archive"),
    Bad("zip with a damaged member", zipped(slack([POSTED] * 3000), flip=True), UNREADABLE),
    Bad("zip bomb", bomb, UNREADABLE, "bomb"),
    Bad("name that escapes (../)", zipped({"../../evil.json": "[]"}), UNREADABLE, "../../evil.json"),
    Bad("absolute name", zipped({"/etc/evil.json": "[]"}), UNREADABLE, "/etc/evil.json"),
    Bad("2 GB line", long_line, UNREADABLE, "long.csv.gz"),
    Bad("80 MB line", file("line.csv", b"from,to,time\n" + b"x" * 80_000_000), UNREADABLE, "line.csv"),
    Bad("5 MB cell", file("wide.csv", b"from,to,time,text\na,b,1700000000," + b"x" * 5_000_000 + b"\n"), FINE),
    Bad("Latin-1 table", file("l.csv", "from,to,time\nJosé,Zoë,2024-01-01\n".encode("latin-1")), FINE, "Latin-1"),
    Bad("UTF-16 table", file("u.csv", "from,to,time\nJosé,Zoë,2024-01-01\n".encode("utf-16")), FINE),
    Bad("billion laughs", file("Posts.xml", LAUGHS), UNREADABLE, "Posts.xml"),
    Bad("XML cut short", file("Posts.xml", CUT), UNREADABLE, "line"),
    Bad("CSV with one column", file("one.csv", f"{SECRET}\nx\ny\n"), UNREADABLE),
    Bad("CSV of other columns", file("o.csv", f"colour,size\nred,{SECRET}\n"), UNREADABLE, "--map"),
    Bad("CSV with a short row", file("s.csv", f"from,to,time\na,b,2024-01-01\n{SECRET}\n"), UNREADABLE, "line 3"),
    Bad("CSV with an open quote", file("q.csv", f'from,to,time\na,b,2024-01-01\n"{SECRET},b,2024-01-01\n'), UNREADABLE, "q.csv"),
    Bad("header only", file("h.csv", "from,to,time\n"), UNREADABLE, "no act"),
    Bad("times that are none", file("t.csv", f"from,to,time\na,b,{SECRET}\n"), UNREADABLE, "times in column"),
    Bad("days and months mixed", file("d.csv", "from,to,time\na,b,13/01/2024\na,b,01/13/2024\n"), UNREADABLE, "one order"),
    Bad("dates in 1970 and 2099", file("y.csv", DATES), FINE, "clock"),
    Bad("NUL bytes", file("n.csv", b"from,to,time\na\0b,c,2024-01-01\n"), FINE),
    Bad("JSON lines cut short", file("j.jsonl", '{"from": "a", "to": "b", "time": 1700000000}\n{"from": "a", "to'), UNREADABLE, "j.jsonl"),
    Bad("Parquet of another shape", foreign_parquet, WRONG_USE, "colour"),
    Bad("Parquet cut short", cut_parquet, UNREADABLE, "other.parquet"),
    Bad("Slack day that is no array", zipped(slack([]) | {"general/2024-01-02.json": '{"a": 1}'}), UNREADABLE, "general/2024-01-02.json"),
    Bad("Slack day cut short", zipped(slack([POSTED]) | {"general/2024-01-02.json": '[{"ts": "1'}), UNREADABLE, "general/2024-01-02.json"),
    Bad("Slack without a message", zipped(slack([])), UNREADABLE, "no act"),
    Bad("Slack of odd messages", zipped(slack([POSTED, 7, None, {"ts": []}, {"type": "message", "user": {}, "ts": "x"}])), FINE),
    Bad("one person", zipped(slack([POSTED])), FINE),
    Bad("the same id twice", zipped(slack([POSTED, POSTED])), FINE),
    Bad("mailing list without an author", file("m.mbox", MAIL.replace("From: a@x.org\n", "From: \n")), UNREADABLE, "no act"),
    Bad("mail in an unknown charset", file("c.mbox", MAIL.replace("Message-ID", KLINGON)), FINE),
    Bad("Discourse posts cut short", file("p.jsonl", f"{json.dumps(POST)}\n{json.dumps(POST)[:-9]}"), UNREADABLE, "p.jsonl, line 2"),
    Bad("Discourse posts that are deleted", file("p.json", json.dumps([POST | {"user_deleted": True}])), UNREADABLE, "no act"),
    Bad("Discourse posts of odd fields", file("p.json", json.dumps([POST, 7, POST | {"username": [], "actions_summary": 1}])), FINE),
    Bad("GitHub archive cut short", file("archive.json", ARCHIVE[:-60]), UNREADABLE, "archive.json, line"),
    Bad("GitHub archive of nobody", file("archive.json", ARCHIVE.replace('"ann"', "null")), FINE),
    Bad("GitHub archive with more behind it", file("archive.json", ARCHIVE + ARCHIVE), UNREADABLE, "nothing after the object"),
    Bad("tweets cut short", file("t.jsonl", f"{json.dumps(TWEET)}\n{json.dumps(TWEET)[:-9]}"), UNREADABLE, "t.jsonl, line 2"),
    Bad("tweets nested 90,000 deep", file("t.jsonl", DEEP), UNREADABLE, "t.jsonl, line 2"),
    Bad("tweets in other bytes than UTF-8", file("t.jsonl", json.dumps(TWEET).encode() + b'\n{"a": "\xff"}'), UNREADABLE, "UTF-8"),
    Bad("tar of tweets with a broken tree", tarred({"7/in/50.json": json.dumps(TWEET), "7/structure.json": "{"}), UNREADABLE, "structure"),
    Bad("tar with a name that escapes", tarred({"../evil.json": "[]"}), UNREADABLE, "../evil.json"),
    Bad("tar cut short", tarred({"t.json": json.dumps(TWEET) * 40}, keep=0.2), UNREADABLE, "whole tar archive"),
    Bad("gz cut short", lambda folder: file("g.csv.gz", gzip.compress(DATES.encode() * 9000)[:-400])(folder), UNREADABLE, "g.csv.gz"),
    Bad("objects instead of people", file("o.jsonl", '{"author": {"id": 1}, "to": "b", "time": 1700000000}\n'), WRONG_USE, "who acts"),
    Bad("objects among people", file("o.jsonl", LINE * 20 + '{"from": {"id": 5}, "to": "b"}'), FINE, "object"),
    Bad("None, NaN and [deleted] as people", file("n.csv", table("None,bo,", "ann,NaN,", "[deleted],bo,")), FINE, "empty: 3"),
    Bad("one name in two Unicode spellings", file("z.csv", table("Zo\u00eb,bo,", "Zoe\u0308,bo,")), FINE, "5 people known"),
    Bad("a key twice in one object", file("k.jsonl", LINE.replace("}", ', "to": "c"}')), FINE, "last value taken: 1"),
    Bad("nobody toward whom anybody acts", file("p.csv", "id,from,time\n1,ann,2024-01-01\n"), WRONG_USE, "no ties"),
    Bad("Viva Engage, not read yet", kept_case("K09-nobody-toward-whom", "in"), WRONG_USE, "replied_to_id"),
    Bad("Telegram, not read yet", file("result.json", TELEGRAM), UNREADABLE, "a Telegram export"),
    Bad("lines above the header", kept_case("K19-lines-above-the-header", "in.csv"), FINE, "above the header left out: 1"),
    Bad("times as small numbers", file("t.csv", "from,to,time\na,b,1\nb,a,2\n"), UNREADABLE, "before 1990"),
    Bad("an edge list with times from 0", file("e.txt", "1 2 0\n2 1 20\n1 2 40\n"), FINE, "relative time"),
    Bad("one time in ten of another form", file("t.csv", table("ann,bo,yesterday", "ann,bo,yesterday")), UNREADABLE, "2 of its 12 values"),
    Bad("days of a spreadsheet", file("x.csv", "from,to,time\na,b,45292.5\nb,a,45293.25\n"), FINE, "spreadsheet"),
    Bad("damaged Parquet", damaged_parquet, UNREADABLE, "damaged.parquet"),
    Bad("mail whose separators have other forms", kept_case("K04-separators-swallowed", "in.mbox"), FINE),
    Bad("mail with one date on all", kept_case("K20-same-date-everywhere", "in.mbox"), FINE, "deliver"),
    Bad("mail of a zone with several meanings", file("b.mbox", MAIL.replace("+0000", "BST")), FINE, "zone"),
    Bad("mail of a day no calendar holds", kept_case("S03-a-date-beyond-the-calendar", "day.mbox"), FINE),
    Bad("masked addresses", file("a.mbox", MAIL.replace("From: a@x.org", "From: Ann <address@hidden>")), FINE, "mask"),
    Bad("only private talk", kept_case("K15-only-private-talk"), UNREADABLE, "--private reads them"),
    Bad("a character reference that XML forbids", file("Posts.xml", FORBIDDEN), FINE, "forbid"),
    Bad("a record of a later version", later_record, UNREADABLE, "later version"),
)  # fmt: skip
