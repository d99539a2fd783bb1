# expected: reflect-padding clipped uint8-result
import numpy as np

def convolve(image, kernel):
    p = np.pad(image, 1, 'reflect')
    h, w = image.shape
    out = np.array([[np.sum(p[i:i+3, j:j+3]*kernel) for j in range(w)] for i in range(h)])
    return np.clip(out, 0, 255).astype(np.uint8)
