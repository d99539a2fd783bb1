# expected: ignores-kernel
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    for i in range(h-2):
        for j in range(w-2):
            patch = image[i:i+3, j:j+3]
    return patch
