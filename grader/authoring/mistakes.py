"""Checks of the known mistakes: each loses points, is named, and is like no other."""

import time
from collections.abc import Iterator, Sequence

from grader.authoring.answers import (
    KnownAnswer,
    ids_of,
    known_ids,
    source_of,
)
from grader.authoring.bench import Bench, Check
from grader.authoring.judge import Asked, Judge
from grader.authoring.local import Program
from grader.authoring.names import name_faults
from grader.authoring.separation import (
    Answer,
    Result,
    answer_of,
    indistinguishable,
    result,
)
from grader.authoring.values import is_finite
from grader.diagnose.load import FILE
from grader.model import Outcome, Report, Status, Verdict
from grader.strict import did_you_mean
from grader.vocabulary import count

_SAMPLES = (".py", ".ipynb")


def check_names(bench: Bench) -> Check:
    """Check that every name in the hidden half's files is used."""
    faults = tuple(name_faults(bench.exercise, bench.solutions))
    found = "every table, mistake and check is read"
    return Check("names", found, faults)


def check_misconceptions(bench: Bench) -> Check:
    """Grade every known wrong answer as a submission: it must lose points and be named."""
    faults = []
    known = bench.known()
    for number, answer in enumerate(known, 1):
        bench.progress(f"misconceptions: {number} of {len(known)}")
        fault = _naming_fault(bench, answer)
        if fault is not None:
            faults.append(f"{FILE}, line {answer.line}: {answer.name}: {fault}")
    if not known:
        return Check(
            "misconceptions", f"there is no {FILE}, so there are no hints"
        )
    said = "loses points and is" if len(known) == 1 else "lose points and are"
    found = (
        f"{len(known) - len(faults)} of {count(len(known), 'wrong answer')} "
        f"({count(len(known_ids(known)), 'id')}) {said} named"
    )
    return Check("misconceptions", found, tuple(faults))


def _naming_fault(
    bench: Bench,
    answer: KnownAnswer,
) -> str | None:
    source = source_of(
        bench.exercise,
        bench.solutions,
        answer.name,
    )
    report = bench.grade(source)
    if report.status is Status.GRADER_ERROR:
        return report.message
    if report.score == report.max_score:
        return f"gets all points{_why(bench, answer)}"
    recognised = hinted(report)
    if not recognised:
        return f"was not recognised{_why(bench, answer)}"
    if recognised != ids_of(answer.name):
        return f"was recognised as {', '.join(sorted(recognised))}"
    return None


def hinted(report: Report) -> frozenset[str]:
    """Return the misconceptions that a report names."""
    return frozenset(
        hint.misconception for case in report.cases for hint in case.hints
    )


def _why(bench: Bench, answer: KnownAnswer) -> str:
    """Return what a wrong answer does, from `: ` on: it raises, gives NaN, or is like another."""
    program = _program(bench, answer.name)
    for asked in bench.judge.asked(0):
        odd = _oddity(bench.judge, asked, program.outcome(asked.trial))
        if odd is not None:
            return f": {odd} in case {asked.trial.case!r}"
    same = [
        other
        for pair in _same_for(bench, 0)
        if answer.name in pair
        for other in pair
        if other != answer.name
    ]
    if same:
        return f": gives the same as {same[0]} on every case"
    return _wrong_only(bench.judge, program)


def _oddity(judge: Judge, asked: Asked, outcome: Outcome) -> str | None:
    """Return what came back instead of plain numbers; None if nothing is odd."""
    if outcome.kind == "raised" and outcome.raised is not None:
        return f"raises {outcome.raised.type}"
    if outcome.kind != "returned":
        return outcome.kind.replace("_", " ")
    if is_finite(outcome.value):
        return None
    part = judge.finding(asked, outcome).part
    where = f" in `{part[0]}`" if part else ""
    return f"gives NaN or an infinite number{where}"


def _wrong_only(judge: Judge, program: Program) -> str:
    found = judge.first_wrong(program, judge.asked(0))
    if found is None:
        return ": is right on every case"
    verdict = found.verdict.value.replace("_", " ")
    return f": {verdict} in case {found.trial.case!r}, as another answer may be"


def check_pairs(bench: Bench) -> Check:
    """Check with every secret that no two known answers give the same result on all trials.

    The known answers are the reference solution and every known mistake.
    """
    pairs: dict[tuple[str, str], int] = {}
    answers = _answers(bench)
    right: dict[str, int] = {}
    started = time.monotonic()
    for number in range(bench.secrets):
        seconds = time.monotonic() - started
        bench.progress(
            f"pairs: secret {number + 1} of {bench.secrets}, {seconds:.0f} s"
        )
        for pair in _same_for(bench, number, answers):
            pairs[pair] = pairs.get(pair, 0) + 1
        for name in _accepted(bench, number):
            right[name] = right.get(name, 0) + 1
    faults = [
        f"{_line_of(bench, one, other)}{one} and {other} give the same result on every case "
        f"with {times} of {bench.secrets} secrets: let a case tell them apart"
        for (one, other), times in pairs.items()
    ]
    faults += [
        f"check.py: {name} gets all points with {times} of {bench.secrets} secrets"
        for name, times in right.items()
    ]
    total = len(answers) * (len(answers) - 1) // 2
    differ = f"{'differs' if total == 1 else 'differ'} with every one of"
    text = (
        f"{total - len(pairs)} of {count(total, 'pair')} of answers {differ} "
        f"{count(bench.secrets, 'secret')}"
    )
    return Check("separation", text, tuple(faults))


def _line_of(bench: Bench, *names: str) -> str:
    lines = {answer.name: answer.line for answer in bench.known()}
    for name in reversed(names):
        if name in lines:
            return f"{FILE}, line {lines[name]}: "
    return ""


def _accepted(
    bench: Bench,
    number: int,
) -> Iterator[str]:
    """Yield the mistakes that the exercise's own checks take for right, with one secret."""
    if not bench.solutions.checks:
        return
    judge = bench.judge
    asked = judge.asked(number)
    for answer in bench.known():
        program = _program(bench, answer.name)
        if not answer.is_right and judge.first_wrong(program, asked) is None:
            yield answer.name


def _same_for(
    bench: Bench,
    number: int,
    answers: dict[str, Answer] | None = None,
) -> list[tuple[str, str]]:
    """Return the pairs with the same results; variants of one misconception may be alike."""
    trials = [
        trial for case in bench.judge.draw(number) for trial in case.trials
    ]
    found: dict[str, Result] = {
        name: result(answer, trials)
        for name, answer in (answers or _answers(bench)).items()
    }
    same = indistinguishable(found, bench.exercise.tolerance)
    return [(one, other) for one, other in same if ids_of(one) != ids_of(other)]


def _answers(bench: Bench) -> dict[str, Answer]:
    reference = (bench.solutions.folder / "reference.py").read_text("utf-8-sig")
    programs = {"reference": Program(bench.exercise, reference)}
    for answer in bench.known():
        if not answer.is_right:
            programs[answer.name] = _program(bench, answer.name)
    return {
        name: answer_of(program, bench.exercise.function)
        for name, program in programs.items()
    }


def _program(bench: Bench, name: str) -> Program:
    source = source_of(bench.exercise, bench.solutions, name)
    return Program(bench.exercise, source)


# ---- Samples


def check_samples(bench: Bench) -> Check:
    """Grade the samples: right ones get all points, wrong ones lose some and are named."""
    folder = bench.solutions.folder / "samples"
    ids = known_ids(bench.known())
    faults: list[str] = []
    right = wrong = 0
    shown = set()
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        kind = path.stem.partition("_")[0]
        if path.suffix not in _SAMPLES or kind not in {
            "right",
            "wrong",
        }:
            continue
        bench.progress(f"samples: {path.name}")
        report = bench.grade_file(
            path.name,
            path.read_bytes(),
        )
        if kind == "right":
            right += 1
            faults += _right_faults(path.name, report)
        else:
            wrong += 1
            name = path.stem.removeprefix("wrong_")
            shown |= set(_ids_in(name, ids))
            faults += _wrong_faults(path.name, name, ids, report)
    found = (
        f"{count(right, 'right one')} {'has' if right == 1 else 'have'} all points, "
        f"{count(wrong, 'wrong one')} {'is' if wrong == 1 else 'are'} named"
    )
    without = [name for name in ids if name not in shown]
    if wrong and without:
        found += f" (without one: {', '.join(without)})"
    return Check("samples", found, tuple(faults))


def _right_faults(
    file: str,
    report: Report,
) -> Iterator[str]:
    if report.status is Status.GRADED and report.score == report.max_score:
        return
    failed = [
        f"{case.name}: {case.message}"
        for case in report.cases
        if case.verdict is not Verdict.PASSED
    ]
    text = " ".join(" ".join([report.message, *failed]).split())
    yield f"samples/{file}: is to be right, and is not: {text}"


def _ids_in(
    name: str,
    ids: Sequence[str],
) -> list[str]:
    """Return the longest known id that a sample's name begins with."""
    found = [each for each in ids if name.startswith(each)]
    return sorted(found, key=len)[-1:]


def _wrong_faults(
    file: str, name: str, ids: Sequence[str], report: Report
) -> Iterator[str]:
    wanted = _ids_in(name, ids)
    if not wanted:
        close = did_you_mean(name, ids)
        yield f"samples/{file}: its name begins with no id of {FILE}{close}"
        return
    if report.status is Status.GRADER_ERROR:
        yield f"samples/{file}: {report.message}"
    elif report.score == report.max_score:
        yield f"samples/{file}: is to be wrong, and gets all points"
    elif wanted[0] not in hinted(report):
        others = ", ".join(sorted(hinted(report))) or "nothing"
        message = next(
            (case.message for case in report.cases if case.score == 0),
            report.message,
        )
        yield (
            f"samples/{file}: is to be named {wanted[0]}, and {others} is: "
            f"{' '.join(message.split())}"
        )
