"""A Spark cluster of this machine: one master and some workers, each a process of its own, on the loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

DEPLOY = "org.apache.spark.deploy"
PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@dataclass
class Cluster:
    """Its master's address, and what it runs as."""

    master: str
    page: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executors(self) -> list[int]:
        """Processes that do the work for an application."""
        pids = []
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                is_executor = any("CoarseGrainedExecutorBackend" in word for word in _words(process / "cmdline"))
                if is_executor and _parent(process) in {worker.pid for worker in self.workers}:
                    pids.append(int(process.name))
        return sorted(pids)

    def logs(self) -> str:
        """All that master, workers and executors wrote."""
        files = [path for path in self.folder.rglob("*") if path.is_file() and (path.suffix == ".log" or path.name in ("stderr", "stdout"))]
        return "".join(path.read_text(errors="replace") for path in files)


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").split("\0")
    except OSError:
        return []


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster of one master and `workers` workers of one core and a gigabyte; it ends with the block."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port, page = free_port(), free_port()
    made = Cluster(f"spark://127.0.0.1:{port}", f"http://127.0.0.1:{page}/json/", folder)
    local = {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost", "SPARK_DAEMON_MEMORY": "256m"}
    environment = {**os.environ, **local, "SPARK_HOME": os.fspath(home), "PYSPARK_PYTHON": sys.executable}

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (folder / f"{name}.log").open("wb") as log:
            command = [os.fspath(home / "bin" / "spark-class"), f"{DEPLOY}.{arguments[0]}", "--host", "127.0.0.1", *arguments[1:]]
            return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment)

    started = [start("master", "master.Master", "--port", str(port), "--webui-port", str(page))]
    try:
        for number in range(workers):
            work_folder = folder / f"worker{number}"
            begun = start(
                f"worker{number}", "worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", str(free_port()),
                "--work-dir", os.fspath(work_folder), made.master,
            )  # fmt: skip
            started.append(begun)
            made.workers.append(begun)
        _wait(made, workers)
        yield made
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


def _wait(made: Cluster, workers: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(made.page) as answer:
                if f'"aliveworkers" : {workers}'.encode() in answer.read():
                    return
        except OSError:
            pass
        time.sleep(0.25)
    raise TimeoutError(f"no {workers} workers after {PATIENCE:.0f} s: {made.logs()[-2000:]}")
