"""Runs a command as the process to which its orphans come, and says how many of them are alive when it has ended.

    python watched.py COMMAND ARGUMENT ...      the last line on standard error is "alive: N"

Looking for them in the machine's process table would find other programs' processes too, and miss
one that has changed its name, session and environment.
"""

import ctypes
import os
import signal
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def left_over() -> int:
    """Count the children that are alive, and kill them; the dead ones are only taken note of."""
    alive = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return alive
        if pid == 0:  # there are children, and none of them is dead
            with open(
                f"/proc/self/task/{os.getpid()}/children", encoding="ascii"
            ) as file:  # noqa: PTH123 - /proc
                children = [int(word) for word in file.read().split()]
            alive += len(children)
            for child in children:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("prctl failed")
code = subprocess.run(sys.argv[1:], check=False).returncode
sys.stderr.write(f"\nalive: {left_over()}\n")
sys.exit(code)
