"""The user's configuration: a file of their own, which nobody else can have written."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.exercise.configuration import (
    configuration_file,
    read_configuration,
    write_configuration,
)

OTHERS = 65534
MOST = 64 * 1024
POSIX = sys.platform != "win32"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the configuration is of somebody who has none yet."""
    for name in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    found = configuration_file()
    assert found is not None
    assert found.name == "config.toml"
    assert found.parent.name == "exercise-grader"
    return found


def put(file: Path, text: str | bytes) -> Path:
    """Write a configuration as only the user may."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(0o600)
    return file


def refusal(found: Callable[[], object]) -> str:
    """Return the line with which something is refused."""
    with pytest.raises(UsageError) as caught:
        found()
    return str(caught.value)


def naming(folder: Path) -> str:
    """Return the text of a configuration that names a folder."""
    return f"[trust]\nsolutions = '{folder}'\n"


def test_no_file_is_no_configuration(file: Path, tmp_path: Path) -> None:
    """None is read where the file, or a folder above it, does not exist."""
    assert read_configuration(file) is None
    (tmp_path / "a").touch()
    assert read_configuration(tmp_path / "a" / "config.toml") is None


@pytest.mark.parametrize(
    "name", ["solutions", 'a "b" \\ c', "d'e", "ümläut", "a\nb", "{folder}"]
)
def test_what_is_written_is_read_again(
    file: Path, tmp_path: Path, name: str
) -> None:
    """Whatever the folder is called; only the user may read or write the file."""
    folder = tmp_path / name
    assert write_configuration(folder) == file
    assert read_configuration(file) == folder
    if POSIX:
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.parent.stat().st_mode & 0o777 == 0o700
    assert write_configuration(tmp_path) == file
    assert read_configuration(file) == tmp_path
    assert file.read_text("utf-8").startswith("# Written by `grader trust`")


WRONG: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "trust: missing"),
    "another key": (
        '[trust]\nsolution = "/x"',
        "trust.solution: unknown key; did you mean solutions?",
    ),
    "another type": (
        "[trust]\nsolutions = 3",
        "trust.solutions: expected text, got a whole number",
    ),
    "another table": ("[trusts]\nx = 1", "trusts: unknown key"),
    "a relative path": (
        "[trust]\nsolutions = 'a/b'",
        "trust.solutions: give an absolute path, not a/b",
    ),
    "not TOML": ("solutions = ", "is not TOML: "),
    "not UTF-8": (b"\xff\xfe", "is not TOML: "),
    "deep": ("x = " + "[" * 50_000, "is not TOML: "),
}


@pytest.mark.parametrize("fault", WRONG)
def test_each_fault_is_a_line_with_the_file(file: Path, fault: str) -> None:
    """A user who trusted something learns that it does not count, and why."""
    text, line = WRONG[fault]
    put(file, text)
    lines = refusal(lambda: read_configuration(file)).splitlines()
    assert lines[0].startswith(f"{file}: {line}")
    assert all(each.startswith(f"{file}: ") for each in lines)


def test_a_configuration_has_at_most_64_kib(file: Path, tmp_path: Path) -> None:
    """That much is read, and no more, whatever somebody puts there."""
    text = naming(tmp_path).rstrip("\n").encode()
    put(file, text.rjust(MOST, b"\n"))
    assert read_configuration(file) == tmp_path
    put(file, text.rjust(MOST + 1, b"\n"))
    line = refusal(lambda: read_configuration(file))
    assert line.startswith(f"{file}: is not TOML: ")


@pytest.mark.skipif(not POSIX, reason="Windows has no such pipes")
def test_a_pipe_in_place_of_the_configuration_stops_nobody(
    file: Path,
) -> None:
    """It is refused at once, although nothing is ever written into it."""
    put(file, "").unlink()
    os.mkfifo(file, 0o600)
    assert refusal(lambda: read_configuration(file)) == (
        f"{file}: is not a regular file, so it is not read"
    )


def test_what_cannot_be_read_is_a_line(tmp_path: Path) -> None:
    """A name that no file can have is not the same as no file."""
    name = "x" * 5000
    line = refusal(lambda: read_configuration(tmp_path / name))
    assert line.startswith(f"{tmp_path / name}: cannot be read (")


@pytest.mark.skipif(not POSIX, reason="Windows has no such bits")
@pytest.mark.parametrize("more", [0o020, 0o002, 0o022])
def test_a_place_that_others_may_write_to_is_refused(
    file: Path, tmp_path: Path, more: int
) -> None:
    """The file and its folder: the line says how to mend it."""
    put(file, naming(tmp_path))
    for place in (file, file.parent):
        mode = place.stat().st_mode & 0o777
        place.chmod(mode | 0o055)
        assert read_configuration(file) == tmp_path
        place.chmod(mode | more)
        assert refusal(lambda: read_configuration(file)) == (
            f"{place}: others may write to it, so it is not trusted; run `chmod go-w {place}`"
        )
        place.chmod(mode)
    file.parent.chmod(0o700 | more)
    assert "others may write" in refusal(lambda: write_configuration(tmp_path))


@pytest.mark.skipif(not POSIX, reason="Windows has no such owners")
def test_a_place_of_somebody_else_is_refused(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What belongs to the user or to root counts, and nothing else, the folder's file or not."""
    put(file, naming(tmp_path))
    me = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: OTHERS)
    for place in (file, file.parent):
        if me == 0:
            assert read_configuration(file) == tmp_path
            os.chown(place, 1, 1)
        line = refusal(lambda: read_configuration(file))
        said = (
            "belongs to another user, so it is not trusted; run `grader trust DIR` as the user "
            "who grades, or pass --solutions DIR"
        )
        assert line == f"{place if me == 0 else file}: {said}"
        if me == 0:
            os.chown(place, OTHERS, OTHERS)
            assert read_configuration(file) == tmp_path
            os.chown(place, 0, 0)


def test_what_cannot_be_written_is_a_line(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in place of the folder, a name that is no text, a user without a home."""
    name = tmp_path / "a\udcff"
    assert refusal(lambda: write_configuration(name)) == (
        f"{name!r}: this name cannot be written into a configuration; rename the folder"
    )
    file.parent.parent.mkdir(parents=True)
    file.parent.touch()
    line = refusal(lambda: write_configuration(tmp_path))
    assert line.startswith(f"{file}: cannot be written (")
    for variable in ("HOME", "XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(variable, ".")
    assert configuration_file() is None
    assert refusal(lambda: write_configuration(tmp_path)) == (
        "there is no home folder to write the configuration to: set GRADER_SOLUTIONS, or pass "
        "--solutions DIR"
    )
