"""Loading a submission inside the worker: what it defines, and whether there is a function to call.

Most that is handed in holds more than a function, and much of the rest fails somewhere: a missing
cv2, an image that is not there, `input()`. So a file is executed one top-level statement at a time;
one that raises is noted, and the next one runs.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH109, PTH119

import __future__

import ast
import importlib.abc
import itertools
import linecache
import os
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from grader.confined import target
from grader.confined.bounded_text import LIST_CAP, bounded

Json = dict[str, Any]

MODULE = "submission"
"""The module that a submission becomes: not `__main__`, so that what a file does as a script stays undone."""

_FUTURE = sum(
    {getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
)


class Loaded(NamedTuple):
    """A submission in memory."""

    function: Callable[..., object]
    describe: Callable[[BaseException], Json]
    facts: Json


class Finder(importlib.abc.MetaPathFinder):
    """Refuses the libraries that the exercise forbids, with a sentence instead of 'no module named'."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        self._forbidden = frozenset(forbidden)

    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> None:
        """Raise ImportError for a forbidden library; None for any other, which the next finder then finds.

        The grader itself is not there: it may be installed beside numpy, where a worker may not
        read it, and PermissionError is nothing that `except ImportError` expects.
        """
        del path, target
        library = fullname.partition(".")[0]
        if library == "grader":
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        if library in self._forbidden:
            raise ImportError(
                f"{library} is not allowed in this exercise: write it yourself with NumPy",
                name=fullname,
            )


def load(request: Json) -> Loaded:
    """Execute a submission and look for its function; whatever its code raises becomes a fact."""
    sys.meta_path.insert(0, Finder(request["forbidden"]))
    name = os.path.basename(request["name"])
    module = types.ModuleType(MODULE)
    module.__file__ = f"{os.getcwd()}/{name}"
    sys.modules[MODULE] = module
    sys.argv = [name]
    execution = _Execution(module)
    for source, cell in request["units"]:
        execution.run(
            source,
            unit_name(request["name"], cell),
            cell,
            definitions_only=request["definitions_only"],
        )
    functions = [
        name
        for name, value in module.__dict__.items()
        if isinstance(value, types.FunctionType)
        and value.__globals__ is module.__dict__
        and value.__name__ == name
    ]
    return judge(request, module, execution.cells, execution.skipped, functions)


class _Execution:
    """Executes pieces of source in a module, statement by statement as far as anyone can tell."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module
        self._flags = 0
        self.cells: dict[str, int | None] = {}
        self.skipped: list[Json] = []

    def run(
        self, source: str, filename: str, cell: int | None, *, definitions_only: bool
    ) -> None:
        """Execute a file or a cell; a statement that raises is noted, and the next one runs."""
        self.cells[filename] = cell
        linecache.cache[filename] = (
            len(source),
            None,
            source.splitlines(keepends=True),
            filename,
        )
        done: tuple[int, int] | None = (0, 0)
        if not definitions_only:
            done = self._run_whole(source, filename)
        if done is None:
            return
        try:
            statements = ast.parse(source, filename).body
        except BaseException as error:  # noqa: BLE001 - also RecursionError, MemoryError: a file can hold anything
            self._skip(None, cell, error)
            return
        for statement in statements:
            if _start(statement) > done and not (
                definitions_only and not defines(statement)
            ):
                self._run_statement(statement, filename, cell)

    def _run_whole(self, source: str, filename: str) -> tuple[int, int] | None:
        """Execute all statements at once as long as none raises: most files never need to become a Python syntax tree.

        Gives None when nothing is left to do, else the place in the source up to which all is done:
        where it raised.
        """
        try:
            code = compile(source, filename, "exec", self._flags, dont_inherit=True)
        except BaseException:  # noqa: BLE001 - as above; one by one, most statements may still be good
            return 0, 0
        self._flags |= code.co_flags & _FUTURE
        try:
            exec(code, self._module.__dict__)  # noqa: S102 - this is the place where a student's code runs
        except BaseException as error:  # noqa: BLE001 - SystemExit too: the file goes on
            place = _place(error, code)
            self._skip(place[0], self.cells[filename], error)
            return place
        return None

    def _run_statement(
        self, statement: ast.stmt, filename: str, cell: int | None
    ) -> None:
        try:
            code = compile(
                ast.Module([statement], []),
                filename,
                "exec",
                self._flags,
                dont_inherit=True,
            )
            self._flags |= code.co_flags & _FUTURE
            exec(code, self._module.__dict__)  # noqa: S102 - as above
        except BaseException as error:  # noqa: BLE001 - as above
            self._skip(statement.lineno, cell, error)

    def _skip(self, line: int | None, cell: int | None, error: BaseException) -> None:
        if len(self.skipped) < LIST_CAP:
            self.skipped.append(
                {"line": line, "cell": cell, "raised": describe(error, self.cells)}
            )


def _start(statement: ast.stmt) -> tuple[int, int]:
    """Where a statement begins; a decorator belongs to what it decorates."""
    first = min(
        [statement, *getattr(statement, "decorator_list", [])],
        key=lambda node: (node.lineno, node.col_offset),
    )
    return first.lineno, first.col_offset


def _place(error: BaseException, code: types.CodeType) -> tuple[int, int]:
    """Where in the module's code an exception arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return sys.maxsize, 0
    positions = next(
        itertools.islice(code.co_positions(), trace.tb_lasti // 2, None), (None,) * 4
    )
    return positions[0] or trace.tb_lineno, positions[2] or 0


def unit_name(name: str, cell: int | None) -> str:
    """Say what the code of a file, or of one cell, is called in a traceback."""
    return name if cell is None else f"{name} cell {cell}"


def judge(
    request: Json,
    module: types.ModuleType,
    cells: dict[str, int | None],
    skipped: list[Json],
    functions: Iterable[str],
) -> Loaded:
    """Look for the function in the module that the submission has become; `cells` names its pieces as tracebacks do."""
    missing = object()
    found = module.__dict__.get(request["function"], missing)
    facts = (
        {"state": "no_function"}
        if found is missing
        else target.judge(found, request["arguments"], module)
    )
    facts |= {
        "skipped": skipped[:LIST_CAP],
        "functions": [bounded(name) for name in [*functions][-LIST_CAP:]],
    }
    return Loaded(found, lambda error: describe(error, cells), facts)


# ----------------------------------------------------------------------------------------------------- definitions only


def defines(node: ast.stmt) -> bool:
    """Whether a statement defines: an import, a function, a class, a name for a constant, or a block of these."""
    if isinstance(
        node,
        ast.Import
        | ast.ImportFrom
        | ast.FunctionDef
        | ast.AsyncFunctionDef
        | ast.ClassDef,
    ):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or _constant(node.value)
    if isinstance(node, ast.Try):
        blocks = [
            node.body,
            node.orelse,
            node.finalbody,
            *(handler.body for handler in node.handlers),
        ]
        return all(
            isinstance(inner, ast.Pass) or defines(inner)
            for block in blocks
            for inner in block
        )
    return False


def _constant(node: ast.expr) -> bool:
    """Whether an expression is made of literals, arithmetic, names, nameless functions, and arrays of literals."""
    if isinstance(node, ast.Constant | ast.Name | ast.Lambda):
        return True
    if isinstance(node, ast.Attribute):
        return _constant(node.value)
    if isinstance(node, ast.Call):
        called = node.func
        known = (
            isinstance(called, ast.Attribute)
            and isinstance(called.value, ast.Name)
            and called.attr in _MAKERS
        )
        return known and all(
            _constant(one)
            for one in (*node.args, *(word.value for word in node.keywords))
        )
    if isinstance(
        node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.UnaryOp | ast.BinOp
    ):
        return all(
            _constant(one)
            for one in ast.iter_child_nodes(node)
            if isinstance(one, ast.expr)
        )
    return False


_MAKERS = frozenset(
    {"array", "asarray", "float32", "float64", "int64", "partial", "vectorize"}
)


# ---------------------------------------------------------------------------------------------------------- exceptions


def describe(error: BaseException, cells: dict[str, int | None]) -> Json:
    """Give an exception as type, message and line: that of the deepest frame that is the student's."""
    line, filename = None, None
    if isinstance(error, SyntaxError) and error.filename in cells:
        line, filename = error.lineno, error.filename
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in cells:
            line, filename = trace.tb_lineno, name
        trace = trace.tb_next
    return {
        "type": bounded(type(error).__name__),
        "message": bounded(error),
        "line": line if isinstance(line, int) and 0 < line < 1 << 31 else None,
        "cell": cells.get(filename) if filename else None,
    }
