"""Folders on any file system that Spark knows, through Hadoop's own interface; credentials and settings are those of Spark."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from py4j.protocol import Py4JJavaError

from regard.base.locations import Location, RemoteUri
from regard.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PRIVATE = "700"


class Folder:
    """A folder as Spark sees it. What can't be done raises InputError, FileNotFoundError where there is no such thing."""

    def __init__(self, spark: SparkSession, where: Location) -> None:
        self._spark, self._where = spark, where
        # With its scheme: a bare path would be looked for on Spark's default file system.
        self.uri = where.uri if isinstance(where, RemoteUri) else f"file://{os.path.abspath(where)}"  # noqa: PTH100  (a link stays one)
        with self._told():
            self._path = self._hadoop.fs.Path(self.uri)
            self._system = self._path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    @property
    def _hadoop(self) -> Any:
        return self._spark.sparkContext._jvm.org.apache.hadoop

    def child(self, name: str) -> Folder:
        """A folder or file in it, whether it is there or not."""
        return Folder(self._spark, RemoteUri(f"{self._where}/{name}") if isinstance(self._where, RemoteUri) else self._where / name)

    def make(self) -> None:
        """Make it, for this user alone; it goes with the program."""
        with self._told():
            self._system.mkdirs(self._path, self._hadoop.fs.permission.FsPermission(PRIVATE))
            self._system.deleteOnExit(self._path)

    def remove(self) -> None:
        """Remove it with all that is in it; nothing where that can't be done, as when Spark has ended."""
        with contextlib.suppress(Exception):
            self._system.delete(self._path, True)

    def folders(self) -> list[str]:
        """The names of the folders in it."""
        with self._told():
            return sorted(str(one.getPath().getName()) for one in self._system.listStatus(self._path) if one.isDirectory())

    def sizes(self) -> dict[str, int]:
        """The files in the folder and below it, by their names from there, and how many bytes each has."""
        found = {}
        with self._told():
            whole = self._system.makeQualified(self._path).toUri()
            files = self._system.listFiles(self._path, True)
            while files.hasNext():
                file = files.next()
                found[str(whole.relativize(file.getPath().toUri()).getPath())] = int(file.getLen())
        return found

    def text(self, name: str) -> str:
        """The words of one file."""
        with self._told():
            stream = self._system.open(self.child(name)._path)
            try:
                return bytes(self._spark.sparkContext._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode()
            finally:
                stream.close()

    def copied(self, suffix: str, into: Path) -> list[Path]:
        """Its files of a kind, in the order of their names, on this machine: where they are, or copied into a folder."""
        names = sorted(name for name in self.sizes() if name.endswith(suffix))
        if isinstance(self._where, Path):
            return [self._where / name for name in names]
        with self._told():
            for name in names:
                self._system.copyToLocalFile(False, self.child(name)._path, self._hadoop.fs.Path(f"file://{into / name}"), True)
        return [into / name for name in names]

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Py4JJavaError as error:
            kind = str(error.java_exception.getClass().getSimpleName())
            if kind == "FileNotFoundException":
                raise FileNotFoundError(self.uri) from None
            raise InputError(f"{self.uri}: Spark can't get there ({kind})") from None
