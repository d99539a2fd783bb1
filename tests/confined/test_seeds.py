"""The same file gives the same results in every template, whatever it leaves to chance."""

import numpy as np
import pytest

from grader.execution import Confinement, Runner, open_runner
from grader.model import Submission
from tests.execution.conftest import cases, exercise_with, submission

LEFT_TO_CHANCE = [
    "np.empty((6, 6))",
    "np.empty(image.shape)[:2]",
    "np.empty((40, 40))",
    "np.array([np.empty(n)[-1] for n in range(1, 200)])[None]",
    "np.random.rand(3, 3)",
    "np.random.default_rng().random((3, 3))",
    "np.random.RandomState().rand(3, 3)",
    "np.array([[random.random()]])",
    "np.array([[float(ord(next(iter({'a', 'b', 'c', 'd', 'e'}))))]])",
]


def results(runner: Runner, file: Submission) -> list[bytes]:
    """Run a file, and return the bytes of each result."""
    values = [outcome.value for outcome in runner.run(file, cases()).outcomes]
    assert all(value is not None for value in values)
    return [np.array(value).tobytes() for value in values]


@pytest.mark.parametrize("fork_server", [True, False])
def test_what_is_left_to_chance_is_the_same_each_time(
    fork_server: bool,
) -> None:
    """Memory never written to, numbers drawn without a seed, and sets are the same each time."""
    values = "".join(
        f"        {each}.ravel().tolist(),\n" for each in LEFT_TO_CHANCE
    )
    head = "import random\nimport numpy as np\ndef convolve(image, kernel):\n"
    files = []
    for step in range(len(LEFT_TO_CHANCE)):
        source = f"{head}    return [\n{values}    ][{step}]\n"
        files.append(submission(source, f"{step}.py"))
    seen = []
    for _ in range(3):
        with open_runner(
            exercise_with(load_s=20.0),
            confinement=Confinement(fork_server=fork_server),
        ) as runner:
            seen.append([results(runner, file) for file in files])
    assert seen[0] == seen[1] == seen[2]
