"""Which of a student's files are of the latest attempt, and which were handed in before.

Where names carry a time, an attempt is all files of one moment, and the latest counts. A platform
that only numbers its files says which are newer, but not which were handed in together: then all
stay candidates, and `candidates` takes the newest that defines the function.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from grader.intake.downloads.handed_in import HandedIn
from grader.intake.sources import File


class Attempts(NamedTuple):
    """What one student handed in, the latest apart from the rest."""

    latest: tuple[File, ...]
    earlier: tuple[File, ...]
    late: frozenset[tuple[str, ...]]
    """The paths of the latest files that the platform marks as late."""
    handed_in: HandedIn
    """What the layout says about one of the latest files."""
    number: int
    """How many attempts there are."""


def latest(handed: Sequence[tuple[File, HandedIn]]) -> Attempts:
    """Return the attempts of one student, from all files that the layout says are theirs."""
    moments = sorted({by.at for _, by in handed})
    current = [(file, by) for file, by in handed if by.at == moments[-1]]
    again = Counter(file.name for file, by in current if by.version)
    return Attempts(
        latest=tuple(file for file, _ in current),
        earlier=tuple(file for file, by in handed if by.at != moments[-1]),
        late=frozenset(file.parts for file, by in current if by.late),
        handed_in=current[0][1],
        number=max(len(moments), *again.values(), 1),
    )
