# expected: return-inside-loop
import numpy as np

def convolve(image, kernel):
    s = 0
    for i in range(image.shape[0]-2):
        for j in range(image.shape[1]-2):
            for a in range(3):
                for b in range(3):
                    s += image[i+a, j+b]*kernel[a, b]
            return s
