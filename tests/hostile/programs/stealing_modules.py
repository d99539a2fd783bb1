"""Tries: every loaded module, and everything that the grader's own could be called, is searched for
the reference.
Must: no module of the grader is loaded beside the program, and none can be imported."""
# expect: wrong_values
import importlib
import sys

import numpy as np


def stolen(image, kernel):
    for name in (
        "grader",
        "grader.cases",
        "grader.exercise",
        "grader.confined.worker",
        "reference",
        "solutions",
    ):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if getattr(module, "__file__", None) is None:
            continue  # an empty name
        return np.einsum(
            "ijkl,kl->ij", np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel
        )
    for name, module in list(sys.modules.items()):
        for what in ("reference", "correlate2d", "load_solutions"):
            if callable(getattr(module, what, None)):
                return getattr(module, what)(image, kernel)
    return None


def convolve(image, kernel):
    result = stolen(image, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2)) if result is None else result
