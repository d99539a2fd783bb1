"""After a regrade: what changed, for whom, from what to what, and why."""

import csv
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.classbook.changes import MadeFrom, Past, Standing, changes
from grader.intake.student import Student

MADE = MadeFrom("e", 1.0, "h", "s", "v")
BASE = Standing("graded", 3.0, 4.0, 3.0, "d", 0.0, "", 0)


def changed(out: Path) -> dict[str, tuple[str, str, str]]:
    """Read the changes: name -> final before, final, why."""
    with (out / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        return {
            row["name"]: (row["final_before"], row["final"], row["why"])
            for row in csv.DictReader(file)
        }


def test_a_regrade_tells_what_changed_and_keeps_it(
    tmp_path: Path, lab: Any
) -> None:
    """A first run and a rerun tell nothing; a kill before the end tells it again."""
    folder = lab.write(
        tmp_path / "in",
        {
            "ada.py": lab.FLIPPED,
            "bob.py": lab.RIGHT,
            "cy.py": lab.RIGHT + "#\n",
        },
    )
    out = tmp_path / "out"
    first = lab.grader("grade", folder, "--output", out)
    assert "changed" not in first.stderr
    assert not (out / "changes.csv").exists()

    before = tmp_path / "before"
    shutil.copytree(out, before)
    lab.write(folder, {"ada.py": lab.RIGHT, "dee.py": lab.RIGHT})
    lab.write(out, {"adjustments.csv": "id,points\nbob,-1\n"})
    done = lab.grader("grade", folder, "--output", out)
    assert (
        "since the last run 2 grades changed (changes.csv has why):"
        in done.stderr
    )
    assert "ada.py: 0 of 4 -> 4 of 4 (submission)" in done.stderr
    expected = {
        "ada.py": ("0", "4", "submission"),
        "bob.py": ("4", "3", "adjustment"),
    }
    assert changed(out) == expected

    again = lab.grader("grade", folder, "--output", out)
    assert "changed" not in again.stderr
    assert changed(out) == expected

    # As a kill just before the end leaves it: the class is still that of the run before.
    state = before / ".grader" / "class.json"
    shutil.copy(state, out / ".grader" / "class.json")
    (out / "changes.csv").unlink()
    lab.grader("grade", folder, "--output", out)
    assert changed(out) == expected


def test_reports_made_otherwise_are_told(tmp_path: Path, lab: Any) -> None:
    """Of a class that was graded with two secrets, those of the other secret are named."""
    out = tmp_path / "out"
    lab.write(
        tmp_path,
        {"a/ada.py": lab.RIGHT, "b/bob.py": lab.RIGHT, "secret": "other"},
    )
    lab.grader("grade", tmp_path / "a", "--output", out)
    done = lab.grader(
        "grade",
        tmp_path / "b",
        "--output",
        out,
        "--secret-file",
        tmp_path / "secret",
    )
    assert "1 of these were graded with another exercise, secret" in done.stderr
    assert "ada.py; give their files again" in done.stderr


@pytest.mark.parametrize(
    ("standing", "made", "why"),
    [
        ({"submission": "x"}, {}, "submission"),
        ({}, {"points": 2.0, "exercise": "x"}, "points"),
        ({}, {"exercise": "x"}, "exercise"),
        ({}, {"hidden": "x"}, "hidden tests"),
        ({}, {"secret": "x", "version": "x"}, "secret, grader version"),
        ({"cost": 0.1}, {}, "lateness"),
        ({"adjusted": "x"}, {}, "adjustment"),
        ({}, {}, "graded again"),
    ],
)
def test_why_is_what_differs(
    standing: dict[str, Any], made: dict[str, Any], why: str
) -> None:
    """One reason for each thing that a grade depends on; an equal grade is no change."""
    now = msgspec.structs.replace(BASE, final=2.0, **standing)
    same = msgspec.structs.replace(BASE, **standing)
    past = Past((MADE,), {"ada": BASE, "bob": BASE})
    after = Past(
        (msgspec.structs.replace(MADE, **made),),
        {"ada": now, "bob": same, "new": now},
    )
    students = {"ada": Student(name="Ada")}
    found = list(changes(past, after, students))
    assert [(each.name, ", ".join(each.why)) for each in found] == [
        ("ada", why)
    ]
