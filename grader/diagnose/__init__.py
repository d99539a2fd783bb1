"""From what is wrong to why: the misconceptions that a student's outputs prove, and never a guess.

A submission gets the hint of a misconception, or of the smallest combination of them, under three
conditions: on every trial that failed it gives what the student's code gave, on every trial that
passed it gives the right answer, and nothing else in the catalogue does the same.

Everything here works for any exercise. What is known about one exercise comes from its
`misconceptions.py` (`catalogue`), or from what was computed with it beforehand for the public
examples (`public`).

| module | holds |
|---|---|
| `hints` | `diagnose`: findings in, hints out |
| `view` | what came back of one submission, sorted by what it can show |
| `evidence` | proofs other than values: types, exceptions, the text, patterns of cases |
| `catalogue` | what an author writes, and what a catalogue answers |
| `load` | from `misconceptions.py` to a catalogue |
| `pipeline`, `plans`, `sampling` | the search for the combination that explains the values |
| `public` | the same for the public examples, from a table computed beforehand |
"""

from pathlib import Path

from grader.diagnose.catalogue import Catalogue
from grader.diagnose.hints import diagnose
from grader.model import Exercise, Solutions

__all__ = [
    "Catalogue",
    "diagnose",
    "load_catalogue",
    "load_public_catalogue",
    "submission_source",
]

# The functions below import when they are called, since a right submission needs none of them.


def load_catalogue(exercise: Exercise, solutions: Solutions) -> Catalogue:
    """Load the misconceptions of an exercise (`load`)."""
    from grader.diagnose import load

    return load.load_catalogue(exercise, solutions)


def load_public_catalogue(exercise: Exercise) -> Catalogue:
    """Load what diagnosis needs for the public examples (`public`)."""
    from grader.diagnose import public

    return public.load_public_catalogue(exercise)


def submission_source(folder: Path, exercise: Exercise, *names: str) -> str:
    """Return the text of a submission that has these misconceptions (`specimens`)."""
    from grader.diagnose import specimens

    return specimens.submission_source(folder, exercise, *names)
