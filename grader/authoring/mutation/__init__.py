"""Mutants of a right solution: the same file with one small mistake in it.

A mutant stands for a student who nearly got there. `validate` tries whether the hidden cases take
points from every mutant that is wrong (`authoring.proof`).

| module | holds |
|---|---|
| `sources` | `mutants`: a source in, the text of each mutant out |
| `context` | what a change has to know of the source |
| `expressions` | what may stand in place of an expression |
| `calls` | what may stand in place of a call |
| `wrapping` | what may be done to an argument, a value or a result |
| `statements` | statements left out, moved, indented, and loops that end too early |
"""

from grader.authoring.mutation.sources import mutants, plain

__all__ = ["mutants", "plain"]
