"""Tries: files that claim petabytes and take no space.
Must: the file has a limit."""
# expect: raised
import os


def convolve(image, kernel):
    os.truncate(os.open("file", os.O_CREAT | os.O_RDWR), 1 << 50)
