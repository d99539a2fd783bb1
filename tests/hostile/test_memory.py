"""A student's process holds nothing hidden: not one byte of it, wherever one looks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import pytest

from grader.execution import Confinement, Runner, open_runner
from grader.model import (
    Call,
    Case,
    Earlier,
    Parameter,
    Submission,
    Target,
    Trial,
    Unit,
)
from tests.execution.conftest import exercise_with

HIDDEN = {
    "the reference": "marker-of-the-reference-7f3a91",
    "cases.py": "marker-of-the-cases-20c44e",
    "check.py": "marker-of-the-checks-b81d05",
    "misconceptions.py": "marker-of-the-misconceptions-6612fa",
    "a later call": "marker-of-a-later-call-93e7d8",
    "a later trial": "marker-of-a-later-trial-0a5b7c",
    "a later case": "marker-of-a-later-case-f4d216",
}
NOW = "marker-of-this-call-58c0ae"
"""An input of the call that searches: it must be found, or the search proves nothing."""

SEARCH = r"""
import ctypes, gc, os, re, sys

PATTERNS = {PATTERNS}
# None of these holds what it finds.
LOOKED_FOR = {{name: re.compile(text.encode()) for name, text in PATTERNS.items()}}

def in_objects():
    "Look through all objects that can be reached from anywhere."
    seen, found = set(), set()
    stack = [*gc.get_objects(), *sys.modules.values(), sys._getframe()]
    while stack:
        each = stack.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if type(each) is str:
            each = each.encode("utf-8", "replace")
        if type(each) in (bytes, bytearray):
            found |= {{name for name, one in LOOKED_FOR.items() if one.search(each)}}
        else:
            stack += gc.get_referents(each)
    return found

def in_memory():
    "Read pages around everything that was allocated; a pipe refuses those that do not exist."
    libc = ctypes.CDLL(None, use_errno=True)
    reading, writing = os.pipe()
    page, found, tried = 4096, set(), set()
    pages = {{id(each) // page for each in gc.get_objects()}}
    buffers = [ctypes.create_string_buffer(size) for size in (1, 99, 1 << 20)]
    pages |= {{ctypes.addressof(each) // page for each in buffers}}
    blocks = {{each // 256 * 256 for each in pages}}
    around = {{one + step for one in blocks for step in range(-256, 512)}}
    for number in sorted(around | pages):
        if libc.write(writing, ctypes.c_void_p(number * page), page) != page:
            continue
        data = os.read(reading, page)
        tried.add(number)
        found |= {{name for name, one in LOOKED_FOR.items() if one.search(data)}}
    assert len(tried) > 2000
    return found

def in_files():
    "Memory as a file, and the files themselves."
    found = []
    for path in ["/proc/self/mem", "/proc/self/maps", "/proc/self/environ", *{PATHS}]:
        try:
            with open(path, "rb") as file:
                file.read(1)
            found.append(path)
        except OSError:
            pass
    return found

def search(value):
    return sorted(in_objects()), sorted(in_memory()), in_files()

def later(value):
    return value
"""


def pattern(marker: str) -> str:
    """Return a pattern that finds a marker, and in which the marker does not stand."""
    return "".join(f"[{letter}]" for letter in marker)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a hidden half with the markers."""
    folder = tmp_path_factory.mktemp("hidden") / "solutions" / "marked"
    folder.mkdir(parents=True)
    names = {"the reference": "reference.py"}
    for what, marker in HIDDEN.items():
        if not what.startswith("a later"):
            name = names.get(what, what)
            (folder / name).write_text(f"SECRET = {marker!r}\n", "utf-8")
    return folder


@pytest.fixture(scope="module", params=["full", "fresh"])
def runner(request: pytest.FixtureRequest, hidden: Path) -> Iterator[Runner]:
    """Open a runner for which that is the hidden half."""
    limits = exercise_with(load_s=60.0, call_s=60.0, total_s=200.0).limits
    exercise = msgspec.structs.replace(
        exercise_with(),
        function="search",
        arguments=("value",),
        targets=tuple(
            Target(name=name, parameters=(Parameter(name="value"),))
            for name in ("search", "later")
        ),
        limits=limits,
    )
    with open_runner(
        exercise,
        solutions=hidden,
        confinement=Confinement(fork_server=request.param == "full"),
    ) as opened:
        yield opened


def case(name: str, *trials: Trial) -> Case:
    """Make a case."""
    return Case(name=name, title="", points=1.0, shapes={}, trials=trials)


@pytest.mark.parametrize("kind", ["python", "notebook"])
def test_nothing_hidden_is_in_a_students_process(
    runner: Runner, hidden: Path, kind: Literal["python", "notebook"]
) -> None:
    """Searching its objects and its pages finds this call's inputs, and no later or hidden text.

    The grader's own process has read the hidden half and drawn all inputs by then.
    """
    known = [path.read_text("utf-8") for path in sorted(hidden.iterdir())]
    patterns = {
        name: pattern(marker)
        for name, marker in (HIDDEN | {"now": NOW}).items()
    }
    paths = [str(path) for path in sorted(hidden.iterdir())]
    source = SEARCH.format(PATTERNS=patterns, PATHS=paths)
    unit = Unit(source, 1 if kind == "notebook" else None)
    searching = Trial(
        case="now",
        name="now",
        args=(NOW, HIDDEN["a later call"]),
        calls=(
            Call(name="search", args=(NOW,)),
            Call(name="later", args=(HIDDEN["a later call"],)),
        ),
        result=(Earlier(0), Earlier(1)),
    )
    then = Trial(case="now", name="then", args=(HIDDEN["a later trial"],))
    last = Trial(
        case="last",
        name="last",
        args=(np.frombuffer(HIDDEN["a later case"].encode(), np.uint8),),
        calls=(
            Call(
                name="later",
                args=(
                    np.frombuffer(HIDDEN["a later case"].encode(), np.uint8),
                ),
            ),
        ),
    )
    handed_in = Submission(name="s", kind=kind, digest="", units=(unit,))
    execution = runner.run(
        handed_in, (case("now", searching, then), case("last", last))
    )
    assert len(known) == 4
    first, second, third = execution.outcomes
    assert first.kind == "returned", first
    (objects, pages, files), after = first.value
    readable = [] if runner.isolation.level == "full" else files
    assert (objects, pages, files) == (["now"], ["now"], readable)
    assert after == HIDDEN["a later call"]
    # It would have been found, had it been there: in the next trial it is.
    for found in second.value[:2]:
        assert "a later trial" in found
        assert set(found) <= {"now", "a later call", "a later trial"}
    assert third.kind == "returned"
