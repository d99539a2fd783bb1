"""Checks of what students see: the statement, the stub, the examples and their hints."""

import ast
import zipfile

import numpy as np

from grader.authoring.bench import Bench, Check
from grader.diagnose import load_catalogue
from grader.diagnose.public import FILE, compute_tables, read_tables


def check_statement(bench: Bench) -> Check:
    """See that there is a statement, and that it names what students have to write."""
    path = bench.exercise.folder / "README.md"
    text = path.read_text("utf-8", "replace") if path.is_file() else ""
    faults = []
    if not text.strip():
        faults.append("README.md: there is no statement")
    else:
        wanted = (bench.exercise.function, *bench.exercise.arguments)
        faults += [
            f"README.md: does not mention {name}" for name in wanted if name not in text
        ]
    return Check("statement", f"README.md has {len(text.split())} words", tuple(faults))


def check_stub(bench: Bench) -> Check:
    """See that the stub defines the function, and that it gets no point."""
    exercise = bench.exercise
    faults = []
    try:
        found = [
            tuple(arg.arg for arg in node.args.args)
            for node in ast.parse(exercise.stub).body
            if isinstance(node, ast.FunctionDef) and node.name == exercise.function
        ]
    except SyntaxError as error:
        found = [exercise.arguments]
        faults.append(f"{exercise.function}.py: line {error.lineno}: {error.msg}")
    if found != [exercise.arguments]:
        faults.append(
            f"{exercise.function}.py: does not define {exercise.function}({', '.join(exercise.arguments)})"
        )
    report = bench.grade(exercise.stub)
    if report.score != 0:
        faults.append(
            f"{exercise.function}.py: the stub gets {report.score} points instead of 0"
        )
    return Check(
        "stub", f"0 of {report.max_score:g} points ({report.message})", tuple(faults)
    )


def check_examples(bench: Bench) -> Check:
    """See that the reference gives what the public examples say."""
    exercise = bench.exercise
    faults = []
    for example in exercise.examples:
        value = bench.reference(example.args)
        if isinstance(value, str):
            faults.append(f"example {example.name!r}: {value}")
        elif value.shape != example.expected.shape:
            text = f"the reference gives shape {value.shape}, exercise.toml says {example.expected.shape}"
            faults.append(f"example {example.name!r}: {text}")
        elif not np.allclose(
            value, example.expected, exercise.tolerance.rtol, exercise.tolerance.atol
        ):
            faults.append(
                f"example {example.name!r}: the reference gives {value.tolist()}"
            )
    return Check(
        "examples",
        f"{len(exercise.examples)} public examples, as the reference computes them",
        tuple(faults),
    )


def check_hints(bench: Bench) -> Check:
    """See that the hints for students, who have nothing from `solutions/`, are what would be computed now."""
    path = bench.exercise.folder / FILE
    if not path.is_file():
        return Check(
            "hints",
            f"there is no {FILE}, so `grader check` gives none (--write-hints makes it)",
        )
    bench.progress("hints: computing")
    about, tables = compute_tables(
        bench.exercise, load_catalogue(bench.exercise, bench.solutions)
    )
    try:
        there, arrays = read_tables(path)
        # Nearly: the last digits of a sum differ between processors.
        same = about == there and all(
            arrays[name].shape == table.shape
            and np.allclose(arrays[name], table, 1e-4, 1e-4, equal_nan=True)
            for name, table in tables.items()
        )
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        same = False
    faults = (
        ()
        if same
        else (
            f"{FILE}: is not current; write it anew: grader validate {bench.exercise.name} --write-hints",
        )
    )
    return Check(
        "hints",
        f"{FILE} has {len(tables['ids'])} answers to the public examples",
        faults,
    )
