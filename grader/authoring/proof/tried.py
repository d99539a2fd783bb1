"""What became of each mutant: tried with its own hidden inputs, and with those of other secrets."""

import os
from collections.abc import Callable, Generator, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from grader.authoring.bounded import Ended, spread
from grader.authoring.judge import Asked, Judge
from grader.authoring.local import LocalRunner, Program
from grader.authoring.proof.behaviour import behaviour
from grader.authoring.proof.beyond import Varied
from grader.cases import DEFAULT_SECRET, Secret
from grader.grading import Grader
from grader.model import Report, Verdict
from grader.submission import parse_submission

_ENDLESS: Final = "Your code does not end."
_SECONDS: Final = 20.0
"""For one mutant, on the clock: what ends those that no timer of their own ends."""


class Mutant(msgspec.Struct, frozen=True):
    """A source with a slip in it, and the file that it was made of."""

    file: str
    original: str
    source: str


class Fate(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
):
    """What became of a mutant."""

    state: str
    """`same`: right for all inputs; `lost`: it loses points; `survived`: wrong, and has them all;
    `beyond`: right for the cases, and wrong for inputs that no case has; `failed`: a fault of the
    exercise came up."""
    ids: tuple[str, ...] = ()
    """For `lost`: the misconceptions that its report names."""
    key: str = ""
    """For `lost`: a digest of its behaviour."""
    text: str = ""
    """For `lost`: its message; for `beyond`, where it is wrong; for `failed`, the fault."""
    raised: bool = False
    """For `lost`: whether it raises, which is the less interesting mistake."""
    times: int = 0
    """For `survived`: with how many of the other secrets it is wrong."""


class Trying(
    msgspec.Struct,
    frozen=True,
    eq=False,
):
    """What mutants are tried with."""

    judge: Judge
    secrets: tuple[tuple[Asked, ...], ...]
    """The trials of other secrets."""
    beyond: tuple[Varied, ...] = ()
    """Inputs that no case has."""


def fates(
    trying: Trying, mutants: Sequence[Mutant], jobs: int | None = None
) -> Generator[tuple[int, Fate], None, None]:
    """Yield the number and the fate of each mutant, as they come."""
    grader = _grader(trying.judge)
    works = [_work(trying, grader, mutant) for mutant in mutants]
    for number, found in spread(
        works,
        _SECONDS,
        jobs or _processors(),
    ):
        if isinstance(found, Ended):
            yield (
                number,
                Fate(
                    state="lost",
                    key=found.why,
                    text=found.why,
                ),
            )
        else:
            yield number, msgspec.convert(found, Fate)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _grader(judge: Judge) -> Grader:
    """Return a grader that runs submissions here; its catalogue is loaded before any fork."""
    exercise = judge.exercise
    grader = Grader(
        exercise,
        judge.solutions,
        Secret(DEFAULT_SECRET, "default"),
        LocalRunner(exercise),
    )
    grader.load_catalogue()
    return grader


def _work(
    trying: Trying,
    grader: Grader,
    mutant: Mutant,
) -> Callable[[], Any]:
    def work() -> Any:  # noqa: ANN401 - plain data
        _fill_new_arrays()
        return msgspec.to_builtins(_fate(trying, grader, mutant))

    return work


def _fill_new_arrays() -> None:
    """Fill what `np.empty` gives, as a worker's memory is filled: what was there is no answer.

    This is done in a child process, which tries mutants and nothing else.
    """
    vars(np).update(empty=_filled(_EMPTY), empty_like=_filled(_EMPTY_LIKE))


_EMPTY: Final = np.empty
_EMPTY_LIKE: Final = np.empty_like


def _filled(make: Callable[..., Any]) -> Callable[..., Any]:
    def filled(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the function of NumPy
        array = make(*args, **kwargs)
        if array.dtype.kind in "fc":
            array.fill(np.nan)
        return array

    return filled


def _fate(
    trying: Trying,
    grader: Grader,
    mutant: Mutant,
) -> Fate:
    judge = trying.judge
    program = Program(judge.exercise, mutant.source)
    if not any(judge.first_wrong(program, asked) for asked in trying.secrets):
        return _beyond(trying, program)
    if program.ended:
        # It would be waited for again in each of the steps below, and loses its cases there.
        return Fate(state="lost", key=_ENDLESS, text=_ENDLESS, raised=True)
    name = judge.exercise.file
    submission = parse_submission(
        name,
        mutant.source.encode(),
        judge.exercise,
    )
    report, fault, _ = grader.judge(submission)
    if fault is not None:
        return Fate(state="failed", text=f"{type(fault).__name__}: {fault}")
    if report.score == report.max_score:
        wrong = [judge.first_wrong(program, asked) for asked in trying.secrets]
        times = sum(finding is not None for finding in wrong)
        return Fate(state="survived", times=times)
    again = Program(judge.exercise, mutant.source)
    failed = [case for case in report.cases if case.score == 0]
    return Fate(
        state="lost",
        ids=_ids(report),
        key=behaviour(judge, again, trying.secrets[0]),
        text=failed[0].message if failed else report.message,
        raised=any(case.verdict is Verdict.RAISED for case in failed),
    )


def _ids(report: Report) -> tuple[str, ...]:
    found = [hint.misconception for case in report.cases for hint in case.hints]
    return tuple(dict.fromkeys(found))


def _beyond(trying: Trying, program: Program) -> Fate:
    """Return whether a program that is right for the cases is wrong for inputs near them."""
    for each in trying.beyond:
        if (
            trying.judge.first_wrong(
                program,
                [each.asked],
            )
            is not None
        ):
            return Fate(state="beyond", text=each.what)
    return Fate(state="same")
