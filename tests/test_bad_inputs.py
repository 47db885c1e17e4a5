"""Broken, hostile and odd inputs: the right exit code, a message that helps and repeats no user's words, and an intact record."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.long

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


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=[pytest.mark.slow] if "2 GB" in case.name else []) for case in BAD.CASES]
)
def test_a_bad_input_is_reported_and_costs_nothing(case: object, tmp_path: Path) -> None:
    outcome = BAD.run_case(case, tmp_path)
    assert outcome.code == outcome.case.code, outcome.message
    assert outcome.case.words in outcome.message
    assert not outcome.lost
    assert BAD.SECRET not in outcome.message
