"""Tries: it reads from its own pipe, and waits for a lock that it holds.
Must: it is ended at the limit."""
# expect: timed_out
import os
import threading


def convolve(image, kernel):
    reading, writing = os.pipe()
    threading.Thread(target=os.read, args=(reading, 1)).start()
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
