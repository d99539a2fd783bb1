"""The students' pages, named as a course platform takes them back.

| platform | file | source |
|---|---|---|
| `moodle` | `Ada Low_301_assignfeedback_file/feedback.html` | Moodle's `importziplib.php` |
| `canvas` | `lowada_301_9007_convolve.html` | Canvas's `assignment.rb`, comments by file name |
| `folder` | `NAME.html`, by the name of the report | |

Moodle cuts a name at underscores and takes the second part for the participant's number. Canvas
takes the first two parts that are numbers for the user's and the attachment's.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from grader.classbook.grades import GradedStudent, read_gradebook
from grader.classbook.rows import MISSING
from grader.errors import UsageError
from grader.files import write_whole
from grader.intake.downloads import canvas
from grader.model import Status
from grader.opening import Folder, Patience
from grader.render import render
from grader.render.json import read_report_below

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The same pages make the same archive, whenever it is made."""


def _moodle(student: GradedStudent) -> str | None:
    if not student.grade.id.isdigit():
        return None
    name = re.sub(r"[_/\\\\]", " ", student.grade.name)
    return f"{name}_{student.grade.id}_assignfeedback_file/feedback.html"


def _canvas(student: GradedStudent) -> str | None:
    for part in student.origin.split("/"):
        if canvas.read_name(part) is not None:
            return f"{part.rpartition('.')[0]}.html"
    return None


def _folder(student: GradedStudent) -> str | None:
    return f"{student.report}.html"


PLATFORMS: Final[dict[str, Callable[[GradedStudent], str | None]]] = {
    "moodle": _moodle,
    "canvas": _canvas,
    "folder": _folder,
}
"""What `grader feedback` accepts: the path of a student's page; None where it has none there."""


def pages(
    results: Path, path_of: Callable[[GradedStudent], str | None]
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return path -> page, and the names of the students without one.

    A student whom the grader itself failed on gets no page, and neither does one whom the platform
    could not find: a page in the wrong place would be read by somebody else.
    """
    found: dict[str, bytes] = {}
    left_out = []
    students = read_gradebook(results)
    with Patience() as patience:
        folder = Folder(results, patience)
        for student in students:
            path = path_of(student)
            page = _page(folder, student)
            if path is None or page is None or path in found:
                left_out.append(student.grade.name)
            else:
                found[path] = page
    if not found:
        raise UsageError(
            f"{results}: nobody has a page for this platform; "
            "were the submissions graded from its own download?"
        )
    return found, tuple(left_out)


def _page(results: Folder, student: GradedStudent) -> bytes | None:
    """Return a student's page; None where there is no report, or no grade by a fault of ours."""
    if student.status == MISSING:
        return None
    try:
        report = read_report_below(results, student.report)
    except UsageError:
        return None  # it is gone or damaged: one page less, and not none for the class
    if report.status is Status.GRADER_ERROR:
        return None
    page = render(student.shown(report), "html", "student")
    return page.encode("utf-8", "backslashreplace")


def write_archive(written: Mapping[str, bytes], output: Path) -> None:
    """Write a zip with the pages."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, page in written.items():
            archive.writestr(
                zipfile.ZipInfo(path, _EPOCH), page, zipfile.ZIP_DEFLATED
            )
    write_whole(output, buffer.getvalue())


def write_folder(written: Mapping[str, bytes], output: Path) -> None:
    """Write the pages into a new folder; UsageError where there is something already."""
    try:
        output.mkdir(parents=True, exist_ok=True)
        occupied = any(output.iterdir())
    except OSError as error:
        raise UsageError(
            f"{output}: cannot be written ({error.strerror})"
        ) from error
    if occupied:
        raise UsageError(f"{output}: is not empty; name a new folder")
    for path, page in written.items():
        write_whole(output / path, page)
