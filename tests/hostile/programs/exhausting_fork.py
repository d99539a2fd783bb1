"""Tries: processes that make processes.
Must: there is not one; the attempt is a PermissionError like any other exception."""
# expect: raised
import os


def convolve(image, kernel):
    for _ in range(8):
        if os.fork() == 0:
            while True:
                pass
