"""Tries: all of the kernel's memory that a worker can get: sockets, memory areas, threads and page
tables.
Must: that is some 50 MB, which docs/security.md adds up; the next one is graded as ever."""
# expect: wrong_values, raised, crashed, timed_out, out_of_memory
import ctypes
import socket
import threading
import time

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
MEMORY = 256 << 20
kept = []


def fill_sockets():
    try:
        while True:
            kept.append(socket.socketpair())
    except OSError:
        pass
    for pair in kept:
        for one in pair:
            one.setblocking(False)
            try:
                while True:
                    one.send(bytes(1 << 12))
            except OSError:
                pass


def split_memory(start):
    for at in range(start, start + MEMORY, 8192):
        ctypes.memset(at, 1, 1)
        if libc.mprotect(at, 4096, 1) < 0:
            break


def convolve(image, kernel):
    start = libc.mmap(None, ctypes.c_size_t(MEMORY), 3, 0x22, -1, ctypes.c_long(0))
    threading.stack_size(1 << 18)
    for _ in range(50):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    fill_sockets()
    split_memory(start)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
