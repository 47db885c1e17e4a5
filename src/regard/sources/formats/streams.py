"""Streams of stored files: decompressed, counted as they are read, with errors that name the file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

from regard.errors import InputError, Malformed

MAGIC = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz"}
"""First bytes -> compression."""

BROKEN = (EOFError, OSError, ValueError, zlib.error, zipfile.BadZipFile, lzma.LZMAError, struct.error, RuntimeError, NotImplementedError)
"""What the readers of compressed files raise if these are damaged, encrypted, or packed in an unknown way."""


@contextmanager
def broken(name: str) -> Iterator[None]:
    """Turn errors of the system and of decompressors into errors that name the file."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(f"{name}: can't be read ({error.strerror})") from error
        # zstd has its own error class, and is imported only when it is needed.
        if isinstance(error, BROKEN) or type(error).__name__ == "ZstdError":
            raise Malformed(name, "a whole file", f"it breaks off or is damaged ({error})") from error
        raise


class Member(io.RawIOBase):
    """A zip member as a raw stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.stream.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()


class Slice(io.RawIOBase):
    """A range of bytes of a file as a raw stream."""

    def __init__(self, path: Path, begin: int, size: int) -> None:
        self.stream = io.FileIO(path)
        self.stream.seek(begin)
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        count = self.stream.readinto(view[: self.left])
        if not count and self.left and len(view):
            raise EOFError("the archive ends before this file does")
        self.left -= count
        return count

    def close(self) -> None:
        if not self.closed:
            self.stream.close()
        super().close()


class Watched(io.RawIOBase):
    """Counts the bytes that come out, and turns a broken stream into an error that names the file."""

    def __init__(self, name: str, stored: BinaryIO, count: Callable[[int, int], None]) -> None:
        """`count` is called with the number of bytes just read and of all bytes so far; at the end of the file the first is 0."""
        self.name, self.stored, self.count = name, stored, count
        self.out = 0
        try:
            self.stream = _decompressed(stored)
        except BaseException:
            stored.close()
            raise

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        with broken(self.name):
            data = self.stream.read(len(view))
        view[: len(data)] = data
        self.out += len(data)
        self.count(len(data), self.out)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            # A decompressor does not close the stream that it reads.
            self.stream.close()
            self.stored.close()
        super().close()


def _decompressed(stream: BinaryIO) -> BinaryIO:
    head = cast(io.BufferedReader, stream).peek(8)[:8]
    kind = next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
    if kind == "gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if kind == "bz2":
        return cast(BinaryIO, bz2.BZ2File(stream))
    if kind == "xz":
        return cast(BinaryIO, lzma.LZMAFile(stream))
    if kind == "zst":
        from backports import zstd

        # Reddit's dumps use the largest window; the default limit refuses them.
        return cast(BinaryIO, zstd.ZstdFile(stream, options={zstd.DecompressionParameter.window_log_max: 31}))
    return stream
