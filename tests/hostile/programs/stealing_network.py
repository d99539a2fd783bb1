"""Tries: sockets of every family, to ask somebody else for the answer.
Must: no socket can be made."""
# expect: timed_out, wrong_values
import socket

import numpy as np


def stolen():
    for family in (
        socket.AF_INET,
        socket.AF_INET6,
        socket.AF_UNIX,
        socket.AF_NETLINK,
        socket.AF_PACKET,
        38,
        40,
        16,
    ):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
                return True
            except OSError:
                pass
    try:
        return bool(socket.create_connection(("127.0.0.1", 22), 0.1))
    except OSError:
        return False


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
