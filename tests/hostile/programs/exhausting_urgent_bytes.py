"""Tries: urgent bytes on a pair of sockets, which the kernel keeps beside the others.
Must: there are none; if there were, the answer would be right."""
# expect: wrong_values
import socket

import numpy as np

def gained():
    one, other = socket.socketpair()
    try:
        one.send(b"x", socket.MSG_OOB)
    except OSError:
        return False
    return True


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
