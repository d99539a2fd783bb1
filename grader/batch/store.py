"""Reports on disk: each whole or absent, and found again by what it was made from.

    OUT/reports/NAME.json  OUT/reports/NAME.html
    OUT/.grader/lock       held while a batch writes here
    OUT/.grader/salt       random, so that the secret's fingerprint is worth nothing elsewhere
    OUT/.grader/journal    one line per finished report (`journal`)
    OUT/.grader/class.json    whose reports they are (`roll`)
    OUT/.grader/gradebook     what the grader wrote there, to know it again (`edits`)

Theory of operation. A line enters the journal *before* its report takes its name. So whenever the
program is killed, a report that is in place has a line with its digest. A line without its report,
or with another report in its place (edited, cut, of an earlier run), counts for nothing, and the
submission is graded again. A report's data is forced to disk before the rename, so that a power cut
leaves it whole or absent. Reports go to disk in small groups, at most 0.4 s after they were made.
"""

import contextlib
import hashlib
import secrets
import shutil
import time
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from grader.batch.journal import Entry, Journal, Place
from grader.batch.own_folder import OwnFolder
from grader.batch.pending import SYNCERS, Pending
from grader.classbook.changes import UNKNOWN, MadeFrom
from grader.classbook.facts import Facts
from grader.errors import GraderError, UsageError
from grader.files import lock
from grader.intake.left_out import STATE_FOLDER
from grader.isolation import is_less
from grader.opening import UnreadableError, read_at_once

_GROUP = 32
_DELAY_S = 0.2
_FINGERPRINT_ROUNDS = 100_000


class Store:
    """The output folder of one batch; use it as a context manager."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.reports = out / "reports"
        self.state = out / STATE_FOLDER
        self._made = not out.exists()
        self._folder: OwnFolder
        self._reports_folder: OwnFolder
        self._state_folder: OwnFolder
        self._current: dict[str, tuple[int, int]] = {}
        """Name -> offset and length of the journal line that counts in this run."""
        self._pending: Pending
        self._lines: list[bytes] = []
        """The lines of the journal for what is pending."""
        self._stack = contextlib.ExitStack()
        self._written = False
        self._since = 0.0
        """When the first of the pending reports was put."""

    # ------------------------------------------------------------------------ opening, closing

    def __enter__(self) -> Self:
        """Lock the folder and read its journal.

        Raises UsageError where it cannot be written, or another batch writes it.
        """
        held = self._open_lock()
        try:
            lock(held)
        except OSError as error:
            self._stack.close()
            raise UsageError(
                f"{self.out}: another batch writes here; wait for it, or choose another --output"
            ) from error
        with contextlib.ExitStack() as guard:
            guard.callback(self._stack.close)
            with self._usable():
                self._reports_folder.remove_left_overs()
                self._state_folder.remove_left_overs()
                self._journal = Journal(self._state_folder)
            self._stack.callback(self._journal.close)
            guard.pop_all()
        return self

    def _open_lock(self) -> IO[bytes]:
        with self._usable(), contextlib.ExitStack() as guard:
            self._folder = OwnFolder.chosen(self.out)
            guard.callback(self._folder.close)
            self._reports_folder = self._folder.below(self.reports.name)
            guard.callback(self._reports_folder.close)
            self._pending = Pending(self._reports_folder)
            guard.callback(self._pending.close)
            self._state_folder = self._folder.below(self.state.name)
            guard.callback(self._state_folder.close)
            held = guard.enter_context(self._state_folder.open("lock", "a+b"))
            self._stack = guard.pop_all()
            return held

    def own_folder(self, name: str) -> Path:
        """Make a folder for the grader alone; UsageError where a link or a file is in its place."""
        with self._usable():
            self._state_folder.below(name).close()
        return self.state / name

    @contextlib.contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError(
                f"{self.out}: cannot be written ({error.strerror}); choose another --output"
            ) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put what is pending in its place, so that Ctrl-C loses no graded work, and unlock."""
        with self._stack:
            if error is not None and self._made and not self._written:
                # Refused before anything was graded: leave no folder that looks like a result.
                shutil.rmtree(self.out, ignore_errors=True)
            elif not isinstance(error, OSError):
                self.flush()
                with self._disk():
                    self._journal.sync()
                    self._reports_folder.sync()

    # ------------------------------------------------------------------------------------ keys

    def fingerprint(self, secret: bytes) -> str:
        """Return what identifies a secret in this folder; guessing the secret from it is slow."""
        size = hashlib.sha256().digest_size
        try:
            salt = read_at_once(self.state, ("salt",), size)
        except UnreadableError:
            salt = b""
        if len(salt) != size:
            salt = secrets.token_bytes(size)
            self.keep("salt", salt, private=True)
        text = b"grader secret\0" + secret
        return hashlib.pbkdf2_hmac(
            "sha256", text, salt, _FINGERPRINT_ROUNDS
        ).hex()

    def is_finished(
        self, name: str, key: str, level: str | None = None
    ) -> bool:
        """Return whether the report of `name` was made from `key` and is still as it was written.

        `level` requires at least this isolation too: a report of less is not what was asked for.
        """
        place = self._in_place(name, self._journal.places(name, key))
        if place is None:
            return False
        if level is not None:
            had = self._journal.entry(
                place.offset, place.length
            ).facts.isolation
            if is_less(had, level):
                return False
        self._set_current(name, place.offset, place.length)
        return True

    def has_page(self, name: str) -> bool:
        """Return whether a finished report has its page: pages are not forced to disk."""
        with contextlib.suppress(OSError):
            return self._reports_folder.status(f"{name}.html").st_size > 0
        return False

    def adopt(self, name: str) -> bool:
        """Let the report of `name` count that an earlier run made; return whether there is one."""
        place = self._in_place(name, self._journal.all_places(name))
        if place is None:
            return False
        self._set_current(name, place.offset, place.length)
        return True

    def _in_place(self, name: str, candidates: Sequence[Place]) -> Place | None:
        """Return the journal line of the report that is in place, if it is one of these."""
        if not candidates:
            return None
        try:
            content = read_at_once(self.out, ("reports", f"{name}.json"))
        except UnreadableError:
            return None
        digest = hashlib.sha256(content).hexdigest()
        return next(
            (place for place in candidates if place.report == digest), None
        )

    def facts(self, name: str) -> Facts | None:
        """Return the facts of `name`, if this run found its report finished or put one."""
        place = self._current.get(name)
        return self._journal.entry(*place).facts if place is not None else None

    def made_from(self, name: str) -> MadeFrom:
        """Return what the report of `name` was made from, which has facts."""
        return self._journal.entry(*self._current[name]).made_from

    def _set_current(self, name: str, offset: int, length: int) -> None:
        self._current[name] = (offset, length)
        self._journal.forget(name)

    def remove(self, name: str) -> None:
        """Remove a report and its page."""
        self._current.pop(name, None)
        with self._disk():
            for suffix in ("html", "json"):
                self._reports_folder.remove(f"{name}.{suffix}")

    def earlier(self, names: Container[str]) -> list[str]:
        """Return the names of reports of submissions that are gone: those not in `names`."""
        found = (Path(file) for file in self._reports_folder.names())
        reports = (file.stem for file in found if file.suffix == ".json")
        return sorted(name for name in reports if name not in names)

    # --------------------------------------------------------------------------------- writing

    def put(
        self,
        key: str,
        report: bytes,
        page: bytes,
        facts: Facts,
        made_from: MadeFrom = UNKNOWN,
    ) -> None:
        """Take one report; it is in place after at most a group of others, or a `flush`."""
        if not self._pending:
            self._since = time.monotonic()
        self._written = True
        with self._disk():
            self._pending.stage(page, f"{facts.name}.html")
            self._pending.stage(report, f"{facts.name}.json")
        entry = Entry(
            facts.name,
            key,
            hashlib.sha256(report).hexdigest(),
            facts,
            made_from,
        )
        line = msgspec.json.encode(entry) + b"\n"
        self._lines.append(line)
        self._set_current(
            facts.name, self._journal.reserve(len(line)), len(line)
        )
        if len(self._lines) >= _GROUP:
            self.flush()

    def flush_due(self) -> None:
        """Flush if some reports can share a trip to the disk, or one has waited long enough."""
        waited = time.monotonic() - self._since if self._pending else 0.0
        if waited > _DELAY_S or len(self._lines) >= SYNCERS:
            self.flush()

    def flush(self) -> None:
        """Put every pending report in its place."""
        if not self._pending:
            return
        with self._disk():
            self._pending.sync()
            self._journal.append(self._lines)
            self._lines.clear()
            self._pending.place()

    def publish(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one file of the output whole, piece by piece."""
        with self._disk():
            # Beside the reports, where the next run looks for what a killed one left.
            with self._reports_folder.whole(name, self._folder) as file:
                file.writelines(chunks)
            self._folder.sync()

    def keep(self, name: str, data: bytes, *, private: bool = False) -> None:
        """Write one file of the grader's own state whole."""
        with (
            self._disk(),
            self._state_folder.whole(name, private=private) as file,
        ):
            file.write(data)

    def put_page(self, name: str, page: bytes) -> None:
        """Write the page of a report that is in place."""
        with (
            self._disk(),
            self._reports_folder.whole(f"{name}.html") as file,
        ):
            file.write(page)

    def revise_page(
        self, name: str, revised: Callable[[bytes], bytes | None], head: int
    ) -> None:
        """Write the page of a report anew where `revised` gives another beginning, and not None.

        It gets the first `head` bytes of the page; what follows them stays as it is.
        """
        folder, target = self._reports_folder, f"{name}.html"
        with self._disk(), contextlib.suppress(FileNotFoundError):
            with folder.open(target, "rb") as file:
                changed = revised(file.read(head))
                if changed is None:
                    return
                rest = file.read()
            with folder.whole(target, sync=False) as file:
                file.writelines((changed, rest))

    @contextlib.contextmanager
    def _disk(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # After a full disk only the journal says what is finished.
            self._pending.drop()
            self._lines.clear()
            raise GraderError(
                f"{self.out}: {error.strerror}; what was graded before is kept, "
                "run the command again to go on"
            ) from error
