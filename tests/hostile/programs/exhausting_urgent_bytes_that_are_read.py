"""Tries: urgent bytes, asked for by the one who reads.
Must: there are none; if there were, the kernel would say that none have come, and not ENOSYS."""
# expect: wrong_values
import errno
import socket

import numpy as np

def gained():
    one, other = socket.socketpair()
    try:
        one.recv(1, socket.MSG_OOB)
    except OSError as error:
        return error.errno not in (errno.ENOSYS, errno.EPERM)
    return True


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
