"""One line about why the function that is to be graded cannot be called.

Execution says what it found (`Loading`); the text of the submission says why, and where.
"""

from collections.abc import Sequence

from grader.model import Exercise, Fault, Loading, Submission
from grader.submission.missing import LISTED, call, header, no_function
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
    match loading.state:
        case "no_function":
            return no_function(
                loading, exercise, read_program(submission.units)
            )
        case "not_callable":
            return _not_callable(
                loading, exercise, read_program(submission.units)
            )
        case "bad_signature":
            return _bad_signature(
                loading, exercise, read_program(submission.units)
            )
        case "foreign":
            return _foreign(loading, exercise)
    return None


def _foreign(loading: Loading, exercise: Exercise) -> Fault:
    origin = (
        f"from {quoted(loading.module)}" if loading.module else "from a library"
    )
    return Fault(
        message=(
            f"{exercise.function} comes {origin} and is not a function of your own. "
            "Write the computation yourself with NumPy."
        )
    )


def _not_callable(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault:
    name = loading.type_name or "something else"
    kind = _KINDS.get(name, f"an object of type {quoted(name)}")
    where = ""
    binding = program.last(exercise.function)
    if binding is not None:
        where = f"{place_first(binding.line, binding.cell)}: "
    return Fault(
        message=(
            f"{where}{exercise.function} is {kind}, not a function. "
            f"The tests call {call(exercise)}, so write {header(exercise)}"
        )
    )


def _bad_signature(
    loading: Loading, exercise: Exercise, program: Program
) -> Fault:
    look_up = program.graded if loading.replaced else program.function
    found = look_up(exercise.function)
    where = ""
    node = None
    if found is not None:
        binding, node = found
        where = f"{place_first(node.lineno, binding.cell)}: "
    start = f"{where}the tests call {call(exercise)}, but {exercise.function}"
    wanted = len(exercise.arguments)
    required = [quoted(name) for name in loading.required]
    if len(required) > wanted:
        return Fault(
            message=f"{start} {_needs_more(required, wanted)}",
            misconception=EXTRA_ARGUMENTS,
        )
    if node is not None and len(node.args.kwonlyargs) >= wanted:
        why = "takes them by name only, because of the * in its first line."
        return Fault(message=f"{start} {why} Take the * away.")
    takes = "takes fewer arguments" if node is None else _takes(node)
    return Fault(message=f"{start} {takes}. Write {header(exercise)}")


def _needs_more(required: Sequence[str], wanted: int) -> str:
    if required[0] == "self":
        return (
            "also needs self. Take self away: this is a function, not a method."
        )
    extra = required[wanted:]
    defaults = ", ".join(f"{name}=..." for name in extra[:LISTED])
    them = "it" if len(extra) == 1 else "them"
    return (
        f"also needs {_and(extra)}. "
        f"Give {them} a default value ({defaults}), or take {them} away."
    )


def _takes(node: Function) -> str:
    names = [quoted(arg.arg) for arg in parameters(node)]
    return f"takes only {_and(names)}" if names else "takes no arguments"


def _and(names: Sequence[str]) -> str:
    """Join names as a sentence does: `a, b and c`."""
    listed = list(names[:LISTED])
    if len(names) > LISTED:
        listed.append("more")
    if len(listed) == 1:
        return listed[0]
    return f"{', '.join(listed[:-1])} and {listed[-1]}"
