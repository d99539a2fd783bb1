"""Tries: numpy's comparisons are patched to say that everything is equal.
Must: the grader compares elsewhere; the zeros are seen for what they are."""
# expect: wrong_values
import numpy as np

for name in (
    "allclose",
    "isclose",
    "array_equal",
    "array_equiv",
    "equal",
    "all",
    "less_equal",
    "abs",
    "absolute",
):
    setattr(np, name, lambda *args, **more: True)
for name in (
    "assert_allclose",
    "assert_array_equal",
    "assert_almost_equal",
    "assert_array_almost_equal",
):
    setattr(np.testing, name, lambda *args, **more: None)


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
