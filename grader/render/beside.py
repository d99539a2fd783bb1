"""Sentences that stand beside a report: they depend on when and where it is read. Pure."""

import msgspec

from grader.model import Report, Status, Verdict
from grader.untrusted import one_line


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences of the moment; empty where there is nothing to say."""

    progress: str = ""
    """How this compares with the last attempt; it follows the verdict."""
    next: str = ""
    """What to do now that all is right."""


NOTHING = Beside()


def right_of(report: Report) -> tuple[int, int] | None:
    """Return how many cases of how many passed; None where nothing could be scored."""
    if report.status is not Status.GRADED:
        return None
    passed = [case.verdict is Verdict.PASSED for case in report.cases]
    return sum(passed), len(passed)


def hand_in(report: Report, what: str, how: str) -> str:
    """Return what to hand in, and how the course says; empty as long as something is wrong.

    `what` is a file or "this notebook"; `how` is the course's own sentence, which may be empty.
    """
    found = right_of(report)
    if found is None or found[0] != found[1]:
        return ""
    where = one_line(how, 300) or "It is graded with other inputs than these."
    return f"Next: hand in {one_line(what, 100)}. {where}"
