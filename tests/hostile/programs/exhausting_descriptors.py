"""Tries: descriptors without end, of every kind.
Must: there are 64, and the exception is the program's."""
# expect: raised
import os


def convolve(image, kernel):
    kept = []
    while True:
        kept.append(os.pipe())
        kept.append(open("/dev/null"))
