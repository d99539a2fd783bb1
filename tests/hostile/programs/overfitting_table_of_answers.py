"""Tries: the public examples' results, looked up in a table.
Must: a table does not know what was drawn for this submission."""
# expect: raised

import numpy as np


ANSWERS = {(1.0, 4): [[12.0, 4.0], [13.0, 7.0]], (1.0, 5): [[11.0, 9.0], [11.5, 8.25], [16.0, 4.5]]}


def convolve(image, kernel):
    return np.array(ANSWERS[float(image[0, 0]), len(image)])
