# expected: kernel-flipped
import numpy as np

def convolve(image, kernel):
    h, w = image.shape
    f = np.fft.rfft2(image, s=(h+2, w+2)) * np.fft.rfft2(kernel, s=(h+2, w+2))
    return np.fft.irfft2(f, s=(h+2, w+2))[2:-2, 2:-2]
