"""Tries: anonymous memory through libc: mmap, malloc, sbrk, with every page locked.
Must: all of it counts; nothing is locked."""
# expect: raised, wrong_type, crashed, timed_out, out_of_memory
import ctypes
import mmap


def convolve(image, kernel):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
    libc.mlockall(3)
    kept = []
    while True:
        kept.append(mmap.mmap(-1, 1 << 26))
        kept[-1].write(b"x" * (1 << 26))
        libc.malloc(1 << 26)
        libc.sbrk(1 << 26)
