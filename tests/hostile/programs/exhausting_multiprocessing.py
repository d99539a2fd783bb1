"""Tries: pools of processes, in each of the ways that the library knows.
Must: no process can be made."""
# expect: raised, wrong_type, timed_out
import multiprocessing
import concurrent.futures


def convolve(image, kernel):
    for way in ("fork", "spawn", "forkserver"):
        try:
            return multiprocessing.get_context(way).Pool(8).map(abs, range(10))
        except OSError:
            pass
    return concurrent.futures.ProcessPoolExecutor(8).submit(abs, 1).result()
