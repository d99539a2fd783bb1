"""Compare what a student's function returned with what was expected: facts, no sentences.

| module | holds |
|---|---|
| `ladder` | `compare`: an outcome and the expected value in, a `Finding` out |
| `agreement` | which values of two arrays agree within the tolerance |
| `regions` | where the wrong values are |
| `details` | the facts of a finding as plain data, for the report |
"""

from grader.compare.details import details
from grader.compare.ladder import compare

__all__ = ["compare", "details"]
