"""Load a submission inside the worker: run it, and look for the function that the tests call.

Most submissions hold more than the function, and much of the rest fails somewhere: `cv2` is not
installed, an image is missing, `input()` has nobody to ask. So a statement that raises at top level
is noted, and the next one runs.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH109

import __future__

import ast
import contextlib
import itertools
import linecache
import os
import re
import sys
import types
from collections.abc import Iterable, MutableMapping, Sequence
from importlib.machinery import ModuleSpec
from typing import Any, NamedTuple

from grader.confined import beside, judging
from grader.confined.bounded_text import LIST_CAP, bounded
from grader.confined.definitions import defines, drop_annotations
from grader.confined.stand_ins import StandIns, display

Json = dict[str, Any]
Place = tuple[int, int]
"""Line and column, in UTF-8 bytes, where something begins in the source."""

MODULE = "submission"
"""The module that a submission becomes. It is not `__main__`, so code that is meant for running the
file as a script does not run."""

_ALL_STAND_INS = StandIns(())
"""Made once, here: a worker that did so for itself would copy pages of the template for it."""
_GIVEN = "given.py"
"""What tracebacks call what the exercise gives."""
_FILE = f"{MODULE}.py"
"""What every file is called here. With its real name, the same bytes could get another grade."""
_CELL_NAME = re.compile("notebook cell ([0-9]{1,9})")
_START: Place = (0, 0)
_NOT_THEIRS = frozenset({"foreign", "not_callable"})
"""States of a name that may have been the student's own function before."""
_FUTURE = sum(
    {
        getattr(__future__, name).compiler_flag
        for name in __future__.all_feature_names
    }
)


class Loaded(NamedTuple):
    """A submission in memory."""

    functions: dict[str, object]
    """What the exercise asks for and the submission has, by name."""
    cells: dict[str, int | None]
    """The submission's pieces as tracebacks name them: file name -> number of the cell."""
    facts: Json
    """The fields of `model.Loading`."""


class Refusing:  # not an importlib.abc.MetaPathFinder, which takes 10 ms to import
    """Refuses to import the libraries that the exercise forbids, and says why."""

    def __init__(self, forbidden: Sequence[str]) -> None:
        self._forbidden = frozenset(forbidden)

    def find_spec(
        self,
        fullname: str,
        path: object = None,
        target: object = None,
    ) -> ModuleSpec | None:
        """Raise ImportError for a forbidden library; leave any other to the next finder."""
        del path, target
        library = fullname.partition(".")[0]
        if library in self._forbidden:
            advice = (
                "is not allowed in this exercise: write it yourself with NumPy"
            )
            raise ImportError(f"{library} {advice}", name=fullname)
        return None


class Finder(Refusing):
    """Refuses the forbidden libraries and the grader, and stands in for decoration.

    What the exercise lists as `real` is imported for real where it is installed.
    """

    def __init__(
        self, forbidden: Sequence[str], real: Sequence[str] = ()
    ) -> None:
        self._forbidden = frozenset(forbidden)
        self._stand_ins = StandIns(real) if real else _ALL_STAND_INS

    def find_spec(
        self,
        fullname: str,
        path: object = None,
        target: object = None,
    ) -> ModuleSpec | None:
        """Raise ImportError for what is refused; leave most others to the next finder.

        The grader counts as not installed. It may lie beside numpy, where a worker cannot read it,
        and code that tries `except ImportError` does not expect a PermissionError.
        """
        library = fullname.partition(".")[0]
        if library == "grader":
            raise ModuleNotFoundError(
                f"No module named {fullname!r}", name=fullname
            )
        super().find_spec(fullname, path, target)
        if library in self._stand_ins:
            return self._stand_ins.spec(fullname)
        return None


def load(request: Json) -> Loaded:
    """Run a submission and look for its function; what its statements raise becomes a fact."""
    sys.meta_path.insert(0, Finder(request["forbidden"], request["real"]))
    module = types.ModuleType(MODULE)
    # Notebooks have it, and some are handed in as files.
    module.__dict__["display"] = display
    module.__file__ = f"{os.getcwd()}/{_FILE}"
    sys.modules[MODULE] = module
    sys.argv = [_FILE]
    modules = request.get("modules")
    if modules:
        put_beside(modules)
        module.__package__ = beside.PARENT
    execution = _Execution(module, definitions_only=request["definitions_only"])
    for source, cell in request["units"]:
        execution.run(source, unit_name(cell), cell)
    functions = _functions_of(module)
    return find_function(
        request, module, execution.cells, execution.skipped, functions
    )


def _run_module(module: types.ModuleType, source: str, file: str) -> None:
    """Run a module that was handed in beside the file, as far as it goes."""
    _Execution(module, definitions_only=False).run(source, file, None)


def put_beside(modules: Sequence[Sequence[str]]) -> None:
    """Make importable what was handed in beside a notebook."""
    beside.put(modules, _run_module)


def find_function(
    request: Json,
    module: types.ModuleType,
    cells: dict[str, int | None],
    skipped: list[Json],
    functions: Iterable[str],
) -> Loaded:
    """Look in the module that the submission has become for what the exercise asks for.

    `cells` is as in `Loaded`; `skipped` and `functions` are fields of `model.Loading`.
    """
    namespace = module.__dict__
    given = request.get("given")
    if given:
        put_back(given, namespace)
    first = judging.Wanted(request["function"], request["arguments"])
    several = [judging.Wanted(*each) for each in request.get("targets", ())]
    judged = [_judge(each, request, module) for each in several or [first]]
    facts = judging.decisive(judged)
    facts["skipped"] = skipped[:LIST_CAP]
    facts["functions"] = [bounded(each) for each in [*functions][-LIST_CAP:]]
    names = [each.name for each in several or [first]]
    found = {name: namespace[name] for name in names if name in namespace}
    return Loaded(found, cells, facts)


def _judge(
    wanted: judging.Wanted, request: Json, module: types.ModuleType
) -> Json:
    """Judge what the submission has under one name; look for an earlier definition if need be."""
    namespace, name = module.__dict__, wanted.name
    if name not in namespace:
        return {"state": "no_function", "target": name}
    own = judging.Own(namespace, module.__name__)
    facts = judging.judge(namespace[name], wanted, own)
    if facts["state"] in _NOT_THEIRS and _define_again(
        wanted, request["units"], namespace
    ):
        facts = judging.judge(namespace.get(name), wanted, own)
        facts["replaced"] = True
    return {**facts, "target": name}


def put_back(given: str, namespace: MutableMapping[str, Any]) -> None:
    """Define what the exercise gives, whatever the submission has made of it."""
    if not given:
        return
    with contextlib.suppress(BaseException):
        code = compile(given, _GIVEN, "exec", dont_inherit=True)
        exec(code, namespace)  # type: ignore[arg-type] # noqa: S102 - it is a dict; not a student's


def _define_again(
    wanted: judging.Wanted, units: Sequence[Sequence[Any]], namespace: Json
) -> bool:
    """Run the last definition of a name again, where a later line took the name for another thing.

    That may be `from scipy.ndimage import convolve`, or `convolve = convolve(image, kernel)`.
    """
    kinds = (
        (ast.FunctionDef, ast.ClassDef) if wanted.is_class else ast.FunctionDef
    )
    for source, cell in reversed(units):
        try:
            statements = ast.parse(source).body
        except BaseException:  # noqa: BLE001, S112 - a cell that cannot be read defines nothing
            continue
        for statement in reversed(statements):
            if isinstance(statement, kinds) and statement.name == wanted.name:
                return _runs(statement, unit_name(cell), namespace)
    return False


def _runs(statement: ast.stmt, filename: str, namespace: Json) -> bool:
    try:
        code = compile(ast.Module([statement], []), filename, "exec")
        exec(code, namespace)  # noqa: S102 - it has run before
    except BaseException:  # noqa: BLE001 - then what the name is now must do
        return False
    return True


def unit_name(cell: int | None) -> str:
    """Return what tracebacks call the code of a file, or of one cell of a notebook."""
    return _FILE if cell is None else f"notebook cell {cell}"


def cell_of(file: str) -> int | None:
    """Return the cell of a file that `unit_name` has named; KeyError for any other file."""
    if file == _FILE:
        return None
    found = _CELL_NAME.fullmatch(file)
    if found is None:
        raise KeyError(file)
    return int(found[1])


def _functions_of(module: types.ModuleType) -> list[str]:
    """Return the names of the functions that the module defines at top level."""
    namespace = module.__dict__
    names = []
    for name, value in namespace.items():
        if type(value) is not types.FunctionType:
            continue
        if value.__globals__ is namespace and value.__name__ == name:
            names.append(name)
    return names


class _Execution:
    """Runs pieces of source in a module, and goes on after a statement that raises."""

    def __init__(
        self, module: types.ModuleType, *, definitions_only: bool
    ) -> None:
        self._module = module
        self._definitions_only = definitions_only
        self._flags = 0
        self._is_unnamed = False
        """Whether it was a NameError that ended running a piece as a whole."""
        self.cells: dict[str, int | None] = {}
        self.skipped: list[Json] = []

    def run(
        self,
        source: str,
        filename: str,
        cell: int | None,
    ) -> None:
        """Run a file or a cell."""
        self.cells[filename] = cell
        lines = source.splitlines(keepends=True)
        linecache.cache[filename] = (len(source), None, lines, filename)
        done: Place | None = _START
        if not self._definitions_only:
            done = self._run_whole(source, filename)
        if done is None:
            return
        try:
            statements = ast.parse(source, filename).body
        except BaseException as error:  # noqa: BLE001 - a file can hold anything: MemoryError too
            self._skip(None, cell, error)
            return
        if self._is_unnamed and done != _START:
            self._define_what_failed(statements, filename, done)
        for statement in statements:
            if self._is_wanted(statement, done):
                self._run_statement(statement, filename, cell)

    def _define_what_failed(
        self, statements: list[ast.stmt], filename: str, done: Place
    ) -> None:
        """Define the function at whose first line running a piece as a whole has ended."""
        self._is_unnamed = False
        reached = [one for one in statements if _start(one) <= done]
        if reached and self._run_without_annotations(reached[-1], filename):
            self.skipped.pop()

    def _is_wanted(self, statement: ast.stmt, done: Place) -> bool:
        if _start(statement) <= done:
            return False
        return not self._definitions_only or defines(statement)

    def _run_whole(self, source: str, filename: str) -> Place | None:
        """Run all statements at once, as long as none raises.

        Most files raise nothing, and compiling one code object is much cheaper than a syntax tree
        for each statement. Returns None when nothing is left to run, otherwise the place of the
        statement that raised: everything up to it is done.
        """
        try:
            code = compile(
                source, filename, "exec", self._flags, dont_inherit=True
            )
        except BaseException:  # noqa: BLE001 - one by one, most of the statements may be good
            return _START
        self._flags |= code.co_flags & _FUTURE
        try:
            exec(code, self._module.__dict__)  # noqa: S102 - here the student's code runs
        except BaseException as error:  # noqa: BLE001 - SystemExit too: the file goes on
            place = _place(error, code)
            self._skip(place[0], self.cells[filename], error)
            self._is_unnamed = issubclass(type(error), NameError)
            return place
        return None

    def _run_statement(
        self,
        statement: ast.stmt,
        filename: str,
        cell: int | None,
    ) -> None:
        try:
            self._run_alone(statement, filename)
        except NameError as error:
            if not self._run_without_annotations(statement, filename):
                self._skip(statement.lineno, cell, error)
        except BaseException as error:  # noqa: BLE001 - as in `_run_whole`
            self._skip(statement.lineno, cell, error)

    def _run_alone(self, statement: ast.stmt, filename: str) -> None:
        alone = ast.Module([statement], [])
        code = compile(alone, filename, "exec", self._flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURE
        exec(code, self._module.__dict__)  # noqa: S102 - here too

    def _run_without_annotations(
        self, statement: ast.stmt, filename: str
    ) -> bool:
        """Define a function whose annotations alone need a library that is not installed."""
        if not drop_annotations(statement):
            return False
        try:
            self._run_alone(statement, filename)
        except BaseException:  # noqa: BLE001 - then it was something else
            return False
        return True

    def _skip(
        self,
        line: int | None,
        cell: int | None,
        error: BaseException,
    ) -> None:
        if len(self.skipped) < LIST_CAP:
            raised = judging.describe_exception(error, self.cells)
            self.skipped.append(
                {
                    "line": line,
                    "cell": cell,
                    "raised": raised,
                }
            )


def _start(statement: ast.stmt) -> Place:
    """Return where a statement begins; a decorator belongs to what it decorates."""
    decorators = getattr(statement, "decorator_list", [])
    return min(
        (node.lineno, node.col_offset) for node in (statement, *decorators)
    )


def _place(error: BaseException, code: types.CodeType) -> Place:
    """Return where in the module's code an exception arose."""
    trace = judging.traceback_of(error)
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return sys.maxsize, 0
    following = itertools.islice(code.co_positions(), trace.tb_lasti // 2, None)
    line, _, column, _ = next(following, (None, None, None, None))
    return line or trace.tb_lineno, column or 0
