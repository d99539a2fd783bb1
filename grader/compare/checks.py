"""The exercise's own checks, which replace the comparison where several answers are right.

An author writes them in `check.py`. One that is named as a target judges what that function
returned; one that is named as a case judges what the whole case yielded. What they say is a
stranger's text nowhere: but it may quote the answer, so it is escaped where it is shown.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import msgspec
import numpy as np

from grader.errors import ExerciseError
from grader.model import Call, Earlier, Random, Target, Trial, Value
from grader.recording.randoms import generator_of

Check: TypeAlias = Callable[..., Any]

_FILE: Final = "check.py"


class Checks(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The checks of one exercise, and what they need to be called.

    All other functions of `check.py` are properties, which only diagnosis looks at.
    """

    functions: Mapping[str, Check]
    """Name -> function, as `Solutions.checks` has them."""
    targets: tuple[Target, ...] = ()
    arguments: tuple[str, ...] = ()
    """The names of what a plain call passes."""
    file: str = _FILE
    """The file that the functions are in, for messages about them."""

    def of_case(self, trial: Trial) -> Check | None:
        """Return the check of a whole case, if there is one."""
        if any(target.name == trial.case for target in self.targets):
            return None
        return self.functions.get(trial.case)

    def of_call(
        self,
        trial: Trial,
        index: int,
    ) -> Check | None:
        """Return the check of what one call gave, if there is one."""
        name = called_name(trial, index, self.targets)
        return None if name is None else self.functions.get(name)

    def whole(
        self, check: Check, trial: Trial, answer: Value, expected: Value
    ) -> str | None:
        """Return what a check of a whole case says: None if the answer is right.

        Raises `ExerciseError` where the check itself is at fault.
        """
        names = trial.names or self.arguments
        known = dict(zip(names, trial.args, strict=False))
        return self.said(check, answer, {**known, "expected": expected})

    def result(
        self,
        check: Check,
        trial: Trial,
        index: int,
        answer: Value,
        expected: Value,
    ) -> str | None:
        """Return what a check says about the result of one call, as `whole` does."""
        known = given_arguments(trial, index, self.targets, self.arguments)
        return self.said(check, answer, {**known, "expected": expected})

    def said(
        self, check: Check, answer: Value, known: Mapping[str, Value]
    ) -> str | None:
        """Call a check with the answer and what else it names; return its sentence, or None."""
        try:
            said = call_by_name(check, answer, known)
        except Exception as error:
            raise self._fault(
                check, f"raised {type(error).__name__}: {error}"
            ) from error
        if said is None or (isinstance(said, str) and said.strip()):
            return said
        what = "an empty text" if isinstance(said, str) else f"{said!r:.60}"
        raise self._fault(
            check,
            f"gave {what}: it returns None where the answer is right, else a sentence",
        )

    def _fault(
        self,
        check: Check,
        what: str,
    ) -> ExerciseError:
        code = getattr(check, "__code__", None)
        line = f":{code.co_firstlineno}" if code is not None else ""
        name = getattr(check, "__name__", "a check")
        return ExerciseError(f"{self.file}{line}: {name} {what}")


def called_name(
    trial: Trial, index: int, targets: Sequence[Target]
) -> str | None:
    """Return the name of the target that a call of a trial calls; None for a method of a result."""
    if not trial.calls:
        return targets[0].name if targets else None
    call = trial.calls[index]
    return None if call.on is not None or call.is_attribute else call.name


def given_arguments(
    trial: Trial,
    index: int,
    targets: Sequence[Target],
    arguments: Sequence[str] = (),
) -> dict[str, Value]:
    """Return what one call was given, by the names of its parameters; defaults where it was not."""
    name = called_name(trial, index, targets)
    target = next((one for one in targets if one.name == name), None)
    known: dict[str, Value] = {}
    for parameter in () if target is None else target.parameters:
        if parameter.default is not None:
            known.update(_default(parameter.name, parameter.default))
    if trial.calls:
        return known | arguments_of(trial.calls[index])
    return known | dict(zip(arguments, trial.args, strict=False))


def arguments_of(call: Call) -> dict[str, Value]:
    """Return the arguments of a call by name; not those that are results of other calls."""
    given = dict(zip(call.names, call.args, strict=False)) | call.kwargs
    return {
        name: value
        for name, value in given.items()
        if not isinstance(value, Earlier)
    }


def _default(name: str, text: str) -> dict[str, Value]:
    """Return a default value as the stub has it, where it is one that can be read."""
    try:
        return {name: ast.literal_eval(text)}
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}


def call_by_name(
    function: Check, answer: Value, known: Mapping[str, Value]
) -> Any:  # noqa: ANN401 - whatever the author's function returns
    """Call a function of the author's with the answer first, then by name what it asks for.

    It gets copies, so that nothing it does reaches another check. A parameter that is not known is
    left to its default value.
    """
    wanted = [name for name in _asked(function) if name in known]
    with np.errstate(all="ignore"):
        return function(
            own_copy(answer), **{name: own_copy(known[name]) for name in wanted}
        )


def _asked(function: Check) -> Iterable[str]:
    """Return the names of the parameters after the first."""
    return list(inspect.signature(function).parameters)[1:]


def own_copy(value: Value) -> Any:  # noqa: ANN401 - a value, or a random generator
    """Return a copy that may be changed; a random generator in the state that it was in."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, list | tuple):
        return type(value)(map(own_copy, value))
    if isinstance(value, dict):
        return {key: own_copy(item) for key, item in value.items()}
    if isinstance(value, Random):
        return generator_of(value)
    return value
