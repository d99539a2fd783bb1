"""Run the statements of a submission one after another, and go on after one that raises."""

import __future__

import ast
import itertools
import linecache
import sys
import types
from typing import Any

from grader.confined import judging
from grader.confined.bounded_text import LIST_CAP
from grader.confined.definitions import defines, drop_annotations

Json = dict[str, Any]
Place = tuple[int, int]
"""Line and column, in UTF-8 bytes, where something begins in the source."""

_START: Place = (0, 0)
_FUTURE = sum(
    {
        getattr(__future__, name).compiler_flag
        for name in __future__.all_feature_names
    }
)


class Execution:
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
