"""`make shape`: its counts on a small package, counted by hand, and what must hold of Regard itself."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent

FILES = {
    "__init__.py": '"""A package."""\n\nfrom tiny.a import f\n',
    "a.py": '''"""Module a."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiny.sub import c


def f(x: int, *rest: str) -> c.C:
    """Two lines of code,
    and two of docstring."""
    from tiny import b
    return b.g(x)


def _hidden(x):
    return x
''',
    "b.py": "import tiny.sub.c\n\n\nasync def g(x: int, *, y) -> int:\n    return x\n",
    "sub/__init__.py": "",
    "sub/c.py": '''"""Module c."""

from . import d
from ..b import g


class C:
    """A class."""

    def method(self) -> None:
        def inner(n: int) -> int:
            return n

    def __len__(self) -> int:
        return 0
''',
    "sub/d.py": "class _Hidden:\n    def method(self): ...\n",
    "sub/_e.py": "def public() -> None: ...\n",
}


def load() -> ModuleType:
    """bench/shape.py."""
    spec = importlib.util.spec_from_file_location("bench_shape", ROOT / "bench/shape.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_shape"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shape() -> ModuleType:
    return load()


def test_counts_by_hand(shape: ModuleType, tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    counts = shape.measure(tmp_path / "tiny")
    assert counts.file_lines == {
        "__init__.py": 3,
        "a.py": 19,
        "b.py": 5,
        "sub/__init__.py": 0,
        "sub/c.py": 15,
        "sub/d.py": 2,
        "sub/_e.py": 1,
    }
    # _hidden, f, g, inner, method, __len__, _Hidden.method, public: f has five lines and two of them are its docstring.
    assert sorted(counts.function_lines) == [1, 1, 2, 2, 2, 2, 3, 3]
    # Without all types: _hidden, g (its y) and _Hidden.method.
    assert counts.annotated == 5
    # The modules but _e, f, g, C and C.method; without a docstring: b, sub, d, g and method.
    assert (counts.public, counts.documented) == (10, 5)
    # b and sub.c import each other. The longest chain is tiny, a, sub.c with b, sub.d: a imports b inside a function only.
    assert (counts.loops, counts.floors) == (1, 4)
    assert counts.too_long == []


def test_a_long_file_and_an_empty_folder(shape: ModuleType, tmp_path: Path) -> None:
    assert "import floors                0" in str(shape.measure(tmp_path))
    (tmp_path / "long.py").write_text("x = 1\n" * 351)
    counts = shape.measure(tmp_path)
    assert counts.too_long == ["long.py"]
    assert str(counts).endswith("files over 350 lines         1, long.py")


def test_regard_has_no_import_loop(shape: ModuleType) -> None:
    assert shape.measure(ROOT / "src/regard").loops == 0


def test_regard_has_no_long_file(shape: ModuleType) -> None:
    assert shape.measure(ROOT / "src/regard").too_long == []
