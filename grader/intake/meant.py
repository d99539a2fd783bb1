"""What the files of a class define, for finding out which exercise they are for."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.errors import SUBMISSION_SUFFIXES
from grader.intake.scan import Scan
from grader.intake.sources import File
from grader.opening import Patience, UnreadableError
from grader.submission import defined_names

_MOST_FILES = 60
"""How many files are looked at, spread over all of them: a class has one exercise."""
_MOST_BYTES = 1 << 20


def definitions_of(
    paths: Sequence[Path],
) -> Iterator[Mapping[str, Sequence[str]]]:
    """Yield what some of the files in folders, archives and patterns define.

    Raises UsageError where a path does not exist.
    """
    with (
        tempfile.TemporaryDirectory(prefix="grader-meant-") as spool,
        # In a process, since one that hangs in a thread would outlive Ctrl-C.
        Patience(apart=True) as patience,
    ):
        roots = Scan(Path(spool), None, patience).roots(paths)
        files = [
            file
            for root in roots
            for file in root.files
            if file.name.endswith(SUBMISSION_SUFFIXES)
        ]
        step = -(-len(files) // _MOST_FILES) or 1
        for file in files[::step]:
            yield _definitions(file)


def _definitions(file: File) -> Mapping[str, Sequence[str]]:
    try:
        content = file.place.beginning(_MOST_BYTES)
    except UnreadableError:
        return {}
    return defined_names(file.name, content)
