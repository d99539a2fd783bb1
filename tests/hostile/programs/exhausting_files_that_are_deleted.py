"""Tries: a file is written, kept open and deleted, so that nobody finds it in the scratch folder.
Must: nothing can be deleted there."""
# expect: raised
import os


def convolve(image, kernel):
    for number in range(30):
        fd = os.open("file", os.O_CREAT | os.O_RDWR)
        os.unlink("file")
        os.write(fd, b"x" * (60 << 20))
