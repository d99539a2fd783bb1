"""No submission costs the trusted side more than a second or 300 MB, whatever its bytes are."""

import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from grader.exercise import load_exercise
from grader.model import (
    Exercise,
    Loading,
    Outcome,
    Raised,
    Skipped,
    Submission,
    Unit,
)
from grader.submission import alike, apart, parse_submission
from grader.submission import source_facts as facts_of
from grader.submission.absent import with_missing
from grader.submission.axes import wants_more_axes
from grader.submission.budget import Budget, TooComplicated
from grader.submission.documents import read_document, read_source
from grader.submission.program import read_program
from grader.submission.spelling import Spelling
from grader.submission.target import loading_fault

HandIn = Callable[..., Submission]
Costs = dict[str, dict[str, Any]]

ROOT = Path(__file__).parents[2]
RIGHT = "def convolve(image, kernel):\n    return image\n"
CALLS_CAP = 2_500_000
"""Calls of Python and C functions that reading one submission may take; some 0.4 s."""
SEARCH = hypothesis.settings(
    max_examples=int(os.environ.get("GRADER_EXAMPLES", "25")),
    deadline=None,
    # Neither shrinking nor explaining: both run the most expensive source again and again.
    phases=[
        hypothesis.Phase.reuse,
        hypothesis.Phase.generate,
        hypothesis.Phase.target,
    ],
)
"""How long the most expensive submission is looked for: set GRADER_EXAMPLES to look longer."""


# -------------------------------------------------------------------------------- what was seen


pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def costs() -> Costs:
    """Measure the files of the benchmark, each in a process of its own: half a minute of work."""
    script = str(ROOT / "benchmarks" / "budget.py")
    command = [sys.executable, "-P", script, "--json", "--sizes", "64,436"]
    done = subprocess.run(
        command, capture_output=True, check=True, text=True, cwd=ROOT
    )
    found: Costs = json.loads(done.stdout)
    return found


def test_no_known_file_costs_too_much(costs: Costs) -> None:
    """None of 150 hostile sources and notebooks needs 2 s of a busy processor, or 300 MB."""
    assert len(costs) >= 150
    dear = {
        name: cost
        for name, cost in costs.items()
        if cost["cpu_s"] > 2 or cost["peak_mb"] > 300
    }
    assert not dear


def test_every_known_file_gets_a_verdict(costs: Costs) -> None:
    """No file makes an analysis raise an exception or end its process."""
    assert not {name: cost for name, cost in costs.items() if cost["failed"]}


@pytest.mark.parametrize(
    "name",
    [
        "scipy, uses and bindings (64 KB)",
        "scipy, uses and bindings (436 KB)",
        "nested functions (64 KB)",
        "nested functions of many names (64 KB)",
        "nested comprehensions (64 KB)",
        "one f-string (436 KB)",
        "f-string with text (436 KB)",
        "statements (436 KB)",
        "numbers (436 KB)",
    ],
)
def test_what_costs_too_much_is_called_too_complicated(
    costs: Costs, name: str
) -> None:
    """The verdict is one sentence for a beginner, and not a grader that works for minutes."""
    assert costs[name]["verdict"].startswith(
        "The file is too complicated to analyse."
    )


# ------------------------------------------------------------------------------ what is not known

NAMES = st.sampled_from(
    [
        *("a", "b", "x@", "y@", "f@", "x0", "y0", "f0", "self"),
        *("image", "kernel", "convolve", "np", "scipy"),
    ]
)
ATOMS = NAMES | st.sampled_from(
    ["1", "'a'", "f'{a}'", "image.shape", "x@.y", "None"]
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("{}({})".format, NAMES, inner),
        st.builds("({} + {})".format, inner, inner),
        st.builds("{}[{}, 0, 0]".format, inner, inner),
        st.builds("[{} for a in {}]".format, inner, inner),
        st.builds("(lambda a, x@=1: {})".format, inner),
        st.builds("(a := {})".format, inner),
    ),
    max_leaves=4,
)
STATEMENTS = st.one_of(
    EXPRESSIONS,
    st.builds("{} = {}".format, NAMES, EXPRESSIONS),
    st.builds("{}, b = {}".format, NAMES, EXPRESSIONS),
    st.builds("{} += {}".format, NAMES, EXPRESSIONS),
    st.builds("if c: {} = {}".format, NAMES, EXPRESSIONS),
    st.builds("for {} in {}: {}".format, NAMES, EXPRESSIONS, EXPRESSIONS),
    st.builds("def {}(a, b@=1): return {}".format, NAMES, EXPRESSIONS),
    st.builds("class {}: {} = {}".format, NAMES, NAMES, EXPRESSIONS),
    st.builds("import {} as {}".format, NAMES, NAMES),
    st.builds("from {} import {}, x@".format, NAMES, NAMES),
    st.sampled_from(
        ["from scipy import *", "global x@", "%magic", "del x@", "return x@"]
    ),
    st.builds("match {}:\n case [{}, *b]: pass".format, EXPRESSIONS, NAMES),
    st.builds("try: {}\nexcept {} as a: pass".format, EXPRESSIONS, NAMES),
)
PARTS = st.tuples(
    st.lists(STATEMENTS, min_size=1, max_size=3), st.integers(0, 10)
)


def program_of(parts: list[tuple[list[str], int]], size: int) -> str:
    """Repeat the parts, at the top level or inside a `convolve`, up to a size."""
    source = "import scipy\n"
    for statements, weight in parts:
        inside = weight % 2 == 1
        lines = ["def convolve(image, kernel):\n"] if inside else []
        room = size * (weight + 1) // (11 * len(parts))
        length = 0
        number = 0
        while length < room:
            text = "\n".join(statements).replace("@", str(number))
            for line in text.split("\n"):
                lines.append(f" {line}\n" if inside else f"{line}\n")
                length += len(line)
            number += 1
        source += "".join(lines)
    return source


def calls_of(work: Callable[[], object]) -> int:
    """Count the calls of Python and C functions, which no busy machine changes."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        if event in {"call", "c_call"}:
            calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def read_all(data: bytes, name: str) -> Submission:
    """Do with a submission all that is done with its text."""
    exercise = load_exercise("convolution")
    submission = parse_submission(name, data, exercise)
    alike(submission)
    facts_of(submission, exercise)
    loading = Loading(state="no_function", functions=("convolv", "conv"))
    loading_fault(loading, exercise, submission)
    lines = data.count(b"\n")
    message = (
        "too many indices for array: array is 2-dimensional, but 3 were indexed"
    )
    for line in (2, lines // 2, lines):
        raised = Raised(type="IndexError", message=message, line=line)
        wants_more_axes(submission.units, exercise, raised, 2)
    undefined = [
        Outcome(
            kind="raised",
            raised=Raised(
                type="NameError",
                message=f"name '{name}' is not defined",
                line=2,
            ),
        )
        for name in ("x0", "convolv", "imge")
    ]
    with_missing(undefined, loading, submission)
    return submission


@hypothesis.given(
    st.lists(PARTS, min_size=1, max_size=4), st.sampled_from([4, 24, 60])
)
@SEARCH
def test_no_source_that_can_be_found_takes_more_steps(
    parts: list[tuple[list[str], int]], kilobytes: int
) -> None:
    """A search for the most expensive source finds none above the cap."""
    source = program_of(parts, 1000 * kilobytes).encode()
    calls = calls_of(lambda: read_all(source, "a.py"))
    hypothesis.target(float(calls), label="calls")
    assert calls < CALLS_CAP


JSON_PIECES = st.sampled_from(
    [
        *(
            b"{}",
            b"[]",
            b"[",
            b"]",
            b"{",
            b"}",
            b",",
            b":",
            b'"',
            b"\\",
            b"null",
            b"0",
        ),
        *(
            b'"cells":',
            b'"source":',
            b'"cell_type":"code"',
            b'"worksheets":',
            b"NaN",
        ),
        *(
            b"1e9",
            b'"a"',
            b'{"cell_type":"code","source":"x"}',
            b"\xff",
            b"\\ud800",
        ),
        *(b"-Infinity", b'{"cells":[', b"]}", b"\\n", b" ", b'"\\u0041"'),
    ]
)
JSON_PARTS = st.tuples(
    st.lists(JSON_PIECES, min_size=1, max_size=4), st.booleans()
)


@hypothesis.given(st.lists(JSON_PARTS, min_size=1, max_size=5))
@SEARCH
def test_no_notebook_that_can_be_found_takes_more_memory(
    parts: list[tuple[list[bytes], bool]],
) -> None:
    """A search for the largest notebook finds none that takes four times its size."""
    data = b'{"nbformat":4,"cells":['
    for pieces, repeats in parts:
        unit = b"".join(pieces)
        data += unit * (200_000 // len(unit) if repeats else 1)
    tracemalloc.start()
    try:
        calls = calls_of(lambda: read_all(data, "a.ipynb"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    hypothesis.target(float(peak), label="memory")
    assert peak < 4 * len(data) + 24 * 2**20
    assert calls < CALLS_CAP


# ------------------------------------------------------------------------------- the mechanisms


def test_a_budget_ends_what_spends_it() -> None:
    """The last step is allowed, the one after it is not, and nothing is allowed after that."""
    budget = Budget(3)
    budget.spend(2)
    budget.spend()
    for _ in range(2):
        with pytest.raises(TooComplicated):
            budget.spend()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no such limits"
)
@pytest.mark.parametrize(
    "source",
    ["a;" * 260_000, "a;" * 260_000 + "1 2", 'f"' + "{a}" * 170_000 + '"'],
    ids=["memory", "memory, broken", "time"],
)
def test_the_trial_parse_ends_at_its_limits(source: str) -> None:
    """Half a megabyte that takes CPython's parser a second, or 400 MB, is found out in a child."""
    assert apart.is_expensive([(source, False, 0)])


@pytest.mark.parametrize(
    "source",
    [
        RIGHT * 2000,
        "x = '" + "a" * 400_000 + "'\n" + RIGHT,
        "-" * 30_000 + "1",
        "1 2",
    ],
    ids=["code", "text", "nested", "broken"],
)
def test_the_trial_parse_lets_the_rest_pass(source: str) -> None:
    """Much honest code, a long text and what is broken cheaply are parsed."""
    assert not apart.is_expensive([(source, False, 3), (source, True, 3)])


def test_the_trial_parse_takes_no_module_from_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules in the working folder and in PYTHONPATH are not imported by the child."""
    for name in (
        "ast",
        "json",
        "re",
        "signal",
        "usercustomize",
        "sitecustomize",
    ):
        trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\nraise SystemExit(3)\n"
        (tmp_path / f"{name}.py").write_text(trap)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert not apart.is_expensive([(RIGHT, False, 0)])
    assert not (tmp_path / "sprung").exists()


def test_a_trial_that_cannot_be_made_accuses_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no process can be started, a submission is not called too complicated."""
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    assert not apart.is_expensive([(RIGHT, False, 0)])


def test_a_students_own_notebook_is_not_limited() -> None:
    """In the student's own process there is nothing to protect: all cells are read."""
    units = (Unit("x = [" + "1," * 40_000 + "]\n" + RIGHT, 1),)
    assert read_program(units, limited=False).last("convolve") is not None


def test_spelling_gives_up_on_names_that_are_all_alike() -> None:
    """Thousands of similar names do not keep it busy: it makes no suggestion any more."""
    spelling = Spelling()
    names = [f"a_similar_name_{number:05}" for number in range(5000)]

    def guess() -> None:
        for _ in range(30):
            spelling.close_to("a_similar_nome", names)

    calls = calls_of(guess)
    assert calls < CALLS_CAP
    assert Spelling().close_to("ouput", ["input", "output"]) == "output"


# -------------------------------------------------------------------------------------- fairness


@pytest.mark.parametrize(
    "source",
    [
        "DATA = [" + "12, " * 12_000 + "]\n" + RIGHT,
        "TEXT = '''" + "some words, and more\n" * 12_000 + "'''\n" + RIGHT,
        "# a long comment without end\n" * 4000 + RIGHT,
        RIGHT.replace("convolve", "other") * 1500 + RIGHT,
        "%matplotlib inline\n" * 45 + "x = 1\n" * 3000 + RIGHT,
    ],
    ids=["numbers", "text", "comments", "functions", "magics"],
)
def test_much_honest_code_is_graded(hand_in: HandIn, source: str) -> None:
    """A picture as numbers, long texts, 1500 functions and 45 magics are no reason to refuse."""
    submission = hand_in(source)
    assert submission.fault is None
    assert facts_of(submission, load_exercise("convolution")).parameters


def test_too_much_code_in_a_notebook_is_told(
    hand_in: HandIn, notebook: Callable[..., str]
) -> None:
    """A notebook is named as one."""
    fault = hand_in(notebook(RIGHT, "a;" * 40_000), "a.ipynb").fault
    assert fault is not None
    assert fault.message.startswith(
        "The notebook is too complicated to analyse."
    )


def test_a_missing_module_that_costs_too_much_to_find_is_left_out() -> None:
    """64 statements that raised, and a name bound 5000 times: the exception stands by itself."""
    submission = parse_submission(
        "a.py",
        b"y = f()\n" * 5000 + RIGHT.encode(),
        load_exercise("convolution"),
    )
    raised = Raised(type="NameError", message="name 'y' is not defined", line=1)
    skipped = tuple(
        Skipped(line=10**6 + n, cell=None, raised=raised) for n in range(64)
    )
    loading = Loading(state="ready", skipped=skipped)
    several = [
        Outcome(
            kind="raised",
            raised=Raised(
                type="NameError", message=f"name 'y' is not defined {n}", line=1
            ),
        )
        for n in range(12)
    ]
    found: list[Outcome] = []
    calls = calls_of(
        lambda: found.extend(with_missing(several, loading, submission))
    )
    assert [each.raised for each in found] == [each.raised for each in several]
    assert calls < CALLS_CAP // 4


def test_facts_that_cost_too_much_are_left_out(
    hand_in: HandIn, exercise: Exercise
) -> None:
    """A function too large to look at is graded all the same, without text-based hints."""
    body = "".join(
        f"    def f{n}(a): return [a for b in [c for d in a]]\n"
        for n in range(1500)
    )
    submission = hand_in("def convolve(image, kernel):\n" + body * 1)
    assert submission.fault is None
    assert facts_of(submission, exercise).line is None


# ------------------------------------------------------------------------------- notebooks' JSON

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=5), inner)
    ),
    max_leaves=8,
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown"]) | VALUES,
        "source": st.text() | st.lists(st.text() | VALUES, max_size=4) | VALUES,
        "input": st.text(),
        "outputs": VALUES,
        "metadata": VALUES,
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "nbformat": st.sampled_from([3, 4]) | VALUES,
        "cells": st.lists(CELLS | VALUES, max_size=4) | VALUES,
        "worksheets": st.lists(
            st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=3)})
            | VALUES,
            max_size=2,
        )
        | VALUES,
        "metadata": VALUES,
        "other": VALUES,
    },
)


def sources_of(document: dict[str, Any]) -> list[str] | None:
    """Return the sources as `json.loads` and plain Python find them."""
    cells = document.get("cells")
    sheets = document.get("worksheets")
    if cells is None and isinstance(sheets, list):
        tables = [sheet for sheet in sheets if isinstance(sheet, dict)]
        lists = [table.get("cells") for table in tables]
        cells = [
            cell for each in lists if isinstance(each, list) for cell in each
        ]
    if not isinstance(cells, list):
        return None
    return list(sources_in(cells))


def sources_in(cells: list[Any]) -> Iterator[str]:
    """Yield the source of each code cell."""
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        if isinstance(source, list):
            source = "".join(part for part in source if isinstance(part, str))
        yield source if isinstance(source, str) else ""


@hypothesis.given(DOCUMENTS, st.booleans())
@hypothesis.settings(max_examples=300, deadline=None)
def test_skipping_finds_what_building_finds(
    document: dict[str, Any], ascii_only: bool
) -> None:
    """Every notebook that Python writes, NaN included, is read as `json.loads` would read it."""
    text = json.dumps(document, ensure_ascii=ascii_only)
    found = read_document(text.encode())
    assert found is not None
    expected = sources_of(document)
    if expected is None:
        assert found.sources is None
    else:
        assert found.sources is not None
        assert [read_source(raw)[0] for raw in found.sources] == expected


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-32", "utf-8-sig", "utf-16-le"]
)
def test_notebooks_in_other_encodings_are_read(
    hand_in: HandIn, notebook: Callable[..., str], encoding: str
) -> None:
    """JSON may be UTF-16 or UTF-32, with a mark or without one."""
    data = notebook("# é\n" + RIGHT).encode(encoding)
    assert hand_in(data, "a.ipynb").units == (Unit("# é\n" + RIGHT, 1),)


@pytest.mark.parametrize(
    "output",
    [
        b"NaN, Infinity, -Infinity, [NaN]",
        rb'"\ud800", "\udc00\ud800", "\\ud800", "\ud83d\ude00"',
        b'"NaN", NaN, "\\\\", "a\\"NaN"',
        b'"\xff"',
    ],
    ids=["not numbers", "half pairs", "texts", "not UTF-8"],
)
def test_odd_outputs_do_not_stop_a_notebook(
    hand_in: HandIn, output: bytes
) -> None:
    """What is no JSON, but stands in outputs of real notebooks, costs nobody the grade."""
    cell = b'{"cell_type":"code","source":"S","outputs":[%s]}' % output
    cell = cell.replace(b'"S"', json.dumps(RIGHT).encode())
    submission = hand_in(b'{"nbformat":4,"cells":[' + cell + b"]}", "a.ipynb")
    assert submission.fault is None
    assert submission.units[0].source == RIGHT


def test_more_cells_than_are_read_are_told(hand_in: HandIn) -> None:
    """Ten million empty cells are refused and not built."""
    data = b'{"nbformat":4,"cells":[' + b"{}," * 100_000 + b"{}]}"
    fault = hand_in(data, "a.ipynb").fault
    assert fault is not None
    assert "code cells" in fault.message
