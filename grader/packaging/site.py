"""The static site that JupyterLite makes of an artifact's files.

`jupyter lite build` runs in a process and a folder of its own. What it writes about the time of the
build is taken out again: no artifact carries a date.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from grader.errors import GraderError, UsageError
from grader.platforms.parts import PLAIN, Tree

_NEEDED: Final = {
    "jupyterlite_core": "jupyterlite-core",
    "jupyterlite_pyodide_kernel": "jupyterlite-pyodide-kernel",
    "jupyter_server": "jupyter-server",
}
_APPS: Final = ("lab", "notebooks", "tree")
_FRONT: Final = "index.html"
_WHEELS: Final = "pypi/all.json"
_SETTINGS: Final = "jupyter-lite.json"
_SECONDS: Final = 600
_LISTS: Final = re.compile(r"(api/contents|pypi)/(.*/)?all\.json")
"""The files that carry times: what is in a folder, and which wheels there are."""
_TIME: Final = re.compile(rb'"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)"')
_NO_TIME: Final = b'"1980-01-01T00:00:00Z"'


def built(source: Tree) -> Tree:
    """Return the files of the site; its front page is that of `source`.

    Raises UsageError where JupyterLite is not installed.
    """
    missing = [
        name
        for module, name in _NEEDED.items()
        if importlib.util.find_spec(module) is None
    ]
    if missing:
        raise UsageError(
            f"jupyterlite: {', '.join(missing)} builds the site and is not installed here; "
            f"pip install {' '.join(_NEEDED.values())}"
        )
    with tempfile.TemporaryDirectory() as folder:
        lite, site = Path(folder, "source"), Path(folder, "site")
        for name, (data, _) in source.items():
            path = lite / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _build(lite, site)
        made: Tree = {
            path.relative_to(site).as_posix(): (_timeless(path, site), PLAIN)
            for path in sorted(site.rglob("*"))
            if path.is_file()
        }
    return _settled(made) | {_FRONT: source[_FRONT]}


def _build(lite: Path, site: Path) -> None:
    apps = [word for app in _APPS for word in ("--apps", app)]
    command = [
        *(sys.executable, "-P", "-m", "jupyterlite_core", "build"),
        *("--contents", "files", "--output-dir", str(site)),
        *("--no-sourcemaps", "--no-unused-shared-packages", *apps),
    ]
    done = subprocess.run(
        command,
        cwd=lite,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode or not (site / "index.html").is_file():
        said = [line for line in done.stderr.splitlines() if line.strip()]
        last = said[-1].strip() if said else f"exit status {done.returncode}"
        raise GraderError(f"jupyter lite build: {last}; the site is not made")


def _settled(made: Tree) -> Tree:
    """Return the site with the checksum of the list of wheels as it is without its times."""
    data, _ = made[_WHEELS]
    settings, mode = made[_SETTINGS]
    digest = hashlib.sha256(data).hexdigest().encode()
    named = re.sub(
        rb"(\./pypi/all\.json\?sha256=)[0-9a-f]{64}",
        rb"\g<1>" + digest,
        settings,
    )
    return made | {_SETTINGS: (named, mode)}


def _timeless(path: Path, site: Path) -> bytes:
    data = path.read_bytes()
    if _LISTS.fullmatch(path.relative_to(site).as_posix()):
        return _TIME.sub(_NO_TIME, data)
    return data
