"""Tries: links, folders, pipes and files without permissions are left in the scratch folder, to
lead whoever empties it astray.
Must: only plain files can be made there; emptying them harms nobody."""
# expect: wrong_values
import os

import numpy as np

WAYS = (
    lambda: os.symlink("@CANARY@", "link"),
    lambda: os.link("@CANARY@/kept", "kept"),
    lambda: os.mkdir("folder"),
    lambda: os.makedirs("a/" * 500),
    lambda: os.mkfifo("pipe"),
    lambda: os.mknod("node", 0o600 | 0o060000, os.makedev(1, 3)),
    lambda: os.chmod(".", 0),
    lambda: os.rename(".", "../moved"),
    lambda: os.open("nobody", os.O_CREAT, 0) and False,
    lambda: (
        [open(name, "w").close() for name in ("a\nb", "-rf", "x" * 255, "\udcff", " ")] and False
    ),
)


def allowed():
    for way in WAYS:
        try:
            if way() is not False:
                return True
        except OSError:
            pass
    return False


def convolve(image, kernel):
    if allowed():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
