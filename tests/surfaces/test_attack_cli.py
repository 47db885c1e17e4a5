"""`regard attack` as a user meets it: words, tables, files, exit codes; and its page names every key."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import typing
from pathlib import Path

import pytest

import regard
from regard.evaluation import graph_baselines
from regard.evaluation.attack import results as outcome
from regard.evaluation.attack.measure import SCORES
from regard.evaluation.attack.results import Attack, Clean, Mean, Pods, PodScore, Raid, Seeds, Standing, Verdict
from regard.evaluation.attack.scenarios import MODES
from regard.surfaces.cli import run
from regard.surfaces.cli.attack import say_attack

pytestmark = pytest.mark.long

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden/attack.txt"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Thirty people who act in turn for half a year."""
    rows = (
        f"p{n % 30:02d},p{(n * 5 + n // 60) % 29:02d},2024-{1 + n // 140:02d}-{1 + n // 5 % 28:02d}T{n % 5 + 9:02d}:00:00\n"
        for n in range(840)
    )
    path = tmp_path / "log.csv"
    path.write_text("from,to,time\n" + "".join(rows))
    return path


def mean(value: float) -> Mean:
    return Mean(value, value * 0.9, value * 1.1)


def sample() -> Attack:
    """An attack with invented figures."""
    raids = tuple(
        Raid(
            mode=mode.name,
            about=mode.about,
            accounts=size,
            attackers=4,
            at_once=4 if size == 10 else 1,
            standings=tuple(Standing(one.name, one.label, mean(0.5), mean(min(0.9, 0.5 + size / 2000))) for one in SCORES),
            kept=mean(size / 2),
            vouched=mean(size * nth / 1000),
            bound=mean(size * nth / 200),
            within=True,
            replies=mean(size / 10),
            helpers=mode.accomplices,
            price=None if mode.accomplices else mean(nth / 100),
            price_helper=mean(0.4) if mode.accomplices else None,
            clean=Clean(mean(size / 3), mean(size * nth / 1500), mean(0.9), mean(0.5)) if size == 1000 else None,
        )
        for nth, mode in enumerate(MODES)
        for size in (10, 1000)
    )
    pods = Pods(10, 3, (PodScore("kept", "kept", mean(8.9), mean(89), mean(0.5), mean(0.99)),))
    seeds = Seeds(7, {"elder": 4, "near": 3}, ("Ada", "Bo", "Cem", "Dua", "Eli", "Fay"))
    return Attack(
        title="made up", version="1", acts=12_345, people=500, active=120, bin_days=1, window_days=28, gate=True, seeds=seeds,
        random_seed=1, verdict=Verdict("dear", "Buying is dear here. So it is."), raids=raids, pods=pods,
    )  # fmt: skip


def test_what_is_said_is_the_golden_text(capsys: pytest.CaptureFixture[str]) -> None:
    """REGARD_GOLDEN=rewrite writes it anew; look at the difference before you keep it."""
    say_attack(sample())
    printed = capsys.readouterr().out
    if os.environ.get("REGARD_GOLDEN") == "rewrite":
        GOLDEN.write_text(printed, encoding="utf-8")
    assert printed == GOLDEN.read_text(encoding="utf-8")


def test_a_bound_that_did_not_hold_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    result = sample()
    say_attack(dataclasses.replace(result, raids=(*result.raids[1:], dataclasses.replace(result.raids[0], within=False))))
    assert "did NOT hold" in capsys.readouterr().out


def test_an_attack_on_an_export(log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    figures = tmp_path / "figures.json"
    monkeypatch.setattr("regard.evaluation.attack.copies.MAX_ACCOUNTS", 5000)
    arguments = ["attack", str(log), "--json", str(figures), "--attackers", "1", "--random-seed", "5", "--seed", "p07", "--window", "28d"]
    assert run(arguments) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("log: 812 acts between people")
    assert "Trust starts from 1 people (1 chosen), such as p07" in printed
    assert "seed 5" in printed
    result = json.loads(figures.read_text())
    assert [raid["accounts"] for raid in result["raids"]] == [10, 100, 1000] * len(MODES)
    assert {path.name for path in tmp_path.iterdir()} == {"log.csv", "figures.json"}


def test_without_the_extra_its_ranks_are_left_out(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph_baselines, "import_module", lambda _: (_ for _ in ()).throw(ImportError))
    with regard.read(log) as record, regard.study(record) as study:
        from regard.evaluation.attack.measure import measure_scores

        assert {score.name for score in SCORES} - set(measure_scores(study).scores) == {"k_core", "eigentrust"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--seed", "nobody"], 2, "unknown person 'nobody'"),
        (["--bin", "2x"], 2, "--bin takes a length of time"),
        (["--attackers", "0"], 2, "attackers"),
        (["--json", "{log}"], 2, "is one of the inputs"),
    ],
)
def test_wrong_use_is_told(log: Path, arguments: list[str], code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["attack", str(log), *(one.format(log=log) for one in arguments)]) == code
    assert words in capsys.readouterr().err


def keys(kind: object, seen: set[object]) -> set[str]:
    """All keys of the JSON of a dataclass."""
    names: set[str] = set()
    for part in (kind, *typing.get_args(kind)):
        if dataclasses.is_dataclass(part) and isinstance(part, type) and part not in seen:
            seen.add(part)
            hints = typing.get_type_hints(part, vars(outcome))
            names |= {*hints} | {key for hint in hints.values() for key in keys(hint, seen)}
        elif part is not kind:
            names |= keys(part, seen)
    return names


def test_the_page_names_every_key() -> None:
    page = (ROOT / "docs/attack.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_]+)`", page))
    assert keys(Attack, set()) - named == set()
    assert {mode.name for mode in MODES} <= set(re.findall(r"`([a-z -]+)`", page))
