"""What becomes of a call is told apart by evidence, and costs only its own case."""

from pathlib import Path

import numpy as np
import pytest

from grader.errors import GraderError
from grader.execution import Runner, open_runner
from grader.model import Case, Execution, Outcome, Value
from tests.execution.conftest import (
    CALL_S,
    RIGHT,
    cases,
    exercise_with,
    expected,
    submission,
)

WHERE = "image.shape == (12, 10)"


def run(runner: Runner, source: str, trials: int = 2) -> Execution:
    """Run a submission on four cases."""
    return runner.run(submission(source), cases(trials))


def when(action: str, condition: str = WHERE) -> str:
    """Make a right submission that does something else first, on one size only."""
    body = "\n".join(f"        {line}" for line in action.splitlines())
    return RIGHT.replace(
        "def convolve(image, kernel):\n",
        f"import os, sys\ndef convolve(image, kernel):\n    if {condition}:\n{body}\n",
    )


def of_second_case(execution: Execution) -> tuple[Outcome, Outcome]:
    """Assert that all other cases are right, and return the outcomes of the second."""
    trials = [trial for case in cases() for trial in case.trials]
    pairs = zip(execution.outcomes, trials, strict=True)
    for number, (outcome, trial) in enumerate(pairs):
        if number not in (2, 3):
            assert outcome.kind == "returned"
            assert outcome.value is not None
            assert np.allclose(outcome.value, expected(trial))
    return execution.outcomes[2], execution.outcomes[3]


def test_a_right_submission_returns_everything(any_runner: Runner) -> None:
    """At every level, arrays and a duration come back, and no arguments that did not change."""
    execution = run(any_runner, RIGHT)
    assert execution.loading.state == "ready"
    assert execution.isolation == any_runner.isolation
    trials = [trial for case in cases() for trial in case.trials]
    for outcome, trial in zip(execution.outcomes, trials, strict=True):
        assert outcome.kind == "returned"
        assert outcome.type_name == "ndarray"
        assert outcome.value is not None
        assert np.allclose(outcome.value, expected(trial))
        assert outcome.args_after is None
        assert 0 < outcome.duration_s < 10


@pytest.mark.parametrize(
    ("action", "kind", "facts"),
    [
        ("while True:\n    pass", "timed_out", {"limit_s": CALL_S}),
        (
            "while True:\n    try:\n        while True: pass\n    except: pass",
            "timed_out",
            {"limit_s": CALL_S},
        ),
        ("import time\ntime.sleep(100)", "timed_out", {"limit_s": CALL_S}),
        ("sum(range(10 ** 12))", "timed_out", {"limit_s": CALL_S}),
        ("os._exit(3)", "crashed", {"exit_code": 3}),
        ("os._exit(0)", "crashed", {"exit_code": 0}),
        ("os.kill(os.getpid(), 11)", "crashed", {"signal": 11}),
        ("os.kill(os.getpid(), 9)", "crashed", {"signal": 9}),
        ("os.abort()", "crashed", {"signal": 6}),
        ("import ctypes\nctypes.string_at(0)", "crashed", {"signal": 11}),
    ],
)  # fmt: skip
def test_what_ends_a_worker_costs_one_case(
    any_runner: Runner, action: str, kind: str, facts: dict[str, object]
) -> None:
    """At every level: the case's other trial is not run, and a new worker gets the next case."""
    first, second = of_second_case(run(any_runner, when(action)))
    assert first.kind == kind
    assert {name: getattr(first, name) for name in facts} == facts
    assert second.kind == "not_run"


@pytest.mark.parametrize(
    ("action", "kind", "reason"),
    [
        ("raise MemoryError", "out_of_memory", "MemoryError"),
        ("return np.ones((10 ** 6, 10 ** 6))", "out_of_memory", "MemoryError"),
        (
            "x = []\nwhile True: x.append(bytearray(10 ** 6))",
            "out_of_memory",
            "MemoryError",
        ),
        (
            "return np.ones((2000, 2000))",
            "invalid_output",
            "the result is too large to send: shape (2000, 2000)",
        ),
        (
            "return np.broadcast_to(1.0, (10 ** 6, 10 ** 6))",
            "invalid_output",
            "the result is too large to send: shape (1000000, 1000000)",
        ),
    ],
)
def test_a_worker_survives_what_it_can_tell_of(
    patient: Runner, action: str, kind: str, reason: str
) -> None:
    """Nothing died, so the case's other trial is run as well."""
    for outcome in of_second_case(run(patient, when(action))):
        assert (outcome.kind, outcome.reason) == (kind, reason)


@pytest.mark.parametrize(
    ("action", "kind", "line"),
    [
        ("1 / 0", "ZeroDivisionError", 7),
        ("image[99, 99]", "IndexError", 7),
        ("sys.exit(0)", "SystemExit", 7),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 7),
        ("def f(): return f()\nf()", "RecursionError", 7),
        ("np.zeros(3) + np.zeros(4)", "ValueError", 7),
        ("input()", "EOFError", 7),
        ("import scipy", "ImportError", 7),
    ],
)
def test_an_exception_carries_the_students_line(
    runner: Runner, action: str, kind: str, line: int
) -> None:
    """The line is that of the deepest frame that is the student's, not of a library."""
    for outcome in of_second_case(run(runner, when(action))):
        assert outcome.kind == "raised"
        assert outcome.raised is not None
        assert (outcome.raised.type, outcome.raised.line) == (kind, line)


def test_the_text_of_an_exception_is_bounded_and_clean(runner: Runner) -> None:
    """A message may be megabytes, hold escape sequences or addresses, or fail to be one."""
    source = when(
        "raise ValueError('\\x1b[31m' + repr(object()) + 'y' * 10 ** 7)"
    )
    raised = run(runner, source).outcomes[2].raised
    assert raised is not None
    assert raised.message.startswith("<object object at 0x...>yyy")
    assert len(raised.message) <= 500
    source = when(
        "class Bad(Exception):\n"
        "    def __str__(self): os._exit\n"
        "    __repr__ = __str__\n"
        "raise Bad"
    )
    raised = run(runner, source).outcomes[2].raised
    assert raised is not None
    assert raised.message == "(its text cannot be read)"


@pytest.mark.parametrize(
    ("returned", "type_name", "dtype"),
    [
        ("None", "NoneType", None),
        ("np.float32(1)", "float32", "<f4"),
        ("np.matrix([[1.0]])", "ndarray", "<f8"),
        ("np.ma.masked_array([1.0, 2.0], [True, False])", "ndarray", "<f8"),
        ("np.ones((2, 2), np.longdouble)", "ndarray", "<f8"),
        ("np.ones((2, 2), '>f4')", "ndarray", "<f4"),
        ("np.ones((2, 2), np.uint8)", "ndarray", "|u1"),
        ("np.ones((2, 2), complex)", "ndarray", "<c16"),
        ("np.ones((2, 2), bool)", "ndarray", "|b1"),
        ("np.array(7)", "ndarray", "<i8"),
        ("np.zeros((0, 5))", "ndarray", "<f8"),
        ("np.asfortranarray(image)", "ndarray", "<f8"),
        ("image[::-1, ::-1]", "ndarray", "<f8"),
        (
            "type('Array', (), {'__array__': lambda self: np.eye(2)})()",
            "Array",
            None,
        ),
        ("iter([1])", "list_iterator", None),
    ],
)
def test_a_result_is_what_its_type_says(
    runner: Runner, returned: str, type_name: str, dtype: str | None
) -> None:
    """The type is that of the object itself; arrays of any subclass are sent as plain arrays."""
    outcome = run(
        runner,
        f"import numpy as np\ndef convolve(image, kernel): return {returned}",
    ).outcomes[0]
    assert outcome.kind == "returned"
    assert outcome.type_name == type_name
    assert (
        outcome.value.dtype.str if outcome.value is not None else None
    ) == dtype


@pytest.mark.parametrize(
    ("returned", "type_name", "value"),
    [
        ("3.5", "float", 3.5),
        ("True", "bool", True),
        ("2**70", "int", 2**70),
        ("[[1, 2], [3, 4]]", "list", [[1, 2], [3, 4]]),
        ("[[1, 2], [3]]", "list", [[1, 2], [3]]),
        ("(1.0, 2)", "tuple", (1.0, 2)),
        ("'text'", "str", "text"),
        ("b'bytes'", "bytes", b"bytes"),
        ("{'a': [1j], 2: None}", "dict", {"a": [1j], 2: None}),
        ("{1, 2}", "set", None),
        ("{frozenset(): 1}", "dict with a key of type frozenset", None),
    ],
)
def test_a_result_that_is_no_array_is_sent_as_it_is(
    runner: Runner,
    returned: str,
    type_name: str,
    value: Value,
) -> None:
    """Numbers, text, lists, tuples and dicts arrive as what they were."""
    outcome = run(
        runner, f"def convolve(image, kernel): return {returned}"
    ).outcomes[0]
    assert (outcome.kind, outcome.type_name) == ("returned", type_name)
    assert type(outcome.value) is type(value)
    assert outcome.value == value


@pytest.mark.parametrize("dtype", ["object", "U3", "[('a', float)]", "M8[s]"])
def test_values_that_are_no_numbers_are_named_and_not_sent(
    runner: Runner, dtype: str
) -> None:
    """An array of objects, of text, of records or of dates has a dtype and no value."""
    written = dtype if dtype.startswith("[") else repr(dtype)
    outcome = run(
        runner,
        f"import numpy as np\ndef convolve(i, k): return np.zeros((2, 2), {written})",
    ).outcomes[0]
    assert (outcome.kind, outcome.value, outcome.type_name) == (
        "returned",
        None,
        "ndarray",
    )
    assert outcome.dtype


def test_modified_arguments_are_seen(runner: Runner) -> None:
    """The arguments come back as they are after the call, and the next call gets fresh ones."""
    outcomes = run(
        runner,
        "def convolve(image, kernel):\n    image[0, 0] = -5\n    return image",
    ).outcomes
    for outcome in outcomes:
        assert outcome.args_after is not None
        assert outcome.args_after[0][0, 0] == -5
    assert outcomes[0].args_after is not None
    assert (
        outcomes[0].args_after[0].ravel()[1:]
        == cases()[0].trials[0].args[0].ravel()[1:]
    ).all()


def test_arguments_are_ordinary_arrays(runner: Runner) -> None:
    """They are writable, own their memory, and have the dtype of the trial."""
    source = (
        "import numpy as np\ndef convolve(image, kernel):\n"
        "    assert image.flags.owndata and image.flags.writeable\n"
        "    assert type(image) is np.ndarray\n"
        "    return image\n"
    )
    assert {outcome.kind for outcome in run(runner, source).outcomes} == {
        "returned"
    }


@pytest.mark.parametrize(
    "action",
    [
        "os.write(3, b'x' * 100)",
        "os.write(3, b'GRD1' + b'\\xff' * 100)",
        "os.write(3, b'GRD1\\0\\0\\0\\2\\0\\0\\0\\0{}')",
        "os.close(3)\nos.open('/dev/null', 0)",
    ],
)
def test_bytes_on_the_socket_are_no_result(runner: Runner, action: str) -> None:
    """What is written to the grader's socket by hand is invalid or a crash, never a value."""
    first, second = of_second_case(run(runner, when(action)))
    assert first.kind in {"invalid_output", "crashed", "timed_out"}
    assert second.kind == "not_run"


def test_an_answer_before_the_question_is_no_answer(runner: Runner) -> None:
    """A frame that waits when a call is made, or follows its answer, makes the output invalid."""
    # Written by a thread that the first call starts, and that the second waits for.
    source = (
        "import os, threading, time\n"
        "writing = threading.Timer(0.05, os.write, (3, b'GRD1' + bytes(8)))\n"
        "def convolve(image, kernel):\n"
        "    if writing.ident is None:\n"
        "        writing.start()\n"
        "    else:\n"
        "        writing.join()\n"
        "    return image\n"
    )
    outcomes = run(runner, source).outcomes
    for first, second in zip(outcomes[::2], outcomes[1::2], strict=True):
        assert (first.kind, second.kind) in {
            ("returned", "invalid_output"),
            ("invalid_output", "not_run"),
        }


def test_the_time_for_all_calls_is_bounded(solutions: Path) -> None:
    """The call that uses it up, and those of later cases, have timed out with that limit."""
    with open_runner(
        exercise_with(total_s=1.2, call_s=1.0), solutions=solutions
    ) as runner:
        execution = run(
            runner,
            "import time\ndef convolve(image, kernel): time.sleep(100)",
            1,
        )
    assert [outcome.kind for outcome in execution.outcomes] == ["timed_out"] * 4
    assert [outcome.limit_s for outcome in execution.outcomes] == [
        1.0,
        1.2,
        1.2,
        1.2,
    ]


@pytest.mark.parametrize(
    "flood",
    [
        "print('x' * 10 ** 6)",
        "sys.stderr.write('y' * 10 ** 6)",
        "os.write(1, b'z' * 10 ** 6)",
    ],
)
def test_a_flood_of_output_is_cut_and_harmless(
    any_runner: Runner, flood: str
) -> None:
    """At every level: all is read, the first 4 KB are kept, and the result counts."""
    source = (
        RIGHT.replace(
            "    rows", f"    import os, sys\n    {flood}\n    rows", 1
        )
        + f"\nimport os, sys\n{flood}\n"
    )
    execution = run(any_runner, source, 1)
    assert {outcome.kind for outcome in execution.outcomes} == {"returned"}
    assert len(execution.output) == 4096
    assert set(execution.output) < set("xyz\n")


def test_output_is_kept_as_lines_without_controls(runner: Runner) -> None:
    """What is printed while loading and calling is there, in order, harmless."""
    source = (
        "print('\\x1b[1mone\\x07')\n"
        "def convolve(image, kernel):\n    print(image.shape)\n    return image\n"
    )
    output = run(runner, source, 1).output
    assert output == "one\\x07\n(8, 8)\n(12, 10)\n(10, 10)\n(12, 8)\n"


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (
            "for n in range(20):\n    open(f'{n}', 'wb').write(b'x' * 2 ** 20)\nwhile True: pass",
            "wrote more than 4 MB of files",
        ),
        (
            "for n in range(5000): open(f'{n}', 'wb').close()\nwhile True: pass",
            "made more than 1000 files",
        ),
    ],
)
def test_too_much_in_the_scratch_folder_ends_the_worker(
    patient: Runner, action: str, reason: str
) -> None:
    """The limit is named, and the next worker starts with an empty folder."""
    first, _ = of_second_case(run(patient, when(action)))
    assert (first.kind, first.reason) == ("crashed", reason)
    listing = run(
        patient,
        "import os\nprint(os.listdir())\ndef convolve(image, kernel): return image",
        1,
    )
    assert listing.output == "[]\n"


def test_too_many_threads_end_the_worker(solutions: Path) -> None:
    """Threads are counted from outside, so none can hide."""
    action = (
        "import threading, time\nthreading.stack_size(65536)\n"
        "for _ in range(200):\n"
        "    threading.Thread(target=time.sleep, args=(99,), daemon=True).start()\n"
        "time.sleep(99)"
    )
    with open_runner(
        exercise_with(call_s=30.0, total_s=100.0), solutions=solutions
    ) as runner:
        first, _ = of_second_case(run(runner, when(action)))
    assert (first.kind, first.reason) == (
        "crashed",
        "started more than 64 threads",
    )


def test_two_runs_of_the_same_file_give_the_same(runner: Runner) -> None:
    """Random numbers, the order of sets and uninitialised memory are the same in every worker."""
    source = (
        "import random, numpy as np\nrandom.random(); A = np.random.rand(3)\n"
        "def convolve(image, kernel):\n"
        "    text = sorted({str(n) for n in range(50)}, key=hash)[:9]\n"
        "    numbers = np.array(list(map(float, text)))\n"
        "    return np.concatenate("
        "[np.random.rand(3), [random.random()], numbers, np.empty(1000)])\n"
    )
    first, second = run(runner, source), run(runner, source)
    for one, other in zip(first.outcomes, second.outcomes, strict=True):
        assert one.value is not None
        assert other.value is not None
        assert one.value.tobytes() == other.value.tobytes()


def test_a_runner_serves_many_threads(runner: Runner) -> None:
    """Eight threads at once: each gets its own outcomes."""
    from concurrent.futures import ThreadPoolExecutor

    sources = [
        f"def convolve(image, kernel): return image[:1, :1] * 0 + {n}"
        for n in range(24)
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda source: run(runner, source, 1), sources))
    for number, execution in enumerate(found):
        for outcome in execution.outcomes:
            assert outcome.value is not None
            assert outcome.value.item() == number


def test_cases_may_be_made_while_the_submission_is_loaded(
    any_runner: Runner,
) -> None:
    """A function that makes the cases is called once."""
    calls = []

    def make() -> tuple[Case, ...]:
        calls.append(1)
        return cases(1)

    execution = any_runner.run(submission(RIGHT), make)
    assert [outcome.kind for outcome in execution.outcomes] == ["returned"] * 4
    assert calls == [1]


@pytest.mark.parametrize(
    "error",
    [GraderError("no inputs"), OSError("no disk"), ValueError("no sense")],
)
def test_cases_that_cannot_be_made_are_no_outcome(
    any_runner: Runner, error: Exception
) -> None:
    """What making the cases raises is raised, and the next submission is run as usual."""

    def fail() -> tuple[Case, ...]:
        raise error

    with pytest.raises(type(error), match=str(error)):
        any_runner.run(submission(RIGHT), fail)
    assert {outcome.kind for outcome in run(any_runner, RIGHT).outcomes} == {
        "returned"
    }
