"""What real notebooks hold: each of these has a right `convolve`, and gets every point."""

# ruff: noqa: E501 - a cell is one line where that can be

import json
from collections.abc import Callable

import pytest

from grader.execution import Confinement, open_runner
from grader.grading import Grader
from grader.model import Exercise, Report
from grader.submission import parse_submission

HEAD, BODY = "import numpy as np\n", "def convolve(image, kernel):\n"
LOOPS = """    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    result = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            result[i, j] = np.sum(image[i:i + kernel.shape[0], j:j + kernel.shape[1]] * kernel)
"""
DONE = "    return result\n"
RIGHT = HEAD + BODY + LOOPS + DONE
WRONG = HEAD + BODY + "    return image * 2\n"

NOTEBOOKS = {
    "plain": [RIGHT],
    "colab": ["from google.colab import drive\ndrive.mount('/content/drive')", "%cd /content/drive/MyDrive", RIGHT],
    "colab in the function's cell": ["from google.colab.patches import cv2_imshow\n" + RIGHT],
    "missing module above the function": ["import zork\nfrom zork.zork import zork\n" + RIGHT],
    "missing module, stub before it": [BODY + "    pass\n", "import zork\n" + RIGHT],
    "forbidden library, not used": ["import scipy.signal\nimport cv2\n" + RIGHT],
    "changed folder": ["%cd .", "%pwd", RIGHT],
    "magics": ["%matplotlib inline\n%load_ext autoreload\n%autoreload 2", RIGHT, "%timeit -n1 -r1 convolve(np.eye(4), np.eye(3))"],
    "shell lines": ["!pip install numpy\n!ls -l\nfiles = !ls\n" + RIGHT, "pip install zork", "%pip install zork"],
    "shell cell": ["%%bash\necho hello", RIGHT],
    "function under %%time": ["%%time\n" + RIGHT],
    "function under %%capture": ["%%capture out\n" + RIGHT],
    "function under %%grade": ["%load_ext grader", "%%grade\n" + RIGHT, "from grader import check\ncheck(convolve)"],
    "function under a magic that is not here": ["%%zork --fast\n" + RIGHT],
    "continuation lines that begin with %": [RIGHT, "end, start = 9, 4\nrest = (17\n% (end - start))\nassert rest == 2\n" + RIGHT],
    "cell that fails before": ["image = open('cat.png').read()", "1 / 0", RIGHT],
    "cell that fails after": [RIGHT, "assert convolve(np.eye(4), np.eye(3)) is None", "undefined_name"],
    "cell that does not parse": ["print 'hello'", "x = (", RIGHT, "if __name__ = '__main__':\n    pass"],
    "cell that is indented": ["    a = 1\n    b = 2", RIGHT],
    "cell that never ends, after": [RIGHT, "while True:\n    pass"],
    "cell that never ends, before": ["while True:\n    try:\n        pass\n    except BaseException:\n        pass", RIGHT],
    "cell that never ends, the function's own": [RIGHT + "while True:\n    pass\n"],
    "cell that sleeps": ["import time\ntime.sleep(3600)", RIGHT],
    "several cells that never end": [RIGHT, *["while True:\n    pass"] * 6],
    "cell that ends the kernel, before": ["import os\nos._exit(0)", RIGHT],
    "cell that ends the kernel, after": [RIGHT, "import os\nos._exit(1)"],
    "cell that ends the kernel, the function's own": [RIGHT + "import os\nos._exit(1)\n"],
    "cell that crashes the kernel": ["import ctypes\nctypes.string_at(0)", RIGHT, "import os\nos.abort()"],
    "cell that uses up the memory": ["x = [bytearray(1 << 26) for _ in range(10 ** 6)]", RIGHT],
    "exit, quit, sys.exit": ["import sys\nsys.exit()", RIGHT, "exit()", "quit", "raise SystemExit", "raise KeyboardInterrupt"],
    "last definition wins": [WRONG, RIGHT],
    "computed global": [HEAD + "ONE = int(np.sqrt(1.0))", RIGHT.replace("* kernel", "* kernel * ONE")],
    "computed global, and a cell that never ends": [
        HEAD + "ONE = int(np.sqrt(1.0))", RIGHT.replace("* kernel", "* kernel * ONE"), "while True:\n    pass",
    ],
    "computed global, and a cell that ends the kernel": [
        "import os\nos._exit(1)", HEAD + "ONE = int(np.sqrt(1.0))", RIGHT.replace("* kernel", "* kernel * ONE"),
    ],
    "helper in another cell": ["def window(a, i, j, k):\n    return a[i:i + k, j:j + k]",
                               RIGHT.replace("image[i:i + kernel.shape[0], j:j + kernel.shape[1]]", "window(image, i, j, 3)")],
    "name bound to numpy's own afterwards": [RIGHT, "%pylab inline"],
    "namespace cleared": [RIGHT, "%reset -f"],
    "function deleted": [RIGHT, "del convolve"],
    "input": ["name = input('Your name? ')", RIGHT],
    "plots": ["import matplotlib.pyplot as plt", RIGHT, "plt.imshow(convolve(np.eye(9), np.eye(3)))\nplt.show()\nplt.figure();"],
    "megabytes displayed": [RIGHT, "from IPython.display import HTML, display\nfor _ in range(20):\n    display(HTML('x' * 10 ** 6))"],
    "megabytes printed": [RIGHT + "print('x' * 10 ** 7)", "for _ in range(10 ** 4):\n    print('x' * 100)"],
    "prints in the function": [RIGHT.replace("    return", "    print(result.tolist())\n    return")],
    "await": ["import asyncio\nawait asyncio.sleep(0.01)\n" + RIGHT, "task = asyncio.ensure_future(asyncio.sleep(3600))"],
    "main guard": ["if __name__ == '__main__':\n    " + RIGHT.replace("\n", "\n    ")],
    "built-in names taken": ["print = None\nsum = 3\nlen = 0", RIGHT],
    "callable object": [HEAD + "class C:\n    def __call__(self, image, kernel):\n" + (LOOPS + DONE).replace("    ", "        ", 1)
                        .replace("\n    ", "\n        ") + "\nconvolve = C()"],
    "module written by a cell": ["%%writefile helper.py\none = 1", "import helper", RIGHT.replace("* kernel", "* kernel * helper.one")],
    "threads": [RIGHT, "import threading, time\nthreading.Thread(target=time.sleep, args=(3600,)).start()"],
    "a picture as text": [RIGHT, "data = '" + "x" * 400_000 + "'"],
    "warnings as errors": ["import warnings\nwarnings.simplefilter('error')", RIGHT],
    "empty cells": ["", "   \n\n", RIGHT, "# only a comment"],
}  # fmt: skip


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_right_function_gets_every_point(
    name: str, grade: Callable[..., Report]
) -> None:
    """Whatever else a notebook holds, a right function gets every point, within the limits."""
    report = grade(*NOTEBOOKS[name])
    assert (report.status, report.score) == ("graded", 4.0), (
        report.message,
        report.notes,
    )
    assert report.isolation.level == "full"


def _file(cell: dict[str, object], **document: object) -> bytes:
    whole = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [{"cell_type": "code", **cell}],
        **document,
    }
    return json.dumps(whole).encode()


_OUTPUT = {
    "output_type": "display_data",
    "metadata": {},
    "data": {"image/png": "A" * (6 << 20)},
}
FILES = {
    "six megabytes of outputs": _file({"source": RIGHT, "metadata": {}, "outputs": [_OUTPUT], "execution_count": 9}),
    "source as a list": _file({"source": RIGHT.splitlines(keepends=True), "metadata": {}, "outputs": []}),
    "no ids, no metadata": _file({"source": RIGHT}, nbformat_minor=0, metadata={}),
    "foreign kernelspec": _file(
        {"source": RIGHT}, metadata={"kernelspec": {"name": "my-env", "display_name": "Python (my env)", "language": "python"}}
    ),
    "Colab metadata": _file(
        {"source": RIGHT, "metadata": {"id": "x", "colab": {"base_uri": "https://localhost:8080/"}}},
        metadata={"colab": {"provenance": []}, "accelerator": "GPU", "widgets": {"application/vnd.jupyter.widget-state+json": {"a": 1}}},
    ),
    "tags that skip the cell": _file({"source": RIGHT, "metadata": {"tags": ["skip-execution", "raises-exception"]}}),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_form_of_the_file_means_nothing(
    name: str, grader: Grader, exercise: Exercise
) -> None:
    """Outputs, ids, tags, kernelspecs and the metadata of other programs change no grade."""
    report = grader.grade(parse_submission("homework.ipynb", FILES[name], exercise))
    assert (report.status, report.score) == ("graded", 4.0), (
        report.message,
        report.notes,
    )


def test_notes_name_the_cell(grade: Callable[..., Report]) -> None:
    """A note says which cell raised what, once for each cell, also for one that did not come to an end."""
    report = grade(
        "import zork\nzork.a\nzork.b",
        RIGHT,
        "while True:\n    pass",
        "import os\nos._exit(1)",
        "2 +",
    )
    text = "\n".join(report.notes)
    assert (
        "Cell 1 raised ModuleNotFoundError: No module named 'zork'; skipped."
        in report.notes
    )
    assert "Cell 3 was still running after 1.5 s; skipped." in report.notes
    assert "Cell 4 ended the process; skipped." in report.notes
    assert text.count("Cell 1") == text.count("Cell 5") == 1


def test_notes_name_no_folder_of_the_grader(grade: Callable[..., Report]) -> None:
    """Scratch folders have random names, which a report must not have."""
    report = grade(
        RIGHT, "import os\nraise ValueError(os.getcwd(), os.path.abspath('x.npy'))"
    )
    assert (
        "Cell 2 raised ValueError: ('(scratch)', '(scratch)/x.npy'); skipped."
        in report.notes
    )


def test_exception_names_cell_and_line(grade: Callable[..., Report]) -> None:
    """An exception of the function is told with the cell, the line in it, and that line."""
    report = grade(
        "x = 1",
        "\n\n%matplotlib inline\n" + BODY + "    return image / undefined_thing\n",
    )
    exception = report.cases[0].details.exception
    assert report.cases[0].verdict == "raised"
    assert exception is not None
    assert (exception.type, exception.cell, exception.line) == ("NameError", 2, 5)
    assert exception.source == "return image / undefined_thing"


def test_same_verdicts_as_for_a_file(
    grader: Grader, grade: Callable[..., Report], exercise: Exercise
) -> None:
    """A wrong function gets the same verdicts, sentences and hints from a notebook as from a .py file."""
    wrong = RIGHT.replace("* kernel)", "* kernel[::-1, ::-1])")
    of_file = grader.grade(parse_submission("homework.py", wrong.encode(), exercise))
    of_notebook = grade(wrong)
    ids = [[hint.misconception for hint in case.hints] for case in of_file.cases]
    assert ids == [["kernel-flipped"]] * 4
    assert ids == [
        [hint.misconception for hint in case.hints] for case in of_notebook.cases
    ]
    assert [case.verdict for case in of_file.cases] == [
        case.verdict for case in of_notebook.cases
    ]


def test_graded_inside_a_running_loop(
    grader: Grader, exercise: Exercise, build: Callable[..., bytes]
) -> None:
    """A notebook can be graded from a notebook: where an event loop is running already."""
    import asyncio

    async def outer() -> Report:
        return grader.grade(parse_submission("homework.ipynb", build(RIGHT), exercise))

    assert asyncio.run(outer()).score == 4.0


def test_without_a_fork_server(
    exercise: Exercise, build: Callable[..., bytes], grader: Grader
) -> None:
    """Where there is no fork server a notebook is run in a fresh process, cell by cell, with the same outcome."""
    from grader.cases import draw_cases

    submission = parse_submission(
        "homework.ipynb", build("import zork", "%matplotlib inline", RIGHT), exercise
    )
    cases = draw_cases(exercise, grader.solutions, submission.digest, b"a test")
    slow = exercise.limits.__class__(call_s=5.0)
    with open_runner(
        _with(exercise, slow), confinement=Confinement(fork_server=False)
    ) as runner:
        execution = runner.run(submission, cases)
    assert execution.loading.state == "ready"
    assert [skipped.cell for skipped in execution.loading.skipped] == [1]
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
    assert execution.isolation.level == "none"


def _with(exercise: Exercise, limits: object) -> Exercise:
    import msgspec

    return msgspec.structs.replace(exercise, limits=limits)
