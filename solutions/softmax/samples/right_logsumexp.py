from numpy import *


def softmax(logits, axis=1):
    return exp(logits - expand_dims(logaddexp.reduce(logits, axis=axis), axis)).astype(float32)
