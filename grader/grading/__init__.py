"""Grading: an exercise and a submission in, a report out.

This is the one room that knows the order of the others:

| module | holds |
|---|---|
| `hidden` | `Grader`: grades against the hidden cases |
| `public` | `check`: grades against the public examples |
| `assembly` | compares, diagnoses, and makes the report of one execution |
| `drafts` | fills in a report in each of its three ways |
"""

from grader.grading.assembly import Runner
from grader.grading.hidden import Grader
from grader.grading.public import check

__all__ = ["Grader", "Runner", "check"]
