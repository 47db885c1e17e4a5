"""Folders, zip and tar archives for tests."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from regard.sources.formats.bundle import Bundle

TEXT = b"hello\nworld\n"


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def content(bundle: Bundle) -> dict[str, bytes]:
    return {name: bundle.read_bytes(name) for name in bundle.names}


FILES = {"users.json": b"[]", "general/2024-03-01.json": TEXT}


def tarred(path: Path, members: dict[str, bytes], pack: Callable[[bytes], bytes] = bytes, form: int = tarfile.PAX_FORMAT) -> Path:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=form) as archive:
        for name, inside in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(inside)
            archive.addfile(info, io.BytesIO(inside))
    path.write_bytes(pack(data.getvalue()))
    return path
