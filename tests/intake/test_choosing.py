"""Which of a student's files is graded, what it imports, and what is read out of a page."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.exercise import load_exercise
from grader.intake.candidates import MOST_READ, Candidates
from grader.intake.downloads.attempts import Attempts, Handed, latest
from grader.intake.downloads.handed_in import HandedIn
from grader.intake.helpers import MOST, helpers_of
from grader.intake.online_text import code_of, is_page
from grader.intake.report_names import (
    MOST_BYTES,
    safe_name,
    shorten,
    unique_names,
    with_qualifier,
)
from grader.intake.sources import File, Place
from grader.opening import Folder, Patience

DEFINES = "def convolve(image, kernel):\n    return image\n"
Make = Callable[..., File]


@pytest.fixture(scope="module")
def candidates() -> Candidates:
    """Return what judges files for the exercise `convolution`."""
    return Candidates(load_exercise("convolution"))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that makes a file at a path."""
    folder = Folder(tmp_path, Patience())

    def _make(path: str, text: str = DEFINES, **more: object) -> File:
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        parts = tuple(path.split("/"))
        return msgspec.structs.replace(
            File(parts, Place(folder, parts)), **more
        )

    return _make


# --------------------------------------------------------------------------------- candidates


def test_files_are_ranked_by_their_names(
    candidates: Candidates, make: Make
) -> None:
    """Named like the function, like the exercise, with one of these inside, with none of them."""
    order = [
        make("convolve.py"),
        make("convolution.py"),
        make("my_convolve2.py"),
        make("a.py"),
        make("x/a.py"),
        make("x/b.py"),
    ]
    assert candidates.ranked(reversed(order)) == order
    assert [candidates.is_named(file) for file in order[:4]] == [
        True,
        True,
        False,
        False,
    ]
    assert [candidates.is_named_as_asked(file) for file in order[:3]] == [
        True,
        False,
        False,
    ]
    assert candidates.is_named(make("CONVOLVE.ipynb"))


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        (DEFINES, True),
        ("class convolve: pass", True),
        ("def  convolve (a): pass", True),
        ("def convolved(a): pass", False),
        ("convolve = 1", False),
        ("", False),
    ],
)
def test_a_file_defines_the_function(
    candidates: Candidates, make: Make, text: str, is_there: bool
) -> None:
    """Its text tells, wherever the definition stands; what cannot be read defines nothing."""
    assert candidates.defines(make("a.py", text)) is is_there
    gone = make("b.py", text)
    (gone.place.folder.path / "b.py").unlink()
    assert not candidates.defines(gone)
    assert candidates.content(gone) == b""


def test_the_best_file_is_graded(candidates: Candidates, make: Make) -> None:
    """With the function, with a right suffix, the newest, one that is not called old."""
    stub = load_exercise("convolution").stub
    worst_first = [
        make("stub.py", f"\n{stub}\n"),
        make("other.py", "x = 1\n"),
        make("a.txt", reason="a .txt file", peeked=True),
        make("v.py", version=(1, 9)),
        make("w.py", version=(2, 0)),
    ]
    for at, file in enumerate(worst_first):
        assert candidates.best(worst_first[: at + 1][::-1]) is file
        assert candidates.best(worst_first[: at + 1]) is file


@pytest.mark.parametrize(
    "name",
    [
        *(
            "old.py",
            "a_old.py",
            "old-a.py",
            "a backup.py",
            "bak.a.py",
            "copy1.py",
        ),
        *("draft.py", "test_a.py", "a_tests.py", "tmp.py", "a-alt.py"),
        *("kopie.py", "copia.py", "copie.py"),
    ],
)
def test_a_file_that_is_called_old_comes_last(
    candidates: Candidates, make: Make, name: str
) -> None:
    """In several languages; a word that only holds such a word is another one."""
    old, new = make(name), make("zzz.py")
    assert candidates.best([old, new]) is new
    for other in ("golden.py", "latest.py", "altitude.py"):
        first = make(other)
        assert candidates.best([first, new]) is first


def test_the_newest_file_is_graded(candidates: Candidates, make: Make) -> None:
    """By more than two minutes: what is copied together has no order. A time may be missing."""
    old = make("a.py", modified="2026-11-22T12:00:00")
    for when, is_newer in (("12:02:00", False), ("12:02:01", True)):
        new = make("b.py", modified=f"2026-11-22T{when}")
        assert candidates.best([old, new]) is (new if is_newer else old)
        assert candidates.best([make("c.py"), new]) is new


def test_only_the_first_files_are_read(
    candidates: Candidates, make: Make
) -> None:
    """An environment has thousands."""
    files = [
        make(f"f{number:02}.py", "x = 1\n") for number in range(MOST_READ - 1)
    ]
    last = make("y.py")
    assert candidates.best([*files, last]) is last
    assert candidates.best([*files, files[0], last]) is files[0]


@pytest.mark.parametrize(
    ("name", "text", "may_be"),
    [
        ("a.txt", DEFINES, True),
        ("a.txt", "x = 1", False),
        ("a.txt", '{"nbformat": 4, "cells": []}', True),
        ("a.txt", '{"nbformat": 4}', False),
        ("a.txt", '{"cells": []}', False),
        ("a.html", f"<pre>{DEFINES}</pre>", True),
        ("a.html", "<p>def&nbsp;convolve(a)</p>", True),
        ("a.txt", "<p>def&nbsp;convolve(a)</p>", False),
    ],
)
def test_code_of_another_suffix_may_be_graded(
    candidates: Candidates, make: Make, name: str, text: str, may_be: bool
) -> None:
    """It has to define the function, or to be a notebook; a page counts as it is read."""
    file = make(name, text, reason="a .txt file", peeked=True)
    assert candidates.may_be_graded(file) is may_be
    assert candidates.may_be_graded(make(name, text))
    unseen = make(name, text, reason="a .txt file")
    assert not candidates.may_be_graded(unseen)


# ----------------------------------------------------------------------------------- attempts


def attempts(
    *handed: Handed, graded: Callable[[File], bool] = bool
) -> Attempts:
    """Return the attempts of one student."""
    return latest(handed, graded)


def given(file: File, download: str = "", **by: object) -> Handed:
    """Return one file that was handed in."""
    ada = HandedIn("Ada", "1", **by)  # type: ignore[arg-type] # its fields
    return Handed(file, ada, download, (file.name,))


def paths(files: tuple[File, ...]) -> list[str]:
    """Return where files lie."""
    return [file.path for file in files]


def test_the_latest_attempt_counts(make: Make) -> None:
    """By its time, or by its number; files of one moment are one attempt."""
    first, second, third = make("a.py"), make("b.py"), make("c.py", reason="x")
    orders: list[tuple[dict[str, Any], dict[str, Any], int]] = [
        ({"at": "2026-11-21"}, {"at": "2026-11-22"}, 2),
        ({"attempt": 9}, {"attempt": 10}, 10),
    ]
    for old, new, number in orders:
        found = attempts(
            given(second, late=True, **new),
            given(first, **old),
            given(third, **new),
        )
        assert paths(found.latest) == ["b.py"]
        assert paths(found.left_out) == ["c.py"]
        assert paths(found.earlier) == ["a.py"]
        assert found.late == {("b.py",)}
        assert found.number == number
        assert found.notes == ()


def test_an_attempt_with_nothing_to_grade_is_passed_over(make: Make) -> None:
    """The one before is graded, and the report says so."""
    old, new = make("a.py"), make("b.pdf", reason="a PDF")
    found = attempts(
        given(old, at="1"),
        given(new, at="2"),
        graded=lambda file: not file.reason,
    )
    assert paths(found.latest) == ["a.py"]
    assert found.notes == (
        (
            "The latest attempt has nothing that can be graded (b.pdf); "
            "the one before is graded."
        ),
    )
    none = attempts(
        given(old, at="1"), given(new, at="2"), graded=lambda _: False
    )
    assert paths(none.left_out) == ["b.pdf"]
    assert none.notes == ()


def test_downloads_without_times_are_ordered_by_the_dates_of_files(
    make: Make,
) -> None:
    """And after them by their names; a note says which is graded."""
    old = make("x/a.py", "x = 1\n", modified="2026-11-21T12:00:00")
    new = make("w/a.py", "x = 2\n", modified="2026-11-22T12:00:00")
    found = attempts(given(old, "x"), given(new, "w"))
    assert paths(found.latest) == ["w/a.py"]
    assert found.notes == (
        (
            "Handed in 2 times, and the download does not say when: "
            "the one with the newest file (2026-11-22 12:00:00) is graded."
        ),
    )
    same = make("w/b.py", "x = 3\n", modified=old.modified)
    named = attempts(given(old, "x"), given(same, "w"))
    assert paths(named.latest) == ["x/a.py"]
    assert named.notes == (
        (
            "Handed in 2 times, and the download does not say when: "
            "the one in x is graded, the last by name."
        ),
    )
    last = attempts(given(old, ""), given(same, "\n"))
    assert last.notes[0].endswith(
        "the one in the last download is graded, the last by name."
    )


def test_a_download_that_is_a_copy_is_no_attempt(make: Make) -> None:
    """The same files under the same names, one after the other, count once."""
    one, two = make("x/a.py", "x = 1\n"), make("y/a.py", "x = 1\n")
    found = attempts(given(one, "x"), given(two, "y"))
    assert (paths(found.latest), found.number, found.notes) == (
        ["y/a.py"],
        1,
        (),
    )
    other = make("y/b.py", "x = 1\n")
    assert attempts(given(one, "x"), given(other, "y")).number == 2


def test_files_that_are_numbered_stay_candidates(make: Make) -> None:
    """The number of attempts is how often a file was handed in again."""
    files = [make(f"{number}/a.py", called="a.py") for number in range(3)]
    handed = [
        given(
            msgspec.structs.replace(file, version=(number,)), version=(number,)
        )
        for number, file in enumerate(files)
    ]
    found = attempts(*handed)
    assert (len(found.latest), found.number) == (3, 3)
    twice = attempts(handed[1], handed[1]._replace(download="other"))
    assert (len(twice.latest), twice.number) == (1, 1)


# ------------------------------------------------------------------------------------ helpers


def modules(main: File, *files: File) -> list[str]:
    """Return the paths of what a file imports of others."""
    found = helpers_of(main, [main, *files], lambda file: file.place.read())
    return [helper.name for helper in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import utils", ["utils.py"]),
        ("import numpy as np, utils as u", ["utils.py"]),
        ("import pkg.deep", ["pkg/__init__.py", "pkg/deep.py"]),
        ("from utils import f", ["utils.py"]),
        (
            "from pkg import deep as d, other",
            ["pkg/__init__.py", "pkg/deep.py"],
        ),
        ("from pkg import (deep)", ["pkg/__init__.py", "pkg/deep.py"]),
        ("from pkg.deep import *", ["pkg/__init__.py", "pkg/deep.py"]),
        ("from .utils import f", ["utils.py"]),
        ("from . import utils", ["utils.py"]),
        ("# import utils", ["utils.py"]),
        ("%run utils.py", ["utils.py"]),
        ("%run -i ./pkg/deep.py", ["pkg/deep.py"]),
        ("reimport utils", []),
        ("import other", []),
        ("x = 1", []),
    ],
)
def test_imports_are_found_in_the_text(
    make: Make, text: str, expected: list[str]
) -> None:
    """As Python and IPython write them; what nothing here is called is left out."""
    files = [
        make(path, "x = 1\n")
        for path in (
            "utils.py",
            "pkg/__init__.py",
            "pkg/deep.py",
            "utils.ipynb",
        )
    ]
    assert modules(make("main.py", text), *files) == expected


def test_a_file_of_the_same_folder_goes_before_one_above(make: Make) -> None:
    """A project may start further up, but Python looks beside the file first."""
    main = make("a/b/main.py", "import utils, top, far")
    files = [
        make(path, "x = 1\n")
        for path in ("utils.py", "a/b/utils.py", "a/top.py", "c/far.py")
    ]
    found = helpers_of(main, [main, *files], lambda file: file.place.read())
    assert [helper.file.path for helper in found] == [
        "a/top.py",
        "a/b/utils.py",
    ]
    assert modules(make("c/main.py", "import utils"), *files) == ["utils.py"]


def test_as_many_modules_are_taken_as_there_may_be(make: Make) -> None:
    """And only the beginning of each text is searched."""
    files = [make(f"m{number}.py", "x = 1\n") for number in range(MOST + 1)]
    names = ", ".join(file.name[:-3] for file in files)
    assert len(modules(make("main.py", f"import {names}"), *files)) == MOST
    assert len(modules(make("main.py", f"import {names}"), *files[:-1])) == MOST
    for before, found in ((2**18 - 9, ["m1.py"]), (2**18 - 8, [])):
        late = make("late.py", f"{' ' * before}import m1")
        assert modules(late, *files) == found


# --------------------------------------------------------------------------------------- pages


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("x = 1\ny = 2", "x = 1\ny = 2\n"),
        ("<p>x = 1</p><p>y = 2</p>", "x = 1\n\ny = 2\n"),
        ("<div>a</div><br>b<li>c</li>", "a\n\nb\nc\n"),
        ("<table><tr>a</tr><td>b</td></table><h1>c</h1>", "a\nb\nc\n"),
        ("<h2>a</h2><h3>b</h3><H4>c</H4>", "a\n\nb\nc\n"),
        ("<pre>a\n  b\n</pre>c\n  d", "a\n  b\n\nc d\n"),
        ("<p>a\n   b</p>\n <p>c</p>", "a b\n\nc\n"),
        ("<p>a&lt;b&nbsp;c&amp;d  </p>", "a<b c&d\n"),
        ("<head>x</head><p>a</p>", "a\n"),
        ("<script>x<p>y</script><style>z</style><title>t</title>a", "a\n"),
        ("<script>x</style>y</script>a", "a\n"),
        ("</script>a", "a\n"),
        ("a<b and c>d", "ad\n"),
        ("a < b", "a < b\n"),
        ("", "\n"),
        ("\ufeffa", "a\n"),
    ],
)
def test_a_page_is_read_as_somebody_sees_it(page: str, text: str) -> None:
    """Line by line, with the ends of lines where they are kept, and without what is not seen."""
    assert code_of(page.encode()).decode() == text


def test_only_pages_are_read_as_pages() -> None:
    """By their names; of a long one only the beginning."""
    assert [is_page(name) for name in ("a.html", "A.HTM", "a.txt", "html")] == [
        *(True, True, False, False),
    ]
    assert len(code_of(b"a" * (1 << 18))) == (1 << 17) + 1


# ------------------------------------------------------------------------------------- reports


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *((f"a{sign}b", "a_b") for sign in '<>:"/\\|?*~'),
        *(
            (word, f"_{word}")
            for word in ("con", "PRN", "aux", "nul", "conin$", "CONOUT$")
        ),
        *(
            (word, f"_{word}")
            for word in ("com0", "com1", "COM9", "lpt1", "LPT²", "com³")
        ),
        *(
            (word, word)
            for word in ("com", "com10", "comx", "lpta", "const", "auxx")
        ),
        ("con.py", "_con.py"),
        ("con .py", "_con .py"),
        (" . a b . ", "a b"),
        ("a\u200bb", "a_b"),
        ("a\ue000b", "a_b"),
        ("a\u2028b", "a_b"),
        ("...", "unnamed"),
        ("a" * MOST_BYTES, "a" * MOST_BYTES),
    ],
)
def test_a_name_is_a_file_name_everywhere(text: str, name: str) -> None:
    """Nothing in it acts, separates, or is a device of Windows."""
    assert safe_name(text) == name


def test_a_long_name_keeps_its_suffix() -> None:
    """A cut name ends in a digest; that of a person has no suffix."""
    for suffix in (".py", ".ipynb", ""):
        cut = shorten("a" * 300 + suffix)
        assert len(cut) == MOST_BYTES
        assert cut.startswith("a" * (MOST_BYTES - 9 - len(suffix)) + "~")
        assert cut.endswith(suffix)
    assert shorten("J. R. " + "e" * 300)[-9] == "~"
    assert len(shorten("\xe9" * 300).encode()) == MOST_BYTES - 1
    assert shorten("a" * 100, 20)[:11] == "a" * 11
    assert shorten("a" * 8 + ". ." + "b" * 20, 20).startswith("aaaaaaaa~")


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([(("A", "x"), "1", "o")], ["A~x"]),
        ([(("x",), "1", "o"), (("X",), "2", "p")], ["x~1", "X~2"]),
        ([(("x.py",), "1", "o"), (("x.py",), "2", "p")], ["x~1.py", "x~2.py"]),
        ([(("x",), "1", "o"), (("y",), "1", "p")], ["x", "y"]),
        ([(("x",), "", "o"), (("x",), "2", "p")], ["x", "x~2"]),
        ([(("x",), "", "o"), (("x",), "", "p")], ["x~65c74c15", "x~148de9c5"]),
        (
            [(("x",), "1", "o"), (("x",), "1", "o")],
            ["x~1~65c74c15", "x~1~65c74c15~2"],
        ),
        (
            [(("x",), "", "o")] * 3,
            ["x~65c74c15", "x~65c74c15~2", "x~65c74c15~3"],
        ),
    ],
)
def test_equal_names_are_told_apart(
    rows: list[tuple[tuple[str, ...], str, str]], names: list[str]
) -> None:
    """By the platform's number, then by where they were, then by a number of our own."""
    assert unique_names(rows) == names
    assert with_qualifier("x.py", "a/b") == "x~a_b.py"
