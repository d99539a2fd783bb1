"""Running an author's file: what it may open, what it leaves, and what is said where it fails."""

import sys
from pathlib import Path

import pytest

from grader.exercise.author_file import (
    at_line,
    first_line,
    functions_in,
    run_file,
    run_source,
    told,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where an author's file is."""
    folder = tmp_path / "solutions" / "adding"
    folder.mkdir(parents=True)
    return folder / "reference.py"


def test_a_given_file_is_found_in_the_public_half(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name alone and beside `__file__`, as in a submission; any other by its path."""
    public = tmp_path / "public"
    public.mkdir()
    (public / "words.txt").write_text("given", "utf-8")
    (tmp_path / "other.txt").write_text("other", "utf-8")
    (tmp_path / "words.txt").write_text("here", "utf-8")
    monkeypatch.chdir(tmp_path)
    source = """
from pathlib import Path

def text(*given, **named):
    with open(*given, **named) as file:
        return file.read()

texts = [
    text("words.txt"),
    text("words.txt", "rb", buffering=0).decode(),
    text(Path(__file__).parent / "words.txt"),
    text("other.txt"),
    text(Path("words.txt")),
]
"""
    names = run_source(source, file, public, ("words.txt",))
    assert names["texts"] == ["given", "given", "given", "other", "here"]
    assert names["__file__"] == str(public / "reference.py")
    for folder, files in ((public, ()), (None, ("words.txt",))):
        names = run_source("import sys\n", file, folder, files)
        assert names["__file__"] == str(file)
        assert "open" not in names


def test_running_leaves_nothing_behind(file: Path) -> None:
    """No module of its name, no cache beside it."""
    file.write_text("x = __name__\n")
    faults: list[str] = []
    names = run_file(file, faults)
    assert faults == []
    assert names is not None
    assert names["x"] == "reference"
    assert [path.name for path in file.parent.iterdir()] == ["reference.py"]
    assert "reference" not in sys.modules


def test_what_stops_the_author_is_not_swallowed(file: Path) -> None:
    """Ctrl+C ends the grader; SystemExit of a file is a fault of the file."""
    file.write_text("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        run_file(file, [])
    file.write_text("\nimport sys\nsys.exit('no')")
    faults = ["another"]
    assert run_file(file, faults) is None
    assert faults == ["another", "adding/reference.py, line 3: SystemExit: no"]


def test_a_file_that_cannot_be_read_is_not_run(file: Path) -> None:
    """It is one fault, whatever was wrong before."""
    faults = ["another"]
    assert run_file(file, faults) is None
    assert faults == ["another", "adding/reference.py: there is no such file"]


def failure(source: str, file: Path) -> str:
    """Return what is said about a source that fails."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any
        run_source(source, file)
    return told(caught.value, file)


def test_the_line_is_the_last_one_of_the_authors_own(file: Path) -> None:
    """Not where it was called first, and not inside a library."""
    source = "import json\ndef f():\n    json.loads('{')\n\nf()\n"
    assert failure(source, file).startswith(
        "adding/reference.py, line 3: JSONDecodeError: "
    )
    assert failure("x = 1\ny = = 2\n", file) == (
        "adding/reference.py, line 2: SyntaxError: invalid syntax (reference.py, line 2)"
    )
    # What another source is about has no line here.
    assert failure("\ncompile('1 +', 'else', 'eval')", file).startswith(
        "adding/reference.py, line 2: SyntaxError: "
    )
    assert (
        told(ValueError("a\nb"), file) == "adding/reference.py: ValueError: a b"
    )
    assert told(FileNotFoundError("gone"), file) == (
        "adding/reference.py: FileNotFoundError: gone"
    )


def test_the_functions_of_a_file_are_its_own_public_ones(file: Path) -> None:
    """In the order in which they stand there; under their own names, and no class."""
    source = (
        "from json import dumps\n"
        "def later(): pass\n"
        "def _hidden(): pass\n"
        "def first():\n    '''\n    One line.  \n\n    More.\n    '''\n"
        "alias = later\n"
        "class Layer: pass\n"
        "swapped = lambda: 1\n"
        "last = later\n"
        "def later():\n    '''Again.'''\n"
    )
    found = functions_in(run_source(source, file), file)
    assert [each.__name__ for each in found] == ["first", "later"]
    assert [first_line(each) for each in found] == ["One line.", "Again."]
    assert at_line(found[0], file) == "adding/reference.py, line 4"
    assert first_line(lambda: 1) == ""  # type: ignore[arg-type] # a function as well
