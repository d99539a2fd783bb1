"""One line for each way to miss the target: no such function, a wrong name, extra arguments, the stub unchanged. Pure.

Execution says what it found (`Loading`); the text says why, and where.
"""

import ast
import functools
import re
from collections.abc import Sequence

from grader.model import Exercise, Fault, Loading, Skipped, Submission
from grader.submission.alike import serial, statements
from grader.submission.bindings import Binding
from grader.submission.program import Program, close_to, function_node, read_program
from grader.submission.scope import Function, parameters
from grader.submission.source import Problem, parse, place, shown

WRONG_NAME = "wrong-name"
EXTRA_ARGUMENTS = "extra-arguments"
_LISTED = 8


def loading_fault(
    loading: Loading, exercise: Exercise, submission: Submission
) -> Fault | None:
    """Say in one line why what was loaded cannot be called; None where it can, or where loading itself failed."""
    match loading.state:
        case "no_function":
            return _no_function(loading, exercise, read_program(submission.units))
        case "not_callable":
            return _not_callable(loading, exercise, read_program(submission.units))
        case "bad_signature":
            return _bad_signature(loading, exercise, read_program(submission.units))
        case "foreign":
            module = (
                f"from {shown(loading.module)}" if loading.module else "from a library"
            )
            return Fault(
                message=f"{exercise.function} comes {module} and is not a function of your own. "
                "Write the computation yourself with NumPy."
            )
    return None


def unchanged_stub(program: Program, exercise: Exercise) -> Fault | None:
    """Say that the function is still the stub's, docstring and comments aside; None where it is not."""
    stub = _stub(exercise.stub, exercise.function)
    found = function_node(program, exercise.function)
    if stub is None or found is None:
        return None
    binding, node = found
    # The number of statements first: it is another for nearly everybody, and the rest is slow.
    if statements(node) != statements(stub) or serial([node]) != serial([stub]):
        return None
    earlier = [
        other for other in program.bindings
        if other.name == exercise.function and other.kind == "function" and other is not binding
        and serial([other.node]) != serial([node])
    ]  # fmt: skip
    more = ""
    if earlier:
        here, there = (
            place(node.lineno, binding.cell),
            place(earlier[-1].line, earlier[-1].cell).lower(),
        )
        more = f" {here} defines the empty one, after yours ({there}): the last one counts, so delete it."
    return Fault(
        message=f"You have not changed the stub yet: write your code into {exercise.function}.{more}"
    )


@functools.lru_cache(maxsize=8)
def _stub(source: str, name: str) -> ast.FunctionDef | None:
    tree = parse(source)
    nodes = [] if isinstance(tree, Problem) else tree.body
    return next(
        (
            node
            for node in reversed(nodes)
            if isinstance(node, ast.FunctionDef) and node.name == name
        ),
        None,
    )


# ----------------------------------------------------------------------------------------------------- no function


def _no_function(loading: Loading, exercise: Exercise, program: Program) -> Fault:
    return (
        _definition_failed(loading, exercise, program)
        or _out_of_reach(exercise, program)
        or _other_name(loading, exercise, program)
    )


def _definition_failed(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault | None:
    """See whether the name is bound in the text, by a statement that raised or that a `__main__` guard holds."""
    binding = program.last(exercise.function)
    if binding is None:
        return None
    where = place(binding.line, binding.cell)
    if binding.kind == "deleted":
        return Fault(
            message=f"{where}: {exercise.function} is deleted there (del). Take that line away."
        )
    if binding.main_only:
        return Fault(
            message=f'{where}: {exercise.function} is defined under if __name__ == "__main__":, so it exists only when '
            "the file is run by itself. Move it out of there, to the left margin."
        )
    skipped = next((skip for skip in loading.skipped if _covers(binding, skip)), None)
    if skipped is None:
        return None
    # A SyntaxError that only compiling finds ends with the file and the line, which have been said.
    message = re.sub(r" \([^()]*, line \d+\)$", "", skipped.raised.message)
    reason = ": ".join(part for part in (skipped.raised.type, shown(message)) if part)
    if binding.kind == "import":
        module = (binding.origin or "").rpartition(".")[0] or binding.origin
        return Fault(
            message=f"{where}: {exercise.function} is imported from {shown(module or '')}, which is not there "
            f"({reason}). Hand in the function itself."
        )
    return Fault(
        message=f"{where}: {exercise.function} could not be defined ({reason})."
    )


def _covers(binding: Binding, skipped: Skipped) -> bool:
    if skipped.cell != binding.cell:
        return False
    first = min(
        [
            binding.line,
            *(node.lineno for node in getattr(binding.node, "decorator_list", [])),
        ]
    )
    last = getattr(binding.node, "end_lineno", None) or binding.line
    return skipped.line is None or first <= skipped.line <= last


def _out_of_reach(exercise: Exercise, program: Program) -> Fault | None:
    """See whether the function is defined inside a class or another function."""
    for cell, tree in program.trees():
        for outer in ast.walk(tree):
            if not isinstance(
                outer, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            ):
                continue
            for node in outer.body:
                if (
                    isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                    and node.name == exercise.function
                ):
                    inside = (
                        "a method of the class"
                        if isinstance(outer, ast.ClassDef)
                        else "inside the function"
                    )
                    return Fault(
                        message=f"{place(node.lineno, cell)}: {exercise.function} is {inside} {shown(outer.name)}, "
                        f"where the tests cannot call it. Write it at the left margin: {_header(exercise)}"
                    )
    return None


def _other_name(loading: Loading, exercise: Exercise, program: Program) -> Fault:
    names = list(dict.fromkeys(loading.functions))
    missing = f"There is no function named {exercise.function}"
    meant = _meant(names, exercise, program)
    if meant is not None:
        found = program.last(meant)
        where = (
            f" ({place(found.line, found.cell).lower()})" if found is not None else ""
        )
        return Fault(
            message=f"{missing}; you have {shown(meant)}{where}. Did you mean that? Rename it to {exercise.function}.",
            misconception=WRONG_NAME,
        )
    problem = next(
        ((cell, unit.problem) for cell, unit in program.problems() if unit.problem),
        None,
    )
    if problem is not None:
        return Fault(
            message=f"{missing}. {place(problem[1].line, problem[0])} cannot be read: {problem[1].text}."
        )
    if names:
        listed = ", ".join(map(shown, names[:_LISTED])) + (
            ", ..." if len(names) > _LISTED else ""
        )
        return Fault(message=f"{missing}; you have {listed}. Write {_header(exercise)}")
    return Fault(message=f"{missing}. Write {_header(exercise)}")


def _meant(names: Sequence[str], exercise: Exercise, program: Program) -> str | None:
    """Find the one function that was probably meant: by its name, then by its parameters, then because it is alone."""
    close = close_to(exercise.function, names)
    if close is not None:
        return close
    stem = exercise.function[:4].lower()
    takes = {name: _parameter_names(program, name) for name in names}
    initials = [name[:1] for name in exercise.arguments]
    guesses = (
        [name for name in names if stem in name.lower()],
        [
            name
            for name in names
            if takes[name][: len(exercise.arguments)] == exercise.arguments
        ],
        [
            name
            for name in names
            if [parameter[:1].lower() for parameter in takes[name]] == initials
        ],
        [name for name in names if len(takes[name]) == len(exercise.arguments)],
        names,
    )
    return next((guess[0] for guess in guesses if len(guess) == 1), None)


def _parameter_names(program: Program, name: str) -> tuple[str, ...]:
    found = function_node(program, name)
    return tuple(arg.arg for arg in parameters(found[1])) if found is not None else ()


# ------------------------------------------------------------------------------------------------- the wrong function


def _not_callable(loading: Loading, exercise: Exercise, program: Program) -> Fault:
    kinds = {
        "module": "a module",
        "NoneType": "None",
        "ndarray": "an array",
        "str": "a text",
    }
    kinds |= dict.fromkeys(("type", "class"), "a class")
    kinds |= dict.fromkeys(("int", "float"), "a number") | dict.fromkeys(
        ("list", "tuple"), "a list"
    )
    name = loading.type_name or "something else"
    kind = kinds.get(name, f"an object of type {shown(name)}")
    binding = program.last(exercise.function)
    where = f"{place(binding.line, binding.cell)}: " if binding is not None else ""
    return Fault(
        message=f"{where}{exercise.function} is {kind}, not a function. The tests call {_call(exercise)}, so write "
        f"{_header(exercise)}"
    )


def _bad_signature(loading: Loading, exercise: Exercise, program: Program) -> Fault:
    found = function_node(program, exercise.function)
    where = f"{place(found[1].lineno, found[0].cell)}: " if found is not None else ""
    required = [shown(name) for name in loading.required]
    wanted = len(exercise.arguments)
    if len(required) > wanted:
        extra = required[wanted:]
        defaults = ", ".join(f"{name}=..." for name in extra[:_LISTED])
        if required[0] == "self":
            advice = "Take self away: this is a function, not a method."
        else:
            them = "it" if len(extra) == 1 else "them"
            advice = f"Give {them} a default value ({defaults}), or take {them} away."
        return Fault(
            message=f"{where}the tests call {_call(exercise)}, but {exercise.function} also needs "
            f"{_and([required[0]] if required[0] == 'self' else extra)}. {advice}",
            misconception=EXTRA_ARGUMENTS,
        )
    if found is not None and len(found[1].args.kwonlyargs) >= wanted:
        advice = "takes them by name only, because of the * in its first line. Take the * away."
        return Fault(
            message=f"{where}the tests call {_call(exercise)}, but {exercise.function} {advice}"
        )
    takes = _taken(found[1]) if found is not None else ""
    return Fault(
        message=f"{where}the tests call {_call(exercise)}, but {exercise.function} {takes or 'takes fewer arguments'}. "
        f"Write {_header(exercise)}"
    )


def _taken(node: Function) -> str:
    names = [shown(arg.arg) for arg in parameters(node)]
    return f"takes only {_and(names)}" if names else "takes no arguments"


def _and(names: Sequence[str]) -> str:
    names = [*names[:_LISTED], "more"] if len(names) > _LISTED else list(names)
    return " and ".join([*([", ".join(names[:-1])] if names[:-1] else []), *names[-1:]])


def _call(exercise: Exercise) -> str:
    return f"{exercise.function}({', '.join(exercise.arguments)})"


def _header(exercise: Exercise) -> str:
    return f"def {_call(exercise)}:"
