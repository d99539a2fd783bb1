"""Tries: cases.toml and misconceptions.py are read, to know what is asked.
Must: they cannot be opened; if they could, the program would answer right."""
# expect: wrong_values
import numpy as np


def readable():
    for name in ("cases.toml", "misconceptions.py", "samples/right.py"):
        try:
            return bool(open(f"@SOLUTIONS@/{name}").read())
        except OSError:
            pass
    return False


def convolve(image, kernel):
    if readable():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
