"""Reports in every status and every verdict, with everything in them that a student can write."""

import itertools
from collections.abc import Callable, Iterator

import msgspec
import pytest

from grader.model import (
    CaseReport,
    Details,
    ExceptionDetails,
    ExerciseInfo,
    Hint,
    Isolation,
    Report,
    Status,
    SubmissionInfo,
    Verdict,
)

NASTY = {
    "plain": "The values are wrong.",
    "html": "<script>alert('x')</script><img src=x onerror=alert(1)>&amp;</pre></div><b>",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b1m \x1bc",
    "workflow command": (
        "x\n::error::forged\r\n::set-output name=score::4\n##[error]forged\n::add-mask::1"
    ),
    "markdown": (
        "# heading\n\n| a | b |\n|---|\n[x](javascript:a) ![i](http://x/y.png) "
        "@everyone #1 `code`\n```"
    ),
    "cdata": "]]> <![CDATA[ <!-- --> <?xml?> &lt; &#0; %s %h {{ x }} ${y} {% raw %}",
    "control": "".join(map(chr, range(32))) + "\x7f\x80\x85\x9f\ufffe\uffff",
    "surrogate": "\ud800 lone \udfff and \U0001f600 and \u2028 \u2029 end",
    "bidi": "\u202edetrever\u2066 isolated \u061c\u200f",
    "megabytes": "no\x00 end <&>" * 300_000,
    "empty": "",
    "json": '{"score": 4, "fraction": 1.0}\n{"correct": true, "score": 1}',
}


def make_case(
    verdict: Verdict,
    text: str = "It was wrong.",
    name: str = "8x8",
    points: float = 1.0,
) -> CaseReport:
    """Return a case whose every text is `text`."""
    details = Details()
    if verdict is not Verdict.PASSED:
        details = Details(
            exception=ExceptionDetails(
                type=text, message=text, line=3, source=text
            ),
            inputs={"image": [[1.0, "nan"], ["inf", 2.0]], "kernel": [[1.0]]},
            expected=[[1.0, 2.0, 3.5], [1.0, 2.0, -1e9]],
            actual=[["nan", "-inf", 3.0]],
            reason=text,
        )
    return CaseReport(
        name=name,
        title=text or "title",
        shapes={"image": (8, 8), "kernel": (3, 3)},
        verdict=verdict,
        score=points if verdict is Verdict.PASSED else 0.0,
        max_score=points,
        message=text,
        hints=()
        if verdict is Verdict.PASSED
        else (Hint("kernel-flipped", text),),
        details=details,
        duration_s=0.0023,
    )


def make_report(
    status: Status = Status.GRADED,
    verdicts: tuple[Verdict, ...] = (
        Verdict.PASSED,
        Verdict.WRONG_VALUES,
        Verdict.RAISED,
        Verdict.PASSED,
    ),
    text: str = "It was wrong.",
    points: float = 1.0,
) -> Report:
    """Return a report with a case for each verdict, and `text` wherever a student's can be."""
    names = itertools.chain(
        ("8x8", "12x10", "10x10", "12x8"),
        (f"case {number}" for number in itertools.count(5)),
    )
    cases = tuple(
        make_case(verdict, text, name, points)
        for verdict, name in zip(verdicts, names, strict=False)
    )
    total = sum(case.score or 0.0 for case in cases)
    if status is Status.GRADER_ERROR:
        cases = tuple(
            msgspec.structs.replace(case, score=None) for case in cases
        )
    return Report(
        exercise=ExerciseInfo(
            "convolution", "Convolution from scratch", "sha256:0"
        ),
        submission=SubmissionInfo(text or "s01.py", "python", "sha256:1"),
        status=status,
        score=None
        if status is Status.GRADER_ERROR
        else 0.0
        if status is Status.NOT_GRADABLE
        else total,
        max_score=points * len(verdicts),
        message=text,
        cases=cases,
        notes=(text, "A second note."),
        isolation=Isolation("full", ("landlock", "seccomp")),
        grader_version="0.1.0",
    )


def every_report() -> Iterator[tuple[str, Report]]:
    """Yield each status and each verdict with each nasty text."""
    for name, text in NASTY.items():
        for verdict in Verdict:
            yield (
                f"graded-{verdict}-{name}",
                make_report(verdicts=(verdict, Verdict.PASSED), text=text),
            )
        yield (
            f"passed-{name}",
            make_report(verdicts=(Verdict.PASSED,) * 4, text=text),
        )
        yield (
            f"not_gradable-{name}",
            make_report(Status.NOT_GRADABLE, (Verdict.NOT_RUN,) * 4, text),
        )
        yield (
            f"grader_error-{name}",
            make_report(Status.GRADER_ERROR, (Verdict.GRADER_ERROR,) * 4, text),
        )
    for status in Status:
        yield f"{status}-without-cases", make_report(status, ())
    yield (
        "forty-cases",
        make_report(verdicts=tuple(Verdict) * 4, text=NASTY["html"]),
    )
    yield "tenths", make_report(points=0.1)
    yield "thirds", make_report(points=1 / 3)


EVERY = dict(every_report())


@pytest.fixture(scope="session")
def every() -> dict[str, Report]:
    """Return all the reports, by what is special about each."""
    return EVERY


@pytest.fixture(scope="session")
def make() -> Callable[..., Report]:
    """Return the builder of reports."""
    return make_report
