"""Tries: empty files without end: the disk has only so many names.
Must: from 1000 on the process is ended."""
# expect: crashed, timed_out
import os


def convolve(image, kernel):
    number = 0
    while True:
        number += 1
        os.close(os.open(str(number), os.O_CREAT | os.O_RDWR))
