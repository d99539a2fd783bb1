# expected: wrap-around kernel-flipped
import numpy as np

def convolve(image, kernel):
    f = np.fft.fft2(image)
    k = np.fft.fft2(kernel, s=image.shape)
    return np.real(np.fft.ifft2(f * k))
