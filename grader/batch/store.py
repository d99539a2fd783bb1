"""Reports on disk: each whole or absent, and found again by what it was made from.

    OUT/reports/NAME.json  OUT/reports/NAME.html
    OUT/.grader/lock       held while a batch writes here
    OUT/.grader/salt       random, so that the secret's fingerprint is worth nothing elsewhere
    OUT/.grader/journal    one line per report that was finished: name, key, digest of the report's
    bytes, facts

Theory of operation. A line enters the journal *before* its report takes its name. So at whatever
instant the program is killed, a report that is in place has a line with its digest; a line without
its report, or with another one there (edited, cut, of an earlier run) counts for nothing, and the
submission is graded again. A report's data is forced to disk before the rename, so that a power cut
leaves it whole or absent; some go there together, 0.4 s late at the most.
"""

import collections
import concurrent.futures
import contextlib
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.classbook.facts import Facts
from grader.errors import LEVELS, GraderError, UsageError
from grader.files import lock, sync_folder, write_whole
from grader.intake.sources import STATE_FOLDER

_GROUP = 32
_SYNCERS = 8
_DELAY_S = 0.2
_MOST_LINES = 1000
"""And four times the class: a journal that is longer is written anew."""
_FINGERPRINT_ROUNDS = 100_000
_TEMPORARY = ".part-"


class Entry(msgspec.Struct, frozen=True):
    """One line of the journal."""

    name: str
    key: str
    report: str
    """SHA-256 of the report's bytes."""
    facts: Facts


class _Place(msgspec.Struct, frozen=True):
    """Where a journal line is, and what it promises."""

    key: str
    report: str
    offset: int
    length: int


_entry = msgspec.json.Decoder(Entry)


class Store:
    """The output folder of one batch; use it as a context manager."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.reports = out / "reports"
        self.state = out / STATE_FOLDER
        self._made = not out.exists()
        self._lines: dict[str, list[_Place]] = {}
        self._current: dict[str, tuple[int, int]] = {}
        self._pending: list[tuple[Path, Path, int]] = []
        self._journal_text: list[bytes] = []
        self._stack = contextlib.ExitStack()
        self._written = 0
        self._since = 0.0
        """When the first of the pending reports was taken."""
        self._syncers = concurrent.futures.ThreadPoolExecutor(
            _SYNCERS, thread_name_prefix="fsync"
        )

    # ---------------------------------------------------------------------------------------------- opening, closing

    def __enter__(self) -> Self:
        """Lock the folder and read its journal; UsageError where it cannot be written or another batch writes it."""
        try:
            self.reports.mkdir(parents=True, exist_ok=True)
            self.state.mkdir(exist_ok=True)
            held = self._stack.enter_context((self.state / "lock").open("a+b"))
        except OSError as error:
            raise UsageError(
                f"{self.out}: cannot be written ({error.strerror}); choose another --output"
            ) from error
        try:
            lock(held)
        except OSError as error:
            self._stack.close()
            raise UsageError(
                f"{self.out}: another batch writes here; wait for it, or choose another --output"
            ) from error
        with contextlib.ExitStack() as guard:
            guard.callback(self._stack.close)
            for left_over in self.reports.glob(f"{_TEMPORARY}*"):
                left_over.unlink()
            self._journal = self._stack.enter_context(
                (self.state / "journal").open("a+b")
            )
            self._read_journal()
            guard.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish what was begun, so that Ctrl-C loses nothing that was graded, and unlock."""
        with self._stack, self._syncers:
            if error is not None and self._made and not self._written:
                # Refused before anything was graded: no folder is left that looks like a result.
                shutil.rmtree(self.out, ignore_errors=True)
            elif not isinstance(error, OSError):
                self.flush()
                with self._disk():
                    os.fsync(self._journal.fileno())
                    sync_folder(self.reports)

    def _read_journal(self) -> None:
        self._journal.seek(0)
        offset = lines = 0
        for line in self._journal:
            # A line that was cut by a crash, or edited, is as if it were not there.
            with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                entry = _entry.decode(line)
                self._lines.setdefault(entry.name, []).append(
                    _Place(entry.key, entry.report, offset, len(line))
                )
            offset += len(line)
            lines += 1
        if offset and not self._ends_with_newline(offset):
            self._journal.write(b"\n")
            self._journal.flush()
            offset += 1
        self._end = offset
        if lines > _MOST_LINES + 4 * len(self._lines):
            self._compact()

    def _ends_with_newline(self, size: int) -> bool:
        self._journal.seek(size - 1)
        return self._journal.read(1) == b"\n"

    def _compact(self) -> None:
        """Drop the lines of long ago; the report in place has one of the last two, if the last run was killed too."""
        whole = self.state / "journal"
        temporary = self.state / "journal.new"
        with temporary.open("wb") as file:
            for places in self._lines.values():
                for place in places[-2:]:
                    self._journal.seek(place.offset)
                    file.write(self._journal.read(place.length))
            file.flush()
            os.fsync(file.fileno())
        self._journal.close()
        temporary.replace(whole)
        self._journal = self._stack.enter_context(whole.open("a+b"))
        self._lines.clear()
        self._journal.seek(0)
        self._read_journal()

    # --------------------------------------------------------------------------------------------------------- keys

    def fingerprint(self, secret: bytes) -> str:
        """Return what tells two secrets apart in this folder, and is slow to guess a short secret from."""
        place = self.state / "salt"
        if not place.exists() or place.stat().st_size != hashlib.sha256().digest_size:
            write_whole(place, secrets.token_bytes(hashlib.sha256().digest_size))
            place.chmod(0o600)
        digest = hashlib.pbkdf2_hmac(
            "sha256",
            b"grader secret\0" + secret,
            place.read_bytes(),
            _FINGERPRINT_ROUNDS,
        )
        return digest.hex()

    def is_finished(self, name: str, key: str, level: str | None = None) -> bool:
        """Tell whether the report of `name` was made from `key`, and is still as it was written.

        `level` asks for at least this isolation too: a report of less is not what was asked for.
        """
        place = self._place(name, key)
        if place is None:
            return False
        if level is not None and LEVELS.index(
            self._facts(place.offset, place.length).isolation
        ) < LEVELS.index(level):
            return False
        self._is_current(name, place.offset, place.length)
        return True

    def has_page(self, name: str) -> bool:
        """Tell whether the page of a finished report is there; pages are not forced to disk, they can be made again."""
        with contextlib.suppress(OSError):
            return (self.reports / f"{name}.html").stat().st_size > 0
        return False

    def _place(self, name: str, key: str) -> _Place | None:
        candidates = [place for place in self._lines.get(name, ()) if place.key == key]
        if not candidates:
            return None
        try:
            content = (self.reports / f"{name}.json").read_bytes()
        except OSError:
            return None
        digest = hashlib.sha256(content).hexdigest()
        return next(
            (place for place in reversed(candidates) if place.report == digest), None
        )

    def facts(self, name: str) -> Facts | None:
        """Return the facts of `name`, if this run found its report finished or put one."""
        place = self._current.get(name)
        return self._facts(*place) if place is not None else None

    def _facts(self, offset: int, length: int) -> Facts:
        self._journal.seek(offset)
        return _entry.decode(self._journal.read(length)).facts

    def _is_current(self, name: str, offset: int, length: int) -> None:
        """Remember where the facts of `name` are; what was known of it before is needed no more."""
        self._current[name] = (offset, length)
        self._lines.pop(name, None)

    def earlier(self, names: set[str]) -> list[str]:
        """Return the names of the reports here that belong to none of `names`: submissions that are no longer there."""
        return sorted(
            file.stem for file in self.reports.glob("*.json") if file.stem not in names
        )

    # ------------------------------------------------------------------------------------------------------- writing

    def put(self, key: str, report: bytes, page: bytes, facts: Facts) -> None:
        """Take one report; it is in place after at most a group of others, or a `flush`."""
        target = self.reports / f"{facts.name}.json"
        if not self._pending:
            self._since = time.monotonic()
        with self._disk():
            self._stage(page, target.with_name(f"{facts.name}.html"))
            self._stage(report, target)
        entry = Entry(facts.name, key, hashlib.sha256(report).hexdigest(), facts)
        line = msgspec.json.encode(entry) + b"\n"
        self._journal_text.append(line)
        self._is_current(facts.name, self._end, len(line))
        self._end += len(line)
        if len(self._journal_text) >= _GROUP:
            self.flush()

    def _stage(self, data: bytes, target: Path) -> None:
        self._written += 1
        temporary = self.reports / f"{_TEMPORARY}{self._written}"
        handle = os.open(
            temporary,
            os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0),
            0o644,
        )
        self._pending.append((temporary, target, handle))
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def _handles_to_sync(self) -> list[int]:
        """List the files that must be whole: pages can be made again from their reports."""
        return [
            handle for _, target, handle in self._pending if target.suffix == ".json"
        ]

    def flush_due(self) -> None:
        """Put the reports in their places if some can share a trip to the disk, or one has waited for long enough."""
        if len(self._journal_text) >= _SYNCERS or (
            self._pending and time.monotonic() - self._since > _DELAY_S
        ):
            self.flush()

    def flush(self) -> None:
        """Put every report that was taken in its place."""
        if not self._pending:
            return
        with self._disk():
            # Side by side: a file system commits what waits together at once.
            collections.deque(
                self._syncers.map(os.fsync, self._handles_to_sync()), maxlen=0
            )
            self._journal.write(b"".join(self._journal_text))
            self._journal_text.clear()
            # Not forced to disk: a line that a power cut takes costs one more grading, not a
            # report.
            self._journal.flush()
            while self._pending:
                temporary, target, handle = self._pending[0]
                # Closed first: Windows renames nothing that is open.
                os.close(handle)
                self._pending[0] = (temporary, target, -1)
                temporary.replace(target)
                del self._pending[0]

    def publish(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one file of the output whole, piece by piece."""
        target = self.out / name
        temporary = self.reports / f"{_TEMPORARY}page"
        with self._disk():
            with temporary.open("wb") as file:
                file.writelines(chunks)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            sync_folder(target.parent)

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._forget()
            raise GraderError(
                f"{self.out}: {error.strerror}; what was graded before is kept, run the command again to go on"
            ) from error

    def _forget(self) -> None:
        """Drop what is not in place: after a full disk the journal alone says what is finished."""
        for temporary, _, handle in self._pending:
            with contextlib.suppress(OSError):
                os.close(handle)
            with contextlib.suppress(OSError):
                temporary.unlink()
        self._pending.clear()
        self._journal_text.clear()
