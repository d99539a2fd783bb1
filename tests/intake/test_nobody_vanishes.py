"""Whoever a layout or a folder names has a row, whatever they have handed in."""

import bz2
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.intake.collect import Collection, Item
from grader.intake.online_text import code_of
from tests.batch.conftest import RIGHT, notebook, zipped

Found = Callable[..., Collection]

LAYOUTS = {
    "folders": "{who}/{file}",
    "moodle": "{who}_31_assignsubmission_file/{file}",
    "moodle, flat": "{who}_31_assignsubmission_file_{file}",
    "canvas": "{who}_3001_9001_{file}",
    "gradescope": "submission_31/{file}",
    "blackboard": "gradebook_CS_HW_{who}_attempt_2026-11-22-20-00-00_{file}",
    "brightspace": "31-67890 - {who} - Nov 22, 2026 1000 PM/{file}",
    "sakai": "{who}({who})/Submission attachment(s)/{file}",
    "autolab": "{who}@uni.example_1_{file}",
    "nbgrader": "{who}/ps1/{file}",
    "google classroom": "{who} - homework/{file}",
}
"""How each platform names what `eve` has handed in."""

OTHERS: dict[str, dict[str, str]] = {
    "folders": {"ada/convolve.py": RIGHT, "bob/work.py": RIGHT},
    "moodle": {
        f"{who}_{number}_assignsubmission_file/convolve.py": RIGHT
        for number, who in enumerate(("ada", "bob"))
    },
    "moodle, flat": {
        f"{who}_{number}_assignsubmission_file_convolve.py": RIGHT
        for number, who in enumerate(("ada", "bob"))
    },
    "canvas": {
        "ada_1001_7001_convolve.py": RIGHT,
        "bob_1002_7002_convolve.py": RIGHT,
    },
    "gradescope": {
        "submission_metadata.yml": (
            "submission_31:\n  :submitters:\n  - :name: eve\n    :sid: '31'\n"
        ),
        "submission_1/convolve.py": RIGHT,
    },
    "blackboard": {
        f"gradebook_CS_HW_{who}_attempt_2026-11-22-21-10-05_convolve.py": RIGHT
        for who in ("ada", "bob")
    },
    "brightspace": {
        "index.html": "<html>",
        "12-67890 - ada - Nov 22, 2026 910 PM/convolve.py": RIGHT,
        "13-67890 - bob - Nov 22, 2026 910 PM/convolve.py": RIGHT,
    },
    "sakai": {
        "grades.csv": "Homework 1",
        "ada(al1)/Submission attachment(s)/convolve.py": RIGHT,
        "ada(al1)/timestamp.txt": "20261122211005123",
    },
    "autolab": {
        "ada@uni.example_1_convolve.py": RIGHT,
        "bob@uni.example_2_convolve.py": RIGHT,
    },
    "nbgrader": {
        f"{who}/ps1/{file}": text
        for who in ("ada", "bob")
        for file, text in (
            ("hw.ipynb", notebook(RIGHT)),
            ("timestamp.txt", "2026-11-22 21:10:05.123456 UTC"),
        )
    },
    "google classroom": {
        "ada - homework/convolve.py": RIGHT,
        "bob - homework/convolve.py": RIGHT,
    },
}
"""What the others have handed in beside it."""

NOTHING: dict[str, tuple[str, str | bytes, str]] = {
    "a PDF": ("report.pdf", b"%PDF", "report.pdf is a PDF. Hand in the .py or"),
    "a document": ("hw.docx", b"PK", "hw.docx is a Word document."),
    "a picture": ("screen.png", b"\x89PNG", "screen.png is a picture."),
    "an archive of another kind": (
        "hw.rar",
        b"Rar!",
        "hw.rar is a kind of archive that is not opened here.",
    ),
    "a tar in bzip2": (
        "hw.tar.bz2",
        bz2.compress(b"x"),
        "hw.tar.bz2 is a kind of archive that is not opened here.",
    ),
    "an empty archive": ("hw.zip", zipped({}), "hw.zip is an empty archive."),
    "a broken archive": (
        "hw.zip",
        b"PK\x03\x04 broken",
        "hw.zip cannot be opened (the archive is damaged",
    ),
    "an archive of pictures": (
        "hw.zip",
        zipped({"a/one.png": b"x", "a/two.png": b"x"}),
        "two.png hold no function that can be graded.",
    ),
    "a package without anything": (
        "hw.zip",
        zipped({"hw/__init__.py": ""}),
        "__init__.py holds no function that can be graded.",
    ),
    "a text": ("answer.txt", "I could not do it", "answer.txt is a text"),
    "an online text": (
        "onlinetext.html",
        "<p>See my mail.</p>",
        "onlinetext.html is a page without the function.",
    ),
    "no suffix": ("convolve", "hello", "convolve holds no function"),
}


def row(collection: Collection, who: str = "eve") -> Item:
    """Return the only row of a student."""
    found = [item for item in collection.items if who in item.student.name]
    assert len(found) == 1, [item.name for item in collection.items]
    return found[0]


def with_eve(layout: str, file: str, content: str | bytes) -> dict[str, Any]:
    """Return the files of a class in which `eve` has handed in this one."""
    path = LAYOUTS[layout].format(who="eve", file=file)
    return {**OTHERS[layout], path: content}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("what", NOTHING)
def test_what_cannot_be_graded_is_a_row(
    tmp_path: Path, lab: Any, found: Found, layout: str, what: str
) -> None:
    """The row says in one sentence what it is, and what to hand in."""
    file, content, sentence = NOTHING[what]
    folder = lab.write(tmp_path / "in", with_eve(layout, file, content))
    item = row(found(folder))
    assert item.fault is not None
    assert sentence in item.fault
    assert "\n" not in item.fault
    assert "Hand in the .py or .ipynb file with your convolve" in item.fault


@pytest.mark.parametrize("kind", ["zip", "gztar"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_archive_of_a_class_is_its_folder(
    tmp_path: Path, lab: Any, found: Found, layout: str, kind: str
) -> None:
    """A download is read packed as it is unpacked, with whoever has nothing to grade."""
    folder = lab.write(tmp_path / "in", with_eve(layout, "hw.pdf", b"%PDF"))
    packed = shutil.make_archive(str(tmp_path / "class"), kind, folder)
    unpacked = found(folder)
    assert row(unpacked).fault is not None
    assert [
        (item.name, item.fault, item.student) for item in unpacked.items
    ] == [
        (item.name, item.fault, item.student)
        for item in found(Path(packed)).items
    ]


READABLE = {
    "convolve.py.txt": RIGHT,
    "convolve.txt": RIGHT,
    "convolve": RIGHT,
    "homework.ipynb.json": notebook(RIGHT),
    "homework.json": notebook(RIGHT),
    "homework.ipynb.txt": notebook(RIGHT),
    "homework": notebook(RIGHT),
    "convolve.pyw": RIGHT,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("file", READABLE)
def test_code_under_a_wrong_suffix_is_graded_and_noted(
    tmp_path: Path, lab: Any, found: Found, layout: str, file: str
) -> None:
    """What is in a file decides, where there is none with a right suffix."""
    folder = lab.write(tmp_path / "in", with_eve(layout, file, READABLE[file]))
    item = row(found(folder))
    assert item.fault is None
    assert item.place.read().decode() == READABLE[file]
    assert any("although it does not end in .py" in note for note in item.notes)


@pytest.mark.parametrize(
    "file", ["convolve.PY", "convolve.py.py", "Homework.IPYNB"]
)
def test_a_suffix_in_capitals_or_twice_is_a_right_one(
    tmp_path: Path, lab: Any, found: Found, file: str
) -> None:
    """Nobody needs a note about it."""
    text = notebook(RIGHT) if "IPYNB" in file else RIGHT
    folder = lab.write(tmp_path / "in", with_eve("moodle", file, text))
    assert row(found(folder)).notes == ()


def test_a_file_with_a_right_suffix_is_preferred(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A copy under another suffix is left out, unless it alone has the function."""
    start = "eve_31_assignsubmission_file/"
    both = {f"{start}a.py": lab.RIGHT, f"{start}convolve.py.txt": lab.FLIPPED}
    folder = lab.write(tmp_path / "both", OTHERS["moodle"] | both)
    assert row(found(folder)).file_name == "a.py"
    helper = both | {f"{start}a.py": "x = 1\n"}
    folder = lab.write(tmp_path / "helper", OTHERS["moodle"] | helper)
    assert row(found(folder)).file_name == "convolve.py.txt"


ONLINE = (
    '<p dir="ltr">import numpy as np</p><p>def convolve(image, kernel):<br />'
    "&nbsp; &nbsp; return image[1:-1, 1:-1]<br>&nbsp; &nbsp; # a &lt; b</p>\n"
)


def test_code_of_an_online_text_is_taken_out_of_its_page(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """What was pasted into the platform's editor is code, with its lines and indents."""
    folder = lab.write(
        tmp_path / "in", with_eve("moodle", "onlinetext.html", ONLINE)
    )
    item = row(found(folder))
    lines = item.place.read().decode().splitlines()
    assert [line for line in lines if line] == [
        "import numpy as np",
        "def convolve(image, kernel):",
        "    return image[1:-1, 1:-1]",
        "    # a < b",
    ]
    assert "taken out of the page" in item.notes[0]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<pre>def f():\n    return 1\n</pre>", "\ndef f():\n    return 1\n"),
        ("def f():\n    return 1\n", "def f():\n    return 1\n"),
        ("<p><b>def</b> <i>f</i>(): pass</p>", "def f(): pass\n"),
        ("<style>x { }</style><p>a = 1<script>b</script></p>", "a = 1\n"),
        ("<ul>\n<li>a = 1</li>\n<li>b = 2</li>\n</ul>", "a = 1\n\nb = 2\n"),
        ("<<<a <b <c", "<<<a <b <c\n"),
    ],
)
def test_a_page_is_read_as_somebody_sees_it(page: str, code: str) -> None:
    """Lines end where they end on the page; what is not shown is not code."""
    assert code_of(page.encode()).decode().strip("\n") == code.strip("\n")


def test_a_notebook_that_is_too_large_says_what_to_do(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Most of it is pictures, which can be cleared."""
    folder = lab.write(
        tmp_path / "in", with_eve("moodle", "hw.ipynb", b" " * (36 << 20))
    )
    fault = row(found(folder)).fault
    assert fault is not None
    assert "Clear its outputs" in fault


@pytest.mark.parametrize("file", [".ipynb_checkpoints/hw.ipynb", ".DS_Store"])
def test_what_only_programs_have_made_is_a_row(
    tmp_path: Path, lab: Any, found: Found, file: str
) -> None:
    """An editor's old copies are not graded, and hide nobody."""
    folder = lab.write(tmp_path / "in", with_eve("moodle", file, RIGHT))
    fault = row(found(folder)).fault
    assert fault is not None
    assert fault.startswith(f"Only {file.partition('/')[0]} was handed in")


def test_beside_files_of_a_class_a_file_of_another_kind_is_a_row(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """What an instructor lays beside them is none."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada.py": lab.RIGHT,
            "bob.py.txt": lab.RIGHT,
            "cy.ipynb.json": lab.notebook(lab.RIGHT),
            "dan.pdf": b"%PDF",
            "eve.rar": b"Rar!",
            "fay.zip": zipped({}),
            "README.md": "x",
            "roster.csv": "x",
            "requirements.txt": "numpy",
            "index.html": "x",
        },
    )
    rows = {item.name: item.fault is None for item in found(folder).items}
    assert rows == {
        "ada.py": True,
        "bob.py.txt": True,
        "cy.ipynb.json": True,
        "dan.pdf": False,
        "eve": False,
        "fay": False,
    }


def test_a_report_beside_ones_own_solution_is_no_student(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """In a folder with one file that is called like the exercise all of it is one student's."""
    folder = lab.write(
        tmp_path / "ada",
        {"convolve.py": lab.RIGHT, "report.pdf": b"%PDF", "plot.png": b"x"},
    )
    assert [item.name for item in found(folder).items] == ["convolve.py"]


def test_an_attempt_number_in_a_double_suffix_hides_nobody(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Canvas makes `hw.tar.gz` handed in again `hw.tar-1.gz`, a browser `hw.tar (1).gz`."""
    lab.write(tmp_path / "hw", {"convolve.py": lab.RIGHT})
    packed = shutil.make_archive(str(tmp_path / "x"), "gztar", tmp_path / "hw")
    data = Path(packed).read_bytes()
    folder = lab.write(
        tmp_path / "in",
        OTHERS["canvas"]
        | {
            "eve_3001_9001_hw.tar-1.gz": data,
            "fay_3002_9002_hw.tar (1).gz": data,
        },
    )
    collection = found(folder)
    assert row(collection).fault is row(collection, "fay").fault is None


def test_a_package_that_is_the_solution_is_graded(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """`__init__.py` may hold the function, if nothing else does."""
    start = "eve_31_assignsubmission_file/convolve"
    files = {f"{start}/__init__.py": lab.RIGHT}
    folder = lab.write(tmp_path / "in", OTHERS["moodle"] | files)
    item = row(found(folder))
    assert (item.fault, item.file_name) == (None, "__init__.py")
