"""Tries: connection files of Jupyter kernels, with their keys, in every place where they are kept.
Must: none of these places can be listed."""
# expect: wrong_values
import glob
import os

import numpy as np


def stolen():
    homes = {os.path.expanduser("~"), "/root", "/home/jovyan", os.environ.get("HOME", ".")}
    places = [f"{home}/.local/share/jupyter/runtime" for home in homes] + [
        "/tmp",
        "/run/user/0",
        "/run/user/1000",
    ]
    for place in places:
        if glob.glob(f"{place}/kernel-*.json") or glob.glob(f"{place}/*/kernel-*.json"):
            return True
        try:
            os.listdir(place)
            return True
        except OSError:
            pass
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
