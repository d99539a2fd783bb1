# expected: windows-run-short
import numpy as np
def convolve(image, kernel):
    H, W = image.shape
    out = np.zeros((H, W))
    for y in range(H):
        for x in range(W):
            win = image[y:y+3, x:x+3]
            out[y, x] = np.sum(win * kernel[:win.shape[0], :win.shape[1]])
    return out
