"""The command line. A command imports heavy modules only when it runs, so that `regard --help` is quick."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Annotated

import typer

from regard.surfaces.cli import attack, backtest, catalogues, demo, people, person, read, report, table
from regard.surfaces.cli.terminal import complain, say

app = typer.Typer(
    name="regard",
    help="Influence over rank: reads the record of a community, and tells people kept from people reached.",
    epilog="First: regard demo. Then: regard report export.zip. Each command explains itself: regard report --help.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"regard {version('regard')}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell the version and stop.")] = False,
) -> None:
    """Influence over rank."""


for command in (demo, report, read, table, person, backtest, attack, catalogues):
    command.add_to(app)
app.add_typer(people.app, name="people")


def main() -> None:
    """Run a command line, and end the process: 0 done, 2 wrong use, 3 unreadable input, 130 interrupted."""
    # The fits solve systems of 324 numbers. Threads of the linear algebra gain nothing there, and on a busy machine they wait for one
    # another for seconds. Numpy reads the variable when it is first imported. A value that the user sets stays.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.excepthook = _say_fault
    sys.exit(run(sys.argv[1:]))


def _say_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error that is a fault of ours. Its text may hold what a stranger wrote."""
    from traceback import format_exception

    complain("a fault of Regard, which we would like to hear of.\n" + "".join(format_exception(kind, error, trace)))


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code; errors go to standard error, in words."""
    from regard.errors import RegardError

    try:
        code = app(arguments, standalone_mode=False, prog_name="regard")
        return code if isinstance(code, int) else 0
    except RegardError as error:
        complain(str(error))
        return error.exit_code
    except typer.Exit as stop:
        return int(stop.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted. What was read whole is kept; the same command goes on from there.")
        return 130
    except BrokenPipeError:
        # The reader of our output has closed the pipe (`regard table ... | head`): there is nothing to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A name that is too long, a folder that may not be read: what the system says of a path is no fault of this program.
        if error.filename is None:
            raise
        complain(f"{error.filename}: {error.strerror}")
        return 3
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        complain(f"{error.format_message()} See: regard --help")
        return 2
