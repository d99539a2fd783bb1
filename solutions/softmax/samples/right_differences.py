import numpy as np


def softmax(logits):
    # 1 / sum of e^(other - mine): where a difference is too large, 1 / inf is 0, and that is right.
    with np.errstate(over="ignore"):
        differences = logits[:, None, :] - logits[:, :, None]
        return 1 / np.exp(differences).sum(axis=2)
