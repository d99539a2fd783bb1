"""From a student's file to a `Submission`: text only, never imported, never written, never run.

Whatever the bytes are, there is a `Submission`. Where the text alone shows that it cannot be
graded, its `fault` says so in one line for a beginner: unreadable, empty, not text, not Python, a
forbidden library, the stub unchanged.
"""

from grader.submission.absent import with_missing
from grader.submission.alike import alike
from grader.submission.facts import source_facts
from grader.submission.handed_in import (
    HandedIn,
    defined_names,
    read_submission,
)
from grader.submission.loops import with_loops
from grader.submission.moments import with_moments
from grader.submission.parsing import parse_submission
from grader.submission.running import running_fault, running_notes

__all__ = [
    "HandedIn",
    "alike",
    "defined_names",
    "parse_submission",
    "read_submission",
    "running_fault",
    "running_notes",
    "source_facts",
    "with_loops",
    "with_missing",
    "with_moments",
]
