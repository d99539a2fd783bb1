"""What is damaged, empty, closed, a link or our own: refused where it was named, else listed."""

import contextlib
import gzip
import io
import os
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.intake.archives import ArchiveError, Budget, Member, unpack
from grader.intake.collect import Collection, collect
from grader.model import Exercise
from tests.batch.conftest import zipped

Found = Callable[..., Collection]


def names(collection: Collection) -> list[str]:
    """Return the names of what is graded."""
    return [item.name for item in collection.items]


def reasons(collection: Collection) -> dict[str, str]:
    """Return what was left out, with the reason."""
    return {each.path: each.reason for each in collection.skipped}


def tarred(files: dict[str, str]) -> bytes:
    """Return a tar of these members, with no more zeros at its end than there must be."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
        end = archive.offset
    return buffer.getvalue()[: end + 1024]


# ------------------------------------------------------------------------------------------ damage


@pytest.mark.parametrize(
    "name", ["class.zip", "class.tar", "class.tar.gz", "class.tgz"]
)
@pytest.mark.parametrize("part", [0.0, 0.3, 0.5, 0.9])
def test_half_an_archive_is_refused(
    tmp_path: Path, lab: Any, found: Found, name: str, part: float
) -> None:
    """Named alone it is one line; among others it is listed as a loss, and they are graded."""
    files = {
        f"s{number}/convolve.py": lab.RIGHT * (number + 1)
        for number in range(9)
    }
    data = zipped(files) if name.endswith(".zip") else tarred(files)
    data = gzip.compress(data) if name.endswith("gz") else data
    lab.write(
        tmp_path, {name: data, "good.zip": zipped(files), "ada.py": lab.RIGHT}
    )
    assert len(found(tmp_path / name).items) == 9
    (tmp_path / name).write_bytes(data[: int(len(data) * part)])
    with pytest.raises(UsageError) as error:
        found(tmp_path / name)
    assert str(error.value).startswith(f"{tmp_path / name}: ")
    assert str(error.value).endswith(": download it again")
    assert "\n" not in str(error.value)
    for other, submissions in (("good.zip", 9), ("ada.py", 1)):
        collection = found(tmp_path / other, tmp_path / name)
        assert len(collection.items) == submissions
        lost = [each for each in collection.skipped if each.unread]
        assert name in [each.path for each in lost]


def unpacked(
    data: bytes, name: str, into: Path, budget: Budget
) -> list[Member]:
    """Return what an archive holds."""
    return list(unpack(io.BytesIO(data), name, into, lambda _: True, budget))


def test_a_tar_is_whole_or_an_error_wherever_it_is_cut(tmp_path: Path) -> None:
    """Between two members, in a header, in the zeros at the end: none of it is the end."""
    data = tarred({"a.py": "x = 1", "b.pdf": "x" * 600, "c.py": "y = 1"})
    assert len(unpacked(data, "a.tar", tmp_path, Budget.handed_in())) == 3
    for length in range(1, len(data) - 1024, 128):
        with pytest.raises(ArchiveError, match="damaged"):
            unpacked(data[:length], "a.tar", tmp_path, Budget.handed_in())


def test_a_compressed_tar_is_read_to_its_sum(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Another sum shows that it is not what was packed, though every header is right."""
    data = bytearray(gzip.compress(tarred({"ada.py": lab.RIGHT})))
    data[-8] ^= 1
    lab.write(tmp_path, {"class.tar.gz": bytes(data)})
    with pytest.raises(UsageError, match="damaged"):
        found(tmp_path / "class.tar.gz")


def test_a_damaged_member_of_a_named_archive_is_refused(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """No student must be missing for a damaged file; what is left out anyway harms nobody."""
    data = zipped(
        {"ada.py": lab.RIGHT, "bob.py": lab.RIGHT, "__MACOSX/cy.py": lab.RIGHT}
    )
    for name, refused in (("bob.py", True), ("__MACOSX/cy.py", False)):
        place = data.index(name.encode()) + len(name) + 9
        lab.write(
            tmp_path, {"class.zip": data[:place] + b"#" + data[place + 1 :]}
        )
        if refused:
            with pytest.raises(
                UsageError,
                match=r"class\.zip: bob\.py is damaged .*: download it again",
            ):
                found(tmp_path / "class.zip")
        else:
            assert names(found(tmp_path / "class.zip")) == ["ada.py", "bob.py"]


def test_a_damaged_archive_in_a_folder_is_listed_as_a_loss(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Nothing of it is graded, in a folder or in an archive, and the list says what is missing."""
    cut = gzip.compress(
        tarred({"cy/convolve.py": lab.RIGHT, "dan/convolve.py": lab.RIGHT})
    )[:-20]
    folder = lab.write(
        tmp_path / "in", {"ada.py": lab.RIGHT, "late.tar.gz": cut}
    )
    collection = found(folder)
    assert names(collection) == ["ada.py", "late"]
    lost = "the archive is damaged (it ends too early): files are missing, ask for it again"
    assert reasons(collection) == {"late.tar.gz": lost}
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    assert reasons(found(tmp_path / "class.zip")) == {"late.tar.gz": lost}


def test_a_named_archive_that_holds_too_much_says_what_to_do(
    tmp_path: Path, lab: Any, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not graded in part either, and downloading it again would not help."""
    small = Budget(members=1, files=9, read=1 << 20, written=1 << 20)
    monkeypatch.setattr(Budget, "download", classmethod(lambda *_: small))
    lab.write(
        tmp_path,
        {"class.zip": zipped({"ada.py": lab.RIGHT, "bob.py": lab.RIGHT})},
    )
    with pytest.raises(
        UsageError, match="holds too many files: unpack it and give the folder"
    ):
        found(tmp_path / "class.zip")


# ------------------------------------------------------------------------------------ may not read


@pytest.fixture
def locked() -> Iterator[Path]:
    """Yield a folder that everybody may enter, with a folder in it for closing."""
    folder = Path(tempfile.mkdtemp(prefix="locked-"))
    for path in (
        folder,
        folder / "in",
        folder / "spool",
        folder / "in" / "locked",
    ):
        path.mkdir(exist_ok=True)
        path.chmod(0o777)
    yield folder
    (folder / "in" / "locked").chmod(0o700)
    shutil.rmtree(folder)


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Be somebody to whom a closed folder is closed; root may read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_what_may_not_be_read_is_listed(
    locked: Path, lab: Any, exercise: Exercise
) -> None:
    """One closed folder, or archive, does not stop the class, alone or among several paths."""
    folder = lab.write(
        locked / "in",
        {
            "ada.py": lab.RIGHT,
            "locked/bob.py": lab.RIGHT,
            "cy.zip": zipped({"a.py": lab.RIGHT}),
        },
    )
    (folder / "locked").chmod(0)
    (folder / "cy.zip").chmod(0)
    expected = {
        "cy.zip": "cannot be unpacked (Permission denied)",
        "locked/": "the folder cannot be read (Permission denied)",
    }
    with without_rights():
        collection = collect([folder], exercise, spool=locked / "spool")
        both = collect(
            [folder / "ada.py", folder / "locked"],
            exercise,
            spool=locked / "spool",
        )
    assert names(collection) == ["ada.py", "cy"]
    assert names(both) == ["ada.py"]
    assert reasons(collection) == expected
    assert reasons(both) == {"locked/": expected["locked/"]}


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "locked/*.py",
            "the folder {}/locked cannot be read (Permission denied)",
        ),
        (
            "locked",
            "no submission found (a .py or .ipynb file); {}/locked: the folder cannot be",
        ),
        ("cy.zip", "cannot be unpacked (Permission denied)"),
    ],
)
def test_what_was_named_and_may_not_be_read_is_one_line(
    locked: Path, lab: Any, exercise: Exercise, name: str, line: str
) -> None:
    """The line names the path, and says that rights are missing."""
    folder = lab.write(
        locked / "in", {"locked/bob.py": lab.RIGHT, "cy.zip": "x"}
    )
    (folder / "locked").chmod(0)
    (folder / "cy.zip").chmod(0)
    with without_rights(), pytest.raises(UsageError) as error:
        collect([folder / name], exercise, spool=locked / "spool")
    assert str(error.value).startswith(
        f"{folder / name}: {line.format(folder)}"
    )


# ------------------------------------------------------------------------------------------- links


def test_any_link_is_listed(tmp_path: Path, lab: Any, found: Found) -> None:
    """To nothing, in a circle, out of the folder, or to a folder that is read anyway."""
    folder = lab.write(
        tmp_path / "in", {"ada.py": lab.RIGHT, "bob/convolve.py": lab.RIGHT}
    )
    links = {
        "a.py": "nowhere",
        "b.py": "ada.py/x",
        "c.py": "d.py",
        "d.py": "c.py",
        "e.py": "/dev/null",
        "f": "bob",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    expected = dict.fromkeys(links, "a link, and links are not followed")
    assert reasons(found(folder)) == expected


# ------------------------------------------------------------------------------- nothing, and ours


def test_a_student_who_handed_in_nothing_is_listed(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """Empty folders and empty archives are listed, and have rows: nobody vanishes."""
    empty = tarred({})
    folder = lab.write(
        tmp_path / "in",
        {
            "ada/convolve.py": lab.RIGHT,
            "bob/hw.zip": zipped({}),
            "cy.tar": empty,
        },
    )
    (folder / "dan" / "homework").mkdir(parents=True)
    collection = found(folder)
    assert names(collection) == ["ada", "bob", "cy", "dan"]
    assert [item.fault is None for item in collection.items] == [True] + [
        False
    ] * 3
    assert reasons(collection) == {
        "bob/hw.zip": "an empty archive",
        "cy.tar": "an empty archive",
        "dan/homework/": "an empty folder",
    }


@pytest.mark.parametrize("name", ["class.zip", "class.tar.gz"])
def test_a_student_without_files_in_an_archive_is_listed(
    tmp_path: Path, lab: Any, found: Found, name: str
) -> None:
    """Its empty folder is a row, unlike the folder around everything and macOS's additions."""
    lab.write(
        tmp_path / "in",
        {"ada/convolve.py": lab.RIGHT, "cy/convolve.py": lab.RIGHT},
    )
    for folder in ("bob", "dan/homework", "__MACOSX/ada"):
        (tmp_path / "in" / folder).mkdir(parents=True)
    kind = {"class.zip": "zip", "class.tar.gz": "gztar"}[name]
    shutil.make_archive(str(tmp_path / "class"), kind, tmp_path / "in")
    collection = found(tmp_path / name)
    assert names(collection) == ["ada", "bob", "cy", "dan"]
    assert reasons(collection) == {
        "bob/": "an empty folder",
        "dan/homework/": "an empty folder",
    }


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {"a.zip": "no archive", "b.zip": ""},
            "; a.zip: the archive is damaged (its list of files): files are missing",
        ),
        (
            {"b.zip": ""},
            "; b.zip: an empty file, not an archive: files are missing, ask for it again",
        ),
        ({"a.zip": zipped({})}, "; a.zip: an empty archive"),
        (
            {"a.pdf": "", "b.pdf": "", "c.pdf": ""},
            "; a.pdf: a .pdf file, not .py or .ipynb, and 2 more",
        ),
        ({"a\nb.pdf": ""}, "; a\\nb.pdf: a .pdf file, not .py or .ipynb"),
    ],
)
def test_nothing_to_grade_says_why(
    tmp_path: Path,
    lab: Any,
    found: Found,
    files: dict[str, str | bytes],
    line: str,
) -> None:
    """The one line gives the first reason."""
    folder = lab.write(tmp_path / "in", files)
    with pytest.raises(UsageError) as error:
        found(folder)
    assert str(error.value).startswith(
        f"{folder}: no submission found (a .py or .ipynb file){line}"
    )
    assert "\n" not in str(error.value)


def test_many_paths_without_a_submission_are_one_line(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """The line repeats three of the paths that a shell has made of a pattern."""
    folder = lab.write(
        tmp_path / "in", {f"{number:02}.pdf": "" for number in range(30)}
    )
    with pytest.raises(UsageError) as error:
        found(*sorted(folder.iterdir()))
    shown = " ".join(str(folder / f"{number:02}.pdf") for number in range(3))
    assert str(error.value).startswith(f"{shown} ...: no submission found")


def test_our_own_output_is_not_input(
    tmp_path: Path, lab: Any, exercise: Exercise
) -> None:
    """What a batch writes into its input folder is not listed; a student's summary.json is."""
    ours = {
        "reports/ada.py.json": "{}",
        "gradebook.csv": "",
        "summary.json": "{}",
        "index.html": "",
    }
    theirs = {"bob/convolve.py": lab.RIGHT, "bob/summary.json": ""}
    folder = lab.write(
        tmp_path / "in",
        {"ada.py": lab.RIGHT, **ours, ".grader/journal": "", **theirs},
    )
    for paths in ([folder], list(folder.iterdir())):
        collection = collect(
            paths, exercise, spool=tmp_path / "spool", ignore=folder
        )
        assert names(collection) == ["ada.py", "bob"]
        assert reasons(collection) == {
            "bob/summary.json": "a .json file, not .py or .ipynb"
        }


def test_the_output_of_another_batch_is_listed(
    tmp_path: Path, lab: Any, found: Found
) -> None:
    """A student with the folder that marks an output folder does not vanish."""
    folder = lab.write(
        tmp_path / "in",
        {"ada/convolve.py": lab.RIGHT, "eve/convolve.py": lab.RIGHT},
    )
    (folder / "eve" / ".grader").mkdir()
    assert reasons(found(folder)) == {"eve/": "an output folder of the grader"}
