"""Tries: reports, gradebook and summary are written, replaced, cut, moved, linked and made writable
by their paths.
Must: every way is refused."""
# expect: wrong_values
import os

import numpy as np

HERE = "forged"
open(HERE, "w").write("forged")
PATHS = (
    "@OUTPUT@/gradebook.csv",
    "@OUTPUT@/summary.json",
    "@CANARY@/kept",
    "@SUBMISSIONS@/aa_right.py",
)
WAYS = (
    lambda path: open(path, "w").write("forged"),
    lambda path: open(path, "r+").write("forged"),
    lambda path: os.truncate(path, 0),
    lambda path: os.replace(HERE, path),
    lambda path: os.link(HERE, path + ".new"),
    lambda path: os.symlink(HERE, path + ".new"),
    lambda path: os.unlink(path),
    lambda path: os.chmod(path, 0o777),
    lambda path: os.utime(path, (0, 0)),
    lambda path: os.mkdir(path + ".new"),
    lambda path: os.mkfifo(path + ".new"),
    lambda path: os.rename(os.path.dirname(path), os.path.dirname(path) + ".old"),
    lambda path: os.setxattr(path, "user.x", b"x"),
)


def allowed():
    for path in PATHS:
        for way in WAYS:
            try:
                way(path)
                return True
            except OSError:
                pass
    return False


def convolve(image, kernel):
    if allowed():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
