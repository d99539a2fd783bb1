"""What passes between the web process and its grading process, in frames (`grader.framed`).

The grading process reads a `Setup` once. On each channel a `Task` is answered by an `Answer` or a
`Refusal`; before it there may be one `Lowered`.
"""

from typing import Literal, NamedTuple

import msgspec

from grader.framed import Reader, receive
from grader.model import Report
from grader.service.logs import Format
from grader.service.problems import Code


class Work(NamedTuple):
    """The bytes of a file, and what it is called."""

    name: str
    data: bytes


class Graded(msgspec.Struct, frozen=True):
    """A report; `provisional` says that the budget cut it short."""

    report: Report
    provisional: bool = False


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """All that a grading process needs to know, once."""

    solutions: str
    """Folder."""
    secret: bytes
    require_isolation: str
    log_format: Format
    budget_s: float
    demote_after_s: float

    def __repr__(self) -> str:
        """Leave the secret out: a traceback or a log must not carry it."""
        return f"Setup(solutions={self.solutions!r})"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do; `patient` says that nobody waits, so that no budget holds.

    "call-off" lets the budget of the task with this number be over, if its workers are lowered.
    """

    what: Literal["grade", "check", "isolation", "tidy", "call-off"]
    number: int = 0
    exercise: str = ""
    work: Work = Work("", b"")
    patient: bool = False


class Lowered(msgspec.Struct, frozen=True, tag="lowered"):
    """The workers of this task get what nobody else wants from now on."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer"):
    """What came of a task."""

    open_now: int
    """How many graders are open, with their templates."""
    report: bytes = b""
    """As `render.json.encode_report` writes it."""
    provisional: bool = False
    level: str = ""
    """Of isolation."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag="refusal"):
    """A task that was not done, and the sentence for the person."""

    code: Code
    sentence: str


_setup = msgspec.msgpack.Decoder(Setup)
_task = msgspec.msgpack.Decoder(Task)
_answer: msgspec.msgpack.Decoder[Lowered | Answer | Refusal] = (
    msgspec.msgpack.Decoder(Lowered | Answer | Refusal)
)


def receive_setup(stream: Reader) -> Setup:
    """Read what a grading process needs to know."""
    return _setup.decode(receive(stream))


def receive_task(stream: Reader) -> Task:
    """Read what is to be done; raise EOFError where nothing more comes."""
    return _task.decode(receive(stream))


def receive_answer(stream: Reader) -> Lowered | Answer | Refusal:
    """Read what a grading process says; raise EOFError where it has ended."""
    return _answer.decode(receive(stream))
