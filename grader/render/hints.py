"""Hints in two steps: first a question or a place to look, then the cause. Pure.

The question is the author's, who knows where a beginner should look. Where there is none, it is one
that the verdict alone allows: it takes nothing for proven. Where the finding already says what
there is to say, or nothing could be graded, a hint is one step.
"""

from collections.abc import Iterable
from typing import Final, Literal

from grader.model import Hint, Verdict
from grader.render.prose import Audience
from grader.untrusted import one_line

Steps = Literal["steps", "full"]

SHOW_THE_CAUSE: Final = "Show the cause"
_LONGEST: Final = 1000
_QUESTIONS: Final = {
    Verdict.WRONG_TYPE: "What does `type(...)` say about what stands after your `return`?",
    Verdict.WRONG_SHAPE: "Which line of yours decides how large the result is?",
    Verdict.WRONG_VALUES: "Work out the first place that differs on paper: "
    "what goes into it, and what goes into yours?",
    Verdict.MODIFIED_INPUT: "Which line of yours writes into an argument?",
    Verdict.RAISED: "What do the names of that line stand for? Print them just before it.",
    Verdict.TIMED_OUT: "What has to happen for the loop to end, and does it?",
}
"""What may be asked where nothing but the verdict is known."""


def steps_for(audience: Audience, asked: Steps | None) -> Steps:
    """Return what was asked for, else what the reader needs: an instructor needs the cause."""
    if asked is not None:
        return asked
    return "full" if audience == "instructor" else "steps"


def shown_hints(
    hints: Iterable[Hint], verdict: Verdict, steps: Steps
) -> tuple[Hint, ...]:
    """Return hints as they are shown: with a question where they have two steps."""
    shown = []
    for hint in hints:
        asked = ""
        if steps == "steps":
            asked = hint.question or _QUESTIONS.get(verdict, "")
        shown.append(
            Hint(
                one_line(hint.misconception, 60),
                one_line(hint.text, _LONGEST),
                one_line(asked, _LONGEST),
            )
        )
    return tuple(shown)
