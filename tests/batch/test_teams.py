"""A team is a group, and not a case of equal code."""

import json
from pathlib import Path

from tests.batch.conftest import FLIPPED, RIGHT, grader, write
from tests.batch.watching import rows


def test_a_team_is_no_case_of_equal_code(tmp_path: Path) -> None:
    """Its members have a row and the group each; who is in no team of theirs is listed."""
    end = "assignsubmission_file/convolve.py"
    folder = write(
        tmp_path / "in",
        {
            f"Group A-Ada_301_{end}": RIGHT,
            f"Group A-Bob_302_{end}": RIGHT,
            f"Group B-Kim_303_{end}": FLIPPED,
            f"Default group-Zed_304_{end}": FLIPPED,
        },
    )
    out = tmp_path / "out"
    done = grader("grade", folder, "--output", out, "--jobs", "1")
    assert done.returncode == 0, done.stderr
    assert {name: row["group"] for name, row in rows(out).items()} == {
        "Ada": "Group A",
        "Bob": "Group A",
        "Kim": "Group B",
        "Zed": "",
    }
    alike = json.loads((out / "summary.json").read_text())["alike"]
    assert [each["students"] for each in alike] == [["Kim", "Zed"]]
