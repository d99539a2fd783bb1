"""Tries: arrays that point at memory that is not theirs, in a list that the worker has to read.
Must: at worst it is the program's own process that dies."""
# expect: wrong_type, wrong_shape, wrong_values, crashed, raised

import numpy as np

class Elsewhere:
    def __init__(self, address):
        self.__array_interface__ = {
            "shape": (6, 6), "typestr": "<f8", "version": 3, "data": (address, True),
        }


def convolve(image, kernel):
    return [Elsewhere(id(image) // 2), Elsewhere(4096)]
