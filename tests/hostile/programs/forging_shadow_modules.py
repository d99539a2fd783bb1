"""Tries: modules that are called like the standard library's and numpy are written beside the
submission.
Must: the next worker does not look there, and finds an empty folder."""
# expect: wrong_values
import os
import sys

import numpy as np

CODE = "import os; open('@CANARY@/shadow', 'w'); GRADE = 4.0"
for folder in (".", "@SUBMISSIONS@"):
    for name in (
        "numpy.py",
        "sitecustomize.py",
        "usercustomize.py",
        "json.py",
        "x.pth",
        "conftest.py",
    ):
        try:
            open(os.path.join(folder, name), "w").write(CODE)
        except OSError:
            pass
sys.path.insert(0, "@SUBMISSIONS@")
sys.path.insert(0, ".")


def convolve(image, kernel):
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
