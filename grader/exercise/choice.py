"""Which exercise is meant where nobody named one.

It is the only one that there is; else the one whose function the submission defines; else
`convolution`. Where that leaves it open, nothing is guessed: one line lists the exercises.

Strangers choose at most among the exercises that are trusted: for grading these are the ones with
a hidden half in the trusted folder, and only `grader check` looks where one stands.
"""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.exercise.lookup import known_exercises
from grader.exercise.stub import read_stub
from grader.exercise.trust import find_public_half, require_trusted

DEFAULT = "convolution"

Defined = Callable[[], Collection[str]]
"""The names that a submission defines; asked for only where there is a choice. `tuple` is none."""

_MOST_NAMED = 5


class _Known(msgspec.Struct, frozen=True):
    """An exercise that may be meant."""

    name: str
    folder: Path


def public_half_to_grade(
    given: str | Path | None,
    solutions: Path | None = None,
    defined: Defined = tuple,
) -> Path:
    """Return the public half to grade with: the one that is given, or the one that is meant.

    Raises `UsageError` if nothing is trusted, or if it stays open which one is meant.
    """
    if given is not None:
        return find_public_half(given, solutions)
    found = require_trusted(solutions)
    names = list(dict.fromkeys(found.names()))
    if len(names) < 2:  # noqa: PLR2004 - one, or none: there is no choice
        return found.public_half(names[0] if names else DEFAULT)
    course = found.course() / "exercises"
    known = [_Known(name, course / name) for name in names]
    meant = _meant(known, defined, str(found.folder))
    return found.public_half(meant.name)


def public_half_to_check(
    given: str | Path | None, defined: Defined = tuple
) -> str | Path:
    """Return the public half for `grader check`: the given one, or the one that is meant, by place.

    Raises `UsageError` if there is none, or if it stays open which one is meant.
    """
    if given is not None:
        return given
    places = known_exercises()
    known = [_Known(folder.name, folder) for folder in places]
    if len(known) < 2:  # noqa: PLR2004 - one, or none: there is no choice
        return known[0].folder if known else DEFAULT
    return _meant(known, defined, "exercises").folder


def _meant(known: Sequence[_Known], defined: Defined, where: str) -> _Known:
    """Return the exercise that is meant, of at least two."""
    names = defined()
    matching = [each for each in known if _functions_of(each) & {*names}]
    if len(matching) == 1:
        return matching[0]
    for each in matching or known:
        if each.name == DEFAULT:
            return each
    if matching:
        why = f"the submission defines the functions of {_listed(matching)}"
    else:
        why = f"there are several exercises: {_listed(known)}"
    raise UsageError(f"{where}: {why}; say which is meant: --exercise NAME")


def _functions_of(exercise: _Known) -> set[str]:
    """Return the names that an exercise asks for; none if its stub cannot be read."""
    return {each.name for each in read_stub(exercise.folder, []).targets}


def _listed(known: Sequence[_Known]) -> str:
    more = len(known) - _MOST_NAMED
    listed = ", ".join(each.name for each in known[:_MOST_NAMED])
    return f"{listed} and {more} more" if more > 0 else listed
