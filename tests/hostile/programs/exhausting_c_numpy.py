"""Tries: one call of numpy that takes hours and holds the interpreter's lock.
Must: it is ended at the limit."""
# expect: timed_out, out_of_memory

import numpy as np


def convolve(image, kernel):
    return np.einsum("i,j,k,l,m->", *[np.ones(3000)] * 5)
