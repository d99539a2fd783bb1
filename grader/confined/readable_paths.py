"""Which files a worker may read: the Python installation, without the libraries that the exercise forbids. Linux only.

Landlock has rules that allow and none that deny. So a folder that holds something hidden is not
named itself: its entries are, one by one, except those. Where a machine has none of the forbidden
libraries, that is one rule for all of `site-packages`; where it has scipy, it is as many as there
are packages. Rules are few where that can be: every worker copies them all.
"""

# pathlib takes 10 ms to import, and this is loaded in every process for student code:
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
"""Half of what `site-packages` holds, and found by listing it alone, which is refused where its entries are named."""
_OWN = ("grader", "exercise_grader")


def paths(
    search: Sequence[str], forbidden: Iterable[str], hidden: Iterable[str]
) -> list[str]:
    """Say what to allow: `search`, the standard and the shared libraries, without what is `hidden` or `forbidden`."""
    roots = {os.path.realpath(path) for path in (*search, *_installation())}
    roots = {root for root in roots if os.path.isdir(root)}
    outer = [
        root
        for root in roots
        if not any(_inside(root, other) for other in roots if other != root)
    ]
    names = frozenset((*forbidden, *_OWN))
    banned = {os.path.realpath(path) for path in hidden}
    searched = {os.path.realpath(path) for path in search}
    for folder in _package_folders(outer):
        if os.path.realpath(folder) not in searched:
            banned.add(
                folder
            )  # those of the Python that a virtual environment was made with: nothing looks there
            continue
        banned.update(
            entry.path for entry in _entries(folder) if _belongs(entry.name, names)
        )
    found = [path for root in sorted(outer) for path in _cover(root, banned)]
    return [*found, *_FILES, *(folder for folder in _FOLDERS if os.path.isdir(folder))]


def _installation() -> Iterator[str]:
    """Folders of the standard library and of shared libraries."""
    yield sysconfig.get_path("stdlib")
    yield sysconfig.get_path("platstdlib")
    if sys.base_prefix not in _SYSTEM:
        yield os.path.join(sys.base_prefix, "lib")
    multiarch = [
        f"{root}/{sysconfig.get_config_var('MULTIARCH')}"
        for root in ("/lib", "/usr/lib")
    ]
    multiarch = [path for path in multiarch if os.path.isdir(path)]
    yield from multiarch or ["/usr/lib"]
    yield "/lib64"
    yield "/usr/lib64"


def _cover(path: str, banned: set[str]) -> Iterator[str]:
    """Give the fewest paths that together are `path` without the banned ones."""
    if path in banned:
        return
    if not any(_inside(other, path) for other in banned):
        yield path
        return
    for entry in _entries(path):
        if not entry.name.endswith(_METADATA):
            yield from _cover(entry.path, banned)


def _package_folders(roots: Iterable[str]) -> Iterator[str]:
    """Every folder of installed packages at or right under the roots: a Python of the system has several."""
    for root in roots:
        if os.path.basename(root) in _PACKAGES:
            yield root
            continue
        for entry in _entries(root):
            if entry.name in _PACKAGES:
                yield entry.path
            elif entry.name.startswith("python") and entry.is_dir():
                yield from (
                    inner.path
                    for inner in _entries(entry.path)
                    if inner.name in _PACKAGES
                )


def _belongs(entry: str, names: frozenset[str]) -> bool:
    """Whether an entry of site-packages is a forbidden library: its folder, module, metadata or shared libraries."""
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
