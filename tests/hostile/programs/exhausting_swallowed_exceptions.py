"""Tries: a loop that swallows every exception, with every signal ignored or blocked.
Must: nothing in the process can catch what ends it."""
# expect: timed_out
import signal


def convolve(image, kernel):
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
