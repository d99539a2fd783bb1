"""Tries: the scratch folder is made large, which some file systems never undo (this one is there
twice).
Must: a folder that has grown is not used again; if it were, the next one would answer right."""
# expect: wrong_values
import os

import numpy as np


found = False  # where a busy machine leaves only the time for definitions
found = os.stat(".").st_size > 4096
for number in range(0 if found else 100):
    os.close(os.open(f"{number:04}" + "x" * 240, os.O_CREAT | os.O_WRONLY))


def convolve(image, kernel):
    if found:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
