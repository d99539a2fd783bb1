"""What makes a process that is the grader's own, and nobody else's, start quickly: a command, or a process of a batch.

Programs that use the grader as a library are left alone: both settings hold for a whole process.
"""

import os
import sys
from typing import Any


def settle() -> None:
    """Keep libraries that are loaded later from doing what no part of the grader needs; call it before numpy is loaded.

    Linear algebra on small arrays needs no threads, and a batch forks while it has none. And
    jsonschema, which reading a notebook loads, builds a grammar of internationalised addresses for
    0.7 s wherever the package for it is installed, as it is beside JupyterLab; no schema of a
    notebook asks for it.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    modules: dict[str, Any] = sys.modules
    modules.setdefault("rfc3987_syntax", None)  # documented: there is no such module
