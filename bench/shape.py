"""The shape of a Python package: python bench/shape.py [FOLDER]. It counts lines, types, docstrings and imports in the source alone."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path

LONGEST_FILE = 350
"""The most lines that a file should have."""
PRIVATE = re.compile(r"(^|/)_(?!_)")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Imports = Mapping[str, frozenset[str]]
"""The modules of a package, each with the modules of the package that it imports."""


@dataclass(frozen=True)
class Shape:
    """The counts of a package."""

    file_lines: Mapping[str, int]
    """Lines of each file, by its path in the package's folder."""
    function_lines: Sequence[int]
    """Lines of each function from its `def` on, without its docstring. A function inside another is counted in both."""
    annotated: int
    """Functions with a type for each argument and for the result."""
    public: int
    """Modules, classes, functions and methods without a leading underscore in their path."""
    documented: int
    """Those of them with a docstring."""
    floors: int
    """Modules in the longest chain of imports."""
    loops: int
    """Groups of modules that import each other."""

    @property
    def too_long(self) -> list[str]:
        """The files with more than LONGEST_FILE lines."""
        return sorted(path for path, lines in self.file_lines.items() if lines > LONGEST_FILE)

    def __str__(self) -> str:
        functions = len(self.function_lines)
        rows = {
            "files": f"{len(self.file_lines):,}",
            "lines": f"{sum(self.file_lines.values()):,}",
            "lines of a file": spread(list(self.file_lines.values())),
            "functions": f"{functions:,}",
            "lines of a function": spread(self.function_lines),
            "functions with all types": share(self.annotated, functions),
            "public names with docstring": share(self.documented, self.public),
            "import floors": str(self.floors),
            "import loops": str(self.loops),
            f"files over {LONGEST_FILE} lines": ", ".join([str(len(self.too_long)), *self.too_long]),
        }
        return "\n".join(f"{name:28} {value}" for name, value in rows.items())


def spread(counts: Sequence[int]) -> str:
    """The median, the 90 % quantile and the largest of some counts, by nearest rank.

    >>> spread([1, 2, 3, 40])
    'median 2, 90 % 40, longest 40'
    """
    ranked = sorted(counts) or [0]
    median, ninety = (ranked[ceil(quantile * len(ranked)) - 1] for quantile in (0.5, 0.9))
    return f"median {median}, 90 % {ninety}, longest {ranked[-1]}"


def share(count: int, total: int) -> str:
    """A share with its two counts."""
    return f"{100 * count / total:.1f} % ({count:,} of {total:,})" if total else "none"


def measure(folder: Path) -> Shape:
    """The shape of the package in a folder of the package's name. Raises SyntaxError if a file holds no Python."""
    texts = {path.relative_to(folder): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    trees = {path: ast.parse(text, str(path)) for path, text in texts.items()}
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, Function)]
    public = [node for path, tree in trees.items() if not PRIVATE.search(path.as_posix()) for node in (tree, *public_names(tree))]
    graph = import_graph(folder.resolve().name, trees)
    loops = find_loops(graph)
    return Shape(
        file_lines={path.as_posix(): len(text.splitlines()) for path, text in texts.items()},
        function_lines=[count_lines(function) for function in functions],
        annotated=sum(map(is_annotated, functions)),
        public=len(public),
        documented=sum(ast.get_docstring(node) is not None for node in public),
        floors=count_floors(graph, loops),
        loops=len(loops),
    )


def count_lines(function: Function) -> int:
    """The lines of a function without its docstring."""
    parts: list[ast.stmt] = [function, *function.body[: ast.get_docstring(function) is not None]]
    lines, *docstring = ((part.end_lineno or part.lineno) - part.lineno + 1 for part in parts)
    return lines - sum(docstring)


def is_annotated(function: Function) -> bool:
    """Whether the result and every argument but `self` and `cls` have a type."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if positional and positional[0].arg in ("self", "cls"):
        del positional[0]
    typed = [*positional, *arguments.kwonlyargs, *filter(None, (arguments.vararg, arguments.kwarg))]
    return function.returns is not None and all(argument.annotation is not None for argument in typed)


def public_names(parent: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | Function]:
    """Classes, functions and methods without a leading underscore. Those inside a function don't count."""
    for node in parent.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_names(node)


def import_graph(package: str, trees: Mapping[Path, ast.Module]) -> Imports:
    """What each module imports when it is imported itself, or for types alone. Imports inside a function don't count."""
    names = {path: ".".join((package, *path.with_suffix("").parts)).removesuffix(".__init__") for path in trees}
    graph = {}
    for path, name in names.items():
        parent = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imports = (target for node in _imports(trees[path]) for target in _targets(node, parent, set(names.values())))
        graph[name] = frozenset(imports) - {name}
    return graph


def _imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, Function | ast.Lambda):
            yield from _imports(child)


def _targets(node: ast.Import | ast.ImportFrom, folder: str, modules: set[str]) -> Iterator[str]:
    """The modules that a statement imports, of those in the set. `folder` is the package that a relative import starts from."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules)
        return
    above = folder.split(".")[: len(folder.split(".")) + 1 - node.level] if node.level else []
    base = ".".join([*above, *filter(None, [node.module])])
    for alias in node.names:
        yield from [name for name in (f"{base}.{alias.name}", base) if name in modules][:1]


def find_loops(graph: Imports) -> list[frozenset[str]]:
    """Groups of modules that import each other, directly or by way of others.

    >>> [sorted(loop) for loop in find_loops({"a": frozenset("b"), "b": frozenset("a"), "c": frozenset("a")})]
    [['a', 'b']]
    """
    reached = {name: _reached(graph, name) for name in graph}
    loops = {frozenset(other for other in reached[name] if name in reached[other]) for name in graph if name in reached[name]}
    return sorted(loops, key=sorted)


def _reached(graph: Imports, name: str) -> set[str]:
    reached: set[str] = set()
    queue = list(graph[name])
    while queue:
        if (other := queue.pop()) not in reached:
            reached.add(other)
            queue.extend(graph[other])
    return reached


def count_floors(graph: Imports, loops: Sequence[frozenset[str]]) -> int:
    """The modules in the longest chain of imports. The modules of a loop count as one."""
    groups = {name: next((loop for loop in loops if name in loop), frozenset({name})) for name in graph}

    @cache
    def height(group: frozenset[str]) -> int:
        below = {groups[other] for name in group for other in graph[name]} - {group}
        return 1 + max(map(height, below), default=0)

    return max(map(height, groups.values()), default=0)


if __name__ == "__main__":
    print(measure(Path(sys.argv[1] if len(sys.argv) > 1 else "src/regard")))
