"""Compare what a student's function returned with what was expected: facts, no sentences.

| module | holds |
|---|---|
| `ladder` | `compare`: an outcome and the expected value in, a `Finding` out |
| `tree` | what is wrong with a value of any kind, and which part of it |
| `arrays`, `scalars` | what is wrong with an array, a number, a text |
| `agreement` | which values of two arrays agree within the tolerance |
| `forms` | one value in its several forms, and what a call gave |
| `checks` | the exercise's own checks, which replace the comparison |
| `unchanged` | whether a call left its arguments as they were |
| `regions` | where the wrong values are |
| `details` | the facts of a finding as plain data, for the report |
"""

from grader.compare.checks import Checks
from grader.compare.details import details
from grader.compare.forms import numbers_of, result_of
from grader.compare.ladder import compare, in_time

__all__ = [
    "Checks",
    "compare",
    "details",
    "in_time",
    "numbers_of",
    "result_of",
]
