"""The trusted side alone, with doubles that answer as a hostile or dying worker would."""

import concurrent.futures
import struct
from collections.abc import Callable
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cases import example_cases
from grader.execution import Confinement, open_runner
from grader.execution.contracts import Ended, nothing
from grader.execution.interactive import Demotion
from grader.execution.notebook import NotebookSession
from grader.execution.settings import TemplateLost
from grader.grading import Grader
from grader.model import Exercise, Submission
from grader.submission import parse_submission

Answer = bytes | Ended | BaseException
Kind = Literal["timed_out", "out_of_memory", "crashed", "invalid_output"]
KINDS: tuple[Kind, ...] = get_args(Kind)


class Double:
    """A worker that answers from a list, and gives the last answer again and again."""

    output = b""

    def __init__(self, answers: list[Answer]) -> None:
        self.answers = answers
        self.closed = False

    def ask(
        self,
        _frame: bytes,
        _seconds: float,
        _meanwhile: Callable[[], object] = nothing,
    ) -> bytes | Ended:
        """Return the next answer, or raise it."""
        answer = (
            self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        )
        if isinstance(answer, BaseException):
            raise answer
        self.closed = self.closed or isinstance(answer, Ended)
        return answer

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True


class Doubles:
    """Where such workers come from; all share one list of answers."""

    mechanisms: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outside = ""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.started: list[Double] = []

    def worker(self, _demotion: Demotion | None = None) -> Any:
        """Start one."""
        self.started.append(Double(self.answers))
        return self.started[-1]

    def prepare(self) -> None:
        """Nothing can be done beforehand."""

    def hang_up(self) -> None:
        """Nothing runs that could end."""

    def close(self) -> None:
        """Nothing runs."""


def frame(header: bytes) -> bytes:
    """Return a frame with this header and no arrays."""
    return struct.pack("!4sII", b"GRD1", len(header), 0) + header


@pytest.fixture(scope="module")
def submission(exercise: Exercise, build: Callable[..., bytes]) -> Submission:
    """Return a notebook of three cells."""
    return parse_submission(
        "homework.ipynb",
        build("x = 1", "def convolve(image, kernel):\n    return image", "y"),
        exercise,
    )


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(130)])
def test_interrupt_is_heard_while_a_cell_runs(
    exercise: Exercise, submission: Submission, error: BaseException
) -> None:
    """Ctrl-C, or a signal that ends the grader, leaves the loop at once and ends the kernel."""
    workers = Doubles(error)
    with pytest.raises(type(error)):
        NotebookSession(
            workers, exercise, submission, lambda: example_cases(exercise)
        ).run()
    assert [worker.closed for worker in workers.started] == [True]


def test_lost_template_is_told(
    exercise: Exercise, submission: Submission
) -> None:
    """The template's death is no cell's fault: the runner learns of it, and can start another."""
    workers = Doubles(TemplateLost("killed"))
    with pytest.raises(TemplateLost):
        NotebookSession(
            workers, exercise, submission, lambda: example_cases(exercise)
        ).run()
    assert all(worker.closed for worker in workers.started)


ANSWERS = st.one_of(
    st.sampled_from(KINDS).map(lambda kind: Ended(kind=kind)),
    st.binary(max_size=100),
    st.binary(max_size=100).map(frame),
    st.sampled_from(
        [
            frame(b'{"op": "ran", "token": "", "frames": [], "skipped": []}'),
            frame(
                b'{"op": "loaded", "token": "0", "frames": [], "state": "ready", '
                b'"skipped": [], "functions": []}'
            ),
            frame(
                b'{"op": "probed", "token": "0", "frames": [], "blocked": {}}'
            ),
        ]
    ),
)


@given(st.lists(ANSWERS, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_a_kernel_says_gives_outcomes(
    exercise: Exercise, submission: Submission, answers: list[Answer]
) -> None:
    """No bytes and no death make the session raise, hang, leave a worker, or see a result."""
    workers = Doubles(*answers)
    cases = example_cases(exercise)
    loading, outcomes = NotebookSession(
        workers, exercise, submission, lambda: cases
    ).run()
    assert loading.state in KINDS
    assert len(outcomes) == sum(len(case.trials) for case in cases)
    assert not any(outcome.kind == "returned" for outcome in outcomes)
    assert all(worker.closed for worker in workers.started)


def test_many_at_once(
    grader: Grader, exercise: Exercise, build: Callable[..., bytes], right: str
) -> None:
    """One runner serves several threads, each with kernels of its own."""
    files = [
        build(right, f"x = {n}")
        if n % 3
        else build(right, "import os\nos._exit(1)")
        for n in range(12)
    ]
    files.append(build("def convolve(image, kernel):\n    return image"))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        scores = list(
            pool.map(
                lambda data: (
                    grader.grade(
                        parse_submission("h.ipynb", data, exercise)
                    ).score
                ),
                files,
            )
        )
    assert scores == [4.0] * 12 + [0.0]


@pytest.mark.parametrize(
    ("confinement", "level"),
    [
        (Confinement(landlock=False), "partial"),
        (Confinement(seccomp=False), "partial"),
        (Confinement(landlock=False, seccomp=False), "none"),
    ],
)
def test_levels(
    exercise: Exercise,
    build: Callable[..., bytes],
    right: str,
    confinement: Confinement,
    level: str,
) -> None:
    """With less confinement notebooks are graded too, and the report claims no more than that."""
    submission = parse_submission(
        "homework.ipynb", build(right, "%matplotlib inline", "!ls"), exercise
    )
    with open_runner(exercise, confinement=confinement) as runner:
        execution = runner.run(submission, example_cases(exercise))
    assert execution.isolation.level == level
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
