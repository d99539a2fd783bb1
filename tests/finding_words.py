"""What one finding says, as a student reads it: its sentences and its words."""

import re

from grader.model import CaseReport
from grader.render.hints import shown_hints
from grader.render.moments import moment
from grader.render.sentences import message_and_line

MOST_WORDS = 120


def texts_of(case: CaseReport) -> list[str]:
    """Return all that is said about a case: the message, the moment, the hints in both steps."""
    message, _, source = message_and_line(case)
    then = moment(case.details.exception) if source else ""
    said = [message, then]
    for hint in shown_hints(case.hints, case.verdict, "steps"):
        said += [hint.question, hint.text]
    return [text for text in said if text]


def words_of(case: CaseReport) -> int:
    """Return how many words that is."""
    return sum(len(text.split()) for text in texts_of(case))


def said_twice(case: CaseReport) -> list[str]:
    """Return the sentences of four words or more that stand there more than once."""
    seen: set[str] = set()
    again = []
    for sentence in re.split(r"(?<=[.?!:])\s+", " ".join(texts_of(case))):
        plain = " ".join(re.findall(r"\w+", sentence.lower()))
        if len(plain.split()) > 3 and plain in seen:
            again.append(sentence)
        seen.add(plain)
    return again
