"""One line about why there is no function of the exercise's name."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from grader.libraries import why_missing
from grader.model import Exercise, Fault, Loading, Missing, Skipped
from grader.submission.absent import covers, missing_behind
from grader.submission.bindings import DEFINITIONS, Binding
from grader.submission.nodes import walk
from grader.submission.program import Program
from grader.submission.scope import parameters
from grader.submission.spelling import Spelling
from grader.untrusted import quoted
from grader.vocabulary import place, place_first

WRONG_NAME = "wrong-name"
LISTED = 8
"""Most names that one line lists."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STEM = 4
"""Letters that a name shares with the right one, such as `conv2d` with `convolve`."""
_WHERE = re.compile(r" \([^()]*, line \d+\)$")
"""How a SyntaxError that only compiling finds ends: the file and the line, which were said."""


def no_function(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault:
    """Return the likeliest reason why nothing has the exercise's name."""
    return (
        _definition_failed(loading, exercise, program)
        or _out_of_reach(exercise, program)
        or _other_name(loading, exercise, program)
    )


def header(exercise: Exercise) -> str:
    """Return the first line of the function that is to be written."""
    return f"def {call(exercise)}:"


def call(exercise: Exercise) -> str:
    """Return how the tests call the function."""
    return f"{exercise.function}({', '.join(exercise.arguments)})"


# ------------------------------------------------------------------------ bound, but not there


def _definition_failed(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault | None:
    """Say why the name, which the text binds, is not there when the file is imported."""
    name = exercise.function
    binding = program.last(name)
    if binding is None:
        return None
    where = place_first(binding.line, binding.cell)
    if binding.kind == "deleted":
        said = f"{name} is deleted there (del). Take that line away."
        return Fault(message=f"{where}: {said}")
    if binding.main_only:
        said = (
            f'{name} is defined under if __name__ == "__main__":, so it exists only when '
            "the file is run by itself. Move it out of there, to the left margin."
        )
        return Fault(message=f"{where}: {said}")
    for skipped in loading.skipped:
        if covers(binding, skipped):
            absent = missing_behind(skipped.raised, loading, program)
            said = _raised(binding, skipped, absent)
            return Fault(message=f"{where}: {said}")
    return None


def _raised(binding: Binding, skipped: Skipped, absent: Missing | None) -> str:
    if absent is not None and binding.kind != "import":
        there = place(absent.line, absent.cell)
        why = why_missing(absent.module)
        return f"{binding.name} could not be defined ({there}: {why})."
    message = _WHERE.sub("", skipped.raised.message)
    reason = ": ".join(
        part for part in (skipped.raised.type, quoted(message)) if part
    )
    if binding.kind != "import":
        return f"{binding.name} could not be defined ({reason})."
    origin = binding.origin or ""
    module = quoted(origin.rpartition(".")[0] or origin)
    return (
        f"{binding.name} is imported from {module}, which is not there ({reason}). "
        "Hand in the function itself."
    )


# --------------------------------------------------------------- in a class, or in a function


def _out_of_reach(exercise: Exercise, program: Program) -> Fault | None:
    """Say that the function is defined inside a class or another function."""
    for cell, tree in program.trees():
        for outer, node in _inner_functions(tree):
            if node.name != exercise.function:
                continue
            is_method = isinstance(outer, ast.ClassDef)
            inside = (
                "a method of the class" if is_method else "inside the function"
            )
            where = place_first(node.lineno, cell)
            said = f"{exercise.function} is {inside} {quoted(outer.name)}"
            advice = f"Write it at the left margin: {header(exercise)}"
            return Fault(
                message=f"{where}: {said}, where the tests cannot call it. {advice}"
            )
    return None


_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Named = ast.FunctionDef | ast.AsyncFunctionDef


def _inner_functions(tree: ast.Module) -> Iterator[tuple[_Definition, _Named]]:
    """Yield the functions that stand directly in a class or function, with that one."""
    for outer in walk(tree):
        if not isinstance(outer, DEFINITIONS):
            continue
        for node in outer.body:
            if isinstance(node, _FUNCTIONS):
                yield outer, node


# -------------------------------------------------------------------------- under another name


def _other_name(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault:
    names = list(dict.fromkeys(loading.functions))
    missing = f"There is no function named {exercise.function}"
    meant = _meant(names, exercise, program)
    if meant is not None:
        return _rename(missing, meant, exercise, program)
    for cell, unit in program.problems():
        if unit.problem is not None:
            where = place_first(unit.problem.line, cell)
            said = f"{where} cannot be read: {unit.problem.text}."
            return Fault(message=f"{missing}. {said}")
    if names:
        more = ", ..." if len(names) > LISTED else ""
        ranked = _likeliest_first(names, exercise, program)
        missing += f"; you have {', '.join(map(quoted, ranked[:LISTED]))}{more}"
    return Fault(message=f"{missing}. Write {header(exercise)}")


def _rename(
    missing: str, meant: str, exercise: Exercise, program: Program
) -> Fault:
    found = program.last(meant)
    where = ""
    if found is not None:
        where = f" ({place(found.line, found.cell)})"
    advice = f"Did you mean that? Rename it to {exercise.function}."
    return Fault(
        message=f"{missing}; you have {quoted(meant)}{where}. {advice}",
        misconception=WRONG_NAME,
    )


def _meant(
    names: Sequence[str], exercise: Exercise, program: Program
) -> str | None:
    """Return the one function that was probably meant.

    It is found by its name, then by its parameters, then because it is the only one.
    """
    # What is still empty is not meant, unless there is nothing else.
    written = [name for name in names if not _is_empty(program, name)] or names
    close = Spelling().close_to(exercise.function, written)
    if close is not None:
        return close
    guesses = (
        [name for name in written if fits(name, exercise, program)]
        for fits in _LIKENESSES
    )
    return next((guess[0] for guess in guesses if len(guess) == 1), None)


def _likeliest_first(
    names: Sequence[str], exercise: Exercise, program: Program
) -> list[str]:
    """Return the names in the order in which they may be meant, so that no list cuts it off."""

    def unlikeness(name: str) -> tuple[bool, ...]:
        fits = (likeness(name, exercise, program) for likeness in _LIKENESSES)
        return _is_empty(program, name), *(not fit for fit in fits)

    return sorted(names, key=unlikeness)


def _has_its_stem(name: str, exercise: Exercise, _program: Program) -> bool:
    return exercise.function[:_STEM].lower() in name.lower()


def _has_its_parameters(
    name: str, exercise: Exercise, program: Program
) -> bool:
    takes = _parameter_names(program, name)
    return takes[: len(exercise.arguments)] == exercise.arguments


def _has_its_initials(name: str, exercise: Exercise, program: Program) -> bool:
    return _initials(_parameter_names(program, name)) == _initials(
        exercise.arguments
    )


def _takes_as_many(name: str, exercise: Exercise, program: Program) -> bool:
    return len(_parameter_names(program, name)) == len(exercise.arguments)


def _is_there(_name: str, _exercise: Exercise, _program: Program) -> bool:
    return True


_LIKENESSES = (
    _has_its_stem,
    _has_its_parameters,
    _has_its_initials,
    _takes_as_many,
    _is_there,
)
"""What can show that a function is the one that was meant, the strongest first."""


def _is_empty(program: Program, name: str) -> bool:
    """Return whether a function does nothing: `pass`, `...`, `return None`, or only a docstring."""
    found = program.function(name)
    # A lambda's body is an expression, and so does something.
    body = found[1].body if found is not None else None
    return isinstance(body, list) and all(map(_does_nothing, body))


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Return(value=None | ast.Constant(value=None)):
            return True
    return False


def _initials(names: Iterable[str]) -> list[str]:
    return [name[:1].lower() for name in names]


def _parameter_names(program: Program, name: str) -> tuple[str, ...]:
    found = program.function(name)
    if found is None:
        return ()
    return tuple(arg.arg for arg in parameters(found[1]))
