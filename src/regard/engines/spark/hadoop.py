"""Folders on any file system that Spark knows, through Hadoop's own interface, with the credentials and settings of Spark."""

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
    """A folder as Spark sees it. Its methods raise InputError if Spark can't do something, FileNotFoundError if there is no such file."""

    def __init__(self, spark: SparkSession, location: Location) -> None:
        self._spark, self._location = spark, location
        # With its scheme: Spark would look for a bare path on its default file system.
        self.uri = location.uri if isinstance(location, RemoteUri) else f"file://{os.path.abspath(location)}"  # noqa: PTH100  (a link stays one)
        with self._with_translated_errors():
            self._path = self._hadoop.fs.Path(self.uri)
            self._system = self._path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())

    @property
    def _hadoop(self) -> Any:
        return self._spark.sparkContext._jvm.org.apache.hadoop

    def child(self, name: str) -> Folder:
        """A folder or file in this folder; it need not exist."""
        return Folder(
            self._spark, RemoteUri(f"{self._location}/{name}") if isinstance(self._location, RemoteUri) else self._location / name
        )

    def make(self) -> None:
        """Make the folder, for this user alone. It is removed when the program ends."""
        with self._with_translated_errors():
            self._system.mkdirs(self._path, self._hadoop.fs.permission.FsPermission(PRIVATE))
            self._system.deleteOnExit(self._path)

    def remove(self) -> None:
        """Remove the folder with its contents. Nothing happens if that is not possible, as when Spark has ended."""
        with contextlib.suppress(Exception):
            self._system.delete(self._path, True)

    def folders(self) -> list[str]:
        """The names of the folders in this folder."""
        with self._with_translated_errors():
            return sorted(str(status.getPath().getName()) for status in self._system.listStatus(self._path) if status.isDirectory())

    def sizes(self) -> dict[str, int]:
        """The size in bytes of each file in the folder and below it, by its path relative to the folder."""
        sizes = {}
        with self._with_translated_errors():
            base = self._system.makeQualified(self._path).toUri()
            files = self._system.listFiles(self._path, True)
            while files.hasNext():
                file = files.next()
                sizes[str(base.relativize(file.getPath().toUri()).getPath())] = int(file.getLen())
        return sizes

    def text(self, name: str) -> str:
        """The text of one file."""
        with self._with_translated_errors():
            stream = self._system.open(self.child(name)._path)
            try:
                return bytes(self._spark.sparkContext._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode()
            finally:
                stream.close()

    def local_files(self, suffix: str, into: Path) -> list[Path]:
        """The paths of its files with a suffix, sorted by name. Files that are not on this machine are copied into the folder `into`."""
        names = sorted(name for name in self.sizes() if name.endswith(suffix))
        if isinstance(self._location, Path):
            return [self._location / name for name in names]
        with self._with_translated_errors():
            for name in names:
                self._system.copyToLocalFile(False, self.child(name)._path, self._hadoop.fs.Path(f"file://{into / name}"), True)
        return [into / name for name in names]

    @contextlib.contextmanager
    def _with_translated_errors(self) -> Iterator[None]:
        try:
            yield
        except Py4JJavaError as error:
            kind = str(error.java_exception.getClass().getSimpleName())
            if kind == "FileNotFoundException":
                raise FileNotFoundError(self.uri) from None
            raise InputError(f"{self.uri}: Spark can't get there ({kind})") from None
