import math

import numpy as np


def softmax(logits):
    rows = []
    for row in logits:
        largest = max(row)
        powers = []
        for value in row:
            powers.append(math.exp(value - largest))
        total = sum(powers)
        rows.append([power / total for power in powers])
    return np.array(rows)
