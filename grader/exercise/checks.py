"""Read `check.py`: comparisons of the exercise's own, and properties of right answers.

| function | is |
|---|---|
| `def top_k(answer, scores, expected)` | named as the stub's: compares its results |
| `def same_mask(answer, expected)` | named as a case: compares the results of that case |
| any other public one | a property: its docstring is the hint, and it returns a bool |
"""

import inspect
import types
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.exercise.author_file import (
    Names,
    at_line,
    first_line,
    functions_in,
)
from grader.model import Target
from grader.strict import did_you_mean

_ANSWER: Final = "answer"
_EXPECTED: Final = "expected"


def read_checks(
    names: Names,
    path: Path,
    targets: Sequence[Target],
    cases: Collection[str],
    faults: list[str],
) -> dict[str, types.FunctionType]:
    """Return what a check.py defines, by name; what is wrong with it is added to `faults`."""
    found = functions_in(names, path)
    for each in found:
        faults += (
            f"{at_line(each, path)}: {each.__name__}: {fault}"
            for fault in _faults(each, targets, cases)
        )
    return {each.__name__: each for each in found}


def _faults(
    check: types.FunctionType,
    targets: Sequence[Target],
    cases: Collection[str],
) -> Iterator[str]:
    first, *others = [*inspect.signature(check).parameters] or [""]
    if first != _ANSWER:
        yield "its first parameter is called answer"
        return
    by_name = {target.name: target for target in targets}
    if check.__name__ in by_name:
        yield from _unknown(others, [by_name[check.__name__]])
    elif check.__name__ in cases:
        yield from _unknown(others, [])
    else:
        if not first_line(check):
            known = (*by_name, *cases)
            close = did_you_mean(check.__name__, known)
            yield f"is a property, so its docstring is the hint: write one{close}"
        yield from _unknown(others, targets)


def _unknown(
    names: Sequence[str],
    targets: Sequence[Target],
) -> Iterator[str]:
    """Yield a fault unless one of the targets has all these parameters."""
    wanted = {name for name in names if name != _EXPECTED}
    parameters = [
        [each.name for each in target.parameters] for target in targets
    ]
    if not wanted or any(wanted <= set(each) for each in parameters):
        return
    known = [_EXPECTED, *(name for each in parameters for name in each)]
    strange = [name for name in names if name not in known]
    for name in strange:
        yield f"{name} is not a parameter of what is checked{did_you_mean(name, known)}"
    if not strange:
        yield f"no function of the stub has all of {', '.join(sorted(wanted))}"
