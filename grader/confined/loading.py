"""Load a submission inside the worker: run it, and look for the function that the tests call.

Most submissions hold more than the function, and much of the rest fails somewhere: `cv2` is not
installed, an image is missing, `input()` has nobody to ask. So a statement that raises at top level
is noted, and the next one runs.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH109

import ast
import contextlib
import os
import re
import sys
import types
from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any, NamedTuple

from grader.confined import beside, judging
from grader.confined.bounded_text import LIST_CAP, bounded
from grader.confined.refusing import Finder
from grader.confined.stand_ins import display
from grader.confined.statements import Execution

Json = dict[str, Any]

MODULE = "submission"
"""The module that a submission becomes. It is not `__main__`, so code that is meant for running the
file as a script does not run."""

_GIVEN = "given.py"
"""What tracebacks call what the exercise gives."""
_FILE = f"{MODULE}.py"
"""What every file is called here. With its real name, the same bytes could get another grade."""
_CELL_NAME = re.compile("notebook cell ([0-9]{1,9})")
_NOT_THEIRS = frozenset({"foreign", "not_callable"})
"""States of a name that may have been the student's own function before."""


class Loaded(NamedTuple):
    """A submission in memory."""

    functions: dict[str, object]
    """What the exercise asks for and the submission has, by name."""
    cells: dict[str, int | None]
    """The submission's pieces as tracebacks name them: file name -> number of the cell."""
    facts: Json
    """The fields of `model.Loading`."""


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
    execution = Execution(module, definitions_only=request["definitions_only"])
    for source, cell in request["units"]:
        execution.run(source, unit_name(cell), cell)
    functions = _functions_of(module)
    return find_function(
        request, module, execution.cells, execution.skipped, functions
    )


def _run_module(module: types.ModuleType, source: str, file: str) -> None:
    """Run a module that was handed in beside the file, as far as it goes."""
    Execution(module, definitions_only=False).run(source, file, None)


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
