import numpy as np


def softmax(logits):
    e = np.exp(np.clip(logits, -100, 100))
    return e / (np.sum(e, axis=-1)[:, None] + 1e-9)
