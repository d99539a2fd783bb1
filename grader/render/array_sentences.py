"""What is wrong with an array: its type, its size, its values. Pure."""

import math
from typing import Final

from grader.model import Details
from grader.render import value_sentences
from grader.render.numbers import number, size, two_numbers
from grader.render.words import MISSING, NUMBERS, REGIONS, SPECIAL, TYPES
from grader.untrusted import one_line
from grader.vocabulary import count

_PLANE: Final = 2
"""Dimensions of an array that has rows and columns."""


# --------------------------------------------------------------------------- type and size


def wrong_type(details: Details) -> str:
    """Return what came back in place of an array of numbers."""
    if value_sentences.is_of_values(details):
        is_array = details.expected_type is None
        if not (details.rung == "dtype" and is_array):
            return value_sentences.wrong_kind(details)
    if details.rung == "dtype":
        said = _wrong_dtype(details.actual_dtype or "", details)
        return _about_part(details, said)
    name = one_line(details.actual_type or "unknown", 60)
    if name in TYPES:
        return TYPES[name]
    array = "a NumPy array"
    if details.expected_shape:
        array += f" of size {size(details.expected_shape)}"
    found = (
        f"a single number ({name})"
        if name in NUMBERS
        else f"an object of type {name}"
    )
    return f"Your function returns {found}, but it should return {array}."


def _about_part(details: Details, said: str) -> str:
    """Put the part in front that a sentence about an array speaks of, if it is one."""
    if details.part is None:
        return said
    subject = value_sentences.subject(details)
    if said.startswith("Your output "):
        return f"{subject} {said.removeprefix('Your output ')}"
    return f"{subject}: {said[:1].lower()}{said[1:]}"


def _wrong_dtype(dtype: str, details: Details) -> str:
    shown = one_line(dtype, 40)
    if details.expected_dtype is not None:
        should = "True and False"
        if not details.expected_dtype.startswith("bool"):
            should = "whole numbers"
        return (
            f"Your output has dtype {shown}, but it should hold {should} "
            f"(dtype {one_line(details.expected_dtype, 40)})."
        )
    if dtype.startswith("complex"):
        return (
            f"Your output holds complex numbers (dtype {shown}), but it should hold real ones: "
            "is there an FFT in it?"
        )
    if dtype.startswith("bool"):
        return f"Your output holds only True and False (dtype {shown}), but it should hold numbers."
    if dtype.startswith(("str", "bytes", "<U", ">U", "|S")):
        return f"Your output holds text (dtype {shown}), but it should hold numbers."
    if dtype.startswith("object"):
        return (
            f"Your output holds Python objects (dtype {shown}), but it should hold numbers: "
            "are all rows equally long?"
        )
    return f"Your output has dtype {shown or 'unknown'}, but it should hold floating-point numbers."


def wrong_shape(details: Details) -> str:
    """Return which size the array has, which it should have, and which part of it is right."""
    if details.rung == "length":
        return value_sentences.wrong_length(details)
    if details.rung == "keys":
        return value_sentences.wrong_keys(details)
    return _about_part(details, _wrong_size(details))


def _wrong_size(details: Details) -> str:
    expected, actual = details.expected_shape or (), details.actual_shape or ()
    wanted = size(expected) if expected else "a single number"
    if len(expected) == 1:
        wanted = f"a flat array of {count(expected[0], 'value')}"
    should = f"but it should be {wanted}"
    if not actual:
        return f"Your output is a single number, {should}."
    if len(actual) == 1:
        return f"Your output is a flat array of {count(actual[0], 'value')}, {should}."
    if len(actual) != len(expected):
        dimensions = count(len(actual), "dimension")
        return f"Your output has {dimensions} ({size(actual)}), {should}."
    larger = math.prod(actual) > math.prod(expected)
    return f"Your output is {size(actual)}, {should}.{_overlap(details, larger=larger)}"


def _overlap(details: Details, *, larger: bool) -> str:
    """Return which part of an array of the wrong size is right, where comparing found that out."""
    if details.region is None:
        return ""
    if details.region == "border" and larger:
        where = "in the middle of it, with a border around them"
    elif details.region == "border":
        where = "there, but without those of the border"
    elif larger:
        where = "at its top left"
    else:
        where = f"there, but {MISSING.get(details.region, 'a part is')} missing"
    return f" The right values are {where}."


# --------------------------------------------------------------------------- values


def wrong_values(details: Details) -> str:
    """Return how many values differ, where they are, and the first of them."""
    if details.rung == "check":
        return value_sentences.of_check(details)
    if value_sentences.is_of_a_leaf(details):
        return value_sentences.wrong_value(details)
    return _about_part(details, _values_that_differ(details))


def _values_that_differ(details: Details) -> str:
    special = SPECIAL.get(details.rung or "")
    different, total = details.differing, details.total
    if different is None or total is None:
        return f"Values are {special}." if special else "Values differ."
    # The expected value may be the infinite one. Then only that they differ is certain.
    if special and details.actual_value in ("nan", "inf", "-inf"):
        verb = f"is {special}" if different == 1 else f"are {special}"
    else:
        verb = "differs" if different == 1 else "differ"
    return f"{_how_many(different, total)} {verb}{_where(details)}.{_first(details)}"


def _how_many(different: int, total: int) -> str:
    if different != total:
        return f"{different} of {total} values"
    return "The only value" if total == 1 else f"All {total} values"


def _where(details: Details) -> str:
    phrase = REGIONS.get(details.region) if details.region else None
    if (
        phrase is None
        or details.differing in (1, details.total)
        or _says_nothing(details)
    ):
        return ""
    row, column, *_ = (details.first or ()) + (0, 0)
    return ", " + phrase.format(row=row, column=column)


def _says_nothing(details: Details) -> bool:
    """Return whether the region is nearly all of the output: the last rows of two, for example."""
    if details.region == "scattered":
        return 2 * (details.differing or 0) > (details.total or 0)
    shape = details.expected_shape or ()
    if len(shape) != _PLANE:
        return False
    if details.region in ("first_row", "last_row", "one_row"):
        return shape[0] == 1
    if details.region in ("first_column", "last_column", "one_column"):
        return shape[1] == 1
    has_inside = min(shape) > 2  # noqa: PLR2004 - with two rows, the border is everything
    return not has_inside


def _first(details: Details) -> str:
    if details.first is None:
        return ""
    subject = "It" if details.differing == 1 else "The first"
    yours, expected = two_numbers(details.actual_value, details.expected_value)
    facts = f"yours is {yours}, expected {expected}"
    return f" {subject} is at {_position(details.first)}: {facts}{_largest_error(details)}."


def _largest_error(details: Details) -> str:
    if details.differing == 1 or details.rung != "values":
        return ""
    if not isinstance(details.max_error, int | float):
        return ""
    return f" (largest error {number(details.max_error, 4)})"


def _position(first: tuple[int, ...]) -> str:
    if len(first) == _PLANE:
        return f"row {first[0]}, column {first[1]}"
    return f"index {first[0]}" if len(first) == 1 else f"index {first}"
