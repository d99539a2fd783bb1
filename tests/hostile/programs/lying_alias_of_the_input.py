"""Tries: the result is a view of the input, and both are changed when the call is over.
Must: the view is sent as it was at the return, which is wrong."""
# expect: wrong_values, modified_input
import threading
import time

import numpy as np


def later(image):
    time.sleep(0.001)
    image *= 0


def convolve(image, kernel):
    threading.Thread(target=later, args=(image,), daemon=True).start()
    return image[1:-1, 1:-1]
