"""Broken, hostile and odd inputs: the right exit code, a message that helps and repeats nobody's words, and a record that stays whole."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from .cases import mostly_long

SCRIPT = Path(__file__).parent.parent / "validation" / "bad_inputs.py"


def script() -> ModuleType:
    """validation/bad_inputs.py, which holds the cases."""
    spec = importlib.util.spec_from_file_location("bad_inputs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bad_inputs"] = module
    spec.loader.exec_module(module)
    return module


BAD = script()


FAST = [case for case in BAD.CASES if "2 GB" not in case.name]
SLOW = [pytest.param(case, id=case.name, marks=pytest.mark.slow) for case in BAD.CASES if case not in FAST]


@pytest.mark.parametrize("case", [*mostly_long(FAST, 10, lambda case: str(case.name)), *SLOW])
def test_a_bad_input_is_told_and_costs_nothing(case: object, tmp_path: Path) -> None:
    found = BAD.tried(case, tmp_path)
    assert found.code == found.case.code, found.said
    assert found.case.words in found.said
    assert not found.lost
    assert BAD.SECRET not in found.said
