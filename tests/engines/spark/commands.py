"""Commands of Regard as processes of their own, on a Spark for small data."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SMALL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}

PATIENCE = 580.0


def environment(folder: Path) -> dict[str, str]:
    """Settings of Spark for small data, as a user would give them: in a file."""
    folder.mkdir(exist_ok=True)
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SMALL.items()))
    return {**os.environ, "SPARK_CONF_DIR": os.fspath(folder), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}


def begin(arguments: list[str], folder: Path, inside: Sequence[str] = ()) -> subprocess.Popen[str]:
    """Start a command of Regard as a process, run by the command `inside` if that is given."""
    command = [*inside, sys.executable, "-W", "ignore", "-m", "regard", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(folder / "conf"))


def ended(process: subprocess.Popen[str], code: int = 0) -> tuple[str, str]:
    """What the process printed on standard output and standard error; it must have ended with this code."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    assert process.returncode == code, err[-4000:]
    return out, err
