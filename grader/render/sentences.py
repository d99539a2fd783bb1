"""The sentence for each verdict: facts in, one line for a beginner out. Pure.

The sentences are short, in plain words, with the numbers that help and nothing that has to be
looked up. Rows and columns are counted from 0, as NumPy counts them; `prose.COUNTING` says so once
a page.
"""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Final

from grader import vocabulary
from grader.libraries import why_missing
from grader.model import (
    CaseReport,
    Details,
    ExceptionDetails,
    Missing,
    Verdict,
)
from grader.render import value_sentences
from grader.render.advice import advice
from grader.render.moments import moment, still_in
from grader.render.numbers import number, seconds, size, two_numbers
from grader.render.words import (
    MISSING,
    NUMBERS,
    REGIONS,
    SIGNALS,
    SPECIAL,
    TYPES,
)
from grader.untrusted import one_line
from grader.vocabulary import count, place, place_first

_PLANE: Final = 2
"""Dimensions of an array that has rows and columns."""


def case_message(verdict: Verdict, details: Details) -> str:
    """Return one line that says what is wrong in one case, with the first place where it shows.

    `details` are the facts of the first trial that failed (`compare.details`). Nothing else is
    needed, so the JSON of a report is enough to say it again.
    """
    return _SENTENCES[verdict](details) + _other_trials(verdict, details)


def probe_note(
    sizes: Mapping[str, tuple[int, ...]], verdict: Verdict, details: Details
) -> str:
    """Return what a function gives that is right for the sizes that are tested, and not for these.

    `sizes` has the shape of each argument of the call, and `details` the facts about it.
    """
    shown = ", ".join(
        f"{one_line(name, 60)} {size(shape)}" for name, shape in sizes.items()
    )
    message = case_message(verdict, details)
    return (
        f"Your function is right for the sizes that are tested, but not for another one ({shown}), "
        f"which costs no points: {message[0].lower()}{message[1:]}"
    )


def message_and_line(case: CaseReport) -> tuple[str, str, str]:
    """Return the message, the place in the student's source, and the line that stands there.

    For renderers that show the line by itself: the message then leaves it out. Place and line are
    empty where there is no line to show, or where a message that is not ours already quotes it.
    """
    there = case.details.exception or case.details.still
    if there is None or not there.source:
        return case.message, "", ""
    where = place(there.line, there.cell)
    is_ours = case.message == case_message(case.verdict, case.details)
    if case.verdict in _LOCATED and is_ours:
        message = _LOCATED[case.verdict](case.details)
        message += _other_trials(case.verdict, case.details)
        return message, where, there.source
    if there.source.strip() in case.message:
        return case.message, "", ""
    return case.message, where, there.source


def _passed(details: Details) -> str:
    if not details.expected_shape:
        return "Right: every value is as it should be."
    output = size(details.expected_shape)
    return f"Right: every value of your {output} output is as it should be."


# --------------------------------------------------------------------------- type and size


def _wrong_type(details: Details) -> str:
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


def _wrong_shape(details: Details) -> str:
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


def _wrong_values(details: Details) -> str:
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


# --------------------------------------------------------------------------- no array came back


def _modified(details: Details) -> str:
    name = (
        f"its argument {one_line(details.argument, 60)}"
        if details.argument
        else "its argument"
    )
    return (
        f"Your function changes {name}, but it may only read it. "
        "Write the results into a new array."
    )


def _raised(details: Details, *, located: bool = True) -> str:
    error = details.exception
    if error is None:
        return vocabulary.VERDICTS[Verdict.RAISED].sentence
    if error.missing is not None:
        return _missing(details, error, error.missing, located=located)
    said = f"Your code raised {vocabulary.exception(error.type, error.message)}"
    where = _line_of(details) if located else ""
    if where:
        said += f" ({where})."
    elif not said.endswith((".", "!", "?")):
        said += "."
    then = moment(error) if located else ""
    parts = (
        said,
        advice(error),
        f"{then[:1].upper()}{then[1:]}." if then else "",
    )
    return " ".join(part for part in parts if part) + _in_call(details)


def _in_call(details: Details) -> str:
    """Return which of several calls did not return."""
    if details.call is None:
        return ""
    return f" It was the call of `{one_line(details.call, 100)}`."


def _missing(
    details: Details,
    error: ExceptionDetails,
    missing: Missing,
    *,
    located: bool,
) -> str:
    """Return which module is not there, where it is imported, and where it is needed."""
    why = why_missing(missing.module)
    where = _line_of(details) if located else ""
    if (missing.line, missing.cell) in ((error.line, error.cell), (None, None)):
        said = why[:1].upper() + why[1:]
        return f"{said} ({where})." if where else f"{said}."
    said = f"{place_first(missing.line, missing.cell)}: {why}."
    needed = "Your function needs it"
    return f"{said} {needed} ({where})." if where else f"{said} {needed}."


def _line_of(details: Details) -> str:
    error = details.exception
    if error is None:
        return ""
    where = place(error.line, error.cell)
    source = one_line(error.source or "", 100)
    return ": ".join(part for part in (where, source) if part)


def _timed_out(details: Details, *, located: bool = True) -> str:
    if details.rung == "speed":
        return value_sentences.too_slow(details)
    still = details.still
    if still is not None:
        said = still_in(still, details.limit_s, located=located)
        return said + _in_call(details)
    within = (
        f" within {seconds(details.limit_s)}"
        if details.limit_s is not None
        else ""
    )
    return f"No answer{within}: is there a loop that never ends?{_in_call(details)}"


def _out_of_memory(_details: Details) -> str:
    return (
        "Your code needed more memory than it may use: "
        "is an array far too big, or does a list grow for ever?"
    )


def _crashed(details: Details) -> str:
    if details.signal is not None:
        signal = SIGNALS.get(details.signal, f"signal {details.signal}")
        return f"Your code crashed Python ({signal})."
    if details.exit_code is not None:
        return (
            f"Your code ended the process with exit code {details.exit_code} "
            "(exit(), sys.exit() or os._exit()): a function ends with return."
        )
    return vocabulary.VERDICTS[Verdict.CRASHED].sentence


def _invalid_output(details: Details) -> str:
    sentence = vocabulary.VERDICTS[Verdict.INVALID_OUTPUT].sentence
    return sentence.removesuffix(".") + _reason(details)


def _not_run(details: Details) -> str:
    return "Not run" + _reason(details)


def _reason(details: Details) -> str:
    reason = one_line(details.reason or "").rstrip(".")
    return f": {reason}." if reason else "."


def _grader_error(_details: Details) -> str:
    return vocabulary.VERDICTS[Verdict.GRADER_ERROR].sentence


def _other_trials(verdict: Verdict, details: Details) -> str:
    right = details.passed_trials
    if verdict is Verdict.PASSED or not right or not details.trials:
        return ""
    which = ""
    if details.trial:
        which = f"; this one, {one_line(details.trial, 60)!r}, was not"
    calls = count(details.trials, "call")
    return f" {right} of the {calls} of this case {vocabulary.was(right)} right{which}."


_SENTENCES: Final[dict[Verdict, Callable[[Details], str]]] = {
    Verdict.PASSED: _passed,
    Verdict.WRONG_TYPE: _wrong_type,
    Verdict.WRONG_SHAPE: _wrong_shape,
    Verdict.WRONG_VALUES: _wrong_values,
    Verdict.MODIFIED_INPUT: _modified,
    Verdict.RAISED: _raised,
    Verdict.TIMED_OUT: _timed_out,
    Verdict.OUT_OF_MEMORY: _out_of_memory,
    Verdict.CRASHED: _crashed,
    Verdict.INVALID_OUTPUT: _invalid_output,
    Verdict.NOT_RUN: _not_run,
    Verdict.GRADER_ERROR: _grader_error,
}
_LOCATED: Final[dict[Verdict, Callable[[Details], str]]] = {
    Verdict.RAISED: functools.partial(_raised, located=False),
    Verdict.TIMED_OUT: functools.partial(_timed_out, located=False),
}
"""The sentences that leave out the line of source, which is shown by itself."""
