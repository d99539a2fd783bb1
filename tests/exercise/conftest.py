"""An exercise that a test may spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest

EXERCISE = """
title = "Add two arrays"

[[example]]
name = "small"
title = "two and two"
inputs.left = [[1, 2], [3, 4]]
inputs.right = [[0.5, 1], [1, 1]]
expected = [[1.5, 3], [4, 5]]
"""
TO_DO = "    raise NotImplementedError\n"
CASES = """
[[case]]
name = "square"
title = "2x2"
shapes.left = [2, 2]
shapes.right = [2, 2]

[[trial]]
name = "float"
title = "floats"
inputs.left = { kind = "uniform", low = -1, high = 1, step = 0.25 }
inputs.right = { kind = "integers", low = 0, high = 9 }
"""
REFERENCE = "def add(left, right):\n    return left + right\n"
STUB = "def add(left, right):\n    raise NotImplementedError\n"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes both halves of an exercise `adding`.

    A test may replace the text of a file. The function returns the folder of the public half.
    """

    def _write(
        exercise: str = EXERCISE,
        cases: str = CASES,
        reference: str | None = REFERENCE,
        stub: str | None = STUB,
    ) -> Path:
        public, hidden = (
            tmp_path / "exercises" / "adding",
            tmp_path / "solutions" / "adding",
        )
        for folder in (public, hidden):
            folder.mkdir(parents=True, exist_ok=True)
        (public / "exercise.toml").write_text(exercise)
        (hidden / "cases.toml").write_text(cases)
        for path, text in (
            (public / "add.py", stub),
            (hidden / "reference.py", reference),
        ):
            if text is not None:
                path.write_text(text)
        return public

    return _write
