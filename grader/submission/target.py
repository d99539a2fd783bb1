"""One line about why the function that is to be graded cannot be called.

Execution says what it found (`Loading`); the text of the submission says why, and where.
"""

import ast
from collections.abc import Callable, Sequence
from typing import Final

from grader.model import (
    Exercise,
    Fault,
    Loading,
    Parameter,
    Submission,
    Target,
)
from grader.submission.missing import (
    LISTED,
    call,
    header,
    joined,
    no_function,
    required_names,
)
from grader.submission.program import Program, read_program
from grader.submission.scope import Function, parameters
from grader.untrusted import quoted
from grader.vocabulary import place_first

EXTRA_ARGUMENTS = "extra-arguments"
_KINDS = {
    "module": "a module",
    "NoneType": "None",
    "ndarray": "an array",
    "str": "a text",
    "type": "a class",
    "class": "a class",
    "int": "a number",
    "float": "a number",
    "list": "a list",
    "tuple": "a list",
}
"""What beginners call the types of things that are not functions."""


def loading_fault(
    loading: Loading, exercise: Exercise, submission: Submission
) -> Fault | None:
    """Return why what was loaded cannot be called.

    It is None if it can be called, or if loading itself failed.
    """
    reason = _REASONS.get(loading.state)
    if reason is None:
        return None
    target = target_of(loading, exercise)
    return reason(loading, target, read_program(submission.units))


def target_of(loading: Loading, exercise: Exercise) -> Target:
    """Return what loading is about: the first target, unless it says another one."""
    for target in exercise.targets:
        if loading.target in (None, target.name):
            return target
    arguments = tuple(Parameter(name=name) for name in exercise.arguments)
    return Target(name=exercise.function, parameters=arguments)


def _foreign(loading: Loading, target: Target, _program: Program) -> Fault:
    origin = (
        f"from {quoted(loading.module)}" if loading.module else "from a library"
    )
    kind = "class" if target.is_class else "function"
    return Fault(
        message=(
            f"{target.name} comes {origin} and is not a {kind} of your own. "
            "Write the computation yourself with NumPy."
        )
    )


def _not_callable(loading: Loading, target: Target, program: Program) -> Fault:
    wanted = f"not a {'class' if target.is_class else 'function'}"
    name = loading.type_name
    if name is not None:
        kind = _KINDS.get(name, f"an object of type {quoted(name)}")
        wanted = f"{kind}, {wanted}"
    where = ""
    binding = program.last(target.name)
    if binding is not None:
        where = f"{place_first(binding.line, binding.cell)}: "
    return Fault(
        message=(
            f"{where}{target.name} is {wanted}. "
            f"The tests call {call(target)}, so write {header(target)}"
        )
    )


def _bad_signature(loading: Loading, target: Target, program: Program) -> Fault:
    cell, node = _signature(loading, target, program)
    the = "The" if node is None else f"{place_first(node.lineno, cell)}: the"
    start = f"{the} tests call {call(target)}, but {target.name}"
    wanted = len(required_names(target))
    required = [quoted(name) for name in loading.required]
    if len(required) > wanted:
        return Fault(
            message=f"{start} {_needs_more(required, wanted, target)}",
            misconception=EXTRA_ARGUMENTS,
        )
    if node is not None and len(node.args.kwonlyargs) >= wanted > 0:
        why = "takes them by name only, because of the * in its first line."
        return Fault(message=f"{start} {why} Take the * away.")
    takes = "takes fewer arguments" if node is None else _takes(node, target)
    return Fault(message=f"{start} {takes}. Write {header(target)}")


def _signature(
    loading: Loading, target: Target, program: Program
) -> tuple[int | None, Function | None]:
    """Return the definition whose parameters are called, with its cell."""
    look_up = program.graded if loading.replaced else program.function
    found = look_up(target.name)
    if found is not None:
        return found[0].cell, found[1]
    binding = program.last(target.name)
    node = None if binding is None else binding.node
    for each in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(each, ast.FunctionDef) and each.name == "__init__":
            return None if binding is None else binding.cell, each
    return None, None


def _needs_more(required: Sequence[str], wanted: int, target: Target) -> str:
    if required[0] == "self" and not target.is_class:
        return (
            "also needs self. Take self away: this is a function, not a method."
        )
    extra = required[wanted:]
    defaults = ", ".join(f"{name}=..." for name in extra[:LISTED])
    them = "it" if len(extra) == 1 else "them"
    return (
        f"also needs {joined(extra)}. "
        f"Give {them} a default value ({defaults}), or take {them} away."
    )


def _takes(node: Function, target: Target) -> str:
    names = [quoted(arg.arg) for arg in parameters(node)]
    if target.is_class and getattr(node, "name", "") == "__init__":
        del names[:1]
    return f"takes only {joined(names)}" if names else "takes no arguments"


_REASONS: Final[dict[str, Callable[[Loading, Target, Program], Fault]]] = {
    "no_function": no_function,
    "not_callable": _not_callable,
    "bad_signature": _bad_signature,
    "foreign": _foreign,
}
