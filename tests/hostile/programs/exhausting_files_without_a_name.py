"""Tries: files that have no name, so that nobody finds them in the scratch folder.
Must: they cannot be made."""
# expect: raised
import os


def convolve(image, kernel):
    for _ in range(30):
        fd = os.open(".", os.O_TMPFILE | os.O_RDWR)
        os.write(fd, b"x" * (60 << 20))
