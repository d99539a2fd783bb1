"""The command `grader`, on a file system that hangs at whatever is called `hangs` or `hangs.py`.

What the kernel does there can only be had with rights that a test has not: a system call that does
not return, in whichever thread it is. So the calls of Python that lead there never return.

    python -m tests.batch.hanging_grader PATIENCE ARGUMENT...
"""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from grader.cli import main
from grader.opening import patience

NAMES = {"hangs", "hangs.py", "hangs.zip"}


def hanging(real: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, which never returns for these names."""

    def call(path: Any, *arguments: Any, **more: Any) -> Any:
        if isinstance(path, str) and path in NAMES:
            time.sleep(1000)
        return real(path, *arguments, **more)

    return call


if __name__ == "__main__":
    # A test need not wait so long for the first that hangs, and leaves the others time.
    seconds = float(sys.argv.pop(1))
    patience._PATIENCE_S = patience._LESS_PATIENCE_S = seconds  # noqa: SLF001 - as said
    if os.environ.get("HANGS") == "stat":
        os.stat = hanging(os.stat)
    else:
        os.open = hanging(os.open)
    sys.exit(main())
