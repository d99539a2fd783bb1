"""What running a submission shows about its text: a forbidden library in use, a hidden function."""

import re
from collections.abc import Sequence

from grader.model import Exercise, Fault, Loading, Outcome, Raised, Submission
from grader.submission.budget import TooComplicated
from grader.submission.program import Program, read_program
from grader.submission.rules import WRITE, find_offence
from grader.submission.target import loading_fault
from grader.vocabulary import place, place_first

_UNDEFINED = re.compile(r"name '([^']+)' is not defined")
_REFUSED = re.compile(r"(\w+) is not allowed in this exercise")


def running_fault(
    loading: Loading,
    outcomes: Sequence[Outcome],
    exercise: Exercise,
    submission: Submission,
) -> Fault | None:
    """Return why what was run cannot be graded, or None.

    The function cannot be called, or what is graded really needs a forbidden library.
    """
    fault = loading_fault(loading, exercise, submission)
    if fault is not None:
        return submission.offence or fault
    kinds = {
        (outcome.raised.type, outcome.raised.message): outcome.raised
        for outcome in reversed(outcomes)
        if outcome.raised is not None
    }
    for raised in reversed(kinds.values()):
        if _is_from_a_module(raised, submission):
            return submission.offence
        library = _forbidden_behind(raised, exercise, submission)
        if library is not None:
            return submission.offence or _used(library, raised, exercise)
    return None


def running_notes(
    loading: Loading,
    exercise: Exercise,
    submission: Submission,
    *,
    passed: bool,
) -> tuple[str, ...]:
    """Return notes about the function: that a later line hides it, that a library is out of reach.

    The note about a library is given only if something is wrong.
    """
    notes = []
    hidden = _hidden(loading, exercise, submission)
    if hidden is not None:
        notes.append(hidden)
    if submission.offence is not None and not passed:
        notes.append(submission.offence.message)
    return tuple(notes)


def _used(library: str, raised: Raised, exercise: Exercise) -> Fault:
    where = ""
    if raised.line is not None:
        where = f"{place_first(raised.line, raised.cell)}: "
    return Fault(message=f"{where}{exercise.function} uses {library}. {WRITE}")


def _is_from_a_module(raised: Raised, submission: Submission) -> bool:
    """Return whether a library is missing that a module uses which was handed in with the file."""
    unbound = _UNDEFINED.search(raised.message)
    if not submission.modules or submission.offence is None or unbound is None:
        return False
    return unbound[1] in submission.offence.message


def _forbidden_behind(
    raised: Raised, exercise: Exercise, submission: Submission
) -> str | None:
    """Return the forbidden library that an exception comes from: there is none in a worker."""
    forbidden = exercise.rules.libraries
    refused = _REFUSED.match(raised.message)
    if raised.type == "ImportError" and refused and refused[1] in forbidden:
        return refused[1]
    unbound = _UNDEFINED.search(raised.message)
    if raised.type != "NameError" or unbound is None:
        return None
    program = read_program(submission.units)
    if not program.mentions(forbidden):
        return None
    return _library_of(unbound[1], program, forbidden)


def _library_of(
    name: str, program: Program, forbidden: Sequence[str]
) -> str | None:
    """Return the forbidden library that a name would come from."""
    found = program.by_name.get(name) or program.by_name.get("*", ())
    for binding in found:
        library = (binding.origin or "").partition(".")[0]
        if library in forbidden:
            return library
    try:
        offence = find_offence(program, name, forbidden)
    except TooComplicated:
        return None
    return None if offence is None else offence.origin.partition(".")[0]


def _hidden(
    loading: Loading, exercise: Exercise, submission: Submission
) -> str | None:
    program = read_program(submission.units)
    name = loading.target or exercise.function
    last = program.last(name)
    if loading.state != "ready" or last is None:
        return None
    if not loading.replaced and last.kind != "import":
        return None
    return hidden_note(name, program)


def hidden_note(name: str, program: Program) -> str | None:
    """Say that a later line takes the name of the student's own function, if one does."""
    last, own = program.last(name), program.own(name)
    if last is None or own is None or last.node is own.node:
        return None
    where = place_first(last.line, last.cell)
    there = place(own.line, own.cell)
    return (
        f"{where} gives the name {name} to something else. "
        f"Your own function ({there}) is graded."
    )
