"""What a source declares sensitive reaches nothing: a secret is planted in each such field of its fixture, and looked for everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from regard.engines.duckdb.statements import execute
from regard.errors import RegardError
from regard.record.record import Record
from regard.record.schema import Batch
from regard.record.storage import reading
from regard.sources.base import Options, Source
from regard.sources.catalogue import sources
from regard.sources.formats.bundle import Bundle
from regard.studies.read import Input, read_into

from .planting import UNMAPPED, Planter, json_values

DATA = Path(__file__).parent / "data"
ALL = [pytest.param(source, id=source.name) for source in sources().values()]
OPTIONS = Options(private=True)


def declared(source: Source) -> tuple[str, ...]:
    return (UNMAPPED,) if source.name == "table" else source.sensitive


@pytest.fixture
def planted(source: Source, tmp_path: Path) -> tuple[Path, Planter]:
    """A copy of a source's fixture with the secrets in it."""
    folder, planter = tmp_path / "planted", Planter(declared(source))
    shutil.copytree(DATA / source.name, folder)
    planter.plant(folder)
    return folder, planter


def rows(source: Source, folder: Path) -> list[tuple[object, ...]]:
    batches = source.read(Bundle.of(folder), OPTIONS)
    return [(act.actor, act.kind, act.target, act.item, act.text) for batch in batches if isinstance(batch, Batch) for act in batch.acts]


@pytest.mark.parametrize("source", ALL)
def test_a_secret_is_planted_in_each_declared_field(source: Source, planted: tuple[Path, Planter]) -> None:
    folder, planter = planted
    assert planter.secrets
    assert all(secret.planted for secret in planter.secrets), [secret.declared for secret in planter.secrets if not secret.planted]
    content = "\n".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*")) if path.is_file())
    assert planter.leaks(content) == list(declared(source))


@pytest.mark.parametrize("source", ALL)
def test_no_act_account_or_note_holds_a_secret(source: Source, planted: tuple[Path, Planter]) -> None:
    folder, planter = planted
    assert rows(source, folder) == rows(source, DATA / source.name)
    for batch in source.read(Bundle.of(folder), OPTIONS):
        if isinstance(batch, Batch):
            assert planter.leaks(repr((batch.acts, batch.accounts))) == []
        assert planter.leaks(repr(batch.notes)) == []


@pytest.mark.parametrize("source", ALL)
def test_no_cell_or_byte_of_the_record_holds_a_secret(source: Source, planted: tuple[Path, Planter], tmp_path: Path) -> None:
    folder, planter = planted
    record = Record.at(tmp_path / "record" / "all.regard")
    ((_, result),) = read_into(record, [Input(Bundle.of(folder), source)], OPTIONS)
    assert result is not None
    assert result.added > 3
    with reading(record.path) as connection:
        cells = [
            str(cell) for name in ("acts", "accounts", "notes", "inputs") for row in execute(connection, f"FROM {name}") for cell in row
        ]
    assert planter.leaks("\n".join(cells)) == []
    data = b"\n".join(path.read_bytes() for path in sorted(record.path.parent.iterdir()))
    assert planter.leaks(data.decode("latin-1")) == []


@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("keep", [0.2, 0.5, 0.8, 0.95])
def test_no_error_holds_a_secret(source: Source, planted: tuple[Path, Planter], keep: float, record: Record) -> None:
    folder, planter = planted
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            path.write_bytes(data[: int(len(data) * keep)])
    try:
        list(read_into(record, [Input(Bundle.of(folder), source)], OPTIONS))
    except RegardError as error:
        assert planter.leaks(str(error)) == []  # noqa: PT017  (some formats are complete at any line)


def test_the_planter_knows_every_form_of_a_declared_field(tmp_path: Path) -> None:
    planter = Planter(("tz", "profile.email", "image_*", "logs.json"))
    (tmp_path / "a.json").write_text('{"profile": {"email": "x", "image_24": 5}}\n[{"profile": {}}]')
    planter.plant(tmp_path)
    first, second = json_values((tmp_path / "a.json").read_text())
    tz, email, image, logs = planter.secrets
    assert first == {
        "profile": {"email": email.word, "image_24": image.number, "image_planted": image.number, "tz": tz.word},
        "tz": tz.number,
        "image_planted": image.word,
    }
    assert isinstance(second, list)
    assert set(second[0]) == {"profile", "tz", "image_planted"}
    assert set(second[0]["profile"]) == {"email", "image_planted", "tz"}
    assert logs.word in (tmp_path / "logs.json").read_text()


def test_a_field_that_is_kept_is_noticed(tmp_path: Path) -> None:
    planter = Planter(("profile.title",))
    shutil.copytree(DATA / "slack", tmp_path / "slack")
    planter.plant(tmp_path / "slack")
    (first, *_) = sources()["slack"].read(Bundle.of(tmp_path / "slack"), OPTIONS)
    assert isinstance(first, Batch)
    assert planter.leaks(repr(first.accounts)) == ["profile.title"]
