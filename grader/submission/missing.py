"""One line about why there is no function of the exercise's name."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from grader.libraries import why_missing
from grader.model import (
    Fault,
    Loading,
    Missing,
    Parameter,
    Skipped,
    Target,
)
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
"""The most names that one line lists."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STEM = 4
"""Letters that a name shares with the right one, such as `conv2d` with `convolve`."""
_WHERE = re.compile(r" \([^()]*, line \d+\)$")
"""How a SyntaxError that only compiling finds ends: the file and the line, already shown."""


def no_function(loading: Loading, target: Target, program: Program) -> Fault:
    """Return the likeliest reason why nothing has the name of what is asked for."""
    return (
        _definition_failed(loading, target, program)
        or _out_of_reach(target, program)
        or _other_name(loading, target, program)
    )


def header(target: Target) -> str:
    """Return the first line of what is to be written, and for a class, the names of its methods."""
    if not target.is_class:
        return (
            f"def {target.name}({', '.join(map(_written, target.parameters))}):"
        )
    names = [method.name for method in target.methods]
    if not names:
        return f"class {target.name}:"
    word = "method" if len(names) == 1 else "methods"
    return f"class {target.name}: with the {word} {joined(names)}"


def _written(parameter: Parameter) -> str:
    if parameter.default is None:
        return parameter.name
    return f"{parameter.name}={parameter.default}"


def call(target: Target) -> str:
    """Return how the tests call the function, or make an object of the class."""
    return f"{target.name}({', '.join(required_names(target))})"


def required_names(target: Target) -> tuple[str, ...]:
    """Return the names of the parameters that every call passes."""
    return tuple(each.name for each in target.parameters if not each.optional)


def joined(names: Sequence[str]) -> str:
    """Join names as a sentence does: `a, b and c`."""
    listed = list(names[:LISTED])
    if len(names) > LISTED:
        listed.append("more")
    if len(listed) == 1:
        return listed[0]
    return f"{', '.join(listed[:-1])} and {listed[-1]}"


# ------------------------------------------------------------------------ bound, but not there


def _definition_failed(
    loading: Loading, target: Target, program: Program
) -> Fault | None:
    """Say why the name, which the text binds, is not there when the file is imported."""
    name = target.name
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


def _out_of_reach(target: Target, program: Program) -> Fault | None:
    """Say that the function is defined inside a class or another function."""
    for cell, tree in program.trees():
        for outer, node in _inner_functions(tree):
            if node.name != target.name:
                continue
            is_method = isinstance(outer, ast.ClassDef)
            inside = (
                "a method of the class" if is_method else "inside the function"
            )
            where = place_first(node.lineno, cell)
            said = f"{target.name} is {inside} {quoted(outer.name)}"
            advice = f"Write it at the left margin: {header(target)}"
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


def _other_name(loading: Loading, target: Target, program: Program) -> Fault:
    kind = "class" if target.is_class else "function"
    names = list(
        dict.fromkeys((*_classes(target, program), *loading.functions))
    )
    missing = f"There is no {kind} named {target.name}"
    meant = _meant(names, target, program)
    if meant is not None:
        return _rename(missing, meant, target, program)
    for cell, unit in program.problems():
        if unit.problem is not None:
            where = place_first(unit.problem.line, cell)
            said = f"{where} cannot be read: {unit.problem.text}."
            return Fault(message=f"{missing}. {said}")
    if names:
        ranked = _likeliest_first(names, target, program)
        # One more than a line lists shows that there are more; a hostile file has thousands.
        shown = [quoted(name) for name in ranked[: LISTED + 1]]
        missing += f"; you have {joined(shown)}"
    return Fault(message=f"{missing}. Write {header(target)}")


def _classes(target: Target, program: Program) -> Iterator[str]:
    """Yield the submission's classes where a class is asked for."""
    for binding in program.bindings:
        if target.is_class and binding.kind == "class":
            yield binding.name


def _rename(
    missing: str, meant: str, target: Target, program: Program
) -> Fault:
    found = program.last(meant)
    where = ""
    if found is not None:
        where = f" ({place(found.line, found.cell)})"
    advice = f"Did you mean that? Rename it to {target.name}."
    return Fault(
        message=f"{missing}; you have {quoted(meant)}{where}. {advice}",
        misconception=WRONG_NAME,
    )


def _meant(
    names: Sequence[str], target: Target, program: Program
) -> str | None:
    """Return the one function that was probably meant.

    It is found by its name, then by its parameters, then because it is the only one.
    """
    # What is still empty is not meant, unless there is nothing else.
    written = [name for name in names if not _is_empty(program, name)] or names
    close = Spelling().close_to(target.name, written)
    if close is not None:
        return close
    guesses = (
        [name for name in written if fits(name, target, program)]
        for fits in _LIKENESSES
    )
    return next((guess[0] for guess in guesses if len(guess) == 1), None)


def _likeliest_first(
    names: Sequence[str], target: Target, program: Program
) -> list[str]:
    """Return the names in the order in which they may be meant, so that no list cuts it off."""

    def unlikeness(name: str) -> tuple[bool, ...]:
        fits = (likeness(name, target, program) for likeness in _LIKENESSES)
        return _is_empty(program, name), *(not fit for fit in fits)

    return sorted(names, key=unlikeness)


def _has_its_stem(name: str, target: Target, _program: Program) -> bool:
    return target.name[:_STEM].lower() in name.lower()


def _has_its_parameters(name: str, target: Target, program: Program) -> bool:
    takes = _parameter_names(program, name)
    return takes[: len(required_names(target))] == required_names(target)


def _has_its_initials(name: str, target: Target, program: Program) -> bool:
    return _initials(_parameter_names(program, name)) == _initials(
        required_names(target)
    )


def _takes_as_many(name: str, target: Target, program: Program) -> bool:
    return len(_parameter_names(program, name)) == len(required_names(target))


def _is_there(_name: str, _target: Target, _program: Program) -> bool:
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
