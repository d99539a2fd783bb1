"""What the class misunderstood: `summary.json`, the same facts that `index.html` draws.

Nothing here depends on when or how the batch ran, so that a rerun writes the same bytes.
"""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from grader.classbook.exceptions import ExceptionSummary, ExceptionTally
from grader.classbook.facts import Facts
from grader.intake.sources import Skipped
from grader.model import Exercise, ExerciseInfo, Status, Verdict
from grader.version import __version__

SecretSource = Literal["file", "environment", "default"]

_MOST_BARS = 21
_PLACE = re.compile(r"\b(?:([Cc])ell \d+, )?([Ll])ine \d+|\b[Cc]ell \d+")
_QUOTED = re.compile(r"`[^`]*`")


class ScoreBar(msgspec.Struct, frozen=True):
    """How many got a score from `low` to `high`, both included; `not_gradable` of them could not be graded."""

    low: float
    high: float
    count: int
    not_gradable: int = 0


class Scores(msgspec.Struct, frozen=True):
    """The distribution of scores; what the grader itself failed on has none and is not in it."""

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
    """Why some have no case run, or no score; `...` stands for what differs between them."""

    message: str
    count: int
    students: tuple[str, ...]


class Alike(msgspec.Struct, frozen=True):
    """Submissions with the same code: a fact; a short exercise has few ways to be solved."""

    same: Literal["code", "functions"]
    """`code`: but for layout and comments. `functions`: the same functions, whatever they and their variables are
    called and whatever stands around them."""
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
    exceptions: tuple[ExceptionSummary, ...]
    """By kind, most frequent first."""
    not_gradable: tuple[NotGraded, ...]
    grader_errors: tuple[NotGraded, ...]
    alike: tuple[Alike, ...]
    skipped: tuple[Skipped, ...]
    """What was found beside the submissions."""
    isolation: dict[str, int]
    """Level -> submissions."""
    secret: SecretSource
    """Where the secret of the hidden inputs came from: the default is known to everybody."""
    grader_version: str


def summarise(
    rows: Iterable[Facts],
    exercise: Exercise,
    cases: Sequence[str],
    skipped: Sequence[Skipped],
    secret: SecretSource,
) -> Summary:
    """Summarise a class; `rows` are read once, in the order of their names."""
    tally = _Tally(cases)
    for facts in rows:
        tally.add(facts)
    return Summary(
        exercise=ExerciseInfo(exercise.name, exercise.title, exercise.digest),
        submissions=tally.submissions,
        status={status.value: tally.status[status.value] for status in Status},
        scores=tally.scores(exercise.points, len(cases)),
        cases=tuple(
            CaseSummary(
                name,
                counts[Verdict.PASSED.value],
                sum(counts.values()),
                dict(sorted(counts.items())),
            )
            for name, counts in tally.cases.items()
        ),
        misconceptions=tuple(
            MisconceptionSummary(
                name, tally.texts[name], len(students), tuple(students)
            )
            for name, students in _by_frequency(tally.misconceptions)
        ),
        exceptions=tally.exceptions.summary(),
        not_gradable=_not_graded(tally.not_gradable),
        grader_errors=_not_graded(tally.grader_errors),
        alike=_alike(tally.alike),
        skipped=tuple(skipped),
        isolation=dict(sorted(tally.isolation.items())),
        secret=secret,
        grader_version=__version__,
    )


class _Tally:
    """The counters of one pass over the class."""

    def __init__(self, cases: Sequence[str]) -> None:
        self.submissions = 0
        self.status: Counter[str] = Counter()
        self.isolation: Counter[str] = Counter()
        self.values: Counter[tuple[float, bool]] = Counter()
        self.cases: dict[str, Counter[str]] = {name: Counter() for name in cases}
        self.misconceptions: defaultdict[str, list[str]] = defaultdict(list)
        self.texts: dict[str, str] = {}
        self.exceptions = ExceptionTally()
        self.not_gradable: defaultdict[str, list[str]] = defaultdict(list)
        self.grader_errors: defaultdict[str, list[str]] = defaultdict(list)
        self.alike: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )

    def add(self, facts: Facts) -> None:
        """Count one submission."""
        self.submissions += 1
        self.status[facts.status.value] += 1
        self.isolation[facts.isolation] += 1
        if facts.status is Status.GRADER_ERROR:
            self.grader_errors[facts.message].append(facts.name)
            return
        if facts.status is Status.NOT_GRADABLE:
            self.not_gradable[facts.message].append(facts.name)
        elif facts.alike is not None:
            self.alike[facts.alike[1]][facts.alike[0]].append(facts.name)
        self.values[facts.score or 0.0, facts.status is Status.NOT_GRADABLE] += 1
        for case, verdict in facts.verdicts:
            self.cases.setdefault(case, Counter())[verdict.value] += 1
        for name, text in facts.hints:
            self.misconceptions[name].append(facts.name)
            self.texts.setdefault(name, text)
        self.exceptions.add(facts.name, facts.exceptions)

    def scores(self, points: float, cases: int) -> Scores:
        """Return the distribution, one bar for each score that can be had where these are few."""
        highest = points * cases
        counts = Counter(
            {
                score: sum(n for (value, _), n in self.values.items() if value == score)
                for score, _ in self.values
            }
        )
        return Scores(
            count=counts.total(),
            mean=round(statistics.fmean(counts, weights=list(counts.values())), 4)
            if counts
            else None,
            median=_median(counts) if counts else None,
            lowest=min(counts, default=None),
            full_marks=counts[highest],
            max_score=highest,
            distribution=self._bars(points, cases, highest),
        )

    def _bars(self, points: float, cases: int, highest: float) -> tuple[ScoreBar, ...]:
        if cases < _MOST_BARS:
            edges = [(points * passed, points * passed) for passed in range(cases + 1)]
        else:
            tenth = highest / 10
            edges = [(tenth * bar, tenth * (bar + 1)) for bar in range(10)]
        return tuple(
            ScoreBar(
                low,
                high,
                sum(
                    n
                    for (value, _), n in self.values.items()
                    if _is_in(value, low, high, highest)
                ),
                sum(
                    n
                    for (value, fault), n in self.values.items()
                    if fault and _is_in(value, low, high, highest)
                ),
            )
            for low, high in edges
        )


def _is_in(value: float, low: float, high: float, highest: float) -> bool:
    return low <= value < high or (value == high and high in {low, highest})


def _median(counts: Mapping[float, int]) -> float:
    """Return the median of values that are given with their frequencies."""
    total = sum(counts.values())
    lower = upper = None
    seen = 0
    for value, count in sorted(counts.items()):
        seen += count
        if lower is None and seen >= (total + 1) // 2:
            lower = value
        if upper is None and seen >= total // 2 + 1:
            upper = value
    return ((lower or 0.0) + (upper or 0.0)) / 2


def _by_frequency(groups: Mapping[Any, list[str]]) -> list[tuple[Any, list[str]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _not_graded(found: Mapping[str, list[str]]) -> tuple[NotGraded, ...]:
    """Group by message; those that differ only in the place and the code that they quote are one group."""
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for message in found:
        alike[_QUOTED.sub("`...`", _PLACE.sub(_place, message))].append(message)
    groups = {
        messages[0] if len(messages) == 1 else general: sorted(
            name for message in messages for name in found[message]
        )
        for general, messages in alike.items()
    }
    return tuple(
        NotGraded(message, len(names), tuple(names))
        for message, names in _by_frequency(groups)
    )


def _place(match: re.Match[str]) -> str:
    """Leave numbers out, and the cell too: a file has none, and the reason is the same."""
    if match[2] is None:
        return f"{match[0][:4]} ..."
    return "Line ..." if (match[1] or match[2]).isupper() else "line ..."


def _alike(groups: Mapping[str, Mapping[str, list[str]]]) -> tuple[Alike, ...]:
    """Return the groups of two and more, those with wholly the same code first."""
    found = []
    for variants in groups.values():
        everyone = sorted(name for names in variants.values() for name in names)
        found += [
            Alike("code", len(names), tuple(names))
            for names in variants.values()
            if len(names) > 1
        ]
        if len(variants) > 1:
            found.append(Alike("functions", len(everyone), tuple(everyone)))
    return tuple(
        sorted(found, key=lambda group: (group.same, -group.count, group.students))
    )


def summary_schema() -> dict[str, Any]:
    """Return the JSON Schema of `summary.json`, from the records."""
    return msgspec.json.schema(Summary)
