import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x.copy()
    values = []
    for value in x.ravel():
        if rng.random() < p:
            values.append(0.0)
        else:
            values.append(value / (1.0 - p))
    return np.array(values).reshape(x.shape)
