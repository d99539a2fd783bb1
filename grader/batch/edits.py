"""A gradebook that a person has edited is never overwritten.

    OUT/.grader/gradebook    SHA-256 of the last two gradebooks that the grader wrote, a line each

The digest of a new gradebook is written before the gradebook takes its name, and that of the one
in place stays beside it. So whenever the program is killed, the gradebook in place is known.
"""

import hashlib
from pathlib import Path

from grader.batch.store import Store
from grader.errors import UsageError
from grader.opening import read_below

GRADEBOOK = "gradebook.csv"


def refuse_edited(out: Path, state: Path) -> None:
    """Raise UsageError where the gradebook is not as the grader wrote it."""
    found = _digest_in_place(out)
    if found is not None and found not in _known(state):
        raise UsageError(
            f"{out / GRADEBOOK}: was edited, and is not overwritten; rename it and grade again"
        )


def announce(store: Store, data: bytes) -> None:
    """Remember a gradebook that is written next."""
    digests = [_digest_in_place(store.out), hashlib.sha256(data).hexdigest()]
    kept = [digest for digest in digests if digest is not None]
    store.keep("gradebook", "".join(f"{each}\n" for each in kept).encode())


def _digest_in_place(out: Path) -> str | None:
    data = read_below(out, (GRADEBOOK,), "move it away and grade again")
    return None if data is None else hashlib.sha256(data).hexdigest()


def _known(state: Path) -> list[str]:
    data = read_below(state, ("gradebook",), "grade into a new folder")
    return (data or b"").decode("ascii", "replace").split()
