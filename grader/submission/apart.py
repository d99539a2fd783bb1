"""Large sources are parsed in a child process first, which has limits.

The child does what this process is about to do. If it ends well, the same work here costs as little
as it cost there. So it needs no answer but its exit status: there is nothing to decode. The child
is trusted code over a stranger's bytes; it gets no secret, no environment and no open file.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import GraderError

_SCRIPT = Path(__file__).with_name("lenient.py")
_WAIT_S = 20
"""The child's limit is on processor time. This is for a machine that stands still."""
_KEPT = ("SYSTEMROOT", "PATH") if sys.platform == "win32" else ("LD_LIBRARY_PATH",)


def is_cheap(sources: Sequence[tuple[str, bool, int]]) -> bool:
    """Return whether sources can be parsed within the limits of `lenient`.

    Each comes with whether it is a notebook's cell, and with its attempts. Raises `GraderError` if
    that cannot be found out, which is no fault of the submission.
    """
    request = json.dumps(sources).encode()
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
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
    except (OSError, subprocess.SubprocessError) as error:
        reason = (
            f"a large submission could not be read in a process of its own: {error}"
        )
        raise GraderError(reason) from error
    return done.returncode == 0
