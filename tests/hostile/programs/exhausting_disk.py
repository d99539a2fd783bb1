"""Tries: files without end in the scratch folder, each as large as it may be.
Must: it is ended when it has written more than it may."""
# expect: crashed, timed_out, raised


def convolve(image, kernel):
    block = b"x" * (1 << 20)
    number = 0
    while True:
        number += 1
        try:
            with open(f"f{number}", "wb", buffering=0) as file:
                for _ in range(64):
                    file.write(block)
        except OSError:
            pass
