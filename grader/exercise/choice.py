"""Which exercise is meant where nobody named one.

It is the only one that there is; else the one whose functions the submission defines; else
`convolution`. Of several with functions of the same names, it is the one whose parameters the
submission's have, by name. For a class it is what most submissions mean. Where that leaves it open,
nothing is guessed: one line lists the exercises.

Strangers choose at most among the exercises that are trusted: for grading these are the ones with
a hidden half in the trusted folder, and only `grader check` looks where one stands.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.exercise.files import read_text
from grader.exercise.lookup import known_exercises
from grader.exercise.stub import read_stub
from grader.exercise.trust import find_public_half, require_trusted
from grader.model import Target

DEFAULT = "convolution"

Definitions = Mapping[str, Sequence[str]] | Collection[str]
"""The names that a submission defines, and of what has them, the names of the parameters."""

Defined = Callable[[], Definitions]
"""Asked for only where there is a choice. `tuple` is none."""

_MOST_NAMED = 5
_DEFINED = re.compile(r"^\s*(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)


class _Known(msgspec.Struct, frozen=True):
    """An exercise that may be meant."""

    name: str
    folder: Path

    def names(self) -> set[str]:
        """Return what its stub defines, as its text alone shows: parsing takes longer."""
        texts = (read_text(path, []) for path in self.folder.glob("*.py"))
        return {name for text in texts for name in _DEFINED.findall(text)}

    def targets(self) -> tuple[Target, ...]:
        """Return what it asks for; nothing if its stub cannot be read."""
        return read_stub(self.folder, []).targets


def public_half_to_grade(
    given: str | Path | None,
    solutions: Path | None = None,
    defined: Defined = tuple,
) -> Path:
    """Return the public half to grade with: the one that is given, or the one that is meant.

    Raises `UsageError` if nothing is trusted, or if it stays open which one is meant.
    """
    return public_half_for_class(given, solutions, lambda: [defined()])


def public_half_for_class(
    given: str | Path | None,
    solutions: Path | None,
    handed_in: Callable[[], Iterable[Definitions]],
) -> Path:
    """Return the public half to grade a class with: the given one, or the one that is meant.

    That is the one that most of what was handed in means. Raises as `public_half_to_grade` does.
    """
    if given is not None:
        return find_public_half(given, solutions)
    found = require_trusted(solutions)
    names = list(dict.fromkeys(found.names()))
    if len(names) < 2:  # noqa: PLR2004 - one, or none: there is no choice
        return found.public_half(names[0] if names else DEFAULT)
    course = found.course() / "exercises"
    known = [_Known(name, course / name) for name in names]
    meant = _meant(known, handed_in(), str(found.folder))
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
    return _meant(known, [defined()], "exercises").folder


def _meant(
    known: Sequence[_Known],
    handed_in: Iterable[Definitions],
    where: str,
) -> _Known:
    """Return the exercise that is meant, of at least two."""
    names = _elected(known, handed_in)
    matching = [each for each in known if each.name in names]
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


def _elected(
    known: Sequence[_Known], handed_in: Iterable[Definitions]
) -> set[str]:
    """Return the names of the exercises that most submissions mean; none if no submission does."""
    names_in = {each.name: each.names() for each in known}
    asked: dict[str, Sequence[Target]] = {}
    votes: Counter[tuple[str, ...]] = Counter()
    for definitions in handed_in:
        for each in known:
            may_be = not names_in[each.name].isdisjoint(definitions)
            if may_be and each.name not in asked:
                asked[each.name] = each.targets()
        votes[_named_by(definitions, asked)] += 1
    votes.pop((), None)
    most = max(votes.values(), default=0)
    winners = [names for names, number in votes.items() if number == most]
    return {name for several in winners for name in several}


def _named_by(
    definitions: Definitions,
    asked: Mapping[str, Sequence[Target]],
) -> tuple[str, ...]:
    """Return the exercises that one submission fits best; none if it defines nothing of theirs."""
    fits = {name: _fit(definitions, some) for name, some in asked.items()}
    best = max(fits.values(), default=None)
    if not best:
        return ()
    return tuple(name for name, fit in fits.items() if fit == best)


def _fit(
    definitions: Definitions, targets: Sequence[Target]
) -> tuple[int, ...]:
    """Return how well a submission fits an exercise; empty if it defines nothing of it.

    What counts first is that everything is there, then how much is, then the parameters.
    """
    there = [target for target in targets if target.name in definitions]
    if not there:
        return ()
    likeness = 0
    if isinstance(definitions, Mapping):
        likeness = sum(
            _likeness(definitions[target.name], target) for target in there
        )
    return int(len(there) == len(targets)), len(there), likeness


def _likeness(parameters: Sequence[str], target: Target) -> int:
    """Return how many of the parameters without a default are there by name.

    Optional ones count if all of them are there: `convolve(image, kernel, stride=1)` is no better
    match than the plain exercise with something added.
    """
    wanted = {each.name for each in target.parameters if not each.optional}
    there = len(wanted & {*parameters})
    more = {each.name for each in target.parameters if each.optional}
    added = len(more) if more <= {*parameters} else 0
    return there - (len(wanted) - there) + added


def _listed(known: Sequence[_Known]) -> str:
    more = len(known) - _MOST_NAMED
    listed = ", ".join(each.name for each in known[:_MOST_NAMED])
    return f"{listed} and {more} more" if more > 0 else listed
