"""Checks of what students see: the statement, the stub, the examples and their hints."""

import ast
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader.authoring.bench import Bench, Check
from grader.diagnose import load_catalogue
from grader.diagnose.precompute import compute_tables
from grader.diagnose.public import FILE, read_tables
from grader.model import Array, Example, Exercise


def check_statement(bench: Bench) -> Check:
    """Check that there is a statement, and that it names what students have to write."""
    exercise = bench.exercise
    path = exercise.folder / "README.md"
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    faults = []
    if not text.strip():
        faults.append("README.md: there is no statement")
    else:
        wanted = (exercise.function, *exercise.arguments)
        missing = [name for name in wanted if name not in text]
        faults += [f"README.md: does not mention {name}" for name in missing]
    return Check(
        "statement", f"README.md has {len(text.split())} words", tuple(faults)
    )


def check_stub(bench: Bench) -> Check:
    """Check that the stub defines the function and gets no points."""
    exercise = bench.exercise
    file = exercise.file
    faults = []
    fault = _stub_fault(exercise)
    if fault is not None:
        faults.append(f"{file}: {fault}")
    report = bench.grade(exercise.stub)
    if report.score != 0:
        faults.append(
            f"{file}: the stub gets {report.score} points instead of 0"
        )
    found = f"0 of {report.max_score:g} points ({report.message})"
    return Check("stub", found, tuple(faults))


def _stub_fault(exercise: Exercise) -> str | None:
    try:
        tree = ast.parse(exercise.stub)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    found = [
        tuple(argument.arg for argument in node.args.args)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == exercise.function
    ]
    if found != [exercise.arguments]:
        return f"does not define {exercise.function}({', '.join(exercise.arguments)})"
    return None


def check_examples(bench: Bench) -> Check:
    """Check that the reference solution returns what the public examples say."""
    faults = []
    for example in bench.exercise.examples:
        fault = _example_fault(bench, example)
        if fault is not None:
            faults.append(f"example {example.name!r}: {fault}")
    found = f"{len(bench.exercise.examples)} public examples agree with the reference"
    return Check("examples", found, tuple(faults))


def _example_fault(bench: Bench, example: Example) -> str | None:
    value = bench.reference(example.args)
    expected = example.expected
    if isinstance(value, str):
        return value
    if value.shape != expected.shape:
        return (
            f"the reference returns shape {value.shape}, "
            f"exercise.toml says {expected.shape}"
        )
    tolerance = bench.exercise.tolerance
    if not np.allclose(value, expected, tolerance.rtol, tolerance.atol):
        return f"the reference returns {value.tolist()}"
    return None


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
    found = f"{FILE} has {len(tables['ids'])} answers to the public examples"
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
