"""What passes between the owner of a batch and those who grade, in frames (`grader.framed`).

The first frame to a grading process is a `Setup`, which it answers with `Hello` or `Refusal`; each
`Task` after it is answered with a `Result`.
"""

from typing import Literal, NoReturn

import msgspec

from grader.classbook.facts import Facts
from grader.errors import ExerciseError, GraderError, IsolationError, UsageError
from grader.framed import Reader, receive
from grader.model import Isolation


class Setup(msgspec.Struct, frozen=True, kw_only=True, tag="setup"):
    """All that a grading process needs to know, once."""

    exercise: str
    """Folder."""
    solutions: str
    """Folder."""
    exercise_digest: str
    solutions_digest: str
    secret: bytes
    secret_source: Literal["file", "environment", "default"]
    require_isolation: str | None = None
    confinement: dict[str, bool] | None = None

    def __repr__(self) -> str:
        """Leave the secret out: a traceback or a log must not carry it."""
        return (
            f"Setup(exercise={self.exercise!r}, solutions={self.solutions!r})"
        )


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The grading process is warm."""

    isolation: Isolation


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """No grading process of this batch can grade: one line, and the exit status for it."""

    message: str
    exit_code: int


class Task(msgspec.Struct, frozen=True, kw_only=True, tag="task"):
    """One submission, by value."""

    number: int
    name: str
    file_name: str
    """Its suffix decides the kind."""
    data: bytes
    fault: str | None = None
    """Why its bytes could not be read."""
    notes: tuple[str, ...] = ()
    modules: tuple[tuple[str, bytes], ...] = ()
    """What was handed in with it and can be imported: path and bytes of each."""


class Result(msgspec.Struct, frozen=True, kw_only=True, tag="result"):
    """The report of one submission, as the bytes of its files."""

    number: int
    report: bytes
    page: bytes
    facts: Facts


class Lost(msgspec.Struct, frozen=True):
    """A submission whose grading process died, twice."""

    number: int
    reason: str
    isolation: Isolation
    """That of the grading process."""


Answer = Hello | Refusal | Result
_setup = msgspec.msgpack.Decoder(Setup)
_task = msgspec.msgpack.Decoder(Task)
_answer: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


_ERRORS: dict[int, type[GraderError]] = {
    error.exit_code: error for error in (UsageError, IsolationError)
}


def raise_refusal(refusal: Refusal) -> NoReturn:
    """Raise in this process what stopped the other one."""
    if refusal.exit_code == ExerciseError.exit_code:
        raise ExerciseError(*refusal.message.splitlines())
    error = _ERRORS.get(refusal.exit_code, GraderError)
    raise error(refusal.message)


def receive_setup(stream: Reader) -> Setup:
    """Read the first frame to a grading process."""
    return _setup.decode(receive(stream))


def receive_task(stream: Reader) -> Task:
    """Read a later frame to a grading process."""
    return _task.decode(receive(stream))


def receive_answer(stream: Reader) -> Answer:
    """Read what a grading process answers; raise EOFError where it died."""
    return _answer.decode(receive(stream))
