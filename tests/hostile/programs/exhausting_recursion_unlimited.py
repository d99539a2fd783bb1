"""Tries: recursion without end and without Python's limit, until the stack is full.
Must: the process dies of it alone."""
# expect: crashed, raised, out_of_memory, timed_out
import sys


sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr([self])


def convolve(image, kernel):
    return repr(Deep())
