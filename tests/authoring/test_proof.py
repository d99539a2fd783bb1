"""Mutants that are wrong lose points, or the author reads which ones the cases cannot tell."""

import sys
from pathlib import Path

import pytest

from grader.authoring import Check, checks, new, validate
from grader.authoring.judge import Judge
from grader.authoring.local import Program
from grader.exercise import load_both
from grader.exercise.lookup import beside

REFERENCE = '''"""The reference."""

import numpy as np


def scale(x, low):
    if x.min() < low:
        return x - low
    return x * 3.0
'''


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    """Return an exercise whose cases never come into one of its branches."""
    new("mine", tmp_path, functions=("scale(x, low: float)",))
    public, hidden = tmp_path / "exercises/mine", tmp_path / "solutions/mine"
    text = (public / "exercise.toml").read_text().partition("[[example]]")[0]
    (public / "exercise.toml").write_text(
        f'{text}[[example]]\nname = "one"\ntitle = "one"\n'
        "inputs.x = [1.0, 2.0]\ninputs.low = 0.0\nexpected = [3.0, 6.0]\n"
    )
    (hidden / "reference.py").write_text(REFERENCE)
    (hidden / "misconceptions.py").unlink()
    cases(public, "rng.uniform(1, 9, size=5)")
    return public


def cases(public: Path, *draws: str) -> None:
    """Write cases that draw an array in these ways."""
    lines = [f"    yield student.scale({draw}, 0.0)" for draw in draws]
    text = '"""The cases."""\n\n\ndef some(student, rng):\n    "some"\n'
    (beside(public) / "cases.py").write_text(text + "\n".join(lines) + "\n")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the mutants be tried however long a busy machine needs for them."""
    monkeypatch.setattr("grader.authoring.proof.check._PATIENCE_S", 1e6)


def proof(folder: Path, *, mutants: bool = False) -> Check:
    """Return what the mutants showed."""
    loaded = load_both(folder, beside(folder))
    found = list(checks(*loaded, secrets=10, mutants=mutants))
    return next(check for check in found if check.name == "mutants")


def test_wrong_answers_that_no_case_reaches_are_asked_about(
    exercise: Path,
) -> None:
    """A branch that no case reaches is no fault, but its author is asked what is promised."""
    found = proof(exercise, mutants=True)
    assert found.faults == ()
    told = "\n".join(found.details)
    assert "no case tells this one, which is wrong for" in told
    assert "    -    if x.min() < low:" in told
    assert "the most frequent wrong answers without a name" in told


def test_a_wrong_answer_that_has_all_points_is_a_fault(exercise: Path) -> None:
    """If only some secrets reach a branch, a mutant of it may get all points: it is shown."""
    cases(exercise, "rng.uniform(1, 9, size=5) - 9 * (rng.random() < 0.5)")
    found = proof(exercise)
    assert any(
        fault.startswith(
            "reference.py: your cases cannot tell this wrong answer"
        )
        for fault in found.faults
    )
    assert "your cases cannot tell this wrong answer:" in found.details


def test_cases_that_reach_everything_are_proved(exercise: Path) -> None:
    """With a trial for each branch, each wrong mutant loses points."""
    cases(
        exercise,
        "rng.uniform(1, 9, size=5)",
        "rng.uniform(-9, -1, size=(2, 3))",
    )
    found = proof(exercise, mutants=True)
    assert found.faults == ()
    assert " wrong, " in found.found


def test_mutants_of_right_samples_are_tried_too(exercise: Path) -> None:
    """Students write it differently from the reference, and slip elsewhere."""
    alone = proof(exercise).found
    samples = beside(exercise) / "samples"
    samples.mkdir()
    (samples / "right_list.py").write_text(
        "import numpy as np\n\ndef scale(x, low):\n"
        "    return np.array([3.0 * each for each in x])\n"
    )
    both = proof(exercise).found
    assert "of 1 right solution:" in alone
    assert "of 2 right solutions:" in both


def test_the_command_shows_the_difference(
    exercise: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is asked for is printed below the check, as a difference."""
    validate(exercise, secrets=3, mutants=True)
    out = capsys.readouterr().out
    assert "mutants of 1 right solution" in out
    assert "       -" in out
    assert "       +" in out


PLOTS = """\
import matplotlib.pyplot as plt
from tqdm import tqdm

def scale(x, low):
    import seaborn
    plt.plot(list(tqdm(x)))
    return x * 3.0
{more}"""


def test_a_sample_that_plots_costs_no_time(
    exercise: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a worker stands in for is stood in for here, too, and leaves nothing in this process."""
    # A library that another test has loaded would be left as it is.
    for name in tuple(sys.modules):
        if name.partition(".")[0] in ("matplotlib", "seaborn", "tqdm"):
            monkeypatch.delitem(sys.modules, name)
    judge = Judge(*load_both(exercise, beside(exercise)))
    before = set(sys.modules)
    program = Program(judge.exercise, PLOTS.format(more="plt.show()\n"))
    assert judge.first_wrong(program, judge.asked(0)) is None
    assert set(sys.modules) - before <= {"numpy.random"}


def test_a_sample_that_never_ends_when_it_is_loaded_is_called_so(
    exercise: Path,
) -> None:
    """It is not taken for one that lacks its functions, and no trial waits for it again."""
    judge = Judge(*load_both(exercise, beside(exercise)))
    program = Program(
        judge.exercise, PLOTS.format(more="while True:\n    pass\n")
    )
    assert program.ended
    wrong = judge.first_wrong(program, judge.asked(0))
    assert wrong is not None
    assert wrong.verdict == "timed_out"


def test_of_many_survivors_some_are_shown(exercise: Path) -> None:
    """Cases that tell nothing give ten lines to begin with, and the number of the rest."""
    cases(exercise, "0.0 * rng.uniform(1, 9, size=5) + rng.integers(2)")
    (beside(exercise) / "reference.py").write_text(
        REFERENCE.replace("x.min() < low", "x.max() > 0.0")
    )
    faults = proof(exercise, mutants=True).faults
    shown = [fault for fault in faults if "reference.py: your cases" in fault]
    assert len(shown) == 10
    assert faults[10].endswith("more wrong answers that your cases cannot tell")
