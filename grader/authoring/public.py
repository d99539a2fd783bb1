"""Checks of what students see: the statement, the stub, the examples and their hints."""

import ast
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring.bench import Bench, Check
from grader.authoring.judge import Asked
from grader.authoring.local import Program
from grader.authoring.values import short
from grader.cases import example_trial, replay
from grader.compare import compare
from grader.diagnose import load_catalogue
from grader.diagnose.precompute import compute_tables
from grader.diagnose.public import FILE, read_tables
from grader.model import (
    Array,
    Example,
    Exercise,
    Finding,
    Method,
    Outcome,
    Target,
    Unsent,
    Value,
    Verdict,
)
from grader.vocabulary import count


def check_statement(bench: Bench) -> Check:
    """Check that there is a statement, and that it names what students have to write."""
    exercise = bench.exercise
    path = exercise.folder / "README.md"
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    faults = []
    if not text.strip():
        faults.append("README.md: there is no statement")
    else:
        missing = [name for name in _wanted(exercise) if name not in text]
        faults += [f"README.md: does not mention {name}" for name in missing]
    return Check(
        "statement",
        f"README.md has {count(len(text.split()), 'word')}",
        tuple(faults),
    )


def _wanted(exercise: Exercise) -> Iterator[str]:
    """Yield the names that a statement has to mention."""
    for target in exercise.targets:
        called: tuple[Target | Method, ...] = (target, *target.methods)
        for each in called:
            yield each.name
            yield from (
                parameter.name
                for parameter in each.parameters
                if not parameter.optional
            )


def check_stub(bench: Bench) -> Check:
    """Check that the stub gets no points, and gives no solution away."""
    exercise = bench.exercise
    faults = []
    report = bench.grade(exercise.stub)
    if report.score != 0:
        faults.append(
            f"{exercise.file}: the stub gets {report.score} points instead of 0"
        )
    faults += _given_away(bench)
    found = f"0 of {report.max_score:g} points ({report.message})"
    return Check("stub", found, tuple(faults))


def _given_away(bench: Bench) -> Iterator[str]:
    """Yield what the stub gives that is right in place of what students write."""
    exercise = bench.exercise
    tree = ast.parse(exercise.stub)
    asked = bench.judge.asked(0)
    targets = {target.name for target in exercise.targets}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name in targets:
            continue
        for target in targets:
            called = [
                each for each in asked if _calls_only(each, target, exercise)
            ]
            source = f"{exercise.stub}\n\n{target} = {node.name}\n"
            program = Program(exercise, source)
            if called and bench.judge.first_wrong(program, called) is None:
                yield (
                    f"{exercise.file}, line {node.lineno}: {node.name}, which is given, solves "
                    f"{target}: leave it out, or let it raise NotImplementedError"
                )


def _calls_only(asked: Asked, target: str, exercise: Exercise) -> bool:
    if not asked.trial.calls:
        return exercise.function == target
    return all(call.name == target for call in asked.trial.calls)


def check_examples(bench: Bench) -> Check:
    """Check that the reference solution returns what the public examples say."""
    faults = []
    for example in bench.exercise.examples:
        fault = _example_fault(bench, example)
        if fault is not None:
            faults.append(f"exercise.toml: example {example.name!r}: {fault}")
    total = len(bench.exercise.examples)
    some = f"{total - len(faults)} of " if faults else ""
    agree = "agrees" if total == 1 else "agree"
    examples = count(total, "public example")
    found = f"{some}{examples} {agree} with the reference"
    return Check("examples", found, tuple(faults))


def _example_fault(bench: Bench, example: Example) -> str | None:
    exercise = bench.exercise
    trial = example_trial(example)
    try:
        value = replay(trial, exercise.function, bench.solutions.names)
    except Exception as error:  # noqa: BLE001 - the author's function may raise anything
        text = " ".join(str(error).split())
        return f"the reference raised {type(error).__name__}: {text}"
    finding = compare(
        trial,
        Outcome(kind="returned", value=value, type_name=_type_name(value)),
        example.expected,
        exercise.tolerance,
        exercise.arguments,
        others=example.others,
        comparison=exercise.comparison,
    )
    if finding.verdict is Verdict.PASSED:
        return None
    return _difference(finding, value, example.expected)


def _type_name(value: Value) -> str:
    return (
        value.type_name if isinstance(value, Unsent) else type(value).__name__
    )


def _difference(finding: Finding, value: Value, expected: Value) -> str:
    where = "".join(f" in `{part}`" for part in finding.part)
    if finding.part:
        value, expected = finding.part_actual, finding.part_expected
    if finding.verdict is Verdict.WRONG_SHAPE:
        return (
            f"the reference returns shape {np.shape(value)}{where}, "
            f"exercise.toml says {np.shape(expected)}"
        )
    return f"the reference returns {short(value)}{where}, exercise.toml says {short(expected)}"


def check_hints(bench: Bench) -> Check:
    """Check that the hints in the public half are those that would be computed now.

    `grader check` uses them, because a student has nothing from `solutions/`.
    """
    exercise = bench.exercise
    path = exercise.folder / FILE
    if not path.is_file():
        found = f"there is no {FILE}, so `grader check` has no hints (--write-hints makes it)"
        return Check("hints", found)
    bench.progress("hints: computing")
    catalogue = load_catalogue(exercise, bench.solutions)
    about, tables = compute_tables(exercise, catalogue)
    faults = []
    if not _is_current(path, about, tables):
        faults.append(
            f"{FILE}: is out of date; write it again: "
            f"grader validate {exercise.name} --write-hints"
        )
    answers = len(about.get("answers", ())) or len(tables["ids"])
    found = f"{FILE} has {count(answers, 'answer')} to the public examples"
    return Check("hints", found, tuple(faults))


def _is_current(path: Path, about: object, tables: Mapping[str, Any]) -> bool:
    try:
        saved_about, saved = read_tables(path)
        return about == saved_about and all(
            _nearly_equal(saved[name], table) for name, table in tables.items()
        )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return False


def _nearly_equal(saved: Array, computed: Array) -> bool:
    """Return whether two tables agree, last digits apart: those depend on the processor."""
    if saved.shape != computed.shape:
        return False
    return np.allclose(saved, computed, rtol=1e-4, atol=1e-4, equal_nan=True)
