"""Large sources are parsed in a child process first, which has limits.

The child does what this process is about to do. If that ends well, the same work costs as little
here. So its exit status is all that it answers: there is nothing to decode. The child is trusted
code over a stranger's bytes; it gets no secret, no environment and no open file.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.submission.lenient import TOO_MUCH

_SCRIPT = Path(__file__).with_name("lenient.py")
_WAIT_S = 20
"""The child's limit is on processor time. This is for a machine that stands still."""
_KEPT = (
    ("SYSTEMROOT", "PATH") if sys.platform == "win32" else ("LD_LIBRARY_PATH",)
)
_OWN_SIGNALS = ("SIGPROF", "SIGXCPU", "SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL")
"""How the child ends by its own doing: too much time, or a crash of the parser."""


def is_expensive(sources: Sequence[tuple[str, bool, int]]) -> bool:
    """Return whether parsing needs more than the limits of `lenient`.

    Each source comes with whether it is a notebook's cell, and with its attempts. If no process can
    be started, or somebody else ends it, the answer is False: such a failure is not the fault of
    the submission, and the limits on its size hold without it.
    """
    request = json.dumps(sources).encode()
    environment = {
        name: os.environ[name] for name in _KEPT if name in os.environ
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_SCRIPT)],
            input=request,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=_WAIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Windows has no limit on processor time, so there it is the parser that takes so long.
        return sys.platform == "win32"
    except OSError:
        return False
    own = {-getattr(signal, name, 0) for name in _OWN_SIGNALS} - {0}
    return done.returncode == TOO_MUCH or done.returncode in own
