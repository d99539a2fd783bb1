"""From the facts of every submission to the summary: one pass over the class, then the counts."""

import itertools
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from grader.classbook import unexplained
from grader.classbook.exceptions import ExceptionTally
from grader.classbook.facts import Facts
from grader.classbook.summary import (
    Alike,
    CaseSummary,
    MisconceptionSummary,
    NotGraded,
    ScoreBar,
    Scores,
    SecretSource,
    Summary,
)
from grader.classbook.unexplained import Common
from grader.intake.sources import Skipped
from grader.model import Exercise, ExerciseInfo, Status, Verdict
from grader.version import __version__

_MOST_BARS = 21
_PLACE = re.compile(r"\b(?:([Cc])ell \d+, )?([Ll])ine \d+|\b[Cc]ell \d+")
_QUOTED = re.compile(r"`[^`]*`")

Names = defaultdict[str, list[str]]
"""Something that was found -> the names of the submissions that show it."""


def summarise(
    rows: Iterable[Facts],
    exercise: Exercise,
    cases: Sequence[str],
    skipped: Sequence[Skipped],
    secret: SecretSource,
    common: Callable[[], Common],
) -> Summary:
    """Return the summary of a class; `rows` are read once, in the order of their names.

    `common` is called if some wrong answers agree that nothing explains.
    """
    tally = _Tally(cases)
    for facts in rows:
        tally.add(facts)
    groups = tally.unexplained.groups(common)
    return Summary(
        exercise=ExerciseInfo(exercise.name, exercise.title, exercise.digest),
        submissions=tally.submissions,
        status={status.value: tally.status[status.value] for status in Status},
        scores=_scores(tally, exercise.points, len(cases)),
        cases=tuple(
            _case(name, counts) for name, counts in tally.cases.items()
        ),
        misconceptions=_misconceptions(tally),
        unexplained=groups,
        unexplained_alone=tally.unexplained.alone(groups),
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
        self.scores: Counter[float] = Counter()
        self.ungradable: Counter[float] = Counter()
        """The part of `scores` that could not be graded."""
        self.cases: dict[str, Counter[str]] = {
            name: Counter() for name in cases
        }
        self.misconceptions: Names = defaultdict(list)
        self.texts: dict[str, str] = {}
        self.unexplained = unexplained.Tally()
        self.exceptions = ExceptionTally()
        self.not_gradable: Names = defaultdict(list)
        self.grader_errors: Names = defaultdict(list)
        self.alike: defaultdict[str, Names] = defaultdict(
            lambda: defaultdict(list)
        )
        """Digest of the functions -> digest of the whole code -> submissions."""

    def add(self, facts: Facts) -> None:
        """Count one submission."""
        self.submissions += 1
        self.status[facts.status.value] += 1
        self.isolation[facts.isolation] += 1
        if facts.status is Status.GRADER_ERROR:
            self.grader_errors[facts.message].append(facts.name)
            return
        score = facts.score or 0.0
        self.scores[score] += 1
        if facts.status is Status.NOT_GRADABLE:
            self.ungradable[score] += 1
            self.not_gradable[facts.message].append(facts.name)
        elif facts.alike is not None:
            code, functions = facts.alike
            self.alike[functions][code].append(facts.name)
        for case, verdict in facts.verdicts:
            self.cases.setdefault(case, Counter())[verdict.value] += 1
        for name, text in facts.hints:
            self.misconceptions[name].append(facts.name)
            self.texts.setdefault(name, text)
        self.unexplained.add(facts.name, facts.behaviour)
        self.exceptions.add(facts.name, facts.exceptions)


def _case(name: str, counts: Counter[str]) -> CaseSummary:
    return CaseSummary(
        name,
        counts[Verdict.PASSED.value],
        counts.total(),
        dict(sorted(counts.items())),
    )


def _misconceptions(tally: _Tally) -> tuple[MisconceptionSummary, ...]:
    return tuple(
        MisconceptionSummary(
            name, tally.texts[name], len(students), tuple(students)
        )
        for name, students in _by_frequency(tally.misconceptions)
    )


# ---------------------------------------------------------------------------------- scores


def _scores(tally: _Tally, points: float, cases: int) -> Scores:
    highest = points * cases
    counts = tally.scores
    mean = None
    if counts:
        mean = round(statistics.fmean(counts, weights=list(counts.values())), 4)
    return Scores(
        count=counts.total(),
        mean=mean,
        median=_median(counts) if counts else None,
        lowest=min(counts, default=None),
        full_marks=counts[highest],
        max_score=highest,
        distribution=_bars(tally, points, cases),
    )


def _bars(tally: _Tally, points: float, cases: int) -> tuple[ScoreBar, ...]:
    """Return one bar for each score that can be had where these are few, and ten bars elsewhere."""
    highest = points * cases
    if cases < _MOST_BARS:
        edges = [
            (points * passed, points * passed) for passed in range(cases + 1)
        ]
    else:
        tenth = highest / 10
        edges = [(tenth * bar, tenth * (bar + 1)) for bar in range(10)]
    bars = []
    for low, high in edges:
        count = ungradable = 0
        for score, submissions in tally.scores.items():
            if low <= score < high or (
                score == high and high in {low, highest}
            ):
                count += submissions
                ungradable += tally.ungradable[score]
        bars.append(ScoreBar(low, high, count, ungradable))
    return tuple(bars)


def _median(counts: Mapping[float, int]) -> float:
    """Return the median of values that are given with their frequencies."""
    total = sum(counts.values())
    lower = _value_at((total + 1) // 2, counts)
    upper = _value_at(total // 2 + 1, counts)
    return (lower + upper) / 2


def _value_at(place: int, counts: Mapping[float, int]) -> float:
    """Return the value at `place`, counted from 1, of all values in order."""
    seen = 0
    for value, count in sorted(counts.items()):
        seen += count
        if place <= seen:
            return value
    raise IndexError(place)


# --------------------------------------------------------------------------------- groups


def _by_frequency(
    groups: Mapping[str, list[str]],
) -> list[tuple[str, list[str]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _not_graded(found: Mapping[str, list[str]]) -> tuple[NotGraded, ...]:
    """Group by message; messages that differ only in place and quoted code are one group."""
    by_general: Names = defaultdict(list)
    for message in found:
        general = _QUOTED.sub("`...`", _PLACE.sub(_without_number, message))
        by_general[general].append(message)
    groups = {}
    for general, messages in by_general.items():
        names = sorted(name for message in messages for name in found[message])
        groups[messages[0] if len(messages) == 1 else general] = names
    return tuple(
        NotGraded(message, len(names), tuple(names))
        for message, names in _by_frequency(groups)
    )


def _without_number(match: re.Match[str]) -> str:
    """Return the place without its numbers, and without the cell, which a file does not have."""
    cell, line = match[1], match[2]
    if line is None:
        return f"{match[0][:4]} ..."
    return "Line ..." if (cell or line).isupper() else "line ..."


def _alike(groups: Mapping[str, Mapping[str, list[str]]]) -> tuple[Alike, ...]:
    """Return the groups of two and more, those with wholly the same code first."""
    found = []
    for variants in groups.values():
        same_code = [names for names in variants.values() if len(names) > 1]
        found += [
            Alike("code", len(names), tuple(names)) for names in same_code
        ]
        if len(variants) > 1:
            everyone = sorted(itertools.chain(*variants.values()))
            found.append(Alike("functions", len(everyone), tuple(everyone)))
    found.sort(key=lambda group: (group.same, -group.count, group.students))
    return tuple(found)
