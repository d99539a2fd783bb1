"""The sentence for each verdict: facts in, one line for a beginner out. Pure.

The sentences are short, in plain words, with the numbers that help and nothing that has to be
looked up. Rows and columns are counted from 0, as NumPy counts them; `prose.COUNTING` says so once
a page.

| module | speaks of |
|---|---|
| `array_sentences` | an array: its type, its size, its values |
| `value_sentences` | every other value: a number, text, a list, a dict, an object |
| `timeouts` | a call whose time was up, a right answer that took too long |
| `no_result` | an exception, a crash, too much memory |
"""

import functools
from collections.abc import Callable, Mapping
from typing import Final

from grader import vocabulary
from grader.model import CaseReport, Details, Verdict
from grader.render import array_sentences, no_result
from grader.render.numbers import size
from grader.render.timeouts import timed_out
from grader.untrusted import one_line
from grader.vocabulary import count, place


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
    Verdict.WRONG_TYPE: array_sentences.wrong_type,
    Verdict.WRONG_SHAPE: array_sentences.wrong_shape,
    Verdict.WRONG_VALUES: array_sentences.wrong_values,
    Verdict.MODIFIED_INPUT: _modified,
    Verdict.RAISED: no_result.raised,
    Verdict.TIMED_OUT: timed_out,
    Verdict.OUT_OF_MEMORY: no_result.out_of_memory,
    Verdict.CRASHED: no_result.crashed,
    Verdict.INVALID_OUTPUT: no_result.invalid_output,
    Verdict.NOT_RUN: no_result.not_run,
    Verdict.GRADER_ERROR: no_result.grader_error,
}
_LOCATED: Final[dict[Verdict, Callable[[Details], str]]] = {
    Verdict.RAISED: functools.partial(no_result.raised, located=False),
    Verdict.TIMED_OUT: functools.partial(timed_out, located=False),
}
"""The sentences that leave out the line of source, which is shown by itself."""
