"""The comparison of two checkouts: only renamed words may differ, and each table shows its first difference."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
import same_tables
from same_tables import Difference, Renamed
from sets import SETS

RENAMED = Renamed({"drawn": "new_contacts"}, {"new_contacts": {"drawn": "new_contacts"}}, {"backtest.txt": {"p_again": "p_return"}})
ROWS = "1,0.5,ann\n2,0.25,bo\n"


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def differences(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> dict[str, Difference | str]:
    folders = written(tmp_path / "before", before), written(tmp_path / "after", after)
    return dict(same_tables.folder_differences(*folders, RENAMED))


def test_examples_run() -> None:
    failed, run = doctest.testmod(same_tables)
    assert run
    assert not failed


def test_the_list_of_renamed_words_can_be_read() -> None:
    renamed = Renamed.read(Path(same_tables.__file__).with_name("renamed.json"))
    assert {*renamed.measures.values()} >= {"new_contacts", "excess", "unanswered"}
    assert set(SETS) >= {"mapnik", "houston", "collegemsg"}


def test_a_renamed_measure_with_a_renamed_column_is_the_same(tmp_path: Path) -> None:
    before, after = {"drawn.csv": f"person,drawn,person_id\n{ROWS}"}, {"new_contacts.csv": f"person,new_contacts,person_id\n{ROWS}"}
    assert differences(tmp_path, before, after) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("new_contacts,person,person_id\n1,0.5,ann\n2,0.25,bo\n", 1),
        ("person,new_contacts,person_id\n2,0.25,bo\n1,0.5,ann\n", 2),
        ("person,new_contacts,person_id\n1,0.5,ann\n2,0.250,bo\n", 3),
        ("person,new_contacts,person_id\n1,0.5,ann\n", 3),
        ("person,new_contacts,person_id\n1,0.5,ann\n2,0.25,bo\n3,0.1,cem\n", 4),
    ],
    ids=["columns in another order", "rows in another order", "another value", "a row too few", "a row too many"],
)
def test_the_first_difference_is_shown(tmp_path: Path, text: str, line: int) -> None:
    found = differences(tmp_path, {"drawn.csv": f"person,drawn,person_id\n{ROWS}"}, {"new_contacts.csv": text})
    assert [*found] == ["new_contacts"]
    difference = found["new_contacts"]
    assert isinstance(difference, Difference)
    assert difference.line == line
    assert f"line {line}\n" in str(difference)


def test_a_table_that_is_gone_is_a_difference_and_a_new_one_is_none(tmp_path: Path) -> None:
    assert differences(tmp_path, {"fans.csv": "a\n"}, {"kept.csv": "a\n"}) == {"fans": "missing afterwards"}


def test_a_renamed_word_may_change_the_width_of_a_text_table(tmp_path: Path) -> None:
    before = written(tmp_path / "before", {"backtest.txt": "         auc\np_again  .87\n", "attack.txt": "p_again  1\n"})
    same = written(tmp_path / "same", {"backtest.txt": "          auc\np_return  .87\n", "attack.txt": "p_again  1\n"})
    other = written(tmp_path / "other", {"backtest.txt": "          auc\np_return  .88\n", "attack.txt": "p_again 1\n"})
    assert [*same_tables.goldens_differences(before, same, RENAMED)] == []
    assert [name for name, _ in same_tables.goldens_differences(before, other, RENAMED)] == ["attack.txt", "backtest.txt"]
