"""Tries: one file that grows for ever.
Must: the file has a limit."""
# expect: raised, crashed, timed_out


def convolve(image, kernel):
    with open("file", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * (1 << 20))
