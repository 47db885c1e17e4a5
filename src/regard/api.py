"""The Python API: read, open, study, report, backtest, attack. `import regard` gives these; heavy modules load at their first use."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regard.engines.catalogue import Name
    from regard.evaluation.attack.results import Attack
    from regard.evaluation.backtest.results import Backtest
    from regard.findings.disclosure import Audience
    from regard.findings.report import Report
    from regard.record.dataset import Dataset
    from regard.record.record import Record
    from regard.studies.study import Study


def read(
    *paths: str | os.PathLike[str],
    into: str | os.PathLike[str] | None = None,
    source: str | None = None,
    mapping: Mapping[str, str] | None = None,
    preset: str | None = None,
    text: bool = True,
    private: bool = False,
    bots: Sequence[str] = (),
    memory_limit: str | None = None,
    temporary: str | os.PathLike[str] | None = None,
) -> Record:
    """Read exports into a record: a temporary one that is removed with the object, or the one at `into`, which is extended.

    The content of an export shows its format, unless `source` names it. `mapping` gives the column of a table for each field of an act.
    `private=True` reads private channels and direct messages too, and `text=False` keeps no words. `bots` are ids or names of accounts
    that are bots and no people, whatever the export says; the record keeps that, as `Record.mark_bot` does. Raises InputError or a
    subclass, and UnknownName for a bot that the record does not have: what was read is kept then.

    >>> import tempfile, regard
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = Path(folder) / "log.csv"
    ...     size = log.write_text("from,to,time\\nann,bob,2024-01-01\\nrobot,ann,2024-01-01\\n")
    ...     with regard.read(log, bots=["robot"]) as record, regard.study(record) as study:
    ...         [(record.person("bob").person == row["person"], row["people"]) for row in study.reached.rows()]
    [(True, 1)]
    """
    from regard.engines.limits import Limits
    from regard.record.record import Record
    from regard.sources.base import Options
    from regard.studies.open import new_record
    from regard.studies.read import inputs_of, read_into

    options = Options(text=text, private=private, mapping=dict(mapping or {}), preset=preset, bots=tuple(bots))
    inputs, limits = inputs_of(paths, source, options), Limits(memory_limit, temporary)
    if into is None:
        record = Record.temporary(limits)
        for _ in read_into(record, inputs, options):
            pass
        return record
    with new_record(Path(into), limits) as record:
        for _ in read_into(record, inputs, options):
            pass
    return record


def open(path: str | os.PathLike[str]) -> Record | Dataset:
    """Open the record or the dataset at a path. Raises RecordError if there is none."""
    from regard.record.dataset import open_record

    return open_record(path)


def study(
    record: Record | Dataset,
    *,
    until: datetime | None = None,
    bin_days: float | None = None,
    window_days: float | None = None,
    memory_limit: str | None = None,
    temporary: str | os.PathLike[str] | None = None,
    seeds: Sequence[str] = (),
    engine: Name = "duckdb",
    work: str | os.PathLike[str] | None = None,
    master: str | None = None,
) -> Study:
    """Study a record as it stands at one moment: at its last act, or at `until`. Measures are attributes of the study.

    `seeds` are ids or names of people from whom trust starts, for the measure `vouched`; without them Regard chooses. The engine
    "spark" needs the extra `spark`. It uses the current Spark session, or starts one at `master`. The folder `work` keeps the relations
    of the study, so that the same record with the same settings does not need them made again.

    >>> import regard
    >>> from regard.record.schema import Act, Batch
    >>> from regard.record.ingest import InputInfo
    >>> from regard.record.record import Record
    >>> with Record.temporary() as record:
    ...     day = 86_400_000_000
    ...     acts = [Act("ann", "reply", n * 3 * day + 2**50, "bo") for n in range(5)]
    ...     added = record.append(InputInfo("table", "by hand", own_ids=False), [Batch(acts)])
    ...     with regard.study(record) as study:
    ...         [(row["people"], row["recent"]) for row in study.reached.rows()]
    [(1, 1)]
    """
    from regard.studies.settings import Settings
    from regard.studies.study import Study

    limits = until, bin_days, window_days, memory_limit, temporary
    work_folder = Path(work) if work is not None else None
    return Study(record, Settings(*limits, seeds=tuple(seeds), engine=engine, work=work_folder, master=master))


def report(
    study: Study,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    audience: Audience = "community",
    me: str | None = None,
    mask: bool | None = None,
) -> Report:
    """Write the report on a study as one HTML file, and return its content.

    `mask` hides e-mail addresses, phone numbers and keys in texts; None means for the audience "organisation" only. Raises UsageError if a
    record is at the path, or if it can't be written.
    """
    from regard.studies.outputs import check_output, write_whole
    from regard.studies.report import report_of
    from regard.surfaces.pages.page import render

    check_output(path, [study.record.path])
    content = report_of(study, title=title, audience=audience, me=me, mask=mask)
    write_whole(Path(path), render(content))
    return content


def backtest(
    record: Record | Dataset,
    *,
    at: Sequence[datetime] = (),
    bin_days: float | None = None,
    window_days: float | None = None,
    memory_limit: str | None = None,
    seed: int = 1,
    draws: int = 2_000,
    engine: Name = "duckdb",
    master: str | None = None,
) -> Backtest:
    """Test `kept` against all kinds of rank on a record's own past, at the moments `at` or at moments derived from the record.

    Needs the extra `backtest`, and raises MissingExtra without it.
    """
    from regard.evaluation.backtest.run import Trial, backtest

    return backtest(record, Trial(tuple(at), bin_days, window_days, memory_limit, seed, draws, engine=engine, master=master))


def attack(
    record: Record | Dataset,
    *,
    attackers: int = 4,
    random_seed: int = 1,
    until: datetime | None = None,
    bin_days: float | None = None,
    window_days: float | None = None,
    memory_limit: str | None = None,
    seeds: Sequence[str] = (),
) -> Attack:
    """Plant fake accounts in copies of a record, and measure how far they bring their owner. The record itself is never changed.

    `seeds` are ids or names of people from whom trust starts; without them Regard chooses.
    """
    from regard.evaluation.attack.run import Plan, attack

    return attack(record, Plan(attackers, random_seed, until, bin_days, window_days, memory_limit, tuple(seeds)))
