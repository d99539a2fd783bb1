"""Tries: alarms whose handlers never return, and set the next alarm.
Must: it is ended at the limit."""
# expect: timed_out
import signal


def convolve(image, kernel):
    def handler(*args):
        signal.setitimer(signal.ITIMER_REAL, 1e-6)
        while True:
            pass
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
    while True:
        pass
