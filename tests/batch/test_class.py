"""An output folder belongs to one exercise and one class: what comes later adds, or is refused."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.batch.one_class import refuse_another_class
from grader.errors import UsageError
from grader.intake.student import Student
from tests.batch.watching import reports, rows

END = "assignsubmission_file"
ADA, ADA_TOO, BOB = "Ada Low_301", "Ada Low_304", "Bob Ray_302"


_NAMES = (
    "Ann",
    "Ben",
    "Cam",
    "Dan",
    "Eva",
    "Fay",
    "Gus",
    "Hal",
    "Xia",
    "Yan",
    "Zoe",
)


def moodle(folder: Path, lab: Any, name: str, files: dict[str, str]) -> Path:
    """Make a download of Moodle: student -> source."""
    path = folder / name
    members = {
        f"{student}_{END}/convolve.py": source
        for student, source in files.items()
    }
    path.write_bytes(lab.zipped(members))
    return path


def by_id(out: Path) -> dict[str, tuple[str, str]]:
    """Read the gradebook: id -> name of the report, score."""
    found = rows(out).values()
    assert len({row["id"] for row in found}) == len(found)
    return {row["id"]: (row["name"], row["score"]) for row in found}


def test_a_late_archive_that_is_graded_alone_adds_its_students(
    tmp_path: Path, lab: Any
) -> None:
    """Nobody is emptied out, who keeps a name keeps it, and a later attempt replaces a row."""
    out = tmp_path / "out"
    first = moodle(tmp_path, lab, "a.zip", {ADA: lab.RIGHT, BOB: lab.BROKEN})
    late = moodle(
        tmp_path, lab, "late.zip", {ADA_TOO: lab.FLIPPED, BOB: lab.RIGHT}
    )
    assert lab.grader("grade", first, "--output", out).returncode == 0
    done = lab.grader("grade", late, "--output", out)
    assert done.returncode == 0, done.stderr
    assert "1 more of earlier runs stay in the gradebook" in done.stderr
    expected = {
        "301": ("Ada Low", "4"),
        "302": ("Bob Ray", "4"),
        "304": ("Ada Low~304", "0"),
    }
    assert by_id(out) == expected
    summary = msgspec.json.decode((out / "summary.json").read_bytes())
    assert summary["submissions"] == 3
    assert "Ada Low~304" in (out / "index.html").read_text()

    # The whole class again, in which the two Adas would be told apart: each has one report.
    both = moodle(
        tmp_path, lab, "all.zip", {ADA: lab.RIGHT, ADA_TOO: lab.FLIPPED}
    )
    assert lab.grader("grade", both, "--output", out).returncode == 0
    assert by_id(out) == expected
    assert len(lab.journal(out)) == 4
    assert len(reports(out)) == 3


def test_only_these_leaves_the_others_out(tmp_path: Path, lab: Any) -> None:
    """The gradebook has what was given, and the next run does not bring the others back."""
    out = tmp_path / "out"
    first = moodle(tmp_path, lab, "a.zip", {ADA: lab.RIGHT, BOB: lab.BROKEN})
    late = moodle(tmp_path, lab, "late.zip", {ADA_TOO: lab.FLIPPED})
    lab.grader("grade", first, "--output", out)
    lab.grader("grade", late, "--output", out, "--only-these")
    assert set(by_id(out)) == {"304"}
    lab.grader("grade", late, "--output", out)
    assert set(by_id(out)) == {"304"}


def test_an_older_download_replaces_nothing(tmp_path: Path, lab: Any) -> None:
    """Where both times are known, the later attempt counts, in whatever order they are graded."""
    out = tmp_path / "out"
    form = "gradebook_C1_HW_{}_attempt_2026-11-{}-10-00-00_convolve.py"
    early = {
        form.format("al1", "20"): lab.FLIPPED,
        form.format("bm2", "20"): lab.RIGHT,
    }
    later = {form.format("al1", "22"): lab.RIGHT}
    lab.write(tmp_path / "early", early)
    lab.write(tmp_path / "later", later)
    lab.grader("grade", tmp_path / "later", "--output", out)
    done = lab.grader("grade", tmp_path / "early", "--output", out)
    assert {key: score for key, (_, score) in by_id(out).items()} == {
        "al1": "4",
        "bm2": "4",
    }
    assert "1 more of earlier runs" in done.stderr
    summary = msgspec.json.decode((out / "summary.json").read_bytes())
    assert [
        "an earlier attempt of al1" in s["reason"] for s in summary["skipped"]
    ] == [True]


def test_a_second_exercise_is_refused_with_the_fix(
    tmp_path: Path, lab: Any
) -> None:
    """One line, exit status 2, and every file of the first is as it was."""
    out = tmp_path / "out"
    lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    lab.grader("grade", tmp_path / "in", "--output", out)
    state = out / ".grader" / "class.json"
    roll = msgspec.json.decode(state.read_bytes())
    state.write_bytes(msgspec.json.encode(roll | {"exercise": "maxpool"}))
    before = lab.outputs(out)
    done = lab.grader("grade", tmp_path / "in", "--output", out)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "holds the class of the exercise maxpool" in done.stderr
    assert f"--output {out}-convolution" in done.stderr
    assert lab.outputs(out) == before


@pytest.mark.parametrize("change", ["edited", "somebody's own"])
def test_a_gradebook_that_a_person_has_edited_is_not_overwritten(
    change: str, tmp_path: Path, lab: Any
) -> None:
    """One line with the fix; renamed, it stays, and a new one is written."""
    out = tmp_path / "out"
    lab.write(tmp_path / "in", {"ada.py": lab.RIGHT})
    book = out / "gradebook.csv"
    if change == "edited":
        lab.grader("grade", tmp_path / "in", "--output", out)
        book.write_text(book.read_text().replace("graded", "checked by hand"))
    else:
        lab.write(out, {"gradebook.csv": "name,grade\nada,1\n"})
    text = book.read_bytes()
    done = lab.grader("grade", tmp_path / "in", "--output", out)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "gradebook.csv: was edited, and is not overwritten" in done.stderr
    assert book.read_bytes() == text
    book.rename(out / "mine.csv")
    again = lab.grader("grade", tmp_path / "in", "--output", out)
    assert again.returncode == 0, again.stderr
    assert set(rows(out)) == {"ada.py"}
    assert (out / "mine.csv").read_bytes() == text


def test_a_report_of_another_naming_is_removed(
    tmp_path: Path, lab: Any
) -> None:
    """Graded by section and then as a whole, each student has one row, one report, one page."""
    out = tmp_path / "out"
    names = (
        "section-a/ada.py",
        "section-a/cy.py",
        "section-b/bob.py",
        "section-b/dee.py",
    )
    sections = lab.write(tmp_path / "in", dict.fromkeys(names, lab.RIGHT))
    for section in ("section-a", "section-b"):
        lab.grader("grade", sections / section, "--output", out)
    assert set(rows(out)) == {"ada.py", "bob.py", "cy.py", "dee.py"}
    lab.grader("grade", sections, "--output", out)
    assert set(rows(out)) == {name.replace("/", "~") for name in names}
    assert len(list((out / "reports").iterdir())) == 8


def test_a_run_that_was_killed_loses_nobody_of_the_class(
    tmp_path: Path, lab: Any
) -> None:
    """With the files as a kill before the end leaves them, the next archive finds everybody."""
    out, killed = tmp_path / "out", tmp_path / "killed"
    first = moodle(tmp_path, lab, "a.zip", {ADA: lab.RIGHT, BOB: lab.BROKEN})
    late = moodle(tmp_path, lab, "late.zip", {ADA_TOO: lab.FLIPPED})
    lab.grader("grade", first, "--output", out)
    shutil.copytree(out, killed)
    for name in ("gradebook.csv", "summary.json", "index.html"):
        (killed / name).unlink()
    for folder in (out, killed):
        assert lab.grader("grade", late, "--output", folder).returncode == 0
    assert lab.outputs(killed) == lab.outputs(out)
    assert set(by_id(killed)) == {"301", "302", "304"}


@pytest.mark.parametrize(
    ("numbers", "names", "complaint"),
    [
        ((301, 302, 303, 304), "EFGH", "301 is Ann there and Eva here"),
        (
            (801, 802, 803, 804),
            "ABCD",
            "4 students of the same names have other ids there",
        ),
        ((301, 302, 303, 804), "ABCD", None),
        ((301, 302, 801, 802), "AXYZ", None),
    ],
)
def test_another_class_is_refused_with_the_fix(
    numbers: tuple[int, ...],
    names: str,
    complaint: str | None,
    found: Any,
    lab: Any,
    tmp_path: Path,
) -> None:
    """The same ids with other names, or the same names with other ids; a few prove nothing."""
    called = dict(zip("ABCDEFGHXYZ", _NAMES, strict=True))
    known = {
        name: Student(name=name, id=str(number))
        for number, name in zip(range(301, 305), _NAMES, strict=False)
    }
    students = {
        f"{called[letter]}_{number}": lab.RIGHT
        for number, letter in zip(numbers, names, strict=True)
    }
    items = found(moodle(tmp_path, lab, "a.zip", students)).items
    if complaint is None:
        refuse_another_class(tmp_path, items, known)
        return
    with pytest.raises(UsageError) as caught:
        refuse_another_class(tmp_path, items, known)
    assert complaint in str(caught.value)
    assert "with --output, or give --only-these" in str(caught.value)


ROSTER = (
    "Identifier;Full name;Email address;Maximum Grade;Last modified (submission)\r\n"
    "Participant 301;Ada Low;al@uni.example;100,00;Friday, 20 November 2026, 9:10 PM\r\n"
    "Participant 302;Bob Ray;br@uni.example;100,00;Sunday, 22 November 2026, 12:30 AM\r\n"
    "Participant 399;Zoë Absent;za@uni.example;100,00;-\r\n"
)


def test_roster_due_time_and_adjustments_stay_with_the_class(
    tmp_path: Path, lab: Any
) -> None:
    """Nobody on the roster vanishes, `final` is what counts, and a regrade changes none of it."""
    out = tmp_path / "out"
    (tmp_path / "roster.csv").write_bytes(ROSTER.encode("utf-16"))
    first = moodle(
        tmp_path,
        lab,
        "a.zip",
        {ADA: lab.RIGHT, BOB: lab.RIGHT, "Eve New_333": lab.FLIPPED},
    )
    lab.write(
        out,
        {
            "adjustments.csv": "id,points,final,comment\n301,+1,,a talk\n399,,2,oral\n"
        },
    )
    done = lab.grader(
        "grade",
        first,
        "--output",
        out,
        "--roster",
        tmp_path / "roster.csv",
        "--due",
        "2026-11-20 23:59 Europe/Berlin",
        "--late",
        "10%/day, at most 50%",
    )
    assert done.returncode == 0, done.stderr
    assert "1 on the roster handed in nothing: Zoë Absent (399)" in done.stderr
    assert "1 handed in and are not on the roster: Eve New" in done.stderr
    assert "nobody knows when 1 were handed in" in done.stderr
    found = {
        row["id"]: (
            row["status"],
            row["late_by"],
            row["score"],
            row["final"],
            row["comment"],
        )
        for row in rows(out).values()
    }
    assert found["301"][1:4] == ("", "4", "5")
    assert found["301"][4].endswith("Adjusted by +1 by your instructor: a talk")
    assert found["302"][1:4] == ("1 day 31 min", "4", "3.2")
    assert "1 day 31 min late: 20 % less." in found["302"][4]
    assert found["333"][1:4] == ("", "0", "0")
    assert found["399"] == (
        "missing",
        "",
        "",
        "2",
        "Nothing was handed in. Set to 2 by your instructor: oral",
    )
    assert not (out / "reports" / "Zoë Absent.json").exists()
    summary = msgspec.json.decode((out / "summary.json").read_bytes())
    assert summary["missing"] == ["Zoë Absent (399)"]
    assert summary["status"]["missing"] == 1
    page = (out / "index.html").read_text()
    assert "Nothing handed in" in page
    assert "late by 1 day 31 min" in page

    before = lab.outputs(out)
    assert (
        lab.grader("grade", first, "--output", out, "--fresh").returncode == 0
    )
    assert lab.outputs(out) == before


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--due", "2026-11-20 23:59"), "has no time zone; write it as --due"),
        (("--late", "much"), "is not a rule; write it as --late"),
        (
            ("--roster", "double.csv"),
            "double.csv: lists 1 twice, in rows 2 and 3",
        ),
        (("--roster", "nowhere.csv"), "nowhere.csv: cannot be read"),
        ((), "adjustments.csv, row 2: 999 is nobody in this class"),
    ],
)
def test_bad_input_about_the_class_is_one_line_and_nothing_is_written(
    options: tuple[str, ...], complaint: str, tmp_path: Path, lab: Any
) -> None:
    """Exit status 2; every file is as it was, and nothing is graded."""
    lab.write(
        tmp_path,
        {
            "in/ada.py": lab.RIGHT,
            "double.csv": "id,name\n1,Ada\n1,Bob\n",
            "out/gradebook.csv": "",
        },
    )
    (tmp_path / "out" / "gradebook.csv").unlink()
    if not options:
        lab.write(tmp_path, {"out/adjustments.csv": "id,points\n999,1\n"})
    before = lab.outputs(tmp_path / "out")
    done = lab.grader("grade", "in", "--output", "out", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert lab.outputs(tmp_path / "out") == before


def test_a_decision_that_is_not_applied_yet_is_never_passed_over(
    tmp_path: Path, lab: Any
) -> None:
    """Grades, feedback and stories are refused until the class is graded again."""
    lab.write(tmp_path, {"in/ada.py": lab.RIGHT})
    lab.grader("grade", "in", "--output", "out", cwd=tmp_path)
    lab.write(tmp_path, {"out/adjustments.csv": "id,points\nada,-1\n"})
    commands = (
        ("grades", "canvas", "out"),
        ("feedback", "folder", "out", "--output", "pages"),
        ("explain", "out", "ada"),
    )
    for command in commands:
        done = lab.grader(*command, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "out/adjustments.csv: was changed since the class" in done.stderr
        assert done.stderr.count("\n") == 1
    lab.grader("grade", "in", "--output", "out", cwd=tmp_path)
    entered = lab.grader("grades", "canvas", "out", cwd=tmp_path).stdout
    assert "ada.py,,,3" in entered.splitlines()


def test_options_of_a_class_are_refused_for_one_file(
    tmp_path: Path, lab: Any
) -> None:
    """They would change nothing there, so they are not taken silently."""
    lab.write(tmp_path, {"ada.py": lab.RIGHT})
    done = lab.grader("grade", tmp_path / "ada.py", "--late", "10%/day")
    assert done.returncode == 2
    assert "--late: is for a class; give its folder" in done.stderr
