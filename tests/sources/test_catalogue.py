"""Which source reads an input: the most confident one, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from regard.errors import RegardError, Unrecognised
from regard.record.schema import Batch
from regard.sources import catalogue
from regard.sources.base import CERTAIN, FALLBACK, LIKELY, Options, Recognition, Source
from regard.sources.catalogue import BUILT_IN, best_match, recognised
from regard.sources.formats.bundle import Bundle
from regard.studies.read import inputs_of

DATA = Path(__file__).parent / "data"
CHAT = '{"from": "ann", "to": "bo", "message": "hello", "sent": 1709294400, "room": "kitchen"}\n' * 3

Recognise = Callable[[Bundle], object]
Install = Callable[..., None]


def read_nothing(_bundle: Bundle, _options: Options) -> Iterator[Batch]:
    yield Batch()


class Point:
    """An entry point of an installed package."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def load(self) -> Source:
        return self.source


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs packages that bring sources, by name and `recognise`."""

    def install(**recognisers: Recognise) -> None:
        points = [
            Point(Source(name=name, title=name, about="", recognise=recognise, read=read_nothing))  # type: ignore[arg-type]
            for name, recognise in recognisers.items()
        ]
        monkeypatch.setattr(catalogue, "entry_points", lambda group: points if group == catalogue.GROUP else [])

    return install


def answer(confidence: float, reason: str = "it says so") -> Callable[[Bundle], Recognition]:
    return lambda _bundle: Recognition(confidence, reason)


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    (tmp_path / "chat.jsonl").write_text(CHAT)
    return tmp_path / "chat.jsonl"


def test_a_table_is_the_fallback(chat: Path, install: Install) -> None:
    match = recognised(Bundle.of(chat))
    assert (match.source.name, match.recognition and match.recognition.confidence) == ("table", FALLBACK)
    install(chat=answer(LIKELY))
    assert recognised(Bundle.of(chat)).source.name == "chat"


def test_a_json_chat_of_a_built_in_source_is_no_table(chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Even a source that is asked after the table.
    after = replace(BUILT_IN[0], name="chat", recognise=answer(LIKELY))
    monkeypatch.setattr(catalogue, "BUILT_IN", (*BUILT_IN, after))
    assert recognised(Bundle.of(chat)).source.name == "chat"


def test_the_most_confident_source_reads(install: Install, chat: Path) -> None:
    install(sure=answer(LIKELY), surer=answer(0.8, "its first key"), less=answer(0.3))
    match = best_match(Bundle.of(chat))
    assert match is not None
    assert (match.source.name, match.recognition) == ("surer", Recognition(0.8, "its first key"))


def test_of_equally_confident_sources_the_first_reads_and_those_of_packages_come_first(install: Install, chat: Path) -> None:
    install(one=answer(LIKELY), two=answer(LIKELY))
    assert recognised(Bundle.of(chat)).source.name == "one"
    install(mine=answer(CERTAIN))
    assert recognised(Bundle.of(DATA / "slack")).source.name == "mine"


@pytest.mark.parametrize("source", BUILT_IN, ids=lambda source: source.name)
def test_an_input_says_why_its_source_reads_it(source: Source) -> None:
    (each,) = inputs_of([DATA / source.name])
    assert each.source is source
    assert each.recognition is not None
    assert 0 < each.recognition.confidence <= 1
    assert (each.recognition.confidence == FALLBACK) == (source.name == "table")
    assert len(each.recognition.reason) > 10


def test_files_read_together_say_why_the_first_is_read() -> None:
    (each,) = inputs_of([DATA / "stackexchange" / name for name in ("Posts.xml", "Users.xml")])
    assert each.recognition is not None


def test_a_source_that_the_user_names_needs_no_reason(chat: Path) -> None:
    (each,) = inputs_of([chat], "table")
    assert each.recognition is None


@pytest.mark.parametrize("old", [True, False, 0.5, "yes"])
def test_a_package_with_another_kind_of_answer_is_named(install: Install, chat: Path, old: object) -> None:
    install(elder=lambda _bundle: old)
    with pytest.raises(RegardError, match=f"the source 'elder' answers {old!r} .* expects a Recognition .* or None"):
        inputs_of([chat])


def test_a_package_that_recognises_nothing_changes_nothing(install: Install, chat: Path, tmp_path: Path) -> None:
    install(mine=lambda _bundle: None)
    assert recognised(Bundle.of(chat)).source.name == "table"
    (tmp_path / "words.txt").write_text("words and words\n")
    with pytest.raises(Unrecognised, match=r"no source knows this input .* Regard reads: mine, slack"):
        inputs_of([tmp_path / "words.txt"])
