"""Files that a command needs: whatever is put in their places is refused, and nothing waits."""

import contextlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.batch.explain import explain
from grader.batch.store import Store
from grader.cases import read_secret
from grader.classbook.adjustments import read_adjustments
from grader.classbook.feedback import PLATFORMS, pages
from grader.classbook.grades import GradedStudent, read_gradebook
from grader.classbook.roster import read_roster
from grader.errors import UsageError
from grader.exercise import load_exercise
from grader.opening import CLASS_CAP, read_alone, read_below
from grader.packaging.statement import read_statement
from grader.packaging.wheel import tree
from grader.render.json import read_report

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "tests" / "scenarios" / "wrong_values_flipped" / "report.json"
STUDENTS = ("ada", "bob", "cy", "dan", "eve", "flo", "gus", "hal")
HEADER = "name,student,id,email,file,origin,late,status,score,max_score,comment"
FIX = "do this"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Make a folder of results with a report for each student."""
    folder = tmp_path / "results"
    (folder / "reports").mkdir(parents=True)
    (folder / ".grader").mkdir()
    lines = [
        f"{name},{name.title()},{at},,hw.py,hw.py,,graded,1,4,"
        for at, name in enumerate(STUDENTS)
    ]
    (folder / "gradebook.csv").write_text("\n".join([HEADER, *lines, ""]))
    (folder / "adjustments.csv").write_text("id,points\n")
    (folder / "summary.json").write_text("{}")
    (folder / ".grader" / "class.json").write_text('{"exercise": "x"}')
    for name in STUDENTS:
        shutil.copy(REPORT, folder / "reports" / f"{name}.json")
    return folder


# ------------------------------------------------------------------------ what takes a place


def link_to_another(place: Path) -> None:
    """Put a link to another file of the same kind."""
    kept = place.with_name(f"{place.name}.kept")
    place.rename(kept)
    place.symlink_to(kept)


def link_to_a_device(place: Path) -> None:
    """Put a link to bytes without end."""
    place.unlink()
    place.symlink_to("/dev/zero")


def link_in_a_circle(place: Path) -> None:
    """Make a link to itself."""
    place.unlink()
    place.symlink_to(place)


def pipe(place: Path) -> None:
    """Make a pipe that nobody writes to, which blocks whoever opens it."""
    place.unlink()
    os.mkfifo(place)


def a_socket(place: Path) -> None:
    """Make a socket, which cannot be opened."""
    place.unlink()
    # The path of a socket may be short only.
    with (
        tempfile.TemporaryDirectory() as short,
        socket.socket(socket.AF_UNIX) as made,
    ):
        made.bind(f"{short}/socket")
        Path(short, "socket").replace(place)


def a_folder(place: Path) -> None:
    """Make a folder of that name."""
    place.unlink()
    place.mkdir()


def giant(place: Path) -> None:
    """Write more bytes than are read of any such file."""
    with place.open("r+b") as file:
        file.truncate(CLASS_CAP + 1)


THINGS = (
    link_to_another,
    link_to_a_device,
    link_in_a_circle,
    pipe,
    a_socket,
    a_folder,
    giant,
)


def ask_for_ada(results: Path) -> None:
    """Explain a grade."""
    explain(results, "ada", None, read_secret(None, {}))


READERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "grades: the gradebook": ("gradebook.csv", read_gradebook),
    "grades: the summary": ("summary.json", read_gradebook),
    "grades: the adjustments": (
        "adjustments.csv",
        lambda results: read_adjustments(results, {}),
    ),
    "explain: the gradebook": ("gradebook.csv", ask_for_ada),
    "explain: the report": ("reports/ada.json", ask_for_ada),
    "explain: the class": (".grader/class.json", ask_for_ada),
    "render: the report": (
        "reports/ada.json",
        lambda results: read_report(results / "reports" / "ada.json"),
    ),
}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("reader", READERS)
def test_what_takes_the_place_of_a_needed_file_is_one_line(
    results: Path, reader: str, thing: Callable[[Path], None]
) -> None:
    """Wrong usage, with the file and what to do; the file itself is read before."""
    name, read = READERS[reader]
    read(results)
    thing(results / name)
    with pytest.raises(UsageError) as caught:
        read(results)
    line = str(caught.value)
    assert f"{name}: cannot be read (" in line
    assert "; " in line
    assert "\n" not in line
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("thing", THINGS[1:])
def test_a_roster_may_be_a_link_and_nothing_else(
    tmp_path: Path, thing: Callable[[Path], None]
) -> None:
    """A link is followed once to a file; pipes, devices and giants are refused there, too."""
    kept, named = tmp_path / "kept.csv", tmp_path / "roster.csv"
    kept.write_text("id,name\n1,Ada\n")
    named.symlink_to(kept)
    assert read_roster(named)[0].name == "Ada"
    thing(kept)
    with pytest.raises(UsageError, match=r"roster\.csv: cannot be read \("):
        read_roster(named)


@pytest.mark.parametrize("folder", ["reports", ".grader"])
def test_a_folder_of_results_is_no_link(results: Path, folder: str) -> None:
    """A link in the place of a folder on the way is not followed either."""
    link_to_another(results / folder)
    with pytest.raises(UsageError, match="a link is on the way to it"):
        ask_for_ada(results)


@pytest.mark.parametrize("thing", [*THINGS, Path.unlink])
def test_a_report_that_is_swapped_while_pages_are_made_costs_one_page(
    results: Path, thing: Callable[[Path], None]
) -> None:
    """The gradebook was read, other pages are made: one page less, and the rest of the class."""

    def swapping(student: GradedStudent) -> str | None:
        if student.report == "dan":
            thing(results / "reports" / "eve.json")
        return PLATFORMS["folder"](student)

    made, left_out = pages(results, swapping)
    assert left_out == ("Eve",)
    assert set(made) == {f"{name}.html" for name in STUDENTS if name != "eve"}


def test_no_row_of_a_gradebook_leads_out_of_the_reports(results: Path) -> None:
    """The name of a report is the name of a file, and no path."""
    shutil.copy(REPORT, results / "secret.json")
    (results / "gradebook.csv").write_text(
        f"{HEADER}\n../secret,Eve,1,,hw.py,hw.py,,graded,1,4,\n"
    )
    with pytest.raises(UsageError, match="its path leads elsewhere"):
        explain(results, "1", None, read_secret(None, {}))


# ------------------------------------------------------------------------------ while reading


def swapped_for_a_link(place: Path, secret: Path) -> None:
    """Now a file, now a link to the secret."""
    link, file = place.with_name("link"), place.with_name("file")
    link.symlink_to(secret)
    link.replace(place)
    file.write_bytes(b"own")
    file.replace(place)


def swapped_for_a_pipe(place: Path, secret: Path) -> None:
    """Now a file, now a pipe."""
    made, file = place.with_name("pipe"), place.with_name(f"{secret.name}.own")
    os.mkfifo(made)
    made.replace(place)
    file.write_bytes(b"own")
    file.replace(place)


def swapped_for_a_folder(place: Path, secret: Path) -> None:
    """Now a file, now a folder with the secret."""
    place.unlink()
    place.mkdir()
    shutil.copy(secret, place)
    shutil.rmtree(place)
    place.write_bytes(b"own")


def grown(place: Path, _: Path) -> None:
    """Longer while it is read, without end but for the disk's sake."""
    with place.open("ab") as file:
        file.write(b"own" * 1000)
    if place.stat().st_size > 1 << 20:
        os.truncate(place, 0)


def cut(place: Path, _: Path) -> None:
    """Shorter while it is read."""
    with place.open("r+b") as file:
        file.write(b"own" * 20_000)
        file.truncate(3)


FLIPS = (
    swapped_for_a_link,
    swapped_for_a_pipe,
    swapped_for_a_folder,
    grown,
    cut,
)
MOST = 20_000


def own_or_none(read: Callable[[], bytes | None]) -> bytes:
    """Return what is read; nothing where that is refused."""
    with contextlib.suppress(UsageError):
        return read() or b""
    return b""


@pytest.mark.parametrize("flip", FLIPS)
def test_what_changes_all_the_time_is_read_or_refused(
    tmp_path: Path, flip: Callable[[Path, Path], None]
) -> None:
    """Whatever the moment: bytes of the file itself, at most as many as asked for, or a refusal."""
    folder, secret = tmp_path / "folder", tmp_path / "secret"
    folder.mkdir()
    secret.write_bytes(b"the reference")
    place = folder / "report.json"
    place.write_bytes(b"own")
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            flip(place, secret)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(100):
            for read in (
                lambda: read_alone(place, FIX, MOST),
                lambda: read_below(folder, (place.name,), FIX, MOST),
            ):
                data = own_or_none(read)
                assert b"reference" not in data
                assert len(data) <= MOST
    finally:
        done.set()
        changing.join()


# --------------------------------------------------------------- exercises, and what is written


@pytest.mark.parametrize("thing", [*THINGS[:5], giant])
def test_nothing_but_files_is_packed(
    tmp_path: Path, thing: Callable[[Path], None]
) -> None:
    """A link in an exercise would carry a private file to every student; a pipe would wait."""
    folder = tmp_path / "exercises" / "convolution"
    shutil.copytree(ROOT / "exercises" / "convolution", folder)
    exercise = load_exercise(folder)
    assert dict(tree(folder, "x"))["x/README.md"]
    assert read_statement(exercise).markdown
    thing(folder / "README.md")
    with pytest.raises(UsageError, match=r"README\.md: cannot be read \("):
        dict(tree(folder, "x"))


@pytest.mark.parametrize("name", ["lock", "journal"])
@pytest.mark.parametrize("thing", [*THINGS[:4], a_folder])
def test_a_batch_writes_through_no_link(
    tmp_path: Path, name: str, thing: Callable[[Path], None]
) -> None:
    """In a shared folder somebody may put a link where the journal is, and it is left alone."""
    out = tmp_path / "out"
    with Store(out):
        pass
    (out / ".grader" / name).touch()
    thing(out / ".grader" / name)
    with pytest.raises(UsageError, match="out: cannot be written"), Store(out):
        pass


def test_the_commands_end_with_wrong_usage(results: Path, grader: Any) -> None:
    """Each of them says one line and ends with status 2, here for a pipe in the gradebook."""
    pipe(results / "gradebook.csv")
    pipe(results / "reports" / "ada.json")
    for arguments in (
        ("grades", "moodle", results),
        ("feedback", "folder", results, "--output", results / "made"),
        ("explain", results, "ada"),
        ("render", results / "reports" / "ada.json"),
    ):
        done = grader(*arguments)
        assert done.returncode == 2, done.stderr
        assert "cannot be read (it is not a regular file); " in done.stderr
        assert done.stderr.count("\n") == 1


def test_the_report_of_this_test_is_one() -> None:
    """What stands in for every student's report can be read."""
    assert json.loads(REPORT.read_text("utf-8"))["score"] is not None
