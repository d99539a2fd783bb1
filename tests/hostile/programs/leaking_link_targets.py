"""Tries: where links lead that it may not follow.
Must: a link looks like none; if its target could be read, the answer would be right."""
# expect: wrong_values
import os

import numpy as np

LINKS = ("/bin", "/lib", "/proc/self/exe", "/proc/self/cwd", "/proc/1/root", "/etc/localtime")


def gained():
    for link in LINKS:
        try:
            return bool(os.readlink(link))
        except OSError:
            continue
    return False


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
