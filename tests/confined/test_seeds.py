"""The same file gives the same results in every template, whatever it leaves to chance."""

import pytest

from grader.execution import Confinement, open_runner
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


@pytest.mark.parametrize("fork_server", [True, False])
def test_what_is_left_to_chance_is_the_same_each_time(fork_server: bool) -> None:
    """Memory that nothing was written to, numbers drawn without a seed, the order of a set."""
    source = "import random\nimport numpy as np\ndef convolve(image, kernel):\n    return [\n"
    source += (
        "".join(f"        {each}.ravel().tolist(),\n" for each in LEFT_TO_CHANCE)
        + "    ][STEP]\n"
    )
    files = [
        submission(source.replace("STEP", str(n)), f"{n}.py")
        for n in range(len(LEFT_TO_CHANCE))
    ]
    seen = []
    for _ in range(3):
        with open_runner(
            exercise_with(load_s=20.0), confinement=Confinement(fork_server=fork_server)
        ) as runner:
            seen.append(
                [
                    [one.value.tobytes() for one in runner.run(f, cases()).outcomes]
                    for f in files
                ]
            )  # type: ignore[union-attr] # returned
    assert seen[0] == seen[1] == seen[2]
