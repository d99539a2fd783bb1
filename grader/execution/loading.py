"""Loading a submission inside the worker: what it defines, and whether there is a function to call.

Most that is handed in holds more than a function, and much of the rest fails somewhere: a missing cv2, an image that
is not there, `input()`. So a file is executed one top-level statement at a time; one that raises is noted, and the next
one runs.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
# ruff: noqa: PTH109, PTH119

import __future__

import ast
import contextlib
import importlib.abc
import inspect
import itertools
import linecache
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

Json = dict[str, Any]

MODULE = "submission"
"""The module that a submission becomes: not `__main__`, so that what a file does as a script stays undone."""

_TEXT_CAP = 500
LIST_CAP = 64
"""At most so many statements that were skipped, functions or parameters are told of."""
_UNWRAP_CAP = 20
_FUTURE = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


class Loaded(NamedTuple):
    """A submission in memory."""

    function: Callable[..., object]
    describe: Callable[[BaseException], Json]
    facts: Json


class Finder(importlib.abc.MetaPathFinder):
    """Refuses the libraries that the exercise forbids, with a sentence instead of 'no module named'."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        self._forbidden = frozenset(forbidden)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Raise ImportError for a forbidden library; None for any other, which the next finder then finds."""
        del path, target
        library = fullname.partition(".")[0]
        if library in self._forbidden:
            raise ImportError(f"{library} is not allowed in this exercise: write it yourself with NumPy", name=fullname)


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
        execution.run(source, unit_name(request["name"], cell), cell, definitions_only=request["definitions_only"])
    functions = [
        name
        for name, value in module.__dict__.items()
        if isinstance(value, types.FunctionType) and value.__globals__ is module.__dict__ and value.__name__ == name
    ]
    return judge(request, module, execution.cells, execution.skipped, functions)


class _Execution:
    """Executes pieces of source in a module, statement by statement as far as anyone can tell."""

    def __init__(self, module: types.ModuleType) -> None:
        self._module = module
        self._flags = 0
        self.cells: dict[str, int | None] = {}
        self.skipped: list[Json] = []

    def run(self, source: str, filename: str, cell: int | None, *, definitions_only: bool) -> None:
        """Execute a file or a cell; a statement that raises is noted, and the next one runs."""
        self.cells[filename] = cell
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
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
            if _start(statement) > done and not (definitions_only and not defines(statement)):
                self._run_statement(statement, filename, cell)

    def _run_whole(self, source: str, filename: str) -> tuple[int, int] | None:
        """Execute all statements at once as long as none raises: most files never need to become a Python syntax tree.

        Gives None when nothing is left to do, else the place in the source up to which all is done: where it raised.
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

    def _run_statement(self, statement: ast.stmt, filename: str, cell: int | None) -> None:
        try:
            code = compile(ast.Module([statement], []), filename, "exec", self._flags, dont_inherit=True)
            self._flags |= code.co_flags & _FUTURE
            exec(code, self._module.__dict__)  # noqa: S102 - as above
        except BaseException as error:  # noqa: BLE001 - as above
            self._skip(statement.lineno, cell, error)

    def _skip(self, line: int | None, cell: int | None, error: BaseException) -> None:
        if len(self.skipped) < LIST_CAP:
            self.skipped.append({"line": line, "cell": cell, "raised": describe(error, self.cells)})


def _start(statement: ast.stmt) -> tuple[int, int]:
    """Where a statement begins; a decorator belongs to what it decorates."""
    first = min([statement, *getattr(statement, "decorator_list", [])], key=lambda node: (node.lineno, node.col_offset))
    return first.lineno, first.col_offset


def _place(error: BaseException, code: types.CodeType) -> tuple[int, int]:
    """Where in the module's code an exception arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return sys.maxsize, 0
    positions = next(itertools.islice(code.co_positions(), trace.tb_lasti // 2, None), (None,) * 4)
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
    facts = {"state": "no_function"} if found is missing else _judge(found, request["arguments"], module)
    facts |= {"skipped": skipped[:LIST_CAP], "functions": [bounded(name) for name in [*functions][-LIST_CAP:]]}
    return Loaded(found, lambda error: describe(error, cells), facts)


# ----------------------------------------------------------------------------------------------------- definitions only


def defines(node: ast.stmt) -> bool:
    """Whether a statement defines: an import, a function, a class, a name for a constant, or a block of these."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or _constant(node.value)
    if isinstance(node, ast.Try):
        blocks = [node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)]
        return all(isinstance(inner, ast.Pass) or defines(inner) for block in blocks for inner in block)
    return False


def _constant(node: ast.expr) -> bool:
    """Whether an expression is made of literals, arithmetic, names, nameless functions, and arrays of literals."""
    if isinstance(node, ast.Constant | ast.Name | ast.Lambda):
        return True
    if isinstance(node, ast.Attribute):
        return _constant(node.value)
    if isinstance(node, ast.Call):
        called = node.func
        known = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.attr in _MAKERS
        return known and all(_constant(one) for one in (*node.args, *(word.value for word in node.keywords)))
    if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.UnaryOp | ast.BinOp):
        return all(_constant(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
    return False


_MAKERS = frozenset({"array", "asarray", "float32", "float64", "int64", "partial", "vectorize"})


# ------------------------------------------------------------------------------------------------- is it the function?


def _judge(found: object, arguments: int, own: types.ModuleType) -> Json:
    """Give the state of what the function's name is bound to."""
    if isinstance(found, type) or not callable(found):
        return {
            "state": "not_callable",
            "type_name": "class" if isinstance(found, type) else bounded(type(found).__name__),
        }
    module = _origin(found, own)
    if module is not None:
        return {"state": "foreign", "module": bounded(module)}
    required = _cannot_take(found, arguments)
    if required is not None:
        return {"state": "bad_signature", "required": [bounded(name) for name in required[:LIST_CAP]]}
    return {"state": "ready"}


def _origin(found: object, submission: types.ModuleType) -> str | None:
    """Give the module that a callable really comes from; None where it is the submission's own.

    What wraps something of the student's own is theirs: a decorator, functools.partial, np.vectorize, a jit.
    """
    module: str | None = None
    name = submission.__name__
    for step in _unwrapped(found):
        own = isinstance(step, types.FunctionType) and step.__globals__ is submission.__dict__
        if own or name in (type(step).__module__, getattr(step, "__module__", None)):
            return None
        if isinstance(step, np.ufunc) and "vectorized" in step.__name__:
            return None  # np.frompyfunc: it does not tell of what
        module = module or getattr(step, "__module__", None) or type(step).__module__
    return str(module).partition(".")[0] if module else None


def _unwrapped(found: object) -> Iterator[object]:
    """Give a callable and what it wraps, from the outside in."""
    for _ in range(_UNWRAP_CAP):
        yield found
        for name in ("__wrapped__", "func", "pyfunc", "py_func", "__func__"):
            inner = None
            with contextlib.suppress(Exception):
                inner = getattr(found, name, None)
            if callable(inner):
                break
        else:
            return
        found = inner


def _cannot_take(found: Callable[..., object], arguments: int) -> list[str] | None:
    """Give the parameters that must be given, when `arguments` positional ones do not fit; None when they do."""
    if type(found) is types.FunctionType and not hasattr(found, "__wrapped__"):
        code, optional = found.__code__, len(found.__defaults__ or ())
        fits = code.co_argcount - optional <= arguments <= code.co_argcount
        if fits and not code.co_kwonlyargcount:
            return None  # as nearly always, and far cheaper than below
    try:
        # Not what a decorator wraps, which it may give other arguments.
        signature = inspect.signature(found, follow_wrapped=False)
    except (ValueError, TypeError):
        return None  # not every callable tells; the call itself will
    try:
        signature.bind(*range(arguments))
    except TypeError:
        variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        parameters = signature.parameters.values()
        return [one.name for one in parameters if one.default is one.empty and one.kind not in variable]
    return None


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


def bounded(value: object, cap: int = _TEXT_CAP) -> str:
    """Give the text of a value, at most `cap` characters, without what JSON cannot carry; never raises."""
    try:
        text = value if type(value) is str else str(value)
        return text[:cap].encode("utf-8", "replace").decode("utf-8")
    except BaseException:  # noqa: BLE001 - a student's __str__
        return "(its text cannot be read)"
