"""Tries: builtins that a comparison might use are replaced by ones that always agree.
Must: only the program's own process has them; the zeros are wrong values."""
# expect: wrong_values, crashed, raised
import builtins

import numpy as np

for name in (
    "abs",
    "all",
    "any",
    "isinstance",
    "issubclass",
    "max",
    "min",
    "sum",
    "float",
    "round",
    "bool",
):
    setattr(builtins, name, lambda *args, **more: True)


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
