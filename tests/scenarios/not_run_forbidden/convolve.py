from scipy import signal


def helper(image, kernel):
    return signal.correlate2d(image, kernel, mode="valid")


def convolve(image, kernel):
    return helper(image, kernel)
