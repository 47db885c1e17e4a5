"""Opening an engine on a record: what a study needs before it can make its first relation."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

from regard.base.locations import RemoteUri, local_path
from regard.engines.base import Engine
from regard.engines.catalogue import make_engine
from regard.engines.duckdb.engine import DuckDBEngine
from regard.measures.base import Catalogue
from regard.measures.catalogue import CATALOGUE
from regard.record.dataset import Dataset
from regard.record.dataset_manifest import MANIFEST, check
from regard.record.dataset_tables import check_columns, described
from regard.record.record import Record
from regard.record.storage import check_objects, no_secret
from regard.record.work_folders import note_work
from regard.studies.settings import Settings


def open_engine(record: Record | Dataset, settings: Settings, catalogue: Catalogue = CATALOGUE) -> Engine:
    """An engine that has the record's tables and nothing more; raises what the engine and the record raise.

    With `settings.work` it also has the relations that an earlier program made there, if they are about the same.
    """
    work = (settings.work, _about(record, settings, catalogue)) if settings.work else None
    engine = make_engine(settings.engine, settings.master, memory_limit=settings.memory_limit, temporary=settings.temporary, work=work)
    try:
        if isinstance(record.path, RemoteUri):
            check(record.path, engine.files(record.path))
        engine.attach(record.path, "record")
        check_tables(record, engine)
        if settings.work:
            note_work(local_path(record.path), settings.work)
    except BaseException:
        engine.close()
        raise
    return engine


def check_tables(record: Record | Dataset, engine: Engine) -> None:
    """Raise NotARecord, NewerRecord or DamagedRecord unless the attached tables are exactly those of a record or of a dataset."""
    if isinstance(record, Record):
        check_objects(record.path, engine.rows, "record")
        return
    if isinstance(engine, DuckDBEngine):
        check_columns(record.path, lambda table: described(engine.rows(f"DESCRIBE FROM record.{table}")))
    else:
        check_columns(record.path, lambda table: dict.fromkeys(engine.columns(f"FROM record.{table}")))
    if not engine.rows("SELECT 1 FROM record.meta WHERE key = 'salt' AND value <> ''"):
        raise no_secret(record.path)


def _about(record: Record | Dataset, settings: Settings, catalogue: Catalogue) -> str:
    """What relations depend on: the state of the record's files, the settings, and the SQL of this version."""
    path = local_path(record.path)
    state = (path / MANIFEST if path.is_dir() else path).stat()
    relevant = replace(settings, memory_limit=None, temporary=None, work=None)
    made_by = f"{version('regard')}-{catalogue.fingerprint()}"
    return f"{path.resolve()} of {state.st_size} bytes and {state.st_mtime_ns}, {relevant!r}, by {made_by}"


def prepare_record(record: Record | Dataset, settings: Settings) -> Record | Dataset:
    """The record in a form that the engine reads. For Spark, a record's file is written as a dataset that goes with the program."""
    if settings.engine == "spark" and isinstance(record, Record):
        return Dataset.temporary(record, settings.temporary)
    return record
