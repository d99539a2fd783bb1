"""Which files a worker may read: the Python installation without forbidden libraries. Linux only.

Landlock has rules that allow and none that deny. So a folder that holds something hidden cannot be
named itself; its other entries are named one by one. On a machine without the forbidden libraries,
one rule is enough for all of `site-packages`; on one with scipy, it takes a rule for each package.
There should be few rules, because every worker copies them all.
"""

# pathlib takes 10 ms to import, and every process for student code imports this module:
# ruff: noqa: PTH112, PTH118, PTH119

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence

_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
)
_FOLDERS = (
    "/usr/share/zoneinfo",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/etc/fonts",
    "/usr/share/fontconfig",
)
_PACKAGES = ("site-packages", "dist-packages")
_SYSTEM = ("/usr", "/")
_METADATA = (".dist-info", ".egg-info")
"""Half the entries of `site-packages`. Nobody needs a rule for them: metadata is found by listing
the folder, which is refused anyway once the entries are named one by one."""
_OWN = ("grader", "exercise_grader")


def paths(
    search: Sequence[str],
    forbidden: Iterable[str],
    hidden: Iterable[str],
) -> list[str]:
    """Return the paths to allow.

    These are `search`, the standard library and the shared libraries, without the paths in `hidden`
    and the packages of the libraries in `forbidden`.
    """
    roots = {os.path.realpath(path) for path in (*search, *_installation())}
    outer = _outermost(root for root in roots if os.path.isdir(root))
    names = frozenset((*forbidden, *_OWN))
    banned = {os.path.realpath(path) for path in hidden}
    searched = {os.path.realpath(path) for path in search}
    for folder in _package_folders(outer):
        if os.path.realpath(folder) not in searched:
            # It belongs to the Python that a virtual environment was made with: not on the path.
            banned.add(folder)
            continue
        entries = _entries(folder)
        banned.update(
            entry.path for entry in entries if _belongs(entry.name, names)
        )
    above = {folder for path in banned for folder in _folders_above(path)}
    found = [
        path for root in sorted(outer) for path in _cover(root, banned, above)
    ]
    return [*found, *_FILES, *filter(os.path.isdir, _FOLDERS)]


def _installation() -> Iterator[str]:
    """Yield the folders of the standard library and of shared libraries."""
    yield sysconfig.get_path("stdlib")
    yield sysconfig.get_path("platstdlib")
    if sys.base_prefix not in _SYSTEM:
        yield os.path.join(sys.base_prefix, "lib")
    architecture = sysconfig.get_config_var("MULTIARCH")
    multiarch = [f"/lib/{architecture}", f"/usr/lib/{architecture}"]
    yield from list(filter(os.path.isdir, multiarch)) or ["/usr/lib"]
    yield "/lib64"
    yield "/usr/lib64"


def _outermost(paths: Iterable[str]) -> list[str]:
    """Return those of the folders that lie in none of the others."""
    folders = set(paths)
    outer = []
    for folder in folders:
        others = folders - {folder}
        if not any(_inside(folder, other) for other in others):
            outer.append(folder)
    return outer


def _folders_above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _cover(
    path: str,
    banned: set[str],
    above: set[str],
) -> Iterator[str]:
    """Yield the fewest paths that together are `path` without the banned ones.

    `above` has every folder that some banned path lies in.
    """
    if path in banned:
        return
    if path not in above:
        yield path
        return
    for entry in _entries(path):
        if not entry.name.endswith(_METADATA):
            yield from _cover(entry.path, banned, above)


def _package_folders(roots: Iterable[str]) -> Iterator[str]:
    """Yield every folder of installed packages at or right under the roots.

    A Python that comes with the system has several.
    """
    for root in roots:
        if os.path.basename(root) in _PACKAGES:
            yield root
            continue
        for entry in _entries(root):
            if entry.name in _PACKAGES:
                yield entry.path
            elif entry.name.startswith("python") and entry.is_dir():
                inner = _entries(entry.path)
                yield from (
                    each.path for each in inner if each.name in _PACKAGES
                )


def _belongs(entry: str, names: frozenset[str]) -> bool:
    """Whether an entry of site-packages belongs to one of the libraries.

    It may be the folder, the module, the metadata or the shared libraries.
    """
    stem = entry.partition(".")[0].partition("-")[0]
    return stem in names


def _entries(path: str) -> list["os.DirEntry[str]"]:
    try:
        with os.scandir(path) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _inside(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/") + "/")
