# expected: zero-output
import numpy as np

def convolve(image, kernel):
    output = np.zeros_like(image)
    # TODO
    return output
