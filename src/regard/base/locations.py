"""Locations: a path on this machine, or an address that only Spark can reach."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from regard.errors import InputError, UsageError


@dataclass(frozen=True)
class RemoteUri:
    """A location outside this machine, such as hdfs://head:8020/data/community or s3a://bucket/community."""

    uri: str

    @property
    def stem(self) -> str:
        """The last part of the address, without its suffix."""
        return PurePosixPath(urlsplit(self.uri).path).stem or urlsplit(self.uri).netloc

    def __str__(self) -> str:
        return self.uri


Location = Path | RemoteUri


def parse_location(text: str | os.PathLike[str]) -> Location:
    """The location that a user means by a text: an address, a file: address, or a path.

    >>> parse_location("hdfs://head:8020/data/slack/"), parse_location("file:///data/my%20exports"), parse_location("C:/exports")
    (RemoteUri(uri='hdfs://head:8020/data/slack'), PosixPath('/data/my exports'), PosixPath('C:/exports'))
    """
    if not isinstance(text, str) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return Path(text)
    if not text.lower().startswith("file:"):
        return RemoteUri(text.rstrip("/"))
    from urllib.request import url2pathname  # loads all of HTTP and TLS, which nothing else here needs

    return Path(url2pathname(urlsplit(text).path))


def local_path(location: Location) -> Path:
    """The location as a path on this machine. Raises UsageError if only Spark can reach it."""
    if isinstance(location, RemoteUri):
        raise UsageError(
            f"{location}: only datasets are read there, and by Spark alone (--engine spark); else copy it to a folder of this machine"
        )
    return location


def exists(path: Path) -> bool:
    """Whether there is a file or folder at a path. Raises InputError for a name that no file can have."""
    try:
        return path.exists()
    except OSError as error:
        raise InputError(f"{path}: may not be read ({error.strerror or error})") from error
