"""Facts in, sentences out: what a student reads about one case, one load, one report. Pure.

The sentences are for a beginner: short, in plain words, with the numbers that help and nothing that
has to be looked up. Rows and columns are counted from 0 as NumPy does; `COUNTING` says so, once in
a page.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, Literal

from grader.model import CaseReport, Details, Exercise, Report, Verdict
from grader.render.advice import advice
from grader.render.loading import loading_notes
from grader.render.plain import (
    count,
    exception,
    number,
    one_line,
    place,
    seconds,
    size,
    two_numbers,
)
from grader.render.words import (
    MISSING,
    NUMBERS,
    REGIONS,
    SECRETS,
    SIGNALS,
    TITLES,
    TYPES,
)

__all__ = [
    "COUNTING",
    "GRADER_ERROR",
    "HIDDEN_INPUTS",
    "NOT_RUN",
    "TITLES",
    "case_message",
    "grader_error_message",
    "has_hidden_inputs",
    "loading_notes",
    "message_and_line",
    "notes_for",
    "points",
    "report_message",
    "secret_note",
]

Audience = Literal["student", "instructor"]

COUNTING: Final = "Rows and columns are counted from 0, as NumPy does."
GRADER_ERROR: Final = "The grader itself failed here. That is our fault, not yours, and it costs you no points."
NOT_RUN: Final = "Not run, because the submission could not be graded."
HIDDEN_INPUTS: Final = "The hidden inputs are drawn anew for every submission, so the ones shown here give nothing away about the next."


def case_message(
    verdict: Verdict, details: Details, _exercise: Exercise | None = None
) -> str:
    """Say in one line what is wrong in one case, with the first place where it shows.

    `details` are the facts of the first failing trial (`compare.details`), so the report's JSON
    alone is enough.
    """
    return _SENTENCES[verdict](details) + _other_trials(verdict, details)


def message_and_line(case: CaseReport) -> tuple[str, str, str]:
    """Give the message, the place in the student's source and the line there, for who shows the line by itself.

    The message then does not say it once more. Place and line are empty where there is no line to
    show, or where a message that is not ours holds it already.
    """
    error = case.details.exception
    if error is None or not error.source:
        return case.message, "", ""
    if case.verdict is not Verdict.RAISED or case.message != case_message(
        case.verdict, case.details
    ):
        held = error.source.strip() in case.message
        return case.message, *(
            ("", "") if held else (place(error.line, error.cell), error.source)
        )
    message = _raised(case.details, located=False) + _other_trials(
        case.verdict, case.details
    )
    return message, place(error.line, error.cell), error.source


def report_message(cases: Sequence[CaseReport]) -> str:
    """Say the whole report in one line, as in `3 of 4 cases passed.`."""
    passed, total = sum(case.verdict is Verdict.PASSED for case in cases), len(cases)
    if total == 0:
        return "There was no case to run."
    if passed == total:
        return "The case passed." if total == 1 else f"All {total} cases passed."
    if passed == 0:
        return (
            "The case did not pass."
            if total == 1
            else f"None of the {total} cases passed."
        )
    return f"{passed} of {total} cases passed."


def grader_error_message(reason: str) -> str:
    """Say that there is no score because the grader failed, and why."""
    return f"The grader itself failed, so there is no score. That is our fault, not yours: {one_line(reason)}"


def secret_note(source: Literal["file", "environment", "default"]) -> str:
    """Say where the secret came from that the hidden inputs were drawn with."""
    return SECRETS[source]


def notes_for(report: Report, audience: Audience) -> tuple[str, ...]:
    """Choose the notes to show: a student is not told about the secret, which is the instructor's business."""
    if audience == "instructor":
        return report.notes
    return tuple(note for note in report.notes if note not in SECRETS.values())


def has_hidden_inputs(report: Report) -> bool:
    """Tell whether the inputs were drawn with a secret: those of the public examples are not."""
    return any(note in SECRETS.values() for note in report.notes)


def points(score: float | None, most: float) -> str:
    """Say the points, as in `3 of 4 points`, or that there are none to give."""
    return (
        "no score"
        if score is None
        else f"{score:g} of {most:g} {'point' if most == 1 else 'points'}"
    )


def _passed(details: Details) -> str:
    shape = details.expected_shape
    return (
        f"Right: every value of your {size(shape)} output is as it should be."
        if shape
        else "Right: every value is as it should be."
    )


def _wrong_type(details: Details) -> str:
    if details.rung == "dtype":
        return _wrong_dtype(details.actual_dtype or "")
    name = one_line(details.actual_type or "unknown", 60)
    array = (
        f"a NumPy array of size {size(details.expected_shape)}"
        if details.expected_shape
        else "a NumPy array"
    )
    if name in TYPES:
        return TYPES[name]
    if name in NUMBERS:
        return (
            f"Your function returns a single number ({name}), it should return {array}."
        )
    return f"Your function returns an object of type {name}, it should return {array}."


def _wrong_dtype(dtype: str) -> str:
    shown = one_line(dtype, 40)
    if dtype.startswith("complex"):
        return f"Your output holds complex numbers (dtype {shown}), it should hold real ones: is there an FFT in it?"
    if dtype.startswith("bool"):
        return f"Your output holds only True and False (dtype {shown}), it should hold numbers."
    if dtype.startswith(("str", "bytes", "<U", ">U", "|S")):
        return f"Your output holds text (dtype {shown}), it should hold numbers."
    if dtype.startswith("object"):
        return f"Your output holds Python objects (dtype {shown}), it should hold numbers: are all rows equally long?"
    return f"Your output has dtype {shown or 'unknown'}, it should hold floating-point numbers."


def _wrong_shape(details: Details) -> str:
    expected, actual = details.expected_shape or (), details.actual_shape or ()
    should = (
        f"it should be {size(expected)}" if expected else "it should be a single number"
    )
    if not actual:
        return f"Your output is a single number, {should}."
    if len(actual) == 1:
        return f"Your output is a flat array of {count(actual[0], 'value')}, {should}."
    if len(actual) != len(expected):
        return f"Your output has {count(len(actual), 'dimension')} ({size(actual)}), {should}."
    return f"Your output is {size(actual)}, {should}.{_overlap(details, math.prod(actual) > math.prod(expected))}"


def _overlap(details: Details, larger: bool) -> str:
    """Say what of an array of the wrong size is right, where the comparison found that out."""
    if details.region is None:
        return ""
    if details.region == "border":
        where = (
            "in the middle of it, with a border around them"
            if larger
            else "there, but without those of the border"
        )
    else:
        where = (
            "at its top left"
            if larger
            else f"there, but {MISSING.get(details.region, 'a part is')} missing"
        )
    return f" The right values are {where}."


def _wrong_values(details: Details) -> str:
    special = {"nan": "NaN (not a number)", "inf": "infinite"}.get(details.rung or "")
    different, total = details.differing, details.total
    if different is None or total is None:
        return f"Values are {special}." if special else "Values differ."
    verb = (
        (f"is {special}" if different == 1 else f"are {special}") if special else None
    )
    # `expected` may be the infinite one: then the sentence stays with what is certain, that they
    # differ.
    if verb is None or details.actual_value not in ("nan", "inf", "-inf"):
        verb = "differs" if different == 1 else "differ"
    return f"{_how_many(different, total)} {verb}{_where(details)}.{_first(details)}"


def _how_many(different: int, total: int) -> str:
    if different == total:
        return "The only value" if total == 1 else f"All {total} values"
    return f"{different} of {total} values"


def _where(details: Details) -> str:
    phrase = REGIONS.get(details.region) if details.region else None
    if (
        phrase is None
        or details.differing in (1, details.total)
        or _says_nothing(details)
    ):
        return ""
    return ", " + phrase.format(*((details.first or ()) + (0, 0))[:2])


def _says_nothing(details: Details) -> bool:
    """Tell whether the region is as good as the whole output: `the last rows` of two, `scattered` over most of it."""
    if details.region == "scattered":
        return 2 * (details.differing or 0) > (details.total or 0)
    shape = details.expected_shape or ()
    if len(shape) != 2:  # noqa: PLR2004 - rows and columns
        return False
    if details.region in ("first_row", "last_row", "one_row"):
        return shape[0] == 1
    if details.region in ("first_column", "last_column", "one_column"):
        return shape[1] == 1
    return min(shape) <= 2  # noqa: PLR2004 - no inside, and the last two are all


def _first(details: Details) -> str:
    if details.first is None:
        return ""
    yours, expected = two_numbers(details.actual_value, details.expected_value)
    subject = "It" if details.differing == 1 else "The first"
    facts = f"yours is {yours}, expected {expected}"
    largest = ""
    if (
        isinstance(details.max_error, int | float)
        and details.differing != 1
        and details.rung == "values"
    ):
        largest = f" (largest error {number(details.max_error, 4)})"
    return f" {subject} is at {_position(details.first)}: {facts}{largest}."


def _position(first: tuple[int, ...]) -> str:
    if len(first) == 2:  # noqa: PLR2004 - rows and columns
        return f"row {first[0]}, column {first[1]}"
    return f"index {first[0]}" if len(first) == 1 else f"index {first}"


def _modified(details: Details) -> str:
    name = (
        f"its argument {details.argument}"
        if details.argument
        else "one of its arguments"
    )
    return f"Your function changes {name}: it may read it only. Write the results into a new array."


def _raised(details: Details, *, located: bool = True) -> str:
    error = details.exception
    if error is None:
        return "Your code raised an exception."
    source = one_line(error.source or "", 100)
    where = ": ".join(
        part for part in (place(error.line, error.cell), source) if part and located
    )
    said = exception(error.type, error.message)
    end = f" ({where})." if where else ("" if said.endswith((".", "!", "?")) else ".")
    extra = advice(error)
    return f"Your code raised {said}{end}" + (f" {extra}" if extra else "")


def _timed_out(details: Details) -> str:
    within = (
        f" within {seconds(details.limit_s)}" if details.limit_s is not None else ""
    )
    return f"No answer{within}: is there a loop that never ends?"


def _out_of_memory(_details: Details) -> str:
    return "Your code needed more memory than it may use: is an array far too big, or a list that grows for ever?"


def _crashed(details: Details) -> str:
    if details.signal is not None:
        return f"Your code crashed Python ({SIGNALS.get(details.signal, f'signal {details.signal}')})."
    if details.exit_code is not None:
        return (
            f"Your code ended the process with exit code {details.exit_code} (exit(), sys.exit() or os._exit()): "
            "a function ends with return."
        )
    return "Your code ended the process before it gave an answer."


def _invalid_output(details: Details) -> str:
    return "What came back from your code could not be read as an array" + _reason(
        details
    )


def _not_run(details: Details) -> str:
    return "Not run" + _reason(details)


def _reason(details: Details) -> str:
    reason = one_line(details.reason or "").rstrip(".")
    return f": {reason}." if reason else "."


def _grader_error(_details: Details) -> str:
    return GRADER_ERROR


def _other_trials(verdict: Verdict, details: Details) -> str:
    if verdict is Verdict.PASSED or not details.passed_trials or not details.trials:
        return ""
    verb = "was" if details.passed_trials == 1 else "were"
    which = (
        f"; this one, {one_line(details.trial, 60)!r}, was not."
        if details.trial
        else "."
    )
    return f" {details.passed_trials} of the {count(details.trials, 'call')} of this case {verb} right{which}"


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
