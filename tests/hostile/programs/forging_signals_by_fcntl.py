"""Tries: descriptors are made to send signals to others: F_SETOWN, F_SETSIG, FIOASYNC, timers,
message queues.
Must: none of these works."""
# expect: wrong_values
import ctypes
import fcntl
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def allowed():
    for fd in (1, 2, 3):
        for command, value in (
            (8, os.getppid()),
            (10, 9),
            (15, 0),
            (1024, 0),
            (1031, 1 << 20),
            (1033, 1),
        ):
            try:
                fcntl.fcntl(fd, command, value)
                return True
            except OSError:
                pass
        for request in (0x5452, 0x8901, 0x5412, 0x541D):  # FIOASYNC, FIOSETOWN, TIOCSTI, TIOCCONS
            if (
                libc.ioctl(fd, ctypes.c_ulong(request), ctypes.byref(ctypes.c_int(os.getppid())))
                == 0
            ):
                return True
    return libc.syscall(222, 0, None, ctypes.byref(ctypes.c_int())) == 0


def convolve(image, kernel):
    if allowed():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
