"""Loading what students really hand in."""

import numpy as np
import pytest

from grader.execution import Runner
from grader.model import Execution
from tests.execution.conftest import LOAD_S, RIGHT, cases, submission


def run(runner: Runner, source: str) -> Execution:
    """Run a submission on one trial a case."""
    return runner.run(submission(source), cases(1))


def test_a_statement_that_raises_is_skipped(runner: Runner) -> None:
    """Missing modules and files, input(), exit() and failing self-tests are noted, no more."""
    source = (
        "import numpy as np, cv2\n"
        "image = open('lena.png')\n"
        "name = input('who? ')\n"
        "exit()\n"
        + RIGHT
        + "assert convolve(np.ones((3, 3)), np.ones((3, 3)))[0, 0] == 8, 'wrong'\n"
        "print(undefined); print('not reached on this line')\n"
        "if __name__ == '__main__':\n    1 / 0\n"
    )
    execution = run(runner, source)
    assert execution.loading.state == "ready"
    assert [
        (one.line, one.raised.type) for one in execution.loading.skipped
    ] == [
        (1, "ImportError"),
        (2, "FileNotFoundError"),
        (3, "EOFError"),
        (4, "SystemExit"),
        (15, "AssertionError"),
        (16, "NameError"),
    ]
    assert execution.loading.skipped[0].raised.message == (
        "cv2 is not allowed in this exercise: write it yourself with NumPy"
    )
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
    assert "not reached on this line\n" in execution.output


@pytest.mark.parametrize(
    ("hang", "why"),
    [
        ("while True: pass", f"still running after {LOAD_S:g} s"),
        ("import time; time.sleep(99)", f"still running after {LOAD_S:g} s"),
        ("import os; os._exit(1)", "ended the process"),
        ("import os; os.write(3, b'x' * 99)", "could not be read"),
    ],
)
def test_a_file_that_never_ends_is_loaded_by_its_definitions(
    hasty: Runner, hang: str, why: str
) -> None:
    """Imports, functions, classes and constants count, whatever stands between them."""
    source = (
        "import math, numpy as np\nSIZE = 3\nEDGE = np.array([[0, 1], [2, 3]])\nHALF = SIZE / 2\n"
        "try:\n    import cv2\nexcept ImportError:\n    cv2 = None\n"
        "class Helper:\n    one = 1\n"
        f"{hang}\n"
        "twice = lambda x: 2 * x\n"
        "def convolve(image, kernel):\n"
        "    return image[:1, :1] * 0 + math.floor(HALF) + twice(SIZE) + Helper.one + EDGE[1, 1]\n"
    )
    execution = run(hasty, source)
    assert execution.loading.state == "ready"
    assert execution.loading.definitions_only
    assert why in (execution.loading.reason or "")
    for outcome in execution.outcomes:
        assert outcome.value is not None
        assert outcome.value.item() == 11


def test_a_file_that_writes_too_much_is_loaded_by_its_definitions(
    patient: Runner,
) -> None:
    """The student reads that the file was stopped because it wrote too much."""
    source = (
        "import time\n"
        "for name in 'ab': open(name, 'wb').write(bytes(3 << 20))\n"
        "time.sleep(15)\n"
        "def convolve(image, kernel): pass\n"
    )
    loading = run(patient, source).loading
    assert loading.state == "ready"
    assert loading.reason == "it wrote more than 4 MB of files"


def test_definitions_that_never_end_have_timed_out(hasty: Runner) -> None:
    """When even the second try hangs, every case says so, with the limit."""
    execution = run(
        hasty,
        "import time\ndef f(x=time.sleep(99)): pass\ndef convolve(image, kernel): pass\n",
    )
    assert execution.loading.state == "timed_out"
    assert execution.loading.definitions_only
    assert [
        (outcome.kind, outcome.limit_s) for outcome in execution.outcomes
    ] == [("timed_out", LOAD_S)] * 4


@pytest.mark.parametrize(
    ("source", "state", "facts"),
    [
        ("", "no_function", {"functions": ()}),
        (
            "def convolv(a, b): pass\ndef other(): pass",
            "no_function",
            {"functions": ("convolv", "other")},
        ),
        ("convolve = 3", "not_callable", {"type_name": "int"}),
        ("class convolve: pass", "not_callable", {"type_name": "class"}),
        (
            "def convolve(image, kernel, bias): pass",
            "bad_signature",
            {"required": ("image", "kernel", "bias")},
        ),
        (
            "def convolve(image): pass",
            "bad_signature",
            {"required": ("image",)},
        ),
        (
            "def convolve(image, *, kernel): pass",
            "bad_signature",
            {"required": ("image", "kernel")},
        ),
        ("from numpy import convolve", "foreign", {"module": "numpy"}),
        (
            "from numpy import multiply as convolve",
            "foreign",
            {"module": "numpy"},
        ),
        ("from math import hypot as convolve", "foreign", {"module": "math"}),
        ("convolve = max", "foreign", {"module": "builtins"}),
    ],
)
def test_each_way_to_miss_the_target_has_its_state(
    runner: Runner, source: str, state: str, facts: dict[str, object]
) -> None:
    """Nothing is called then."""
    execution = run(runner, source)
    assert execution.loading.state == state
    assert {name: getattr(execution.loading, name) for name in facts} == facts
    assert {outcome.kind for outcome in execution.outcomes} == {"not_run"}


@pytest.mark.parametrize(
    "source",
    [
        "def convolve(image, kernel, stride=1, *, pad=0): return image",
        "def convolve(*args): return args[0]",
        "convolve = lambda image, kernel: image",
        ("import functools\n@functools.lru_cache\ndef f(): pass\n"
        "@functools.wraps(f)\ndef convolve(a, b): return a"),
        "import functools\ndef f(stride, a, b): return a\nconvolve = functools.partial(f, 1)",
        "class C:\n    def __call__(self, a, b): return a\nconvolve = C()",
        "class C:\n    def run(self, a, b): return a\nconvolve = C().run",
        "class C:\n    @staticmethod\n    def run(a, b): return a\nconvolve = C.run",
        ("import numpy as np\n"
        "convolve = np.vectorize(lambda a, b: a, signature='(m,n),(p,q)->(m,n)')"),
        ("def timed(f):\n    def inner(*a): return f(*a)\n    return inner\n"
        "@timed\ndef convolve(a, b): return a"),
        "def convolve(a, b): return None\ndef convolve(a, b): return a",
        ("from dataclasses import dataclass\n@dataclass\nclass D:\n    a: int = 1\n"
        "def convolve(a, b): return a * D().a"),
        ("from __future__ import annotations\n"
        "def convolve(a: missing, b: gone) -> nothing: return a"),
        "sum = filter = input = print = 3\ndef convolve(a, b): return a",
        ("import pickle\nclass A: pass\nassert type(pickle.loads(pickle.dumps(A()))) is A\n"
        "def convolve(a, b): return a"),
        "# -*- coding: utf-8 -*-\n'''Größe'''\ndef convolve(größe, b): return größe",
    ],
)  # fmt: skip
def test_unusual_functions_are_functions(runner: Runner, source: str) -> None:
    """Decorated, wrapped and bound functions, callable objects, shadowed builtins are called."""
    execution = run(runner, source)
    assert (execution.loading.state, execution.loading.skipped) == ("ready", ())
    for outcome, case in zip(execution.outcomes, cases(1), strict=True):
        assert outcome.value is not None
        assert np.array_equal(outcome.value, case.trials[0].args[0])


def test_warnings_are_no_errors(runner: Runner) -> None:
    """A warning is printed at most."""
    source = (
        "import warnings\nwarnings.warn('old')\nimport numpy as np\nX = np.array([1.0]) / 0\n"
        + RIGHT
    )
    assert run(runner, source).loading.skipped == ()


def test_what_libraries_need_is_there(runner: Runner) -> None:
    """Threads, asyncio, time zones, temporary files, random numbers and matplotlib work."""
    source = (
        "import asyncio, concurrent.futures, datetime, os, random, tempfile, threading, time\n"
        "import zoneinfo\n"
        "import numpy as np, matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.savefig('figure.png'); plt.show()\n"
        "async def f(): await asyncio.sleep(0.001)\n"
        "asyncio.run(f())\n"
        "list(concurrent.futures.ThreadPoolExecutor(2).map(abs, [1, -1]))\n"
        "zoneinfo.ZoneInfo('Europe/Berlin'); datetime.datetime.now().astimezone()\n"
        "np.save('a.npy', np.eye(3)); np.load('a.npy', mmap_mode='r'); np.linalg.inv(np.eye(30))\n"
        "np.fft.fft(np.ones(8))\n"
        "os.urandom(8); random.SystemRandom().random(); np.random.default_rng().random()\n"
        "open(os.path.join(os.path.dirname(__file__), 'x.txt'), 'w').write('x'); os.listdir('.')\n"
        "tempfile.mkstemp(dir='.')\n"
        "os.chdir(os.path.dirname(os.path.abspath(__file__)))\n"
    ) + RIGHT
    assert [
        (one.line, one.raised.message)
        for one in run(runner, source).loading.skipped
    ] == []


def test_exit_handlers_do_not_run(runner: Runner) -> None:
    """A worker is killed: what a student registered for its end never runs."""
    source = "import atexit\natexit.register(print, 'at exit')\n" + RIGHT
    assert run(runner, source).output == ""
