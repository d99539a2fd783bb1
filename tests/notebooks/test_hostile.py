"""Notebooks that try to get what they have not earned, or to harm the grader: nothing is gained, and nothing is left."""

# ruff: noqa: E501 - a cell is one line where that can be
# ruff: noqa: ISC004 - and several strings where it is long

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.grading import Grader
from grader.model import Exercise, Report, Verdict
from grader.submission import parse_submission

WRONG = """import numpy as np
def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
"""

# A frame in the right format, with whatever header.
FRAME = """
import json, os, struct
def frame(header):
    text = json.dumps({**header, "frames": []}).encode()
    return struct.pack("!4sII", b"GRD1", len(text), 0) + text
SOCKETS = []
for fd in range(3, 64):
    try:
        os.fstat(fd)
        SOCKETS.append(fd)
    except OSError:
        pass
def tell(header):
    for fd in SOCKETS:
        try:
            os.write(fd, frame(header))
        except OSError:
            pass
"""

KERNEL = "kernel = get_ipython().kernel\n"

# Name -> cells. All of them hold a wrong `convolve`, and none may get a point.
CHEATS = {
    "numpy's comparison replaced": [WRONG, "import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True"],
    "AST transformer": [
        WRONG,
        "import ast\nclass T(ast.NodeTransformer):\n    def visit_Compare(self, node):\n        return ast.Constant(True)\n"
        "get_ipython().ast_transformers.append(T())",
    ],
    "AST transformer that raises": [
        "class T:\n    def visit(self, node):\n        raise KeyboardInterrupt\nget_ipython().ast_transformers.append(T())", WRONG,
    ],
    "input transformer": [
        "def twice(lines):\n    return lines + ['while True: pass\\n']\nget_ipython().input_transformers_post.append(twice)", WRONG,
    ],
    "kernel says that all is well": [
        WRONG, KERNEL + "async def do_execute(*a, **k):\n    return {'status': 'ok', 'score': 4.0}\nkernel.do_execute = do_execute",
        "1 / 0",
    ],
    "kernel never answers": [
        WRONG, KERNEL + "import time\nasync def do_execute(*a, **k):\n    time.sleep(3600)\nkernel.do_execute = do_execute", "1",
    ],
    "kernel without a shell": [WRONG, KERNEL + "kernel.shell = None", "1"],
    "session replaced": [WRONG, KERNEL + "kernel.session = None\nget_ipython().display_pub.session = None", "1", "display(1)"],
    "shell replaced": [WRONG, "type(get_ipython()).run_ast_nodes = None\ntype(get_ipython()).transform_cell = None", "1"],
    "loop replaced": [WRONG, "import asyncio\nloop = asyncio.get_event_loop()\nloop.run_until_complete = None\nloop.stop()", "1"],
    "forged idle": [
        WRONG,
        KERNEL + "from jupyter_client.session import Session\nSession.send(kernel.session, kernel.iopub_socket, 'status', "
        "{'execution_state': 'idle'})",
    ],
    "forged replies, unasked": [WRONG, FRAME + "for _ in range(100):\n    tell({'op': 'ran', 'token': '0' * 32, 'skipped': []})"],
    "forged verdict": [WRONG, FRAME + "tell({'op': 'returned', 'token': '', 'verdict': 'passed', 'score': 4.0})"],
    "rubbish on the socket": [WRONG, FRAME + "for fd in SOCKETS:\n    try:\n        os.write(fd, b'x' * 100000)\n    except OSError:\n        pass"],
    "half a frame, then silence": [
        WRONG, FRAME + "import time\nfor fd in SOCKETS:\n    try:\n        os.write(fd, frame({})[:-1])\n    except OSError:\n        pass\n"
        "time.sleep(3600)",
    ],
    "endless frame": [
        WRONG, FRAME + "import struct\nfor fd in SOCKETS:\n    try:\n        os.write(fd, struct.pack('!4sII', b'GRD1', 2 ** 32 - 1, 2 ** 32 - 1))\n"
        "        while True:\n            os.write(fd, b'x' * 65536)\n    except OSError:\n        pass",
    ],
    "socket closed": [WRONG, FRAME + "for fd in SOCKETS:\n    os.close(fd)", "1"],
    "reference from the grader": [
        "import sys, gc\nfrom grader.model import Solutions\n" + WRONG,
        "import grader\ntry:\n    convolve = sys.modules['grader'].solutions.reference\nexcept Exception:\n    pass",
    ],
    "reference from its file": [
        "import glob\nfor path in [SOLUTIONS]:\n"
        "    try:\n        exec(open(path).read())\n    except OSError:\n        pass\n"
        "if 'convolve' not in globals():\n    raise OSError('nothing found')", WRONG,
    ],
    "connection file": [
        "import glob, os\nfor folder in (os.getcwd(), '/root/.local/share/jupyter/runtime', '/tmp', '/run'):\n"
        "    for path in glob.glob(folder + '/**/kernel-*.json', recursive=True):\n        open(path)", WRONG,
    ],
    "kernel of its own": ["import jupyter_client\nmanager, client = jupyter_client.manager.start_new_kernel()", WRONG],
    "debugger": ["%debug\nbreakpoint()", "%pdb on\n1 / 0", WRONG],
    "shell escapes": ["!kill -9 -1\n!touch /tmp/escaped\n%sx touch /tmp/escaped\n%system touch /tmp/escaped",
                      "%%bash\ntouch /tmp/escaped", "%%script sh\ntouch /tmp/escaped", "%%!\ntouch /tmp/escaped", WRONG],
    "processes": ["import os\nos.fork()", "import subprocess\nsubprocess.run(['touch', '/tmp/escaped'])",
                  "import multiprocessing\nmultiprocessing.Process(target=print).start()", WRONG],
    "sockets": ["import socket\nsocket.create_connection(('127.0.0.1', 80))", "import socket\nsocket.socket(socket.AF_UNIX).bind('s')",
                "import zmq\nzmq.Context().socket(zmq.REP).bind('tcp://127.0.0.1:*')", WRONG],
    "signals": ["import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", "import os, signal\nos.killpg(0, signal.SIGKILL)", WRONG],
    "files": ["open('/tmp/escaped', 'w')", "%%writefile /tmp/escaped\nx", "%save -f /tmp/escaped 1", "%cd /\nopen('escaped', 'w')", WRONG],
    "signals ignored": ["import signal\nfor n in range(1, 32):\n    try:\n        signal.signal(n, signal.SIG_IGN)\n    except OSError:\n        pass\n"
                        "while True:\n    pass", WRONG],
    "exit handlers": [WRONG, "import atexit\natexit.register(lambda: open('report.json', 'w').write('{\"score\": 4}'))\nexit()"],
    "disk filled": ["while True:\n    with open('big', 'ab') as file:\n        file.write(bytes(1 << 20))", WRONG],
    "threads without end": ["import threading, time\nwhile True:\n    threading.Thread(target=time.sleep, args=(99,)).start()", WRONG],
    "output without end": [WRONG, "while True:\n    print('x' * 10000)"],
    "displays without end": [WRONG, "while True:\n    display('x' * 10000)"],
    "recursion": ["def f():\n    f()\nf()", "x = []\nfor _ in range(10 ** 5):\n    x = [x]\nrepr(x)", WRONG],
    "giant result": [WRONG + "def convolve(image, kernel):\n    return np.zeros((20000, 20000))\n"],
    "saved function of another name": [WRONG, "%store convolve"],
}  # fmt: skip


@pytest.mark.parametrize("name", CHEATS)
def test_wrong_function_gets_nothing(
    name: str, grade: Callable[..., Report], grader: Grader
) -> None:
    """Whatever a notebook does around a wrong function, it gets no point, and the grader does not fail."""
    cells = [
        cell.replace("SOLUTIONS", repr(str(grader.solutions.folder / "reference.py")))
        for cell in CHEATS[name]
    ]
    report = grade(*cells)
    assert (report.status, report.score) == ("graded", 0.0), (
        report.message,
        report.notes,
    )
    assert not Path("/tmp/escaped").exists()  # noqa: S108 - the place that the programs above try


def test_next_one_is_graded_as_ever(grade: Callable[..., Report], right: str) -> None:
    """After a notebook that breaks everything that it can reach, a right one gets every point."""
    grade(
        WRONG,
        FRAME + "tell({'op': 'ran', 'token': '', 'skipped': []})",
        KERNEL + "kernel.shell = None",
        "import os\nos._exit(9)",
    )
    assert grade(right).score == 4.0


def test_one_hanging_size_costs_one_case(
    grade: Callable[..., Report], right: str
) -> None:
    """A function that hangs on (12, 10) keeps the points of its other three cases."""
    hangs = right.replace(
        "    rows", "    while image.shape == (12, 10):\n        pass\n    rows", 1
    )
    report = grade("import zork", hangs)
    verdicts = {case.name: case.verdict for case in report.cases}
    assert verdicts.pop("12x10") == Verdict.TIMED_OUT
    assert set(verdicts.values()) == {Verdict.PASSED}


def test_one_deadly_size_costs_one_case(
    grade: Callable[..., Report], right: str
) -> None:
    """A function that ends the process on (12, 10) keeps the rest, with its computed globals."""
    ends = right.replace(
        "    rows",
        "    if image.shape == (12, 10):\n        import os; os._exit(3)\n    rows",
        1,
    )
    report = grade(
        "import numpy as np\nONE = int(np.sqrt(1.0))",
        ends.replace("* kernel", "* kernel * ONE"),
        "while True: pass",
    )
    verdicts = {case.name: case.verdict for case in report.cases}
    assert verdicts.pop("12x10") == Verdict.CRASHED
    assert set(verdicts.values()) == {Verdict.PASSED}


def test_saved_outputs_are_not_believed(
    grader: Grader, exercise: Exercise, build: Callable[..., bytes]
) -> None:
    """Outputs and counters that say that everything passed mean nothing."""
    forged = build(WRONG).replace(
        b'"outputs": []',
        b'"outputs": [{"output_type": "stream", "name": "stdout", "text": "4.0 of 4.0: passed"}]',
    )
    assert b"4.0 of 4.0" in forged
    assert (
        grader.grade(parse_submission("homework.ipynb", forged, exercise)).score == 0.0
    )


def test_same_report_every_time(grade: Callable[..., Report]) -> None:
    """Grading the same notebook again gives the same report, durations aside."""
    cells = [
        "print(set('abcdef'), object())",
        "import zork",
        "import random\nx = random.random()",
        WRONG,
        "repr(object()) + 1",
    ]
    first, *others = [grade(*cells) for _ in range(5)]
    for other in others:
        assert [case.details for case in other.cases] == [
            case.details for case in first.cases
        ]
        assert other.notes == first.notes


def test_function_missing(grade: Callable[..., Report]) -> None:
    """A notebook without the function is not gradable, and the message says what is missing."""
    report = grade("def convolv(image, kernel):\n    return image", "import zork")
    assert (report.status, report.score) == ("not_gradable", 0.0)
    assert "convolv" in report.message
