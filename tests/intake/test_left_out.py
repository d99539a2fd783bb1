"""Why something that was found is no submission, and what a student reads who has none."""

from pathlib import Path

import pytest

from grader.intake.archives import (
    UNLIMITED,
    ArchiveError,
    DamagedError,
    archive_stem,
    is_archive,
    is_packed,
)
from grader.intake.left_out import (
    PLATFORMS_OWN,
    is_misnamed,
    is_noise,
    may_be_handed_in,
    may_be_readable,
    most_bytes,
    suffix_of,
    why_not,
    why_not_below,
    why_not_entry,
    why_not_into,
    why_not_unpacked,
    why_not_with,
)
from grader.intake.not_gradable import likeliest, what_to_hand_in
from grader.intake.sources import File, Place
from grader.opening import FILE_CAP, Entry, Folder, Kind, Patience

ENVIRONMENT = "an environment"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.py", None),
        ("A.IPYNB", None),
        ("a.zip", None),
        ("submission_metadata.yml", None),
        ("._a.py", "added to folders by macOS"),
        (".DS_Store", "added to folders by macOS"),
        (".a.py", "a hidden file"),
        ("__init__.py", "part of a package"),
        ("setup.py", "part of a package"),
        ("conftest.py", "part of a test"),
        ("a.TXT", "a .txt file, not .py or .ipynb"),
        ("a.abcdefghijkl", "a .abcdefgh... file, not .py or .ipynb"),
        ("Makefile", "not a .py or .ipynb file"),
    ],
)
def test_a_file_is_left_out_by_its_name(name: str, reason: str | None) -> None:
    """Hidden files, parts of packages and tests, and other suffixes."""
    assert why_not(name) == reason
    assert why_not_below(("a", name)) == reason


@pytest.mark.parametrize(
    ("name", "reason", "below"),
    [
        ("src", None, None),
        (".git", "a hidden folder", "in a hidden folder"),
        (
            ".ipynb_checkpoints",
            "an editor's old copies",
            "an editor's old copies",
        ),
        (
            "__MACOSX",
            "added to archives by macOS",
            "added to archives by macOS",
        ),
        ("__pycache__", "compiled Python", "compiled Python"),
        ("node_modules", ENVIRONMENT, ENVIRONMENT),
        ("site-packages", ENVIRONMENT, ENVIRONMENT),
    ],
)
def test_a_folder_is_left_out_by_its_name(
    name: str, reason: str | None, below: str | None
) -> None:
    """So is all that is in it, wherever it is in an archive."""
    assert why_not_into(name) == reason
    assert why_not_below((name, "a.py")) == below
    assert why_not_below(("x", name, "y", "a.py")) == below
    assert is_noise(("x", name)) is (reason is not None)
    assert may_be_readable((name, "a.txt")) is (reason is None)


def test_a_folder_is_left_out_by_what_is_in_it() -> None:
    """An environment of Python, and an output folder of our own."""
    assert why_not_with({"pyvenv.cfg", "a.py"}) == ENVIRONMENT
    assert why_not_with({".grader"}) == "an output folder of the grader"
    assert why_not_with({"a.py"}) is None
    assert not is_noise(("..", "a.py"))


@pytest.mark.parametrize(
    ("kind", "name", "size", "reason"),
    [
        (Kind.LINK, "a.py", 1, "a link, and links are not followed"),
        (Kind.SILENT, "a.py", 1, "its file system does not answer"),
        (Kind.FILE, "a.txt", 1, "a .txt file, not .py or .ipynb"),
        (Kind.OTHER, "a.py", 1, "not a regular file"),
        (Kind.FILE, "a.py", FILE_CAP, None),
        (Kind.FILE, "a.py", FILE_CAP + 1, "larger than 32 MB"),
        (Kind.FILE, "a.zip", FILE_CAP + 1, None),
    ],
)
def test_an_entry_is_left_out_by_what_it_is(
    kind: Kind, name: str, size: int, reason: str | None
) -> None:
    """Links, other things, and what is too large; an archive has a budget instead."""
    assert why_not_entry(Entry(name, kind, size, 0.0)) == reason


@pytest.mark.parametrize(
    ("name", "suffix", "misnamed", "readable"),
    [
        ("a.txt", ".txt", False, True),
        ("a.TEXT", ".text", False, True),
        ("a.json", ".json", False, True),
        ("a.htm", ".htm", False, True),
        ("a.html", ".html", False, True),
        ("a.md", ".md", False, True),
        ("a.pyw", ".pyw", True, True),
        ("a.py3", ".py3", True, True),
        ("a.pdf", ".pdf", False, False),
        ("a.py.pdf", ".pdf", True, True),
        ("a.ipynb.docx", ".docx", True, True),
        ("a", "", False, True),
        ("a. b", "", False, True),
        ("a.123456789", "", False, True),
        ("a.12345678", ".12345678", False, False),
        (".a.py", ".py", False, False),
        (".txt", "", False, False),
        ("__init__.py", ".py", True, True),
        ("classroom_roster.csv", ".csv", False, True),
        ("other.csv", ".csv", False, False),
        ("", "", False, False),
    ],
)
def test_code_may_be_in_a_file_of_another_suffix(
    name: str, suffix: str, misnamed: bool, readable: bool
) -> None:
    """Its content tells; what an editor hides, and what has another kind of suffix, is not read."""
    assert suffix_of(name) == suffix
    assert is_misnamed(name) is misnamed
    assert may_be_readable((name,)) is readable


@pytest.mark.parametrize(
    ("parts", "most"),
    [
        (("a.py",), FILE_CAP),
        (("a.zip",), UNLIMITED),
        (("a.txt",), 1 << 17),
        (("a.py.txt",), FILE_CAP),
        (("a.pdf",), 0),
        ((".git", "a.py"), 0),
        (("__init__.py",), FILE_CAP),
    ],
)
def test_a_member_of_an_archive_may_be_as_large_as_it_is_worth(
    parts: tuple[str, ...], most: int
) -> None:
    """A text that may hold code is small; what cannot is not unpacked."""
    assert most_bytes(parts) == most


@pytest.mark.parametrize(
    ("name", "archive", "packed", "stem"),
    [
        ("a.zip", True, True, "a"),
        ("a.TAR", True, True, "a"),
        ("a.tar.gz", True, True, "a"),
        ("a.tgz", True, True, "a"),
        ("a.tar-1.gz", True, True, "a"),
        ("a.tar_12.gz", True, True, "a"),
        ("a.tar 123.gz", True, True, "a"),
        ("a.tar(1).gz", True, True, "a"),
        ("a.tar (123).gz", True, True, "a"),
        ("a.tar-1234.gz", False, True, "a.tar-1234"),
        *(
            (f"a.{suffix}", False, True, "a")
            for suffix in (
                *("rar", "7z", "gz", "bz2", "tbz", "tbz2", "xz", "txz", "zst"),
                *("lz", "z", "tar.bz2", "tar.xz", "Z"),
            )
        ),
        ("a.zip.py", False, False, "a.zip.py"),
        ("azip", False, False, "azip"),
        (".zip", True, True, ".zip"),
    ],
)
def test_an_archive_is_known_by_its_name(
    name: str, archive: bool, packed: bool, stem: str
) -> None:
    """Browsers and Canvas put a number into a double suffix; some kinds are not opened."""
    assert is_archive(name) is archive
    assert is_packed(name) is packed
    assert archive_stem(name) == stem


def test_what_is_wrong_with_an_archive_says_what_to_do() -> None:
    """An archive that one has named can be fetched again; a student is asked for a new one."""
    full, damaged = (
        ArchiveError("it is too much"),
        DamagedError("it is damaged"),
    )
    assert why_not_unpacked(full, 1, named=True) == (
        "it is too much: unpack it and give the folder"
    )
    assert why_not_unpacked(full, 1, named=False) == "it is too much"
    for size, what in (
        (1, "it is damaged"),
        (0, "an empty file, not an archive"),
    ):
        assert why_not_unpacked(damaged, size, named=True) == (
            f"{what}: download it again"
        )
        assert why_not_unpacked(damaged, size, named=False) == (
            f"{what}: files are missing, ask for it again"
        )


# ------------------------------------------------------------------------------ what is told

PLACE = Place(Folder(Path("/"), Patience()), ())
WANTED = "Hand in the .py or .ipynb file with your convolve"


def left_out(name: str, reason: str = "", *, unread: bool = False) -> File:
    """Return a file that is left out."""
    return File(tuple(name.split("/")), PLACE, reason=reason, unread=unread)


KINDS = {
    "a PDF": ("pdf",),
    "a Word document": ("doc", "docx"),
    "a document": ("odt", "rtf", "pages"),
    "a picture": ("png", "jpg", "jpeg", "gif", "heic", "webp"),
    "a page without the function": ("htm", "html"),
    "a text without the function": ("txt", "md"),
    "not a notebook": ("json",),
}


@pytest.mark.parametrize(
    ("suffix", "kind"),
    [(suffix, kind) for kind, all_ in KINDS.items() for suffix in all_],
)
def test_a_file_of_another_kind_is_called_what_it_is(
    suffix: str, kind: str
) -> None:
    """It may be handed in by mistake, where each file is a student's."""
    file = left_out(f"A.{suffix.upper()}")
    said = what_to_hand_in([file], "convolve")
    assert said == f"A.{suffix.upper()} is {kind}. {WANTED}."
    assert may_be_handed_in(file) is (suffix != "md")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], f"No file was handed in. {WANTED}."),
        (
            [left_out("a.py", PLATFORMS_OWN)],
            f"No file was handed in. {WANTED}.",
        ),
        (
            [left_out("x/__MACOSX/a.py")],
            f"Only __MACOSX was handed in, which is not your work. {WANTED}.",
        ),
        (
            [left_out("x/.a.py")],
            f"Only .a.py was handed in, which is not your work. {WANTED}.",
        ),
        (
            [left_out("x/", "an empty folder")],
            f"The folder is empty. {WANTED}.",
        ),
        (
            [left_out("a.zip", "an empty archive")],
            f"a.zip is an empty archive. {WANTED}.",
        ),
        (
            [left_out("a.zip", "damaged: ask", unread=True)],
            f"a.zip cannot be opened (damaged). {WANTED}, not packed.",
        ),
        (
            [left_out("a.py", "no right: ask", unread=True)],
            f"a.py cannot be read here (no right). {WANTED}.",
        ),
        (
            [left_out("a.py", "larger than 32 MB")],
            "a.py is larger than 32 MB. Clear its outputs, save it, and hand it in again.",
        ),
        (
            [left_out("a.rar")],
            (
                "a.rar is a kind of archive that is not opened here. "
                f"{WANTED} itself, or a .zip."
            ),
        ),
        *(
            (
                [left_out("a.py", f"{reason} x")],
                f"a.py is {reason} x. {WANTED}.",
            )
            for reason in ("a link", "not a regular", "encrypted", "damaged")
        ),
        (
            [left_out("a.csv")],
            f"a.csv holds no function that can be graded. {WANTED}.",
        ),
        (
            [left_out("a.csv"), left_out("b.pdf")],
            f"a.csv and b.pdf hold no function that can be graded. {WANTED}.",
        ),
        (
            [left_out(f"{name}.csv") for name in "abc"],
            f"a.csv, b.csv and c.csv hold no function that can be graded. {WANTED}.",
        ),
        (
            [left_out(f"{name}.csv") for name in "abcde"],
            (
                "a.csv, b.csv, c.csv and 2 more files hold no function that can be graded. "
                f"{WANTED}."
            ),
        ),
        (
            [left_out("x/a.csv"), left_out("y/a.csv")],
            f"a.csv hold no function that can be graded. {WANTED}.",
        ),
        (
            [left_out("a.csv"), left_out("b.py", PLATFORMS_OWN)],
            f"a.csv holds no function that can be graded. {WANTED}.",
        ),
    ],
)
def test_one_sentence_says_what_to_hand_in(
    files: list[File], said: str
) -> None:
    """It is about the file that most likely is the submission."""
    assert what_to_hand_in(files, "convolve") == said


def test_the_likeliest_file_is_told() -> None:
    """What could not be read, then what is too large, then one with a right suffix inside."""
    order = [
        left_out("a.csv", unread=True),
        left_out("b.csv", "larger than 32 MB"),
        left_out("c.py.txt"),
        left_out("d.rar"),
        left_out("e.csv"),
        left_out("f.py", PLATFORMS_OWN, unread=True),
    ]
    for at, file in enumerate(order):
        assert likeliest([*order[:at:-1], file]) is file


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        *((f"work.{suffix}", True) for suffix in ("pyc", "pdf", "txt", "json")),
        ("work", True),
        ("work.csv", False),
        ("work.rar", True),
        ("work.py.csv", True),
        ("__init__.py", False),
        ("setup.py", False),
        (".work.txt", False),
        ("", False),
        ("__MACOSX/work.txt", False),
        *(
            (f"{stem}.txt", False)
            for stem in (
                *("README", "license", "licence", "index", "grades"),
                *("gradebook", "roster", "rubric", "instructions"),
                *("requirements", "makefile", "dockerfile", "manifest"),
                *("timestamp", "summary", "environment", "notes"),
                *("exercise", "assignment", "statement"),
            )
        ),
    ],
)
def test_a_file_may_be_all_that_a_student_has_handed_in(
    name: str, may_be: bool
) -> None:
    """A roster, a data set or a programme lies beside them, too."""
    assert may_be_handed_in(left_out(name)) is may_be
    unread = left_out(name, unread=True)
    hidden = not name or name.startswith((".", "_", "setup"))
    assert may_be_handed_in(unread) is not hidden
