"""What a student reads about a file that cannot be graded, to the letter.

A change of one word shows here, in `golden/`. After a change that is meant, write the files again
and read the difference before you commit it:

    GRADER_UPDATE=1 pytest tests/submission/test_sentences.py
"""

import codecs
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from grader.model import (
    Exercise,
    Fault,
    Loading,
    Method,
    Parameter,
    Raised,
    Rules,
    Skipped,
    Submission,
    Target,
)
from grader.submission import parse_submission
from grader.submission.modules import with_modules
from grader.submission.target import loading_fault
from tests.golden import assert_golden

HERE = Path(__file__).parent / "golden"
HandIn = Callable[..., Submission]

DEF = "def convolve(image, kernel):\n"
RIGHT = DEF + "    return image\n"
FILES: tuple[bytes | str, ...] = (
    *("", " \n\t", "# only\n'text'\n", "%matplotlib inline\n"),
    *(
        "import numpy\nprint 'x'",
        "exec 'x'",
    ),
    *("def f():\n\tx = 1\n        y = 2", "x = 1\n  y = 2"),
    *("def f():\n    x = 1\n  y = 2", "  In [3]: x = 1", "Out[]: 1 2"),
    *(">>> x = 1", "... x = 1 2", "<<<<<<< HEAD\nx = 1\n======="),
    *("x = 1\n=======\ny = 2", "x = 1\n>>>>>>> main"),
    *(
        "x = \u201ca\u201d",
        "x = \u2018a\u2019",
        "x = 3 \u2212 2",
        "x = 3 \u00d7 2",
    ),
    *("x = 3 \u00f7 2", "if x \u2264 2: pass", "if x \u2265 2: pass"),
    *(f"x = 3 {dash} 2" for dash in "\u2010\u2011\u2012\u2013\u2014"),
    *(f"x = 3 {star} 2" for star in "\u2217\u22c5"),
    *("if x \u2260 2: pass", "x = a[\u2026]", "x = 1\u200b", "x\u00a0= 1"),
    *("x = \uff08 1)", "x = \u20ac"),
    *("<!DOCTYPE html>\n<p>", "\n <html>", "<head>", "<?xml version='1.0'?>"),
    *("{\\rtf1 x}", "diff --git a/x b/x\n+x y", "--- a/x.py\n+++ b/x.py\n"),
    *("\\documentclass{article}", "\\begin{code}\nx"),
    *("text here\n```python\nx = 1\n```\nmore text", "```\nx = 1 2\n```\nx y"),
    *("Some words\n```\nx = 1\n", "1 import numpy\n2 x = 1\n3 y = 2\nx y"),
    *("1. a b\n2: a b\n3| a b\n4) a b\n5\ta b", "1 a\n2 b\nx y\nx y"),
    *("def convolve(image, kernel)\n    return 1", "%%time x y\n1 2"),
    *(
        RIGHT.encode("utf-16"),
        RIGHT.encode("utf-16-le"),
        RIGHT.encode("utf-32"),
    ),
    codecs.BOM_UTF32_BE + RIGHT.encode("utf-32-be"),
    codecs.BOM_UTF16_BE + RIGHT.encode("utf-16-be"),
    *(b"# coding: klingon\nx = 1", b"# coding: " + b"k" * 50 + b"\nx = 1"),
    *(
        b"# coding: zlib\nx = 1",
        b"# coding: utf-8\n# caf\xe9\n" + RIGHT.encode(),
    ),
    *(
        b"x = 1\ny = \0",
        b"PK\x03\x04rest",
        b"\x1f\x8bx",
        b"Rar!x",
        b"7z\xbc\xafx",
    ),
    *(
        b"\x89PNG\r\n",
        b"\xff\xd8\xffx",
        b"GIF89a",
        b"%PDF-1.4",
        b"\xd0\xcf\x11\xe0x",
    ),
    *(b"\x7fELFx", b"MZ\x90x", b"\x93NUMPYx", b"\xa7\x0d\r\n\0\0\0\0rest"),
    *(b"x" * 600_000, b"-" * 100_000 + b"1"),
    *("%cd x\n!ls\n?name\nname??\nfiles = !ls\npip install x\n" + RIGHT,),
    "x = 1\npip3 install x \\\n  y\nconda install x\n%a\n%b\n%c\n%d\n" + RIGHT,
)
"""Files in place of Python source, or nearly Python source."""

STUBS = (
    DEF + '    """Say what it does."""\n    raise NotImplementedError\n',
    RIGHT + "\n" + DEF + "    raise NotImplementedError\n",
    RIGHT.replace("return image", "return 2")
    + DEF
    + "    raise NotImplementedError",
)
LIBRARIES = (
    "import scipy.signal as s\n"
    + DEF
    + "    return s.convolve2d(image, kernel)",
    "from scipy.signal import convolve2d as convolve\n",
    "import scipy\nconvolve = scipy.signal.convolve2d\n",
    DEF + "    import cv2\n    return cv2.filter2D(image, -1, kernel)",
    DEF + "    return __import__('torch').conv2d(image)",
    "import importlib\n"
    + DEF
    + "    return importlib.import_module('scipy.signal')",
    "from scipy.signal import *\n"
    + DEF
    + "    return convolve2d(image, kernel)",
    "import cv2\ndef pad(a):\n    return cv2.copyMakeBorder(a)\n"
    + DEF
    + "    return pad(image)",
    "import cv2\npicture = cv2.imread('x')\n"
    + DEF
    + "    return picture.shape",
    "import torch\nlayer = torch.nn.Conv2d(1, 1, 3)\n"
    + DEF
    + "    return layer(image)",
)
"""Ways to leave the work to a library."""


def cell(source: object, kind: str = "code") -> dict[str, object]:
    """Return one cell."""
    return {"cell_type": kind, "source": source}


def book(*cells: dict[str, object], **more: object) -> str:
    """Return a notebook of these cells."""
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells, **more})


NOTEBOOKS: tuple[bytes | str, ...] = (
    *("", " ", b"\x1f\x8bx", b"%PDF-1.4", "[1]", "{", "{]", "[", "{}", "12"),
    *("<!doctype html>", "\n<HTML>", RIGHT, "x = 1\n", "# nothing\n"),
    *(
        book(),
        book(cell("")),
        book(cell(" \n")),
        book(cell("# only")),
        book(cell("'a'")),
    ),
    *(book(cell(RIGHT), nbformat=2), book(cell(RIGHT), nbformat=5)),
    *(book(cell(RIGHT), nbformat=3), book(cell(RIGHT), nbformat="x")),
    *(book(cell(RIGHT), nbformat=-1), book(cell(RIGHT), nbformat=99)),
    *(book(cell(RIGHT), nbformat=100), book(cell([DEF, "    return 1"]))),
    book(cell(RIGHT, "markdown")),
    book(cell(RIGHT, "raw")),
    book(cell(RIGHT, "heading")),
    book(cell("x = 1"), cell(RIGHT, "markdown")),
    book(cell("x = 1"), cell("text", "markdown")),
    book(cell("x <- 1"), metadata={"kernelspec": {"language": "R"}}),
    book(cell("x <- 1"), metadata={"language_info": {"name": "julia"}}),
    book(cell("x = 1"), metadata={"language_info": {"name": " IPython3 "}}),
    book(cell("x = 1"), metadata={"kernelspec": {"language": "xeus-python"}}),
    book(cell(""), cell("x = 1"), cell(DEF + "    return (1")),
    book(cell(DEF + "  return (1"), cell("def convolve(image):\n  x = 1 2")),
    book(cell("%%writefile a.py\n" + RIGHT)),
    book(cell("%%writefile a.py\n" + RIGHT), cell("%run a.py")),
    book(cell("%%bash\nls"), cell("%%timeit\n" + RIGHT)),
    book(cell("%%time\n" + RIGHT), cell("# a\n\n%%capture x\ny = 1")),
    book(cell("%%html\n<p>"), cell(RIGHT)),
    book(*[cell("")] * 1000),
    book(*[cell("")] * 1001),
    book(cell("x" * 600_000)),
    json.dumps(
        {
            "nbformat": 3,
            "worksheets": [{"cells": [{"cell_type": "code", "input": RIGHT}]}],
        }
    ),
    book(cell(RIGHT)).encode().replace(b"image\\n", b"image  # \xff\\n"),
)
"""What is handed in as a notebook."""


def shown(source: bytes | str) -> str:
    """Return a source as it stands in the golden file."""
    written = repr(source)
    return (
        written if len(written) <= 200 else f"{written[:100]} ... {len(source)}"
    )


def said(submission: Submission) -> str:
    """Return all that is told about a submission."""
    lines = [f"  {submission.kind}, {len(submission.units)} units"]
    for title in ("fault", "offence"):
        fault: Fault | None = getattr(submission, title)
        if fault is not None:
            lines.append(f"  {title} ({fault.misconception}): {fault.message}")
    lines += [f"  note: {note}" for note in submission.notes]
    return "\n".join(lines)


def test_files(hand_in: HandIn) -> None:
    """Other documents, other encodings, beginners' slips, stubs and forbidden libraries."""
    sources = (*FILES, *STUBS, *LIBRARIES)
    pieces = [f"{shown(each)}\n{said(hand_in(each))}\n" for each in sources]
    assert_golden(HERE / "files.txt", "".join(pieces))


def test_notebooks(hand_in: HandIn) -> None:
    """Damaged ones, old ones, those of other languages, functions in cells that are not code."""
    pieces = [
        f"{shown(each)}\n{said(hand_in(each, 'a.ipynb'))}\n"
        for each in NOTEBOOKS
    ]
    assert_golden(HERE / "notebooks.txt", "".join(pieces))


# ------------------------------------------------------------------------------ ways of computing

WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("def f(a):\n    for x in a: pass", {"loops": False}),
    ("async def f(a):\n    async for x in a: pass", {"loops": False}),
    ("def f(a):\n    while a: pass", {"loops": False}),
    ("def f(a):\n    return [x for x in a]", {"loops": False}),
    ("def f(a):\n    return {x for x in a}", {"loops": False}),
    ("def f(a):\n    return {x: x for x in a}", {"loops": False}),
    ("def f(a):\n    return sum(x for x in a)", {"loops": False}),
    *(
        (
            f"import {module}\ndef f(a):\n    return {module}.{name}(a)",
            {"loops": False},
        )
        for module, name in (
            ("builtins", "map"),
            ("builtins", "filter"),
            ("functools", "reduce"),
            ("itertools", "starmap"),
            ("itertools", "accumulate"),
            ("numpy", "vectorize"),
            ("numpy", "frompyfunc"),
            ("numpy", "apply_along_axis"),
            ("numpy", "apply_over_axes"),
            ("numpy", "nditer"),
        )
    ),
    ("def f(a):\n    return exec(a)", {"loops": False}),
    ("def f(a):\n    return eval(a)", {"loops": False}),
    ("def f(a):\n    return exec(a)", {"required": ("numpy.sum",)}),
    (
        "import numpy as np\ndef f(a):\n    return np.dot(a)",
        {"forbidden": ("numpy.dot",)},
    ),
    (
        "import numpy as np\ndef g(a):\n    return np.linalg.norm(a)\ndef f(a):\n    return g(a)",
        {"forbidden": ("numpy.linalg",)},
    ),
    (
        "import numpy as np\ndef f(a):\n    return np.dotted(a)",
        {"forbidden": ("numpy.dot",)},
    ),
    (
        "import numpy as np\ndef f(a):\n    return np.dot(a)",
        {"required": ("numpy.einsum",)},
    ),
    (
        "import numpy as np\ndef f(a):\n    return np.einsum(a)",
        {"required": ("numpy.einsum",)},
    ),
    (
        "def f(a):\n    from numpy import linalg as l\n    return l.norm(a)",
        {"forbidden": ("numpy.linalg",)},
    ),
    (
        "from numpy import *\ndef f(a):\n    return dot(a)",
        {"forbidden": ("numpy.dot",)},
    ),
    ("def other(a): pass", {"loops": False}),
)
"""Sources, and the rules that they keep or break."""


def test_ways(exercise: Exercise) -> None:
    """Loops of every kind, code in a text, names that are ruled out or asked for."""
    target = Target(name="f", parameters=(Parameter(name="a"),))
    pieces = []
    for source, rules in WAYS:
        asked = msgspec.structs.replace(
            exercise, function="f", targets=(target,), rules=Rules(**rules)
        )
        found = parse_submission("a.py", source.encode(), asked)
        pieces.append(f"{shown(source)} {rules}\n{said(found)}\n")
    assert_golden(HERE / "ways.txt", "".join(pieces))


MODULES: tuple[tuple[str, dict[str, bytes]], ...] = (
    ("from utils import g\n" + RIGHT, {"utils.py": b"def g(): pass"}),
    (RIGHT, {"numpy.py": b"x", "grader/a.py": b"x", "submission.py": b"x"}),
    (RIGHT, {"json.py": b"x", "scipy/a.py": b"x", "b/json.py": b"x = 1"}),
    (RIGHT, {"a.py": b"x" * 600_000, "b.py": b"y = 1"}),
    (RIGHT, {"a.py": b"PK\x03\x04"}),
    (RIGHT, {"a.py": b"x = 1\ny = (1"}),
    (
        "from utils import g\n" + DEF + "    return g(image)",
        {
            "utils.py": b"import scipy\n\ndef g(a):\n    return scipy.ndimage.gauss(a)"
        },
    ),
    (
        DEF + "    return image",
        {
            "utils.py": b"import scipy\n\ndef g(a):\n    return scipy.ndimage.gauss(a)"
        },
    ),
)
"""Files, and what is handed in with them."""


def test_modules(hand_in: HandIn, exercise: Exercise) -> None:
    """Modules that take a name of others, are too much, cannot be read or use a library."""
    pieces = []
    for source, files in MODULES:
        found = with_modules(hand_in(source), tuple(files.items()), exercise)
        kept = [module.path for module in found.modules]
        names = ", ".join(
            f"{path} {shown(data)}" for path, data in files.items()
        )
        pieces.append(
            f"{shown(source)}\n{names}\n{said(found)}\n  kept: {kept}\n"
        )
    assert_golden(HERE / "modules.txt", "".join(pieces))


# --------------------------------------------------------------------- what loading did not find

KERNEL = Target(
    name="Kernel",
    is_class=True,
    parameters=(Parameter(name="size"), Parameter(name="fill", default="0")),
    methods=(Method(name="at"), Method(name="flip")),
)
NO_SUCH = Raised(type="ModuleNotFoundError", message="No module named 'cv2'")
NAMES = tuple(f"name_{number}" for number in range(9))
LOADED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("x = 1", {"state": "no_function"}),
    (
        "def convolv(a): pass",
        {"state": "no_function", "functions": ["convolv"]},
    ),
    ("x = 1", {"state": "no_function", "functions": ["load", "show"]}),
    ("x = 1", {"state": "no_function", "functions": NAMES[:8]}),
    ("x = 1", {"state": "no_function", "functions": NAMES}),
    (RIGHT + "del convolve", {"state": "no_function"}),
    ("if __name__ == '__main__':\n    convolve = 1", {"state": "no_function"}),
    ("class Net:\n  def convolve(self): pass", {"state": "no_function"}),
    ("def main():\n  def convolve(): pass", {"state": "no_function"}),
    ("x = (1", {"state": "no_function"}),
    (
        "from cv2 import convolve",
        {
            "state": "no_function",
            "skipped": [Skipped(line=1, cell=None, raised=NO_SUCH)],
        },
    ),
    (
        "import cv2\n@cv2.x\n" + RIGHT,
        {
            "state": "no_function",
            "skipped": [
                Skipped(line=1, cell=None, raised=NO_SUCH),
                Skipped(
                    line=2,
                    cell=None,
                    raised=Raised(
                        type="NameError", message="name 'cv2' is not defined"
                    ),
                ),
            ],
        },
    ),
    (
        RIGHT,
        {
            "state": "no_function",
            "skipped": [
                Skipped(
                    line=1,
                    cell=None,
                    raised=Raised(type="KeyError", message=""),
                )
            ],
        },
    ),
    ("x = 1", {"state": "not_callable"}),
    ("x = 1\nconvolve = x", {"state": "not_callable", "type_name": "int"}),
    ("x = 1", {"state": "foreign"}),
    ("x = 1", {"state": "foreign", "module": "scipy"}),
    ("x = 1", {"state": "bad_signature", "required": ["a", "b", "c"]}),
    ("x = 1", {"state": "bad_signature", "required": NAMES + NAMES[:4]}),
    ("x = 1", {"state": "bad_signature", "required": []}),
    ("x = 1", {"state": "bad_signature", "required": ["self", "a", "b"]}),
    ("def convolve(): pass", {"state": "bad_signature"}),
    ("def convolve(a): pass", {"state": "bad_signature", "required": ["a"]}),
    ("def convolve(*, a, b): pass", {"state": "bad_signature"}),
    ("def convolve(*, a): pass", {"state": "bad_signature"}),
    (
        "def convolve(a, *b): pass\nconvolve = 1",
        {"state": "bad_signature", "replaced": True},
    ),
    ("x = 1", {"state": "ready"}),
    ("x = 1", {"state": "crashed"}),
)
CLASSES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("class Kernels: pass", {"state": "no_function"}),
    ("class Net: pass\nclass Image: pass", {"state": "no_function"}),
    ("Kernel = 1", {"state": "not_callable", "type_name": "int"}),
    ("import x", {"state": "foreign", "module": "x"}),
    (
        "class Kernel:\n  def __init__(self): pass",
        {"state": "bad_signature", "required": []},
    ),
    (
        "class Kernel:\n  def at(self): pass\n  def __init__(self, *, size): pass",
        {"state": "bad_signature", "required": []},
    ),
    (
        "class Kernel:\n  def __init__(self, a, b): pass",
        {"state": "bad_signature", "required": ["a", "b"]},
    ),
    ("class Kernel: pass", {"state": "bad_signature", "required": []}),
)
"""Sources, and what loading them said."""


def test_targets(hand_in: HandIn, exercise: Exercise) -> None:
    """A function or a class that is not there, is something else, or takes other arguments."""
    asking = msgspec.structs.replace(
        exercise, function="Kernel", targets=(KERNEL,)
    )
    pieces = []
    for asked, table in ((exercise, LOADED), (asking, CLASSES)):
        for source, facts in table:
            loading = Loading(
                **{key: _frozen(value) for key, value in facts.items()}
            )
            fault = loading_fault(loading, asked, hand_in(source))
            told = "nothing"
            if fault is not None:
                told = f"({fault.misconception}): {fault.message}"
            pieces.append(f"{shown(source)} {_named(facts)}\n  {told}\n")
    assert_golden(HERE / "targets.txt", "".join(pieces))


def _frozen(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _named(facts: dict[str, Any]) -> str:
    """Return the facts without the exceptions, which are long."""
    return ", ".join(
        str(len(value)) + f" {key}"
        if isinstance(value, list | tuple)
        else value
        for key, value in facts.items()
        if not isinstance(value, bool)
    )
