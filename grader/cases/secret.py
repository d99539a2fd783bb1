"""The secret from which hidden inputs are derived, and the generators that it seeds.

Each case, or each trial of cases.toml, has its own generator, seeded by HMAC-SHA-256 over the
exercise's name, the case, the trial and the submission's digest. So a resubmission meets new
inputs, and whatever one attempt leaks is worth nothing to the next. A regrade of the same bytes
meets the same inputs, and nobody can compute them without the secret.
"""

import functools
import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np

from grader.errors import UsageError

SECRET_VARIABLE = "GRADER_SECRET"  # noqa: S105 - the name of the variable
DEFAULT_SECRET = b"well-known: grades made with it can be foreseen"
"""For trying things out. A report says when it was used."""

_SECRET_BYTES = 64 * 2**10


class Secret(msgspec.Struct, frozen=True):
    """The secret from which hidden inputs are derived, and where it came from."""

    value: bytes
    source: Literal["file", "environment", "default"]

    def __repr__(self) -> str:
        """Show only the source: a traceback or a log must not carry the secret."""
        return f"Secret(source={self.source!r})"


def read_secret(
    file: Path | None,
    environ: Mapping[str, str],
) -> Secret:
    """Return the secret from the file, else from `GRADER_SECRET`, else the well-known default.

    Line ends at the end are not part of the secret, since editors and `echo` add them. Raises
    `UsageError` for a file that cannot be read, and for an empty secret, which would look like a
    secret and protect nothing.
    """
    if file is not None:
        return Secret(_stripped(_read(file), str(file)), "file")
    if SECRET_VARIABLE in environ:
        content = environ[SECRET_VARIABLE].encode("utf-8", "surrogateescape")
        return Secret(_stripped(content, SECRET_VARIABLE), "environment")
    return Secret(DEFAULT_SECRET, "default")


def _read(file: Path) -> bytes:
    try:
        # A pipe is fine: `--secret-file <(vault read ...)` leaves nothing on the disk.
        with file.open("rb") as stream:
            content = stream.read(_SECRET_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(
            f"{file}: the secret cannot be read ({reason})"
        ) from error
    if len(content) > _SECRET_BYTES:
        size = f"{_SECRET_BYTES >> 10} KiB"
        raise UsageError(f"{file}: is larger than {size}; is this the secret?")
    return content


def _stripped(
    content: bytes,
    where: str,
) -> bytes:
    value = content.rstrip(b"\r\n")
    if not value.strip():
        raise UsageError(f"{where}: the secret is empty")
    return value


# Generators are quoted in annotations: numpy.random takes 6 ms to import, and `grader check` draws
# nothing.
def generator(secret: bytes, *fields: str) -> "np.random.Generator":
    """Return the generator for these fields: PCG64, seeded by their HMAC under the secret."""
    message = b"".join(map(_framed, fields))
    # The digest is one big number. These are the 32-bit words that numpy would split it into, only
    # faster.
    words = np.frombuffer(hmac.digest(secret, message, "sha256")[::-1], "<u4")
    return np.random.Generator(np.random.PCG64(words))


@functools.lru_cache  # the names of trials and cases come again with every submission
def _framed(text: str) -> bytes:
    """Encode a field, its length first, so that "a" and "bc" differ from "ab" and "c"."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8, "big") + encoded
