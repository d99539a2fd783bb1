"""Run a command, adopt the processes that it leaves behind, and count those that are alive.

    python watched.py COMMAND ARGUMENT ...      the last line on standard error is "alive: N"

The machine's process table would show other programs' processes too, and a process can change its
name, session and environment.
"""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def left_over() -> int:
    """Reap the children that are dead, kill those that are alive, and count these."""
    alive = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return alive
        if pid == 0:  # there are children, and none of them is dead
            children = Path(f"/proc/self/task/{os.getpid()}/children")
            pids = [int(word) for word in children.read_text("ascii").split()]
            alive += len(pids)
            for child in pids:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)


if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("prctl failed")
code = subprocess.run(sys.argv[1:], check=False).returncode
sys.stderr.write(f"\nalive: {left_over()}\n")
sys.exit(code)
