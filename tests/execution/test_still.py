"""Code that does not end is told the line in which it still was; the verdict needs no answer."""

import os
import signal

import pytest

from grader.compare import details
from grader.confined import frames
from grader.execution import Runner, wire
from grader.model import Finding, Still, Verdict
from grader.submission import with_loops
from tests.execution.conftest import LOAD_S, cases, submission

HEAD = "import time\nimport numpy as np\n\n"
FORGOTTEN = """def convolve(image, kernel):
    rows, i = 6, 0
    while i < rows:
        for j in range(6):
            np.sum(image)
"""
HELPED = """def helper(image):
    return [pixel for row in image for pixel in row]

def convolve(image, kernel):
    while True:
        try:
            helper(image)
        except BaseException:
            pass
"""
IN_A_HELPER = """def helper(image):
    for row in iter(int, 1):
        pass

def convolve(image, kernel):
    for row in image:
        helper(image)
"""
ASLEEP = """def convolve(image, kernel):
    time.sleep(100)
"""
GENERATOR = """def numbers():
    while True:
        yield 1

def convolve(image, kernel):
    for number in numbers():
        image.sum()
"""
TRACED = """import sys

def convolve(image, kernel):
    sys.settrace(lambda *_: None)
    while True:
        image.sum()
"""
OVER = """def convolve(image, kernel):
    while image is None:
        pass
    else:
        time.sleep(100)
"""
ENDLESS = {
    "the loop that is endless, not the one that it holds": (
        FORGOTTEN,
        6,
        True,
    ),
    "the caller's loop, not that of a helper which ends": (HELPED, 8, True),
    "the helper's loop": (IN_A_HELPER, 5, True),
    "a line without a loop": (ASLEEP, 5, False),
    "the loop over a generator": (GENERATOR, 9, True),
    "the line of code that traces itself": (TRACED, 8, True),
    "not a loop that has ended": (OVER, 8, False),
}


@pytest.mark.parametrize(
    ("source", "line", "is_loop"), ENDLESS.values(), ids=ENDLESS
)
def test_the_line_of_what_never_ends(
    runner: Runner, source: str, line: int, is_loop: bool
) -> None:
    """A call that never ends has its line: that of the innermost loop that holds what is run."""
    hung = submission(HEAD + source)
    outcome = with_loops(runner.run(hung, cases(1)[:1]).outcomes, hung)[0]
    assert outcome.kind == "timed_out"
    assert outcome.still == Still(lines=(line,), is_loop=is_loop)


def test_every_kind_of_worker_says_it(any_runner: Runner) -> None:
    """The line comes from workers of every level of confinement, and from fresh ones."""
    hung = submission(HEAD + FORGOTTEN)
    outcome = any_runner.run(hung, cases(1)[:1]).outcomes[0]
    assert outcome.kind == "timed_out"
    assert outcome.still is not None
    assert 6 in outcome.still.lines


SILENT = {
    "C code": "    sum(iter(int, 1))",
    "another handler": "    import signal\n"
    "    signal.signal(signal.SIGURG, signal.SIG_IGN)\n    while True: pass",
    "a blocked signal": "    import signal\n"
    "    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n    while True: pass",
    "a handler that hangs": "    import signal, time\n"
    "    signal.signal(signal.SIGURG, lambda *_: time.sleep(100))\n    while True: pass",
    "a handler that raises": "    import signal, time\n"
    "    signal.signal(signal.SIGURG, lambda *_: 1 / 0)\n    time.sleep(100)",
    "a handler that returns": "    import signal\n"
    "    def stop(*_): raise StopIteration\n"
    "    signal.signal(signal.SIGURG, stop)\n    try:\n        while True: pass\n"
    "    except StopIteration: return image",
    "a reply of its own": "    import os, signal\n"
    "    signal.signal(signal.SIGURG, lambda *_: os.write(3, bytes(4096)))\n    while True: pass",
    "a closed descriptor": "    import os\n    os.close(3)\n    while True: pass",
    "output without end": "    while True: print('x' * 4096)\n    \n",
}


@pytest.mark.parametrize("body", SILENT.values(), ids=SILENT)
def test_no_answer_is_waited_for(runner: Runner, body: str) -> None:
    """Whatever a hanging call does about the question, it has timed out by the grader's clock."""
    hung = submission(f"def convolve(image, kernel):\n{body}\n")
    outcome = runner.run(hung, cases(1)[:1]).outcomes[0]
    assert outcome.kind == "timed_out"
    assert outcome.value is None


def test_a_forged_line_is_no_line(runner: Runner) -> None:
    """A line that the text does not have is shown nowhere."""
    forged = frames.pack_frame(
        {"op": "still", "token": "", "lines": [10**6], "cell": 7}
    )
    hung = submission(
        "import os, signal\n"
        "def answer(*_):\n"
        f"    os.write(3, {forged!r})\n"
        "def convolve(image, kernel):\n"
        "    signal.signal(signal.SIGURG, answer)\n"
        "    while True: pass\n"
    )
    outcome = with_loops(runner.run(hung, cases(1)[:1]).outcomes, hung)[0]
    assert outcome.still == Still(lines=(10**6,), cell=7)
    finding = Finding(
        verdict=Verdict.TIMED_OUT,
        trial=cases(1)[0].trials[0],
        arguments=("image", "kernel"),
        expected=None,
        outcome=outcome,
    )
    assert details(finding, hung.units).still is None


@pytest.mark.parametrize(
    "fields",
    [
        {"lines": [], "cell": None},
        {"lines": [-1], "cell": None},
        {"lines": [1] * 65, "cell": None},
        {"lines": [1.5], "cell": None},
        {"lines": [1], "cell": "one"},
        {"lines": [1], "cell": None, "verdict": "passed"},
        {"lines": [1], "cell": None, "token": "ab" * 16},
    ],
)
def test_last_words_are_read_strictly(fields: dict[str, object]) -> None:
    """What is not an answer to the question says nothing, and raises nothing."""
    header = {"op": "still", "token": "", **fields}
    assert wire.last_words(frames.pack_frame(header)) is None


def test_a_file_that_hangs_is_told_its_line(hasty: Runner) -> None:
    """Where running a file does not end, the note says in which line it was."""
    endless = "n = 1\nwhile n < 2:\n    m = 2\n\n"
    hung = submission(endless + "def convolve(image, kernel):\n    return 1\n")
    loading = hasty.run(hung, cases(1)[:1]).loading
    assert loading.state == "ready"
    assert (
        loading.reason == f"it was still running after {LOAD_S:g} s, in line 2"
    )


def test_asking_leaves_everybody_else_alone() -> None:
    """The signal is one that a process ignores which does not wait for it."""
    assert signal.getsignal(signal.SIGURG) is signal.SIG_DFL
    os.kill(os.getpid(), signal.SIGURG)
