"""Tries: a library that convolves, imported by a way around: by file, by loader, by its shared
object.
Must: its files cannot be read where it is installed; it is the rule, or a wrong value."""
# expect: wrong_values, not_run
# status: graded, not_gradable
import glob
import importlib.machinery
import importlib.util
import os
import sys

import numpy as np


def stolen(image, kernel):
    for folder in [path for path in sys.path if path.endswith("-packages")]:
        for name in glob.glob(f"{folder}/sc[i]py/signal/_sigtools*.so") + [
            f"{folder}/sc" + "ipy/signal/_sigtools.so"
        ]:
            try:
                loader = importlib.machinery.ExtensionFileLoader("_sigtools", name)
                module = importlib.util.module_from_spec(
                    importlib.util.spec_from_loader("_sigtools", loader)
                )
                return module._correlateND(image.astype(float), kernel.astype(float), None, 0)
            except (ImportError, OSError):
                pass
    sys.meta_path[:] = [
        finder for finder in sys.meta_path if "grader" not in type(finder).__module__
    ]
    try:
        return __import__("sc" + "ipy.sig" + "nal").signal.correlate2d(image, kernel, "valid")
    except (ImportError, OSError):
        return None


def convolve(image, kernel):
    result = stolen(image, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2)) if result is None else result
