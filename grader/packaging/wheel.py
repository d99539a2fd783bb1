"""The grader that is running, as a wheel, and the exact versions of what it runs with.

An artifact must grade tomorrow as this installation does today, without a repository, a build tool
or an index that still has the version. So the wheel is put together from the files of the running
package. That works the same in a checkout and in an installation, and what was tried here is what
is shipped.
"""

import base64
import hashlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import grader
from grader.errors import GraderError, UsageError
from grader.opening import FILE_CAP, read_below, read_chosen
from grader.platforms.parts import PLAIN, zipped
from grader.version import __version__

if TYPE_CHECKING:
    from packaging.requirements import Requirement

DISTRIBUTION = "exercise-grader"
_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}
_PACKAGE = Path(grader.__file__).parent
_OWN = (_PACKAGE, _PACKAGE.parent / "exercises", _PACKAGE.parent / "notebooks")
_FIX = "put the file itself there, or move it out of the folder"
_ABOUT = b"""\
Wheel-Version: 1.0
Generator: grader package
Root-Is-Purelib: true
Tag: py3-none-any
"""


def wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel of the running grader.

    The same files give the same bytes.
    """
    stem = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
    files = dict(_package_files())
    for name, data in _metadata_files():
        files[f"{stem}.dist-info/{name}"] = data
    record = f"{stem}.dist-info/RECORD"
    lines = [
        f"{name},sha256={_digest(data)},{len(data)}"
        for name, data in sorted(files.items())
    ]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    tree = {name: (data, PLAIN) for name, data in files.items()}
    return f"{stem}-py3-none-any.whl", zipped(tree)


def requirements(packages: tuple[str, ...] = ()) -> str:
    """Return a line `name==version` for all that the grader and these packages need."""
    from packaging.requirements import Requirement

    pins: dict[str, str] = {}
    own = _distribution(DISTRIBUTION)
    waiting = [Requirement(text) for text in own.requires or ()]
    waiting = [wanted for wanted in waiting if _applies(wanted, [""])]
    waiting += [Requirement(name) for name in packages]
    while waiting:
        wanted = waiting.pop()
        found = _distribution(wanted.name)
        name = found.metadata["Name"].lower().replace("_", "-")
        if name in pins:
            continue
        pins[name] = f"{name}=={found.version}"
        extras = [*wanted.extras, ""]
        needed = [Requirement(text) for text in found.requires or ()]
        waiting += [each for each in needed if _applies(each, extras)]
    return "".join(f"{pin}\n" for _, pin in sorted(pins.items()))


def _applies(wanted: "Requirement", extras: list[str]) -> bool:
    """Return whether a requirement holds on this machine, with these extras asked for."""
    marker = wanted.marker
    return marker is None or any(
        marker.evaluate({"extra": extra}) for extra in extras
    )


def _distribution(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise GraderError(
            f"{name}: is not installed here, so its version is not known; install it"
        ) from error


def _package_files() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package as a wheel holds them.

    In a checkout, the public exercises are beside the package instead of in it.
    """
    yield from tree(_PACKAGE, "grader")
    for name in ("exercises", "notebooks"):
        beside = _PACKAGE.parent / name
        if not (_PACKAGE / name).is_dir() and beside.is_dir():
            yield from tree(beside, f"grader/{name}")


def carries(exercise: Path) -> bool:
    """Return whether the wheel has the exercise of this folder."""
    places = (_PACKAGE / "exercises", _PACKAGE.parent / "exercises")
    return exercise.resolve().parent in [place.resolve() for place in places]


def _metadata_files() -> Iterator[tuple[str, bytes]]:
    """Yield METADATA, WHEEL and the entry points.

    An installation's own records, such as direct_url.json and INSTALLER, stay here.
    """
    found = _distribution(DISTRIBUTION)
    for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
        text = found.read_text(name)
        if text is not None:
            yield name, text.encode()
    yield "WHEEL", _ABOUT


def tree(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files under a folder by their path in an artifact; no caches, no hidden files.

    Raises UsageError for a link, a pipe and what is too big to be a part of an exercise.
    """
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        skipped = any(
            part in _SKIPPED or part.startswith(".") for part in parts
        )
        is_folder = path.is_dir() and not path.is_symlink()
        if not skipped and not is_folder:
            yield "/".join((prefix, *parts)), packed(folder, parts)


def packed(folder: Path, way: tuple[str, ...]) -> bytes:
    """Return the bytes of a file in a folder, for an artifact, which a stranger will read.

    So a link is not followed, but for the grader's own files: some installers link those. Raises
    UsageError, naming the file and the fix.
    """
    path = folder.joinpath(*way)
    if any(path.is_relative_to(own) for own in _OWN):
        return read_chosen(path, "install the grader again", FILE_CAP)
    data = read_below(folder, way, _FIX, FILE_CAP)
    if data is None:
        raise UsageError(f"{path}: is gone; {_FIX}")
    return data


def _digest(data: bytes) -> str:
    digest = hashlib.sha256(data).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
