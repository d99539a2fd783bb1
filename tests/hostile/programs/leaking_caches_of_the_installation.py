"""Tries: compiled modules and caches are planted where Python is installed.
Must: nothing can be written there; if it could, the program would answer right."""
# expect: wrong_values
import functools
import importlib.util
import os
import py_compile
import sys

import numpy as np


@functools.cache
def planted():
    sys.dont_write_bytecode = False
    for module in (np, os):
        try:
            py_compile.compile(
                module.__file__,
                cfile=importlib.util.cache_from_source(module.__file__),
                doraise=True,
            )
            return True
        except (OSError, py_compile.PyCompileError):
            pass
        try:
            open(os.path.join(os.path.dirname(module.__file__), "left.pth"), "w").close()
            return True
        except OSError:
            pass
    return False


def convolve(image, kernel):
    if planted():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
