"""Damaged inputs of each source: small whole ones, the damages to their files, names and archives, and how they lie on the disk."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, TypeAlias

import bad_input_cases as cases
from backports import zstd
from damage import damaged

from regard.base import tempdirs
from regard.engines.duckdb.connection import connect
from regard.engines.duckdb.statements import execute, quote_literal
from regard.simulate.community import simulate

Files: TypeAlias = Mapping[str, bytes]
"""Name -> bytes of an input. A name may hold bytes that are no UTF-8, as `os.fsdecode` gives them."""

TESTS: Final = Path(__file__).parent.parent / "tests" / "sources"
ENTRIES: Final = 100_000
NAMES: Final = (
    "../evil.json", "/evil.json", "C:\\evil.json", "a/../b.json", "..\\evil", "a\\b.json", "", "a" * 300 + ".json", "\u202enosj.json",
    "a\nb.json",
    "a\0b.json", "e\u0301.json", "__MACOSX/a.json", "users.json", "general/2024-03-01.json", "a/" * 90 + "b.json",
    os.fsdecode(b"\xff.json"), "%s.json",
)  # fmt: skip


def _folder(folder: Path) -> Files:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@cache
def whole_inputs(source: str) -> list[Files]:
    """Small whole inputs of a source: the fixtures of its tests, and what its formats have besides."""
    inputs = [_folder(folder) for folder in (TESTS / "data" / source, *sorted((TESTS / "corpus" / source).glob("*/")))]
    more: Mapping[str, Callable[[], list[Files]]] = {
        "slack": lambda: [{name: value.encode() for name, value in _text(cases.slack([cases.POSTED])).items()}],
        "stackexchange": lambda: [_folder(folder) for folder in sorted((TESTS / "cases").glob("*")) if (folder / "Posts.xml").exists()],
        "mbox": lambda: [{path.name: path.read_bytes()} for path in sorted((TESTS / "cases").glob("*/*.mbox"))],
        "discourse": lambda: [{"posts.jsonl": f"{json.dumps(cases.POST)}\n{json.dumps(cases.POST | {'id': 6})}\n".encode()}],
        "github": lambda: [{"archive.json": cases.ARCHIVE.encode()}],
        "twitter": lambda: [{"t.jsonl": f"{json.dumps(cases.TWEET)}\n{json.dumps(cases.TWEET | {'id_str': '51'})}\n".encode()}],
        "table": _tables,
    }
    return [files for files in inputs + more[source]() if files]


def _text(files: Mapping[str, bytes | str]) -> Mapping[str, str]:
    return {name: value if isinstance(value, str) else value.decode() for name, value in files.items()}


def _tables() -> list[Files]:
    """Acts of a made-up community in each form that a table can have."""
    acts = [act for act in simulate(people=10, days=14).acts if act.target and act.time is not None][:12]
    rows = [{"from": act.actor, "to": act.target, "time": (act.time or 0) // 1_000_000, "kind": act.kind, "text": act.text} for act in acts]
    numbers = {name: number for number, name in enumerate(sorted({name for act in acts for name in (act.actor, act.target)}, key=str), 1)}
    edges = [(numbers[act.actor], numbers[act.target], (act.time or 0) // 1_000_000) for act in acts]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    lines = [json.dumps(row) for row in rows]
    tabs = [f"{actor}\t{target}\t2024-03-{when % 28 + 1:02}T10:00:00Z\n" for actor, target, when in edges]
    konect = [f"{actor} {target} 1 {when}\n" for actor, target, when in edges]
    blanks = [f"{actor}   {target}\n" for actor, target, _ in edges]
    return [
        {"log.csv": text.getvalue().encode()}, {"log.tsv": "".join(tabs).encode()},
        {"log.jsonl": "\n".join(lines).encode()}, {"log.json": f"[{','.join(lines)}]".encode()}, {"log.parquet": _parquet()},
        {"out.log": f"% asym weighted\n{''.join(konect)}".encode()}, {"edges.txt": f"# from to\n{''.join(blanks)}".encode()},
        {"a.csv": b"from;to;time\nann;bo;01.03.2024 10:00\nbo;ann;13.03.2024 11:00\n", "b.txt": b"words\n"},
    ]  # fmt: skip


def _parquet() -> bytes:
    rows = "SELECT 'p' || n % 5 AS actor, 'p' || n % 3 AS target, TIMESTAMP '2024-03-01' + n * INTERVAL 1 HOUR AS time FROM range(9) t (n)"
    with closing(connect()) as connection:
        path = tempdirs.new_folder() / "log.parquet"
        execute(connection, f"COPY ({rows}) TO {quote_literal(str(path))} (FORMAT parquet)")
        return path.read_bytes()


def damaged_input(random: Random, source: str, others: list[str]) -> Files:
    """A whole input after one to three damages to its files; rarely one of another source, or one with a file more, missing or renamed."""
    own = source if random.random() < 0.97 else random.choice(others)
    files = dict(random.choice(whole_inputs(own)))
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        name = random.choice(sorted(files))
        if random.random() < 0.94:
            files[name] = damaged(random, files[name])
            continue
        content = files.pop(name) if random.random() < 0.5 or len(files) > 40 else files[name]
        if random.random() < 0.7 or not files:
            files[random.choice((*NAMES, name + ".gz", "z/" + name, name.upper()))] = content
    return files


def lay(random: Random, files: Files, folder: Path) -> Path:
    """The input on the disk, and its path: mostly a folder, else a file of it, or an archive, which may be damaged too."""
    form = random.choices(("folder", "file", "packed", "zip", "tar", "many"), (700, 120, 60, 80, 40, 0.4))[0]
    if form == "many":
        files = {**files, **{f"general/{number}.json": b"[]" for number in range(ENTRIES)}}
    if form in ("zip", "tar", "many"):
        data = _zip(random, files) if form != "tar" else _tar(random, files)
        if random.random() < 0.2:
            data = _zip(random, {"inner.zip": data, **files})
        if random.random() < 0.5:
            data = damaged(random, data)
        return _write(folder, "export.zip", _packed(random, data) if form == "tar" and random.random() < 0.5 else data)
    if form in ("file", "packed"):
        name = random.choice(sorted(files))
        data = files[name] if form == "file" else _packed(random, files[name])
        return _write(folder, "x" + Path(name.replace("\0", "")[-40:]).suffix, damaged(random, data) if random.random() < 0.3 else data)
    top = folder / "input"
    top.mkdir()
    for name, data in files.items():
        with suppress(OSError, ValueError):  # names that no file can have
            _write(top, name.replace("..", "__").lstrip("/"), data)
    return top


def _write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _packed(random: Random, data: bytes) -> bytes:
    data = random.choice((gzip.compress, bz2.compress, lzma.compress, zstd.compress))(data)
    return data if random.random() < 0.5 else data[: random.randint(0, len(data))]


def _name(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _zip(random: Random, files: Files) -> bytes:
    stored, method = io.BytesIO(), random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(stored, "w", method) as archive, warnings.catch_warnings(action="ignore"):  # two members of one name
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(_name(name) or "x"), data, method)
        if random.random() < 0.1:
            archive.writestr(zipfile.ZipInfo(_name(random.choice(NAMES)) or "x"), b"[]")
    return stored.getvalue()


def _tar(random: Random, files: Files) -> bytes:
    stored = io.BytesIO()
    form = random.choice((tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT, tarfile.GNU_FORMAT))
    with tarfile.open(fileobj=stored, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(_name(name).replace("\0", "0"))
            info.size = len(data)
            if random.random() < 0.03:
                info.type, info.linkname = (
                    random.choice((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE)),
                    "/etc/passwd",
                )
            with suppress(ValueError):  # a name longer than this form of tar takes
                archive.addfile(info, io.BytesIO(data))
    return stored.getvalue()
