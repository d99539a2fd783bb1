# expected: same-padding kernel-flipped absolute-value
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    f = np.fft.fft2(image, s=(h+2, w+2)) * np.fft.fft2(kernel, s=(h+2, w+2))
    return np.abs(np.fft.ifft2(f))[1:-1, 1:-1]
