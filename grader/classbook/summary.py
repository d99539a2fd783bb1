"""What the class misunderstood: the records of `summary.json`, which `index.html` draws too.

Nothing here depends on when or how the batch ran, so that a rerun writes the same bytes.
"""

from typing import Literal

import msgspec

from grader.classbook.exceptions import ExceptionSummary
from grader.classbook.unexplained import Unexplained
from grader.intake.sources import Skipped
from grader.model import ExerciseInfo

SecretSource = Literal["file", "environment", "default"]


class ScoreBar(msgspec.Struct, frozen=True):
    """The number of submissions with a score from `low` to `high`, both included."""

    low: float
    high: float
    count: int
    not_gradable: int = 0
    """How many of them could not be graded."""


class Scores(msgspec.Struct, frozen=True):
    """The distribution of scores; a submission that the grader failed on has none."""

    count: int
    mean: float | None
    median: float | None
    lowest: float | None
    full_marks: int
    max_score: float
    distribution: tuple[ScoreBar, ...]


class CaseSummary(msgspec.Struct, frozen=True):
    """One case: how many passed it, and what became of the others."""

    name: str
    passed: int
    count: int
    verdicts: dict[str, int]


class MisconceptionSummary(msgspec.Struct, frozen=True):
    """One misconception, and who showed it."""

    misconception: str
    text: str
    count: int
    students: tuple[str, ...]


class NotGraded(msgspec.Struct, frozen=True):
    """One reason why no case was run, or why there is no score."""

    message: str
    """`...` stands for what differs between submissions."""
    count: int
    students: tuple[str, ...]


class Alike(msgspec.Struct, frozen=True):
    """Submissions with the same code: a fact, since a short exercise has few solutions."""

    same: Literal["code", "functions"]
    """`code`: everything but layout and comments. `functions`: the functions, whatever the names
    of functions and variables, and whatever stands around them."""
    count: int
    students: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The whole class."""

    schema_version: Literal[1] = 1
    exercise: ExerciseInfo
    submissions: int
    status: dict[str, int]
    scores: Scores
    cases: tuple[CaseSummary, ...]
    misconceptions: tuple[MisconceptionSummary, ...]
    """Most frequent first."""
    unexplained: tuple[Unexplained, ...] = ()
    """Wrong answers that agree with each other and have no name, by frequency."""
    unexplained_alone: int = 0
    """Submissions whose unexplained answer nobody else gives."""
    exceptions: tuple[ExceptionSummary, ...]
    """By kind, most frequent first."""
    not_gradable: tuple[NotGraded, ...]
    grader_errors: tuple[NotGraded, ...]
    alike: tuple[Alike, ...]
    skipped: tuple[Skipped, ...]
    """What was found beside the submissions."""
    missing: tuple[str, ...] = ()
    """Students on the roster who have handed in nothing."""
    unlisted: tuple[str, ...] = ()
    """Submissions whose students are not on the roster."""
    due: str = ""
    """When it was due, and where; empty where the platform's own mark says who is late."""
    late_rule: str = ""
    late: tuple[str, ...] = ()
    """Submissions that count as late."""
    time_unknown: tuple[str, ...] = ()
    """Submissions that do not count as late, because nobody knows when they came."""
    adjusted: tuple[str, ...] = ()
    """Students whose grade a person has adjusted."""
    adjustments: str = ""
    """SHA-256 of the `adjustments.csv` that is applied; empty without one."""
    isolation: dict[str, int]
    """Level -> submissions."""
    secret: SecretSource
    """Where the secret of the hidden inputs came from; everybody can read the default one."""
    grader_version: str
