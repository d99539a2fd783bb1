# expected: nothing
import numpy as np

def convolve(image, kernel):
    return np.array([np.convolve(r, kernel[1], 'valid') for r in image])
