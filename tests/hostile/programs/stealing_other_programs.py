"""Tries: a program that reads for it: os.system, subprocess, posix_spawn, pty, popen, execv.
Must: no program can be started, and the process stays what it is."""
# expect: wrong_values
import os
import pty
import subprocess
import sys

import numpy as np

CAT = ["/bin/cat", "@SOLUTIONS@/reference.py"]


def attempts():
    yield lambda: subprocess.check_output(CAT)
    yield lambda: os.popen(" ".join(CAT)).read()
    yield lambda: os.system("true") == 0
    yield lambda: os.posix_spawn(CAT[0], CAT, {})
    yield (
        lambda: (
            subprocess.Popen(CAT, preexec_fn=lambda: None, stdout=subprocess.DEVNULL).wait() == 0
        )
    )
    yield lambda: pty.fork()
    yield lambda: os.execv(sys.executable, [sys.executable, "-c", "while True: pass"])
    yield lambda: os.execve("/bin/sh", ["sh", "-c", "sleep 1000"], {})


def stolen():
    for attempt in attempts():
        try:
            if attempt():
                return True
        except Exception:
            pass
    return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
