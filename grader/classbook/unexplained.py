"""What nobody understands yet: wrong answers without a name that agree with each other.

Two submissions belong together if all their calls on the common inputs (`behaviour`) gave the same
kinds of result, and numbers that differ by no more than the exercise's tolerance. That relation is
not transitive: a may be near b, and b near c, where a and c are too far apart. So a group is all
that is connected by it, which depends on no order and has no edges that rounding would have.
"""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from grader.cases import replay
from grader.classbook.behaviour import Behaviour, Given, common_cases
from grader.classbook.values import taken_apart, written
from grader.compare import numbers_of
from grader.model import (
    Array,
    Earlier,
    Exercise,
    Parameter,
    Solutions,
    Target,
    Tolerance,
    Trial,
    Value,
)

_LEAST: Final = 2
"""Submissions of a group."""
_CODES: Final = 2
"""Submissions whose code is shown."""
_NEIGHBOURS: Final = 200
"""Most submissions that one is compared with, of those that it may agree with."""


class Code(msgspec.Struct, frozen=True):
    """What one student of a group wrote."""

    student: str
    code: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One call of a group that is not what it should be."""

    case: str
    trial: str
    inputs: dict[str, str]
    """Argument -> its numbers, as text."""
    expected: str
    given: str
    """Numbers, or the exception."""


class Unexplained(msgspec.Struct, frozen=True, kw_only=True):
    """Submissions that give the same wrong answer, which no misconception explains."""

    count: int
    students: tuple[str, ...]
    shown: Shown
    codes: tuple[Code, ...]
    skeleton: str
    """To paste into `misconceptions.py`."""


class Common(NamedTuple):
    """What every unexplained submission was called with, and what it should have given."""

    trials: Sequence[Trial]
    expected: Sequence[Value]
    exercise: Exercise
    has_answers: bool
    """Whether `misconceptions.py` has `ANSWERS` already."""


def common_of(
    exercise: Exercise, solutions: Solutions, secret: bytes
) -> Common:
    """Return the common inputs, with the right results."""
    cases = common_cases(exercise, solutions, secret)
    trials = [trial for case in cases for trial in case.trials]
    expected = [
        replay(trial, exercise.function, solutions.names) for trial in trials
    ]
    return Common(
        trials,
        expected,
        exercise,
        _has_answers(solutions.folder / "misconceptions.py"),
    )


def _has_answers(path: Path) -> bool:
    if not path.is_file():
        return False
    text = path.read_text("utf-8", "replace")
    return re.search(r"^ANSWERS\b", text, re.MULTILINE) is not None


# ---- Groups


class Tally:
    """Collects what submissions did with the common inputs."""

    def __init__(self) -> None:
        self._names: dict[tuple[tuple[Given, ...], bytes], list[str]] = {}
        """What was given, to the letter -> submissions."""
        self._codes: dict[str, str] = {}

    def add(self, name: str, behaviour: Behaviour | None) -> None:
        """Count one submission; None says that it is explained."""
        if behaviour is not None:
            key = (behaviour.calls, behaviour.values)
            self._names.setdefault(key, []).append(name)
            self._codes[name] = behaviour.code

    def groups(self, common: Callable[[], Common]) -> tuple[Unexplained, ...]:
        """Return the groups of two and more, the largest first; `common` is called if need be."""
        if len(self._codes) < _LEAST:
            return ()
        known = common()
        found = [
            _Group(members, self._together(members))
            for members in self._connected(known.exercise.tolerance)
        ]
        found = [group for group in found if len(group.students) >= _LEAST]
        found.sort(key=lambda group: (-len(group.students), group.students))
        return tuple(
            self._told(group, number, known)
            for number, group in enumerate(found, 1)
        )

    def alone(self, groups: Sequence[Unexplained]) -> int:
        """Return how many unexplained submissions belong to none of the groups."""
        return len(self._codes) - sum(group.count for group in groups)

    def _together(self, members: Sequence["_Key"]) -> tuple[str, ...]:
        names = (self._names[key] for key in members)
        return tuple(sorted(itertools.chain.from_iterable(names)))

    def _connected(self, tolerance: Tolerance) -> Iterator[list["_Key"]]:
        by_kind: dict[tuple[Any, ...], list[_Key]] = {}
        tables: dict[_Key, Array] = {}
        for key in self._names:
            numbers = Behaviour(*key, "").numbers()
            # NaN and infinities must be in the same places; finite numbers may differ a little.
            finite = np.isfinite(numbers)
            tables[key] = np.where(finite, numbers, 0.0)
            infinite = np.where(np.isinf(numbers), np.sign(numbers), 0.0)
            kind = (key[0], finite.tobytes(), infinite.tobytes())
            by_kind.setdefault(kind, []).append(key)
        for keys in by_kind.values():
            table = np.array([tables[key] for key in keys])
            for rows in connected(table, tolerance):
                yield [keys[row] for row in rows]

    def _told(
        self, group: "_Group", number: int, common: Common
    ) -> Unexplained:
        students = group.students
        shortest = sorted(students, key=lambda one: len(self._codes[one]))
        codes: dict[str, str] = {}
        for name in shortest:
            codes.setdefault(self._codes[name], name)
        shown, trial = _shown(group.members[0], common)
        return Unexplained(
            count=len(students),
            students=students,
            shown=shown,
            codes=tuple(
                Code(name, code)
                for code, name in itertools.islice(codes.items(), _CODES)
            ),
            skeleton=_skeleton(number, len(students), common, trial),
        )


_Key = tuple[tuple[Given, ...], bytes]


class _Group(NamedTuple):
    members: list[_Key]
    students: tuple[str, ...]


def connected(table: Array, tolerance: Tolerance) -> list[list[int]]:
    """Return the rows of a table that are connected by agreeing in all their numbers.

    Rows that agree have sums with the same weights that are near each other. So the rows are sorted
    by such a sum, and each is compared only with those after it that are near enough.
    """
    count, width = table.shape
    parent = list(range(count))
    if width == 0:
        return [list(range(count))]
    weights = np.random.Generator(np.random.PCG64(0)).uniform(0.5, 1.5, width)
    sums = table @ weights
    # Twice what one row allows bounds what two rows allow that agree.
    allowed = tolerance.atol + tolerance.rtol * np.abs(table)
    reach = 2 * (allowed @ weights)
    order = np.argsort(sums, kind="stable")
    for place, row in enumerate(order):
        near = order[place + 1 : place + 1 + _NEIGHBOURS]
        near = near[sums[near] - sums[row] <= reach[row] + reach[near]]
        errors = np.abs(table[near] - table[row])
        agreeing = (errors <= np.maximum(allowed[near], allowed[row])).all(
            axis=1
        )
        for other in near[agreeing]:
            parent[_root(parent, int(other))] = _root(parent, int(row))
    groups: dict[int, list[int]] = {}
    for row in range(count):
        groups.setdefault(_root(parent, row), []).append(row)
    return list(groups.values())


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


# ---- How a group is described


def _shown(key: _Key, common: Common) -> tuple[Shown, Trial]:
    """Return the first call that is not what it should be, and its trial."""
    calls, packed = key
    numbers = Behaviour(calls, packed, "").numbers()
    ends = list(itertools.accumulate(call.counted for call in calls))
    given = [
        numbers[end - call.counted : end]
        for end, call in zip(ends, calls, strict=True)
    ]
    places = range(len(calls))
    wrong = (
        place
        for place in places
        if not _is_right(
            calls[place],
            given[place],
            common.expected[place],
            common.exercise.tolerance,
        )
    )
    # If all are right here, only inputs of its own show what is wrong with it.
    first = next(wrong, 0)
    trial, call = common.trials[first], calls[first]
    names = trial.names or common.exercise.arguments
    inputs = zip(names, trial.args, strict=True)
    shown = Shown(
        case=trial.case,
        trial=trial.name,
        inputs={
            name: written(value)
            for name, value in inputs
            if not isinstance(value, Earlier)
        },
        expected=written(common.expected[first]),
        given=_given_text(call, given[first]),
    )
    return shown, trial


def _is_right(
    call: Given,
    numbers: Array,
    expected: Value,
    tolerance: Tolerance,
) -> bool:
    structure, right = taken_apart(expected)
    array = numbers_of(expected)
    same_form = array is not None and call.shape == array.shape
    if array is None:
        same_form = call.what.endswith(f": {structure}")
    if not same_form or call.counted != right.size:
        return False
    allowed = tolerance.atol + tolerance.rtol * np.abs(right)
    near = bool((np.abs(numbers - right) <= allowed).all())
    return near and not call.changed


def _given_text(call: Given, numbers: Array) -> str:
    if call.counted == 0 or len(numbers) != int(np.prod(call.shape)):
        return call.what
    return written(numbers.reshape(call.shape))


def _skeleton(number: int, count: int, common: Common, trial: Trial) -> str:
    """Return a wrong answer without its body; nothing of it is a student's text."""
    name = f"unnamed_{number}"
    adds = "+=" if common.has_answers else "="
    target = _target(common.exercise, trial)
    several = len(common.exercise.targets) > 1
    answers = f'ANSWERS["{target.name}"]' if several else "ANSWERS"
    parameters = [
        each.name if each.default is None else f"{each.name}={each.default}"
        for each in target.parameters
    ]
    return "\n".join(
        (
            f"def {name}({', '.join(parameters)}):",
            f'    """Say what the {count} students see in their numbers, and what to do about it.',
            "",
            "    The name of this function, with dashes, is the misconception's id.",
            '    """',
            "    # Compute here what their code computes, or raise what it raises.",
            "    raise NotImplementedError",
            "",
            "",
            f"{answers} {adds} ({name},)",
        )
    )


def _target(exercise: Exercise, trial: Trial) -> Target:
    """Return what a trial calls first."""
    called = trial.calls[0].name if trial.calls else exercise.function
    for target in exercise.targets:
        if target.name == called:
            return target
    parameters = tuple(Parameter(name=name) for name in exercise.arguments)
    return Target(name=exercise.function, parameters=parameters)
