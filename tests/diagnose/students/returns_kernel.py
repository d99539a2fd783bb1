# expected: nothing
import numpy as np

def convolve(image, kernel):
    return kernel
