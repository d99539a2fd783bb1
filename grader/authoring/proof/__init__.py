"""Proof by mutation: the hidden cases take points from every mutant that is wrong.

| module | holds |
|---|---|
| `tried` | what became of each mutant, found in child processes |
| `beyond` | inputs near those of the cases that no case has |
| `behaviour` | what a wrong answer gives, as something to group by |
| `check` | `check_mutants`: the check of `validate`, and what it tells |
"""

from grader.authoring.proof.check import check_mutants

__all__ = ["check_mutants"]
