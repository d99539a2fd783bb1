"""What became of a batch: a record for programs, and lines on standard error for people."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from grader.classbook.summary import SecretSource
from grader.errors import GraderError
from grader.intake.sources import Skipped
from grader.render.prose import isolation_note, secret_note
from grader.untrusted import TEXT_LIMIT, file_name, for_terminal

_MOST_NAMED = 3
"""Names of one kind in these lines; the files have all of them."""


class BatchResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a batch; the files in `output` have the details."""

    output: Path
    submissions: int
    graded: int
    """In this run."""
    kept: int
    """From an earlier run, unchanged."""
    unfinished: int
    """Still to be graded, because the batch was stopped."""
    grader_errors: tuple[str, ...]
    """Names of the submissions that the grader itself failed on."""
    lowest: float | None
    """The lowest score, for `--fail-under`; None where nothing has a score."""
    skipped: int
    """Files and folders that were found and are not submissions."""
    unread: tuple[Skipped, ...]
    """Those of them that may hold submissions and could not be read."""
    others: int
    """Students of earlier runs who were not given in this one, and stay in the gradebook."""
    lost: tuple[str, ...]
    """Those of them whose report is no longer in `output`."""
    otherwise: tuple[str, ...]
    """Reports of earlier runs that were made from another exercise, secret or grader version."""
    changed: tuple[str, ...]
    """What changed since the run before, as lines for a person."""
    missing: tuple[str, ...]
    """Students on the roster who have handed in nothing."""
    unlisted: tuple[str, ...]
    """Submissions whose students are not on the roster."""
    time_unknown: tuple[str, ...]
    """Submissions that do not count as late, because nobody knows when they came."""
    marked: tuple[str, ...]
    """Those of them that the platform marks as late."""
    earlier: int
    """Reports in `output` of submissions that are gone: kept, and not in the gradebook."""
    secret: SecretSource
    """Where the secret of the hidden inputs came from; everybody can read the default one."""
    isolation: dict[str, int]
    """How many reports were made with each level of isolation."""
    stopped_by: int | None = None
    """The signal that stopped the batch."""

    @property
    def exit_code(self) -> int:
        """The command's exit status.

        0 if all went well, 4 if the grader failed on a submission, and 130 or 143 (128 + signal, as
        every caller of a program knows it) if a signal stopped the batch. A stopped batch has not
        failed, but is not finished: its files are right as far as they go, and the same command
        continues it.
        """
        if self.stopped_by is not None:
            return 128 + self.stopped_by
        return GraderError.exit_code if self.grader_errors else 0


def show(result: BatchResult) -> None:
    """Write the lines about a batch to standard error."""
    for line in _lines(result):
        sys.stderr.write(for_terminal(f"grader: {line}", TEXT_LIMIT) + "\n")


def _lines(result: BatchResult) -> Iterator[str]:
    for level, count in result.isolation.items():
        if note := isolation_note(level):
            yield f"{count} of {result.submissions}: {note}"
    yield (
        f"graded {result.graded}, kept {result.kept} from before, "
        f"of {result.submissions} submissions"
    )
    if result.unfinished:
        yield (
            f"stopped: {result.unfinished} are not graded yet; "
            "run the same command again to go on"
        )
    if result.skipped:
        yield f"{result.skipped} other files or folders are not submissions (index.html lists them)"
    for skipped in result.unread[:_MOST_NAMED]:
        yield f"may hold submissions: {file_name(skipped.path)}: {skipped.reason}"
    if len(result.unread) > _MOST_NAMED:
        yield f"and {len(result.unread) - _MOST_NAMED} more that may hold submissions"
    yield from _about_earlier_runs(result)
    yield from result.changed
    yield from _about_the_class(result)
    if result.grader_errors:
        yield _about_errors(result.grader_errors)
    if result.secret == "default":  # noqa: S105 - where it came from
        note = secret_note(result.secret)
        yield note[0].lower() + note[1:].removesuffix(".")
    yield f"see {result.output / 'index.html'}"


def _about_earlier_runs(result: BatchResult) -> Iterator[str]:
    if result.others:
        yield (
            f"{result.others} more of earlier runs stay in the gradebook "
            "(--only-these leaves them out)"
        )
    if result.otherwise:
        yield (
            f"{len(result.otherwise)} of these were graded with another exercise, secret or grader "
            f"version: {some_names(result.otherwise)}; give their files again"
        )
    if result.lost:
        yield (
            f"no report any more, and so no row: {some_names(result.lost)}; "
            "give their files again"
        )
    if result.earlier:
        yield (
            f"{result.earlier} reports of submissions that are gone are left in the output, "
            "and not counted"
        )


def _about_the_class(result: BatchResult) -> Iterator[str]:
    if result.missing:
        yield f"{len(result.missing)} on the roster handed in nothing: {some_names(result.missing)}"
    if result.unlisted:
        yield (
            f"{len(result.unlisted)} handed in and are not on the roster: "
            f"{some_names(result.unlisted)}"
        )
    if result.time_unknown:
        yield (
            f"nobody knows when {len(result.time_unknown)} were handed in, so they do not count "
            f"as late: {some_names(result.time_unknown)}"
        )
    if result.marked:
        yield (
            f"the platform marks {len(result.marked)} of these as late: "
            f"{some_names(result.marked)}; --due none lets its mark count"
        )


def _about_errors(names: tuple[str, ...]) -> str:
    some = some_names(names)
    return f"the grader itself failed on {len(names)}: {some}; run the command again"


def some_names(names: Sequence[str]) -> str:
    """Return a few names for a line."""
    some = ", ".join(names[:_MOST_NAMED])
    return some + (", ..." if len(names) > _MOST_NAMED else "")
