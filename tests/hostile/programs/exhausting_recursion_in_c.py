"""Tries: recursion in C: the text, the comparison, the release of a structure a million levels
deep.
Must: the process dies of it alone, or it is an exception."""
# expect: crashed, raised, wrong_type, timed_out
import copy
import itertools


def convolve(image, kernel):
    deep = ()
    for _ in range(1_000_000):
        deep = (deep,)
    chain = iter(())
    for _ in range(1_000_000):
        chain = itertools.chain(chain)
    try:
        repr(deep)
    except RecursionError:
        pass
    next(chain, None)
    return copy.deepcopy(deep)
