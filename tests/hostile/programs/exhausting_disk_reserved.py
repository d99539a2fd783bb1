"""Tries: disk space is reserved (fallocate), which takes no time at all, gigabyte after gigabyte.
Must: there is no such call: it must be written, which takes time."""
# expect: crashed, timed_out, raised
import ctypes
import os


def convolve(image, kernel):
    libc = ctypes.CDLL(None, use_errno=True)
    for number in range(900):
        fd = os.open(f"f{number}", os.O_CREAT | os.O_RDWR)
        if libc.syscall(285, fd, 0, ctypes.c_long(0), ctypes.c_long(60 << 20)) < 0:
            raise OSError(ctypes.get_errno(), "fallocate")
        os.close(fd)
    while True:
        pass
