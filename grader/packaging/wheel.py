"""The grader that is running, as a wheel, and the exact versions of what it runs with.

An artifact must grade tomorrow as this installation does today, without a repository, a build tool
or an index that still has the version. So the wheel is put together from the files of the running
package: that works the same from a checkout and from an installation, and what was tried here is
what is shipped.
"""

import base64
import hashlib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import grader
from grader.errors import GraderError
from grader.platforms.parts import PLAIN, zipped
from grader.version import __version__

DISTRIBUTION = "exercise-grader"
_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}
_PACKAGE = Path(grader.__file__).parent


def wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel of the running grader; the same files give the same bytes."""
    stem = f"{DISTRIBUTION.replace('-', '_')}-{__version__}"
    files = dict(_package_files())
    files |= {f"{stem}.dist-info/{name}": data for name, data in _metadata_files()}
    record = f"{stem}.dist-info/RECORD"
    lines = [
        f"{name},sha256={_digest(data)},{len(data)}"
        for name, data in sorted(files.items())
    ]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    return f"{stem}-py3-none-any.whl", zipped(
        {name: (data, PLAIN) for name, data in files.items()}
    )


def requirements() -> str:
    """Return `name==version` for everything that the grader needs here, dependencies of dependencies included."""
    from packaging.requirements import Requirement

    pins: dict[str, str] = {}
    waiting = [Requirement(text) for text in _distribution(DISTRIBUTION).requires or ()]
    while waiting:
        wanted = waiting.pop()
        extras = [*wanted.extras, ""]
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        found = _distribution(wanted.name)
        name = found.metadata["Name"].lower().replace("_", "-")
        if name in pins:
            continue
        pins[name] = f"{name}=={found.version}"
        for text in found.requires or ():
            needed = Requirement(text)
            if needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in extras
            ):
                needed.marker = None
                waiting.append(needed)
    return "".join(f"{pin}\n" for _, pin in sorted(pins.items()))


def _distribution(name: str) -> metadata.Distribution:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise GraderError(
            f"{name}: is not installed here, so its version cannot be written down; install it"
        ) from error


def _package_files() -> Iterator[tuple[str, bytes]]:
    """Yield the package as a wheel holds it: in a checkout, the public exercises stand beside it and not inside."""
    yield from tree(_PACKAGE, "grader")
    for name in ("exercises", "notebooks"):
        beside = _PACKAGE.parent / name
        if not (_PACKAGE / name).is_dir() and beside.is_dir():
            yield from tree(beside, f"grader/{name}")


def _metadata_files() -> Iterator[tuple[str, bytes]]:
    """Yield METADATA, WHEEL and entry points; an installation's own records (direct_url, INSTALLER) stay here."""
    found = _distribution(DISTRIBUTION)
    for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
        text = found.read_text(name)
        if text is not None:
            yield name, text.encode()
    yield (
        "WHEEL",
        b"Wheel-Version: 1.0\nGenerator: grader package\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    )


def tree(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files under a folder by their path in an artifact, caches and hidden files left out."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if (
            path.is_file()
            and not (_SKIPPED & set(parts))
            and not any(part.startswith(".") for part in parts)
        ):
            yield "/".join((prefix, *parts)), path.read_bytes()


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
