"""Tries: sockets with buffers of 64 MB, which is kernel memory.
Must: a pair of sockets keeps what the kernel gives by default; with more, the answer is right."""
# expect: wrong_values
import socket

import numpy as np

def sent(one):
    one.setblocking(False)
    total = 0
    try:
        while True:
            total += one.send(bytes(1 << 16))
    except OSError:
        return total


def gained():
    one, other = socket.socketpair()
    for option in (socket.SO_SNDBUF, 32):  # 32: SO_SNDBUFFORCE
        try:
            one.setsockopt(socket.SOL_SOCKET, option, 64 << 20)
        except OSError:
            continue
    return sent(one) > 2 << 20


def convolve(image, kernel):
    if gained():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
