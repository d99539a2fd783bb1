"""What wrong answers of any kind give for the public examples, as data: for `grader check`.

There is no code and no solution in it, only what each wrong answer gives for inputs that everybody
has. `public` reads the file in which it lies.

A value is written as one of

    null                        None
    {"s": shape, "n": numbers}  numbers in any form: a number, an array, a regular list
    {"t": text}                 text
    {"l": values}               a list
    {"p": values}               a tuple
    {"d": [[key, value]]}       a dict
    {"u": type}                 what no value can be
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from grader.cases import example_cases
from grader.compare import numbers_of
from grader.diagnose.catalogue import Catalogue, Causes
from grader.diagnose.groups import Group, groups_of
from grader.diagnose.replaying import Given, Ids, Replaying, is_given
from grader.model import Exercise, Finding, Unsent, Value

Json: TypeAlias = Any
"""What JSON can carry."""
Row: TypeAlias = dict[str, Json]

_MOST_NUMBERS: Final = 10_000
_MOST_ANSWERS: Final = 1000
_DIGITS: Final = 9
"""Of a number that is written: the last ones depend on the processor."""


class TooLargeError(ValueError):
    """A value has no place in the table."""


class Tabled(Catalogue):
    """A catalogue that knows what its wrong answers give for the public examples."""

    def __init__(
        self,
        texts: Mapping[str, str],
        evidence: Mapping[str, str],
        causes: Causes,
        rows: Sequence[Row],
        exercise: Exercise,
    ) -> None:
        super().__init__(texts, evidence, causes)
        self._rows = list(map(_read, rows[:_MOST_ANSWERS]))
        self._exercise = exercise

    def explained(self, findings: Sequence[Finding]) -> dict[str, Ids]:
        """Return the ids of each failed example that a wrong answer explains."""
        found: dict[str, Ids] = {}
        for group in groups_of(findings, self._exercise):
            fitting = {
                ids
                for ids, target, given in self._rows
                if target in group.targets and self._fits(given, group)
            }
            if len(fitting) == 1:
                found |= dict.fromkeys(group.cases, fitting.pop())
        return found

    def _fits(self, given: Mapping[str, Given], group: Group) -> bool:
        apart = "changed an argument" in self.evidence
        for finding in group.findings:
            wrong = given.get(finding.trial.case)
            if wrong is None or not is_given(wrong, finding, apart=apart):
                return False
        return True


def rows_of(exercise: Exercise, catalogue: Replaying) -> list[Row]:
    """Return what the wrong answers of a catalogue give for the public examples."""
    trials = [case.trials[0] for case in example_cases(exercise)]
    rows = []
    for member in catalogue.members[:_MOST_ANSWERS]:
        try:
            given = {
                trial.case: _given(catalogue.given(member, trial))
                for trial in trials
            }
        except TooLargeError:
            continue
        rows.append(
            {
                "ids": sorted(member.ids),
                "target": member.target,
                "given": given,
            }
        )
    return rows


def _given(given: Given) -> Json:
    if given.raised is not None:
        return {"raised": given.raised, "call": given.call}
    return {"value": written(given.value), "changed": given.changed}


def _read(row: Row) -> tuple[Ids, str, dict[str, Given]]:
    given = {case: _one(each) for case, each in row["given"].items()}
    return frozenset(row["ids"]), row["target"], given


def _one(each: Json) -> Given:
    if "raised" in each:
        return Given(raised=each["raised"], call=each["call"])
    return Given(value=read(each["value"]), changed=each["changed"])


def written(value: Value) -> Json:
    """Return a value as plain data; `TooLargeError` if that would be too much."""
    numbers = numbers_of(value)
    if numbers is not None and numbers.dtype.kind != "c":
        if numbers.size > _MOST_NUMBERS:
            raise TooLargeError
        flat = numbers.astype(np.float64).ravel().tolist()
        return {"s": list(numbers.shape), "n": list(map(_number, flat))}
    if isinstance(value, str):
        return {"t": _short(value)}
    if isinstance(value, list | tuple):
        kind = "l" if isinstance(value, list) else "p"
        return {kind: list(map(written, _short(value)))}
    if isinstance(value, dict):
        pairs = _short(list(value.items()))
        return {"d": [[written(key), written(item)] for key, item in pairs]}
    return None if value is None else {"u": _type_name(value)}


def _short(items: Any) -> Any:  # noqa: ANN401 - a text or a list
    if len(items) > _MOST_NUMBERS:
        raise TooLargeError
    return items


def _type_name(value: Value) -> str:
    return value.type_name if isinstance(value, Unsent) else ""


def _number(number: float) -> float | str:
    if not math.isfinite(number):
        return str(number)
    return float(f"{number:.{_DIGITS}g}")


def read(data: Json) -> Value:
    """Return the value that `written` wrote; numbers as an array."""
    if data is None:
        return None
    ((kind, content), *_) = data.items()
    return _READ[kind](data if kind == "s" else content)


def _read_numbers(data: Json) -> Value:
    numbers = np.array(list(map(float, data["n"])), np.float64)
    return numbers.reshape(data["s"])


def _read_key(data: Json) -> Any:  # noqa: ANN401 - any key
    key = read(data)
    return key.item() if isinstance(key, np.ndarray) else key


_READ: Final[dict[str, Callable[[Json], Value]]] = {
    "s": _read_numbers,
    "t": str,
    "l": lambda content: list(map(read, content)),
    "p": lambda content: tuple(map(read, content)),
    "d": lambda content: {_read_key(key): read(item) for key, item in content},
    "u": Unsent,
}
