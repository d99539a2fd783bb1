"""Tries: the parent's memory, environment, descriptors, root and working directory are read through
/proc.
Must: /proc is closed."""
# expect: wrong_values
import os

import numpy as np


def stolen():
    for pid in (os.getppid(), "self", "thread-self", os.getpid()):
        for name in (
            "mem",
            "environ",
            "maps",
            "cmdline",
            "status",
            "auxv",
            "cwd/x",
            "root/etc/passwd",
            "fd/3",
            "exe",
        ):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    file.read(1)
                return True
            except OSError:
                pass
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
