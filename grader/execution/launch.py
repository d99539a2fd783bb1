"""How a process for student code is started: its interpreter, where it finds libraries, and its environment."""

import importlib.util
import os
import sys
from pathlib import Path

from grader.errors import GraderError

_PERTURB = "165"
_HOMES = ("HOME", "TMPDIR", "TEMP", "MPLCONFIGDIR", "IPYTHONDIR", "JUPYTER_CONFIG_DIR")
"""All of these are the working directory, which is the scratch folder."""
_KEPT = ("SYSTEMROOT", "PATH") if sys.platform == "win32" else ("LD_LIBRARY_PATH",)


def search_path() -> list[str]:
    """Say where numpy and the other installed libraries are; never the working directory, never a checkout."""
    # Found and not imported: see `early.py`.
    numpy = importlib.util.find_spec("numpy")
    if numpy is None or numpy.origin is None:
        raise GraderError("numpy is not installed: pip install numpy")
    numpy_home = str(Path(numpy.origin).parents[1])
    found = [
        path
        for path in sys.path
        if path == numpy_home or Path(path).name in {"site-packages", "dist-packages"}
    ]
    return list(dict.fromkeys([*found, numpy_home]))


def interpreter(mode: str, *arguments: str) -> list[str]:
    """Give the command that starts a process for student code; `entry.py` says why it is not `-I`."""
    entry = str(Path(__file__).parents[1] / "confined" / "entry.py")
    return [
        sys.executable,
        "-S",
        "-s",
        "-P",
        entry,
        mode,
        os.pathsep.join(search_path()),
        *arguments,
    ]


def environment() -> dict[str, str]:
    """Give all that student code finds in its environment; no variable of the grader's own is handed on.

    One thread for linear algebra, because there is one worker per core; memory filled with a
    pattern, so that what `np.empty` gives is the same each time and never looks like a result.
    """
    return {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "LD_BIND_NOW": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MALLOC_PERTURB_": _PERTURB,
        # What malloc takes from its cache of small blocks it does not fill, and there are addresses
        # in it.
        "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
        **dict.fromkeys(_HOMES, "."),
        "MPLBACKEND": "Agg",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
    }
