"""When what came back is what a wrong answer gives."""

import numpy as np

from grader.diagnose.alike import alike


def test_what_is_left_of_numbers_that_cancel_is_alike_to_nothing() -> None:
    """One way to compute gives 0, another 1.4e-17: it is the same mistake."""
    left = np.array([0.3 - 0.1 - 0.2])
    assert left.any()
    assert alike({"w": left, "b": 1.5}, {"w": np.zeros(1), "b": 1.5})


def test_small_numbers_are_not_all_alike() -> None:
    """What is larger than a rounding error counts, however small it is."""
    assert not alike(np.array([1e-6]), np.zeros(1))
