"""Whether arguments arrive in the other order, by the names that the student gave them.

Where the stub has `f(left, right)`, `def f(right, left)` shows it, and so does a call:
`own(right, left)` of the student's `own(left, right)`.
"""

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from grader.model import Exercise, Submission
from grader.submission.budget import FACTS_STEPS, Budget, TooComplicated
from grader.submission.first_names import Calls
from grader.submission.program import Program, read_program
from grader.submission.scope import Function, parameters

_SHORTEST_PART: Final = 3
"""Letters of an argument's name that say which it is inside a longer name: `img_in`, `my_ker`."""


def shows_exchanged_arguments(
    submission: Submission, exercise: Exercise
) -> bool:
    """Return whether the definition or a call has two arguments in the other order."""
    program = read_program(submission.units)
    found = program.function(exercise.function)
    if found is None:
        return False
    _, graded = found
    wanted = exercise.arguments
    taken = _names(graded)[: len(wanted)]
    # The exercise's own call passes all of them: one name in a wrong place is enough.
    pairs = _pairs(range(len(wanted)), _meanings(taken, wanted))
    if pairs and all(left != right for left, right in pairs):
        return True
    try:
        return any(_calls_crossed(program, exercise))
    except TooComplicated:
        return False


def _calls_crossed(program: Program, exercise: Exercise) -> Iterator[bool]:
    calls = Calls(program, exercise.function, Budget(FACTS_STEPS))
    for caller, call, called in calls.between():
        given = [_name(argument) for argument in call.args]
        pairs = _pairs(
            _given(given, caller is calls.graded, caller, exercise),
            _meanings(_names(called)[: len(given)], exercise.arguments),
        )
        # Something else may be passed, so here each has to be taken for the other.
        yield any(
            left != right and (right, left) in pairs for left, right in pairs
        )


def _given(
    names: Sequence[str], graded: bool, caller: Function, exercise: Exercise
) -> list[int | None]:
    """Return which argument of the exercise each name stands for where it is passed on."""
    own = _names(caller)
    if graded:
        own = own[: len(exercise.arguments)]
        return [own.index(name) if name in own else None for name in names]
    # Only its parameters: an `i` that counts rows is no `input`.
    passed = [name if name in own else "" for name in names]
    return _meanings(passed, exercise.arguments)


def _pairs(
    given: Iterable[int | None], taken: Iterable[int | None]
) -> set[tuple[int, int]]:
    """Return which argument is taken for which."""
    return {
        (left, right)
        for left, right in zip(given, taken, strict=False)
        if left is not None and right is not None
    }


def _meanings(
    names: Sequence[str], arguments: Sequence[str]
) -> list[int | None]:
    return [_meaning(name, arguments) for name in names]


def _meaning(name: str, arguments: Sequence[str]) -> int | None:
    """Return the only argument that a name can stand for, by its place; None if there is none."""
    fitting = [
        place
        for place, argument in enumerate(arguments)
        if _stands_for(name.lower(), argument.lower())
    ]
    return fitting[0] if len(fitting) == 1 else None


def _stands_for(name: str, argument: str) -> bool:
    """Return whether a name is an argument's, or a short form of it: `val`, `v`, `all_values`."""
    for part in name.split("_"):
        letters = part.rstrip("0123456789")
        if letters == argument:
            return True
        whole = letters == name
        long_enough = len(letters) >= _SHORTEST_PART or whole
        if letters and long_enough and _is_short_form(letters, argument):
            return True
    return False


def _is_short_form(letters: str, argument: str) -> bool:
    """Return whether the letters come in the argument in this order, the first at its start."""
    rest = iter(argument)
    return letters[0] == argument[0] and all(
        letter in rest for letter in letters
    )


def _names(function: Function) -> list[str]:
    return [arg.arg for arg in parameters(function)]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
