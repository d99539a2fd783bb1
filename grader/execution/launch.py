"""How a process for student code is started: its interpreter, its libraries, its environment."""

# pathlib takes 3 ms to import, and the template must start before that:
# ruff: noqa: PTH100, PTH118, PTH119, PTH120

import importlib.util
import os
import sys

from grader.errors import GraderError

_PERTURB = "165"
_HOMES = (
    "HOME",
    "TMPDIR",
    "TEMP",
    "MPLCONFIGDIR",
    "IPYTHONDIR",
    "JUPYTER_CONFIG_DIR",
)
"""All of these are the working directory, which is the scratch folder."""
_KEPT = (
    ("SYSTEMROOT", "PATH") if sys.platform == "win32" else ("LD_LIBRARY_PATH",)
)
_PACKAGES = ("site-packages", "dist-packages")


def search_path() -> list[str]:
    """Return where numpy and the other installed libraries are.

    The working directory and a checkout are never among them.
    """
    # Found, not imported: `prestart.py` says why.
    numpy = importlib.util.find_spec("numpy")
    if numpy is None or numpy.origin is None:
        raise GraderError("numpy is not installed: pip install numpy")
    numpy_home = os.path.dirname(os.path.dirname(numpy.origin))
    found = [
        path
        for path in sys.path
        if path == numpy_home or os.path.basename(path) in _PACKAGES
    ]
    return list(dict.fromkeys([*found, numpy_home]))


def interpreter(mode: str, *arguments: str) -> list[str]:
    """Return the command that starts a process for student code; `entry.py` says why not `-I`."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return [
        sys.executable,
        "-S",
        "-s",
        "-P",
        os.path.join(package, "confined", "entry.py"),
        mode,
        os.pathsep.join(search_path()),
        *arguments,
    ]


def environment() -> dict[str, str]:
    """Return the whole environment of student code; no variable of the grader's is handed on.

    Linear algebra has one thread, because there is one worker per core. Memory is filled with a
    pattern, so that what `np.empty` returns is the same each time and never looks like a result.
    """
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "LD_BIND_NOW": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MALLOC_PERTURB_": _PERTURB,
        # Each thread would reserve 64 MB of its own, of a limit that is little more.
        "MALLOC_ARENA_MAX": "1",
        # malloc does not fill what comes from its cache of small blocks, and that holds addresses.
        "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
        **dict.fromkeys(_HOMES, "."),
        "MPLBACKEND": "Agg",
        "LC_ALL": "C.UTF-8",
        "LANG": "C.UTF-8",
    }
