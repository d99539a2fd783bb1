"""Read an exercise: its public half becomes an `Exercise`, its hidden half `Solutions`.

An exercise is a folder, not code in the grader: `exercise.toml`, `README.md` (the statement) and
the stub, its only Python file. Its hidden half is a folder of the same name under `solutions/` with
`reference.py`, and with `cases.py` or `cases.toml`. Both halves are written by the author, so they
are trusted. They are read strictly all the same, because authors mistype, and all faults are
reported at once.

| module | holds |
|---|---|
| `reading` | both halves, and all of their faults |
| `stub`, `given` | what students write, and what they are given |
| `tables`, `examples`, `values` | exercise.toml, its examples, and how TOML writes values |
| `cases_table`, `script`, `checks`, `reference` | the files of the hidden half |
| `author_file`, `files`, `given_files` | running and reading files |
| `lookup`, `trust`, `choice`, `configuration` | which exercise is meant, and whose tests are run |
| `record` | which public half a hidden half was validated with |
"""

from grader.exercise.choice import (
    public_half_for_class,
    public_half_to_check,
    public_half_to_grade,
)
from grader.exercise.reading import load_both, load_exercise, load_solutions
from grader.exercise.record import record_validation, require_validated
from grader.exercise.trust import find_public_half, find_solutions

__all__ = [
    "find_public_half",
    "find_solutions",
    "load_both",
    "load_exercise",
    "load_solutions",
    "public_half_for_class",
    "public_half_to_check",
    "public_half_to_grade",
    "record_validation",
    "require_validated",
]
