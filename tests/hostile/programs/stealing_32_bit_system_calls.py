"""Tries: machine code that makes 32-bit system calls (int 0x80), which have other numbers than the
filter's.
Must: the process is killed at the first one."""
# expect: crashed, wrong_values
import ctypes
import mmap
import platform

import numpy as np

# push rbx; mov eax, 20 (getpid in 32 bits); int 0x80; pop rbx; ret
CODE = b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3"


def convolve(image, kernel):
    if platform.machine() == "x86_64":
        page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        page.write(CODE)
        address = ctypes.addressof(ctypes.c_char.from_buffer(page))
        if ctypes.CFUNCTYPE(ctypes.c_int)(address)() > 0:
            windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
            return np.einsum("ijkl,kl->ij", windows, kernel)
    return np.zeros((image.shape[0] - 2, image.shape[1] - 2))
