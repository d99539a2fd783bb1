"""The story of one grade: true, whole, to be read by the student, and with nothing of ours."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
END = "assignsubmission_file"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, lab: Any) -> Path:
    """Grade a class with two students of one name, with a secret of its own."""
    folder: Path = tmp_path_factory.mktemp("class")
    changes = lab.RIGHT.replace("    h, w", "    image[0, 0] = 9\n    h, w")
    members = {
        f"Ada Low_301_{END}/hw.py": lab.FLIPPED,
        f"Ada Low_304_{END}/hw.py": lab.RIGHT,
        f"Bob Ray_302_{END}/bob.py": lab.BROKEN,
        f"Cy Young_303_{END}/cy.py": changes,
    }
    (folder / "a.zip").write_bytes(lab.zipped(members))
    lab.write(
        folder,
        {
            "secret": "correct horse",
            "other": "battery staple",
            "roster.csv": "id,name\n301,Ada Low\n399,Zed Absent\n",
            "out/adjustments.csv": "id,points,comment\n301,1,oral exam\n",
        },
    )
    done = lab.grader(
        "grade",
        "a.zip",
        "--output",
        "out",
        "--secret-file",
        "secret",
        "--roster",
        "roster.csv",
        "--solutions",
        ROOT / "solutions",
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return folder


def story(graded: Path, lab: Any, who: str, *options: str | Path) -> Any:
    """Ask for the story of a student."""
    return lab.grader("explain", "out", who, *options, cwd=graded)


@pytest.mark.parametrize("who", ["301", "Ada Low~301"])
def test_the_script_of_a_story_shows_the_same_on_the_students_machine(
    who: str, graded: Path, lab: Any, tmp_path: Path
) -> None:
    """Below the student's function it prints the very array of the story, and that it is wrong."""
    done = story(
        graded,
        lab,
        who,
        "--secret-file",
        "secret",
        "--solutions",
        ROOT / "solutions",
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    text = done.stdout
    assert "Ada Low (301), hw.py" in text
    assert "Your code earned 0 of 4 points." in text
    assert "Adjusted by +1 by your instructor: oral exam" in text
    assert "What counts: 1 of 4 points." in text
    assert "turned by 180 degrees" in text
    script = text[text.index("    import numpy") :]
    code = "\n".join(line[4:] for line in script.splitlines())
    (tmp_path / "try.py").write_text(f"{lab.FLIPPED}\n{code}\n")
    ran = subprocess.run(
        [sys.executable, tmp_path / "try.py"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.endswith("as expected: False\n")
    given = text[
        text.index("What your function gave:") : text.index("To see it")
    ]
    first = re.findall(r"-?\d+\.?\d*", given)[0]
    assert float(first) == float(re.findall(r"-?\d+\.?\d*", ran.stdout)[0])
    ran_right = subprocess.run(
        [sys.executable, "-c", f"{lab.RIGHT}\n{code}\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran_right.stdout.endswith("as expected: True\n")


def test_a_story_holds_nothing_of_ours(graded: Path, lab: Any) -> None:
    """No ids of misconceptions, digests, isolation or secret; one who was right is told so."""
    for who in ("301", "304", "302", "303"):
        text = story(graded, lab, who).stdout.lower()
        for word in (
            "kernel-flipped",
            "sha256",
            "isolation",
            "landlock",
            "secret",
        ):
            assert word not in text
    assert "All 4 cases passed." in story(graded, lab, "304").stdout
    assert "Python cannot read this line" in story(graded, lab, "bob.py").stdout


def test_what_changed_an_argument_is_shown(graded: Path, lab: Any) -> None:
    """The result is right there, so the script shows that the argument is not what it was."""
    text = story(graded, lab, "Cy Young").stdout
    assert 'print("unchanged:"' in text


def test_without_the_secret_the_report_has_to_do(
    graded: Path, lab: Any
) -> None:
    """Inputs of another secret are never shown; that types are guessed is said."""
    done = story(graded, lab, "301", "--solutions", ROOT / "solutions")
    assert "drawn with another secret" in done.stderr
    right = story(
        graded,
        lab,
        "301",
        "--secret-file",
        "secret",
        "--solutions",
        ROOT / "solutions",
    )
    given = "What your function gave:"
    assert done.stdout.partition(given)[0] == right.stdout.partition(given)[0]


def test_whoever_handed_in_nothing_is_told_that(graded: Path, lab: Any) -> None:
    """There is no report, and the text says why."""
    assert "Nothing was handed in." in story(graded, lab, "Zed Absent").stdout


@pytest.mark.parametrize(
    ("who", "complaint"),
    [
        ("Ada Low", "may be Ada Low (301), Ada Low (304); give the id"),
        ("hw.py", "may be Ada Low (301), Ada Low (304); give the id"),
        ("3O1", "nobody in out/gradebook.csv has this id"),
        ("Bob Rai", "did you mean Bob Ray?"),
    ],
)
def test_an_ambiguous_student_is_one_line_with_the_candidates(
    who: str, complaint: str, graded: Path, lab: Any
) -> None:
    """Exit status 2, and nothing on standard output."""
    done = story(graded, lab, who)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
