"""What the most expensive submissions cost the trusted side: processor time and memory.

Each file is read as a batch reads it: parsed, searched for forbidden libraries and for an unchanged
stub, compared with others, and asked for everything that a diagnosis may want to know. Nothing is
run. Every file gets a process of its own, forked after all imports.

    python benchmarks/budget.py [--most 20] [--only NAME]

Exit status 1 if one of them costs more than `docs/security.md` promises.
"""

import argparse
import contextlib
import json
import os
import platform
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import nbformat  # noqa: F401 - notebooks need it; no submission pays for importing it

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
from grader.submission import (
    alike,
    parse_submission,
    source_facts,
)
from grader.submission.absent import with_missing
from grader.submission.axes import wants_more_axes
from grader.submission.target import loading_fault

PROMISED_S = 1.0
PROMISED_MB = 300
FUNCTION = "def convolve(image, kernel):\n"
MEGABYTES = 31
SKIPPED = Loading(
    state="ready",
    skipped=tuple(
        Skipped(
            line=1_000_000 + number,
            cell=None,
            raised=Raised(type="NameError", message="name 'y' is not defined"),
        )
        for number in range(64)
    ),
)
"""As many statements that raised as a worker may tell, none of which binds anything."""
LIMIT_S = 60
LIMIT_MB = 2000


class File(NamedTuple):
    """A file to hand in."""

    name: str
    suffix: str
    make: Callable[[], bytes]


class Cost(NamedTuple):
    """What reading a file cost."""

    cpu_s: float
    """Processor time of this process and of those that it starts."""
    peak_mb: float
    """Most memory of this process, 50 MB of libraries included."""
    verdict: str
    failed: bool = False


# ------------------------------------------------------------------------------------- sources


def repeated(unit: str, size: int, before: str = "", after: str = "") -> str:
    """Fill a source of this size with repetitions."""
    count = max(1, (size - len(before) - len(after)) // len(unit))
    return before + unit * count + after


def numbered(line: str, size: int, before: str = "", after: str = "") -> str:
    """Fill a source of this size with lines in which `@` is the line's number."""
    lines = []
    length = len(before) + len(after)
    number = 0
    while length < size:
        lines.append(line.replace("@", str(number)))
        length += len(lines[-1])
        number += 1
    return before + "".join(lines) + after


REPEATED: dict[str, tuple[str, str, str]] = {
    "names": ("a,", "x=[", "]"),
    "names, broken": ("a,", "x=[", " 3 4]"),
    "numbers": ("1,", "x=[", "]"),
    "statements": ("a\n", "", ""),
    "statements, broken": ("a;", "", "1 2"),
    "assignments": ("a=1\n", "", ""),
    "assignments, broken": ("a,", "", "f()=1"),
    "one f-string": ("{a}", 'f"', '"'),
    "one f-string, formats": ("{a+b!r:>{w}}", 'f"', '"'),
    "f-string of lines": ("{a}\n", 'f"""', '"""'),
    "f-string with text": ("{a}" + "y" * 20, 'f"', '"'),
    "f-strings": ('f"{a}"\n', "", ""),
    "texts in a row": ("'a' ", "x=(", ")"),
    "bad escapes": ("'\\d'\n", "", ""),
    "comparison": ("a<", "x=", "a"),
    "sum": ("1+", "x=", "1"),
    "signs": ("-", "x=", "1"),
    "attributes": (".b", "a", ""),
    "calls": ("()", "a", ""),
    "conditions": ("a if b else ", "x=", "c"),
    "lambdas": ("lambda:", "x=", "1"),
    "lambdas with parameters": ("lambda a,b:0\n", "", ""),
    "decorators": ("@a\n", "", FUNCTION + " return 1"),
    "loops in a comprehension": ("for a in a ", "x=[a ", "]"),
    "global names": ("a,", FUNCTION + " global ", "a\n return 1"),
    "cases": (" case a|b|c:pass\n", "match x:\n", ""),
    "case of names": ("a,", "match x:\n case [", "]:pass"),
    "with": ("a as b,", "with (", "):pass"),
    "arguments": ("a=1,", "f(", ")"),
    "parameters": ("a=1,", "def f(", "):pass"),
    "walrus": ("(a:=1)\n", "", ""),
    "slices": (":,", "a[", "]"),
    "stars": ("*a,", "x=", ""),
    "elif": ("elif a:pass\n", "if a:pass\n", ""),
    "try": ("try:pass\nexcept:pass\n", "", ""),
    "lines": ("\n", "", "1"),
    "backslashes": ("\\\n", "", "1"),
    "long name": ("a", "x=", ""),
    "long name of ligatures": ("\ufb01", "x=", ""),
    "long number": ("f", "x=0x", ""),
    "magics": ("%a\n", "", FUNCTION + " return image"),
    "magics after code": ("a;" * 400 + "\n%a\n", "", "1 2"),
    "magics, continued": ("%a\\\n", "", "1"),
    "question marks": ("a?\n", "", "1 2"),
}
"""Name: what is repeated, what stands before it, and after it."""

NUMBERED: dict[str, tuple[str, str, str]] = {
    "globals read": ("x@ = f()\n", "", FUNCTION + " return x0"),
    "uses of one name": (" a = y\n", "y = f()\n" + FUNCTION, " return a"),
    "uses and bindings": (
        " z = y\n",
        "if c:\n" + " y = f()\n" * 400 + FUNCTION,
        " return z",
    ),
    "scipy, uses and bindings": (
        " z = y\n",
        "import scipy\nif c:\n" + " y = g\n" * 2000 + FUNCTION,
        " return z",
    ),
    "scipy, bound again and again": (
        "if c: y = y\n",
        "import scipy\ny = 1\n",
        FUNCTION + " return y",
    ),
    "scipy, names of one value": (
        "x@, ",
        "import scipy\n",
        "= f(" + "a, " * 2000 + ")\n" + FUNCTION + " return x0",
    ),
    "scipy, aliases": ("x@ = x@\n", "import scipy\n", FUNCTION + " return x0"),
    "scipy, functions": (
        "def f@(): return f@ + g\n",
        "import scipy\n",
        FUNCTION + " return f0()",
    ),
    "scipy, imports": (
        "from scipy import a@ as b\n",
        "if c:\n pass\n",
        FUNCTION + " return b",
    ),
    "misspelt names": (
        "name_of_a_thing_@ = f()\n",
        "",
        FUNCTION + "".join(f" name_of_the_thing_{n}\n" for n in range(30)),
    ),
    "misspelt, few letters": (
        "abababababababababababababababab@ = f()\n",
        "",
        FUNCTION
        + "".join(f" bababababababababababababababa{n}\n" for n in range(30)),
    ),
    "misspelt local names": (
        " local_@ = 1\n",
        FUNCTION,
        "".join(f" locul_{n}\n" for n in range(30)),
    ),
    "functions": ("def f@(a): return a\n", "", FUNCTION + " return f0(image)"),
    "functions that call": (
        "def f@(a): return g(a)\n",
        "",
        "def g(a): return f0(a)\n" + FUNCTION + " return g(image)",
    ),
    "images": (" x@ = image\n", FUNCTION, " return x0[0, 0, 0]"),
    "images of images": (
        " a@ = a + b + c + d\n",
        FUNCTION + " a = b = c = d = image\n",
        " return a0[0, 0, 0]",
    ),
    "many calls of helpers": (
        " f(image) + g(image) + h(image)\n",
        "def f(a): return g(a) + g(a)\ndef g(a): return h(a) + h(a)\n"
        "def h(a): return a[0, 0, 0]\n" + FUNCTION,
        " return 1",
    ),
    "classes": ("class A@:\n def convolve(self): pass\n", "", ""),
    "stubs": (FUNCTION + " raise NotImplementedError\n", "", ""),
    "stub of one statement": ("(", FUNCTION + " raise NotImplementedError", ""),
    "stub with data": ("@,", FUNCTION + " return [", "]"),
}


def nested(size: int, width: int) -> str:
    """Nest functions that bind many names, and functions in them."""
    names = ", ".join(f"n{number}" for number in range(width))
    lines = []
    for depth in range(18):
        blanks = " " * depth
        lines.append(f"{blanks}def convolve({names}, p{depth}=1):\n")
    blanks = " " * 18
    inner = f"{blanks}lambda a: [a for b in c]\n"
    source = "import scipy\n" + "".join(lines)
    return repeated(inner, size, source, f"{blanks}return 1\n")


def blocks(size: int) -> str:
    """Nest blocks as deeply as Python allows, again and again."""
    lines = [" " * depth + "if a:\n" for depth in range(95)]
    return repeated("".join(lines) + " " * 95 + "b = c\n", size)


def comprehensions(size: int) -> str:
    """Nest comprehensions."""
    one = "[a for a in " * 60 + "b" + "]" * 60 + "\n"
    return repeated(
        f" x = {one}", size, "import scipy\n" + FUNCTION, " return x"
    )


def misspelt(size: int) -> str:
    """Bind random words of two letters, so that all are similar, and use others."""
    draw = random.Random(1)  # noqa: S311 - it makes a file
    words = ["".join(draw.choices("ab", k=36)) for _ in range(size // 50)]
    used = "".join(f" {word[::-1]}\n" for word in words[:200])
    return "".join(f"{word} = f()\n" for word in words) + FUNCTION + used


WRITTEN: dict[str, Callable[[int], str]] = {
    "nested functions": lambda size: nested(size, 20),
    "nested functions of many names": lambda size: nested(size, 400),
    "nested blocks": blocks,
    "nested comprehensions": comprehensions,
    "misspelt random words": misspelt,
}


def sources(sizes: Sequence[int]) -> Iterator[File]:
    """Yield the sources, each in several sizes."""
    for size in sizes:
        for name, (unit, before, after) in REPEATED.items():
            yield source(name, size, repeated, unit, size, before, after)
        for name, (line, before, after) in NUMBERED.items():
            yield source(name, size, numbered, line, size, before, after)
        for name, written in WRITTEN.items():
            yield source(name, size, written, size)


def source(
    name: str, size: int, make: Callable[..., str], *args: object
) -> File:
    """Return a .py file."""
    return File(
        f"{name} ({size // 1000} KB)",
        ".py",
        lambda: make(*args).encode()[:524_288],
    )


# ----------------------------------------------------------------------------------- notebooks


def filled(unit: bytes, before: bytes, after: bytes) -> Callable[[], bytes]:
    """Fill a notebook with repetitions, up to the largest that is read."""
    room = MEGABYTES * 2**20 - len(before) - len(after)
    return lambda: before + unit * (room // len(unit)) + after


def cells(*code: str) -> bytes:
    """Return a notebook with these code cells."""
    made = [{"cell_type": "code", "source": each} for each in code]
    return json.dumps({"nbformat": 4, "cells": made}).encode()


START = b'{"nbformat":4,"cells":['
CELL = b'{"cell_type":"code","source":"def convolve(i, k): return i"}'
NOTEBOOKS: dict[str, Callable[[], bytes]] = {
    "objects as cells": filled(b"{},", START, CELL + b"]}"),
    "numbers as cells": filled(b"1.5,", START, CELL + b"]}"),
    "texts as cells": filled(b'"",', START, CELL + b"]}"),
    "keys": filled(b'"a":1,', b"{", b'"nbformat":4,"cells":[' + CELL + b"]}"),
    "deep JSON": filled(b"[", START, b""),
    "deep objects": filled(b'{"a":', b"", b""),
    "a long text": filled(
        b"x", b'{"a":"', b'","nbformat":4,"cells":[' + CELL + b"]}"
    ),
    "a long text of emoji": filled(
        "\U0001f600".encode(),
        b'{"a":"',
        b'","nbformat":4,"cells":[' + CELL + b"]}",
    ),
    "escapes": filled(rb"\u1234", b'{"a":"', b'","nbformat":4,"cells":[]}'),
    "half pairs": filled(
        rb"\ud800", b'{"a":"', b'","nbformat":4,"cells":[' + CELL + b"]}"
    ),
    "NaN": filled(
        b"NaN,", b'{"a":[', b'0],"nbformat":4,"cells":[' + CELL + b"]}"
    ),
    "one NaN after texts": filled(b'"",', START, CELL + b",NaN]}"),
    "not UTF-8": filled(
        b"\xff", b'{"a":"', b'","nbformat":4,"cells":[' + CELL + b"]}"
    ),
    "source of numbers": filled(
        b"1.5,", START + b'{"cell_type":"code","source":[', b'"x"]}]}'
    ),
    "source of objects": lambda: (
        START
        + b'{"cell_type":"code","source":['
        + b"{}," * 900_000
        + b'"x"]}]}'
    ),
    "source of empty lines": lambda: (
        START
        + b'{"cell_type":"code","source":['
        + b'"",' * 900_000
        + b'"x"]}]}'
    ),
    "worksheets": filled(
        b'{"cells":[{}]},', b'{"nbformat":3,"worksheets":[', b"{}]}"
    ),
    "attachments": filled(
        b'{"cell_type":"markdown","attachments":{"a":{"b":"'
        + b"c" * 9000
        + b'"}}},',
        START,
        CELL + b"]}",
    ),
    "UTF-16": lambda: (
        filled(b" ", b"{", b"}")().decode().encode("utf-16")[: 31 << 20]
    ),
    "blank": filled(b" ", b"", b""),
    "braces": filled(b"{", b"", b""),
    "quotes": filled(b'"', START, b""),
    "backslashes in a text": filled(b"\\\\", START + b'"', b'",NaN]}'),
    "1000 cells": lambda: cells(*["a = 1\n" * 12] * 1000),
    "1000 broken cells": lambda: cells(*["%a\n%b\n1 2"] * 1000),
    "1000 indented cells": lambda: cells(*["  a = 1\n 1 2"] * 1000),
    "a cell of blank lines": lambda: cells("\n" * 500_000 + "x"),
    "a cell of comments": lambda: cells("#\n" * 250_000 + "%%tim"),
    "a cell of blanks": lambda: cells(" " * 500_000 + "def"),
    "a cell of f-strings": lambda: cells('f"' + "{a}" * 7000 + '"'),
    "cells with magics": lambda: cells(
        *["%a\n" * 10 + "a;" * 40 + "1 2"] * 200
    ),
}


def files(sizes: Sequence[int]) -> Iterator[File]:
    """Yield all files."""
    yield from sources(sizes)
    for name, make in NOTEBOOKS.items():
        yield File(f"notebook: {name}", ".ipynb", make)


# ------------------------------------------------------------------------------------ measuring


def read_all(submission: Submission, exercise: Exercise) -> None:
    """Ask a submission for everything that is asked of its text."""
    alike(submission)
    source_facts(submission, exercise)
    names = tuple(f"name_{number}" for number in range(200))
    for loading in (
        Loading(state="no_function", functions=names),
        Loading(state="not_callable", type_name="int"),
        Loading(state="bad_signature", required=("a", "b", "c")),
    ):
        loading_fault(loading, exercise, submission)
    lines = max(
        (unit.source.count("\n") + 1 for unit in submission.units), default=1
    )
    unit = submission.units[-1] if submission.units else None
    # As many exceptions as there are trials: a student's function may raise another in each.
    for number in range(12):
        raised = Raised(
            type="IndexError",
            message="too many indices for array: array is 2-dimensional, but 3 were indexed",
            line=max(1, lines - number),
            cell=None if unit is None else unit.cell,
        )
        wants_more_axes(submission.units, exercise, raised, 2)
    with_missing(_undefined(lines, unit), SKIPPED, submission)


def _undefined(lines: int, unit: Unit | None) -> list[Outcome]:
    """Return a name that is not defined for each trial, each time with another message."""
    cell = None if unit is None else unit.cell
    raised = [
        Raised(
            type="NameError",
            message=f"name 'y' is not defined ({number})",
            line=max(1, lines - number),
            cell=cell,
        )
        for number in range(12)
    ]
    return [Outcome(kind="raised", raised=each) for each in raised]


def cost_of(file: File, exercise: Exercise) -> Cost:
    """Read a file in a forked process, and return what that cost."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            os.write(writing, json.dumps(_measured(file, exercise)).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as stream:  # noqa: PTH123 - a descriptor, not a path
        answer = stream.read()
    _, status = os.waitpid(child, 0)
    if not answer:
        return Cost(
            LIMIT_S, LIMIT_MB, f"ended with status {status}", failed=True
        )
    return Cost(*json.loads(answer))


def _measured(file: File, exercise: Exercise) -> Cost:
    most = _memory("VmSize") + LIMIT_MB * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S))
    data = file.make()
    # From here on: making the file is not part of it.
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = _cpu()
    failed = False
    try:
        submission = parse_submission(f"file{file.suffix}", data, exercise)
        read_all(submission, exercise)
        verdict = submission.fault.message if submission.fault else "gradable"
    except Exception as error:  # noqa: BLE001 - nothing must be raised
        verdict = f"raised {error!r}"
        failed = True
    cpu_s = _cpu() - before
    return Cost(cpu_s, _memory("VmHWM") / 2**20, verdict[:70], failed)


def _cpu() -> float:
    own = time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own + children.ru_utime + children.ru_stime


def _memory(which: str) -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{which}:")[2].split()[0]) * 1024


def main() -> int:
    """Print the most expensive files."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=20, help="files to show")
    parser.add_argument(
        "--only", default="", help="files whose name holds this"
    )
    parser.add_argument(
        "--sizes", default="24,64,200,512", help="KB of the sources"
    )
    parser.add_argument(
        "--json", action="store_true", help="print all costs as JSON"
    )
    chosen = parser.parse_args()
    sizes = [int(size) * 1000 for size in chosen.sizes.split(",")]
    exercise = load_exercise("convolution")
    costs = {
        file.name: cost_of(file, exercise)
        for file in files(sizes)
        if chosen.only in file.name
    }
    if chosen.json:
        print(
            json.dumps({name: cost._asdict() for name, cost in costs.items()})
        )
        return 0
    print(f"Python {platform.python_version()}, {len(costs)} files")
    for key in ("cpu_s", "peak_mb"):
        print(f"\nmost {key}:")
        ranked = sorted(costs, key=lambda name: -getattr(costs[name], key))
        for name in ranked[: chosen.most]:
            cost = costs[name]
            figures = f"{cost.cpu_s:6.2f} s {cost.peak_mb:5.0f} MB"
            print(f"  {figures}  {name}: {cost.verdict}")
    worst = Cost(
        max(cost.cpu_s for cost in costs.values()),
        max(cost.peak_mb for cost in costs.values()),
        "",
    )
    failed = [name for name, cost in costs.items() if cost.failed]
    figures = f"{worst.cpu_s:.2f} s, {worst.peak_mb:.0f} MB"
    print(f"\nworst: {figures}; failed: {', '.join(failed) or 'none'}")
    dear = worst.cpu_s > PROMISED_S or worst.peak_mb > PROMISED_MB
    return int(dear or bool(failed))


if __name__ == "__main__":
    sys.exit(main())
