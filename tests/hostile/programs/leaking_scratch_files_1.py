"""Tries: files are left in the scratch folder, and read by the next submission (this one is there
twice).
Must: the next one finds an empty folder; if it did not, it would answer right."""
# expect: wrong_values
import os

import numpy as np


found = os.listdir(".") + [name for name in ("left", "..", "../left") if os.path.isfile(name)]
try:
    open("left", "w").write("what the next one should know")
    open(".left", "w").write("the same")
except OSError:
    pass


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
