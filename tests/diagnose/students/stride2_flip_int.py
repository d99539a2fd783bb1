# expected: stride-two kernel-flipped integer-result
import numpy as np

def convolve(image, kernel):
    k = np.flip(kernel)
    rows = []
    for i in range(0, image.shape[0]-2, 2):
        rows.append([int(np.sum(image[i:i+3, j:j+3]*k)) for j in range(0, image.shape[1]-2, 2)])
    return np.array(rows)
