"""What is wrong with a value of any kind, and which part of it that is.

Only the parts that the expected value has are looked at. So however deep or large a result is, the
expected value bounds the cost of comparing it.
"""

from typing import Final, NamedTuple

import numpy as np

from grader.compare.arrays import compare_arrays
from grader.compare.forms import is_number, numbers_of
from grader.compare.rules import Facts, Strictness
from grader.compare.scalars import (
    compare_numbers,
    compare_texts,
    python_number,
)
from grader.model import Array, Random, Unsent, Value, Verdict

Path = tuple[int | str, ...]

_KEY: Final = 60
"""Characters of a key that is not text."""


class Wrong(NamedTuple):
    """The first thing that is wrong in a value, and the part of the value that it is about."""

    verdict: Verdict
    facts: Facts
    expected: Value
    actual: Value
    part: Path = ()


class UnanswerableError(Exception):
    """What is expected is not a value: a fault of the exercise."""


def differs(
    expected: Value,
    actual: Value,
    rules: Strictness,
) -> Wrong | None:
    """Return the first thing that is wrong; None where `actual` is the right answer.

    Raises only `UnanswerableError`.
    """
    if is_number(expected):
        return _number(expected, actual, rules)
    if isinstance(expected, np.ndarray):
        return _array(expected, actual, rules)
    if isinstance(expected, list | tuple):
        return _sequence(expected, actual, rules)
    if isinstance(expected, dict):
        return _dict(expected, actual, rules)
    if isinstance(expected, Unsent):
        raise UnanswerableError(expected.type_name)
    return _other(expected, actual)


def _type(expected: Value, actual: Value) -> Wrong:
    """Return that the type is wrong; an array of objects is an array all the same."""
    rung = "type"
    if isinstance(actual, Unsent) and isinstance(expected, np.ndarray):
        unsent = actual.type_name == "ndarray" and actual.dtype is not None
        rung = "dtype" if unsent else "type"
    return Wrong(Verdict.WRONG_TYPE, {"rung": rung}, expected, actual)


def _number(
    expected: Value,
    actual: Value,
    rules: Strictness,
) -> Wrong | None:
    if not is_number(actual):
        array = actual if isinstance(actual, np.ndarray) else None
        if rules.lists and array is None:
            array = numbers_of(actual)
        if array is None:
            return _type(expected, actual)
        facts = {"rung": "shape", "region": None}
        return Wrong(Verdict.WRONG_SHAPE, facts, expected, actual)
    verdict, facts = compare_numbers(
        python_number(actual), python_number(expected), rules
    )
    return _wrong(verdict, facts, expected, actual)


def _array(
    expected: Array,
    actual: Value,
    rules: Strictness,
) -> Wrong | None:
    array = actual if isinstance(actual, np.ndarray) else None
    if array is None and rules.lists and isinstance(actual, list | tuple):
        array = numbers_of(actual)
    if array is None:
        return _type(expected, actual)
    verdict, facts = compare_arrays(array, expected, rules)
    return _wrong(verdict, facts, expected, actual)


def _wrong(
    verdict: Verdict, facts: Facts, expected: Value, actual: Value
) -> Wrong | None:
    if verdict is Verdict.PASSED:
        return None
    return Wrong(verdict, facts, expected, actual)


def _sequence(
    expected: Value, actual: Value, rules: Strictness
) -> Wrong | None:
    kind = list if isinstance(expected, list) else tuple
    if not isinstance(actual, kind):
        return _as_arrays(expected, actual, rules)
    first = None
    for index, (wanted, given) in enumerate(
        zip(expected, actual, strict=False)
    ):
        wrong = differs(wanted, given, rules)
        if wrong is not None:
            first = index
            if len(expected) == len(actual):
                return wrong._replace(part=(index, *wrong.part))
            break
    if len(expected) == len(actual):
        return None
    if first is None:
        first = min(len(expected), len(actual))
    facts = {"rung": "length", "first": (first,)}
    return Wrong(Verdict.WRONG_SHAPE, facts, expected, actual)


def _as_arrays(
    expected: Value, actual: Value, rules: Strictness
) -> Wrong | None:
    """Compare a list of numbers with an array or a tuple of them, if the exercise lets it count."""
    if rules.lists and isinstance(actual, list | tuple | np.ndarray):
        wanted, given = numbers_of(expected), numbers_of(actual)
        if wanted is not None and given is not None:
            verdict, facts = compare_arrays(given, wanted, rules)
            return _wrong(verdict, facts, expected, actual)
    return _type(expected, actual)


def _dict(
    expected: Value,
    actual: Value,
    rules: Strictness,
) -> Wrong | None:
    if not isinstance(actual, dict):
        return _type(expected, actual)
    if expected.keys() != actual.keys():
        return Wrong(Verdict.WRONG_SHAPE, {"rung": "keys"}, expected, actual)
    for key, wanted in expected.items():
        wrong = differs(wanted, actual[key], rules)
        if wrong is not None:
            return wrong._replace(part=(key_in_path(key), *wrong.part))
    return None


def key_in_path(key: object) -> int | str:
    """Return a key for a path: text and whole numbers unchanged, anything else as text."""
    if isinstance(key, str) or type(key) is int:
        return key
    return f"{key!r:.{_KEY}}"


def _other(expected: Value, actual: Value) -> Wrong | None:
    """Compare what is equal or not: text, bytes, None, a random generator."""
    is_text = isinstance(expected, str) and isinstance(actual, str)
    if type(expected) is not type(actual) and not is_text:
        return _type(expected, actual)
    if isinstance(expected, str | bytes):
        verdict, facts = compare_texts(actual, expected)
        return _wrong(verdict, facts, expected, actual)
    if expected is None or (
        isinstance(expected, Random) and expected == actual
    ):
        return None
    return Wrong(Verdict.WRONG_VALUES, {"rung": "values"}, expected, actual)
