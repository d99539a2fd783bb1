"""`%%grade` and `check` in a real kernel, as a student uses them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def loaded(kernel: Any) -> Any:
    """Return a kernel in which `%load_ext grader` has been run."""
    assert kernel.run("%load_ext grader\nimport numpy as np") == []
    return kernel


def test_the_magic_runs_the_cell_and_shows_the_cards(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """One output, with cards and text; as after any cell, the function is there afterwards."""
    outputs = loaded.run("%%grade\n" + solutions["right"])
    assert [output["type"] for output in outputs] == ["execute_result"]
    assert set(outputs[0]["data"]) == {"text/html", "text/plain"}
    assert "All 5 cases passed." in outputs[0]["data"]["text/plain"]
    assert (
        loaded.say("convolve(np.ones((3, 3)), np.ones((2, 2)))").count("4.")
        == 4
    )


def test_on_success_their_own_function_is_shown_on_a_picture(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """What it makes of a picture with two kernels; where something is wrong there is none."""
    (right,) = loaded.run("%%grade\n" + solutions["right"])
    html = right["data"]["text/html"]
    assert "What your own function sees" in html
    assert html.count("<img") == 3
    (wrong,) = loaded.run("%%grade\n" + solutions["padded"])
    assert "What your own function sees" not in wrong["data"]["text/html"]


def test_the_magic_shows_what_the_cell_prints_and_gives(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """The cell is a normal cell: its own output comes first."""
    said = loaded.say(
        "%%grade\nprint('before')\n" + solutions["right"] + "\n'last value'"
    )
    assert (
        said.index("before")
        < said.index("'last value'")
        < said.index("All 5 cases passed.")
    )


def test_a_cell_that_fails_is_not_checked(loaded: Any) -> None:
    """A cell that fails shows its traceback as usual, then one line; the kernel goes on."""
    for broken in ("1 / 0", "def convolve(image, kernel:\n    pass"):
        said = loaded.say("%%grade\n" + broken)
        assert "Error" in said
        assert "nothing to check yet" in said
    assert loaded.say("1 + 1") == "2"


def test_a_misspelt_function_is_told_although_an_older_one_is_there(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """A `convolve` that an earlier cell left behind does not hide a mistake in this cell."""
    loaded.run(solutions["right"])
    said = loaded.say(
        "%%grade\n" + solutions["right"].replace("convolve", "convolv")
    )
    assert "convolv" in said
    assert "convolve" in said
    assert "passed" not in said


def test_a_cell_without_a_definition_checks_what_is_there(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """`%%grade` on a cell of tries checks the notebook's convolve."""
    loaded.run(solutions["right"])
    assert "All 5 cases passed." in loaded.say("%%grade\nx = 1")
    assert "All 5 cases passed." in loaded.say(
        "%%grade convolution\nconvolve = convolve"
    )


def test_an_unknown_exercise_is_one_line(loaded: Any) -> None:
    """No traceback for a typing error in the magic's line."""
    said = loaded.say("%%grade convolutoin\nx = 1")
    assert "convolutoin" in said
    assert "Traceback" not in said


def test_without_an_argument_check_finds_the_function(
    kernel: Any, solutions: dict[str, str]
) -> None:
    """`check()` finds the function; if there is none, it says which ones there are."""
    kernel.run("from grader import check\ndef convolv(image, kernel): pass")
    assert "convolv" in kernel.say("check()")
    kernel.run(solutions["right"])
    assert "All 5 cases passed." in kernel.say("check()")


def test_an_exception_is_shown_with_the_students_own_line(kernel: Any) -> None:
    """A cell's number is the one in the brackets beside it, for a helper in another cell too."""
    kernel.run("from grader import check")
    kernel.run("def helper(image):\n    return image[99, 99]")
    kernel.run("def convolve(image, kernel):\n    return helper(image)")
    said = " ".join(kernel.say("check(convolve)").split())
    assert "IndexError" in said
    assert "cell 2, line 2: return image[99, 99]" in said


def test_the_magic_names_the_cell_and_the_line_that_the_page_shows(
    loaded: Any,
) -> None:
    """The number in the brackets, and the line as the editor counts it: the magic is line 1."""
    for _ in range(2):
        outputs = loaded.run(
            "%%grade\ndef convolve(image, kernel):\n    x = 1\n    return image[99, 99]"
        )
        number = outputs[0]["execution_count"]
        said = " ".join(outputs[0]["data"]["text/plain"].split())
        assert f"cell {number}, line 4: return image[99, 99]" in said
        assert f"cell {number}, line 4" in " ".join(
            loaded.say("import grader\ngrader.check()").split()
        )
    failed = loaded.say("%%grade\n\n1 / 0")
    assert f"In[{number + 2}], line 3" in failed


def test_a_forbidden_library_from_another_cell_is_found(kernel: Any) -> None:
    """The import and its use may stand in two cells."""
    kernel.run("from grader import check")
    kernel.run("import scipy.signal as sig")
    kernel.run(
        "def convolve(image, kernel):\n    return sig.correlate2d(image, kernel, mode='valid')"
    )
    said = kernel.say("check(convolve)")
    assert "scipy" in said
    assert "passed" not in said


def test_an_endless_loop_can_be_stopped_and_the_kernel_stays(
    kernel: Any,
    solutions: dict[str, str],
    text_of: Callable[[Any], str],
    wait_for: Callable[[Path], bool],
    tmp_path: Path,
) -> None:
    """The stop button: a kind line instead of a traceback, and the next cell works.

    Like every cell that is stopped, it ends a run of all cells.
    """
    kernel.run("from grader import check")
    kernel.run(solutions["endless"])
    message = kernel.start("check(convolve)")
    below = kernel.start("open('below', 'w').close()")
    assert wait_for(tmp_path / "begun")
    kernel.manager.interrupt_kernel()
    outputs = kernel.finish(message)
    said = text_of(outputs)
    kinds = [output["type"] for output in outputs]
    assert kinds == ["execute_result", "error"]
    kernel.finish(below)
    assert not (tmp_path / "below").exists()
    assert "Stopped" in said
    assert "Nothing is lost." in said
    assert "Traceback" not in said
    assert len(said) < 20_000
    kernel.run(solutions["right"])
    assert "All 5 cases passed." in kernel.say("check(convolve)")


def test_a_cell_that_is_stopped_inside_the_magic_ends_a_run_of_all(
    loaded: Any,
    wait_for: Callable[[Path], bool],
    tmp_path: Path,
) -> None:
    """What hangs in the cell itself, and not in its function, is stopped by one press too."""
    hanging = "%%grade\nopen('begun', 'w').close()\nwhile True: pass"
    message = loaded.start(hanging)
    below = loaded.start("open('below', 'w').close()")
    assert wait_for(tmp_path / "begun")
    loaded.manager.interrupt_kernel()
    loaded.finish(message)
    loaded.finish(below)
    assert not (tmp_path / "below").exists()


NEVER_ENDING = {
    "a loop": "    while True:\n        x = 1",
    "a loop that catches everything": "    while True:\n        try:\n"
    "            x = sum([1])\n        except:\n            pass",
    "a nap": "    import time\n    time.sleep(1000)",
}


@pytest.mark.parametrize("body", NEVER_ENDING.values(), ids=NEVER_ENDING)
def test_what_never_ends_is_ended_with_its_line(
    loaded: Any, solutions: dict[str, str], body: str
) -> None:
    """After the time for a call the check ends by itself, says where, and leaves no trace."""
    before = "import signal, sys\nbefore = signal.getsignal(signal.SIGALRM)"
    loaded.run(before)
    source = f"%%grade\ndef convolve(image, kernel):\n{body}"
    said = " ".join(loaded.say(source).split())
    assert "No answer: still in" in said
    assert " after 2 s" in said
    line = 4 if "nap" not in body and "time" in body else 3
    assert f", line {line} after 2 s" in said
    assert "a case before it did not end" in said
    after = "signal.getsignal(signal.SIGALRM) is before, sys.gettrace()"
    assert loaded.say(after) == "(True, None)"
    assert "All 5 cases passed." in loaded.say("%%grade\n" + solutions["right"])


def test_a_verdict_about_older_code_says_so(
    kernel: Any, solutions: dict[str, str]
) -> None:
    """Where the cell that ran last has failed, it is said which cell the function is of."""
    remark = (
        "This is convolve of cell [2]; "
        "the cell that you ran last stopped with an error."
    )
    kernel.run("from grader import check")
    kernel.run(solutions["right"])
    assert remark not in kernel.say("check(convolve)")
    for broken in (
        "def convolve(image, kernel):\nreturn 1",
        "def convolve(image, kernel)\n    return 1",
        "1 / 0",
    ):
        kernel.run(broken)
        said = kernel.say("check(convolve)")
        assert said.startswith(remark)
        assert "All 5 cases passed." in said
        assert remark not in kernel.say("check()")
    kernel.run("%load_ext grader")
    kernel.run("%%grade\ndef convolve(image, kernel):\nreturn 1")
    assert kernel.say("check()").startswith(remark)
    kernel.run(solutions["right"] + "\n1 / 0")
    assert "This is convolve" not in kernel.say("check()")


def test_a_restart_brings_everything_back(
    kernel: Any, solutions: dict[str, str]
) -> None:
    """Nothing is kept outside the kernel."""
    for _ in range(2):
        kernel.run("%load_ext grader")
        assert "All 5 cases passed." in kernel.say(
            "%%grade\n" + solutions["right"]
        )
        kernel.manager.restart_kernel(now=True)
        kernel.client.wait_for_ready(timeout=180)


def test_the_extension_can_be_reloaded_and_unloaded(
    loaded: Any, solutions: dict[str, str]
) -> None:
    """`%reload_ext` after an update, `%unload_ext` to be rid of it."""
    loaded.run("%reload_ext grader")
    assert "All 5 cases passed." in loaded.say("%%grade\n" + solutions["right"])
    loaded.run("%unload_ext grader")
    assert "not found" in loaded.say("%%grade\nx = 1")


def test_loading_the_extension_loads_nothing_that_a_student_waits_for(
    kernel: Any,
) -> None:
    """Neither jinja2 nor the libraries of the grading side come with `from grader import check`."""
    heavy = "{'jinja2', 'nbclient', 'nbformat', 'rich', 'scipy', 'pyseccomp'}"
    said = kernel.say(
        f"import sys\nfrom grader import check\nprint(sorted({heavy} & set(sys.modules)))"
    )
    assert said.strip() == "[]"
