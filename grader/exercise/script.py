"""Read `cases.py`: one function for each row of the report. Drawing from it is the room `cases`'s.

A case is a generator function with the parameters (student, rng). Everything else is a helper.
"""

import inspect
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.exercise.author_file import (
    Names,
    at_line,
    first_line,
    functions_in,
)
from grader.exercise.files import label
from grader.exercise.tables import tolerance_faults
from grader.model import CaseScript, Script, Tolerance
from grader.strict import did_you_mean, read

_PARAMETERS: Final = ("student", "rng")
_TABLES: Final = ("POINTS", "TOLERANCE", "FEW_INPUTS")


def read_script(
    names: Names,
    path: Path,
    points: float,
    faults: list[str],
) -> Script:
    """Return the cases that a file defines, and add what is wrong with them to `faults`."""
    functions = functions_in(names, path)
    drawing = [each for each in functions if _parameters(each) == _PARAMETERS]
    faults += _shape_faults(functions, drawing, path)
    known = [each.__name__ for each in drawing]
    faults += _name_faults(names, path)
    points_of = _table(
        names,
        "POINTS",
        known,
        float,
        path,
        faults,
    )
    tolerances = _table(
        names,
        "TOLERANCE",
        known,
        Tolerance,
        path,
        faults,
    )
    for name, value in points_of.items():
        if not 0 < value < float("inf"):
            faults.append(f"{label(path)}: POINTS[{name!r}]: must be above 0")
    for name, tolerance in tolerances.items():
        key = f"{label(path)}: TOLERANCE[{name!r}]"
        faults += tolerance_faults(key, tolerance)
    cases = [
        CaseScript(
            name=each.__name__,
            title=first_line(each),
            points=points_of.get(each.__name__, points),
            tolerance=tolerances.get(each.__name__),
            draw=each,
        )
        for each in drawing
    ]
    few = _few_inputs(
        names,
        known,
        path,
        faults,
    )
    return Script(path=path, cases=tuple(cases), few_inputs=few)


def _few_inputs(
    names: Names,
    known: list[str],
    path: Path,
    faults: list[str],
) -> tuple[str, ...]:
    """Return the names of the cases that have few inputs; a name of no case is a fault."""
    found = names.get("FEW_INPUTS", ())
    at = f"{label(path)}: FEW_INPUTS"
    if not isinstance(found, tuple | list):
        faults.append(
            f'{at}: write a tuple of cases, such as ("{(known or ["case"])[0]}",)'
        )
        return ()
    for name in found:
        if name not in known:
            close = did_you_mean(str(name), known)
            faults.append(f"{at}: there is no case {name!r}{close}")
    return tuple(found)


def _parameters(function: types.FunctionType) -> tuple[str, ...]:
    return tuple(inspect.signature(function).parameters)


def _shape_faults(
    functions: list[types.FunctionType],
    drawing: list[types.FunctionType],
    path: Path,
) -> Iterator[str]:
    """Yield what is wrong with the functions of a cases.py."""
    if not drawing:
        yield f"{label(path)}: has no case; write `def NAME(student, rng):` for each"
    for each in functions:
        at = f"{at_line(each, path)}: {each.__name__}"
        if each not in drawing:
            if set(_parameters(each)) == set(_PARAMETERS):
                yield f"{at}: its parameters are (student, rng), in this order"
            continue
        if not inspect.isgeneratorfunction(each):
            yield f"{at}: yields nothing; `yield student...` ends each trial"
        if not first_line(each):
            yield f"{at}: has no docstring; it is the title in the report"


def _name_faults(
    names: Names,
    path: Path,
) -> Iterator[str]:
    for name in names:
        if name.isupper() and name not in _TABLES:
            close = did_you_mean(name, _TABLES)
            if close:
                yield f"{label(path)}: {name}: unknown name{close}"


def _table(
    names: Names,
    key: str,
    known: list[str],
    kind: Any,  # noqa: ANN401 - a type expression
    path: Path,
    faults: list[str],
) -> dict[str, Any]:
    """Return one of the optional tables, case -> value; what is wrong is a fault."""
    found = names.get(key, {})
    at = f"{label(path)}: {key}"
    if not isinstance(found, Mapping):
        faults.append(
            f'{at}: write a dict, such as {{"{(known or ["case"])[0]}": ...}}'
        )
        return {}
    table = {}
    for name, value in found.items():
        if name not in known:
            close = did_you_mean(str(name), known)
            faults.append(f"{at}: there is no case {name!r}{close}")
            continue
        converted = read(
            _plain(value),
            kind,
            f"{at}[{name!r}]",
            faults,
        )
        if converted is not None:
            table[name] = converted
    return table


def _plain(value: object) -> object:
    """Return a value as TOML would have it."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.asdict(value)
    return dict(value) if isinstance(value, Mapping) else value
