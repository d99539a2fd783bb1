"""Tries: threads without end, each with a small stack, that all sleep.
Must: from 64 on the process is ended."""
# expect: crashed, out_of_memory, raised, timed_out
import threading
import time


def convolve(image, kernel):
    threading.stack_size(65536)
    while True:
        threading.Thread(target=time.sleep, args=(1000,)).start()
