"""Tries: a user namespace of its own, with every capability, and in it a mount, a chroot and a
pivot_root.
Must: none of these system calls works."""
# expect: wrong_values
import ctypes
import errno
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def stolen():
    tries = [
        libc.unshare(0x10000000 | 0x00020000),  # user and mount namespace
        libc.unshare(0x40000000),  # network namespace
        libc.setns(os.open("/", os.O_PATH), 0),
        libc.chroot(b"."),
        libc.syscall(155, b".", b"."),  # pivot_root
        libc.syscall(428, -100, b"/", 1),  # open_tree
        libc.syscall(430, b"proc", 0),  # fsopen
    ]
    # A mount that can never succeed: only who may try hears that there is no such folder.
    libc.mount(b"/", b"/no/such/folder", None, 4096, None)
    return any(result >= 0 for result in tries) or ctypes.get_errno() not in (
        errno.EPERM,
        errno.ENOSYS,
    )


def convolve(image, kernel):
    if stolen():
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
