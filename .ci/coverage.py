"""Checks the branch coverage of the rooms that decide about points, each by its own tests.

Usage: coverage.py [ROOM...]

Runs the tests of each room under coverage, prints a line for each of its files, and fails if one
is covered less than it must be.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

LEAST = 95.0
"""Percent of the lines and branches of each file."""
ROOMS = {
    "compare": ("grader/compare/", ["tests/compare"]),
    "cases": ("grader/cases", ["tests/cases"]),
    "wire": (
        "grader/execution/wire/",
        ["tests/execution/test_wire.py", "tests/execution/test_wire_limits.py"],
    ),
    "diagnose": ("grader/diagnose/", ["tests/diagnose"]),
    "grading": ("grader/grading/", ["tests/grading"]),
}
"""Room -> the files that are measured, and the tests that measure them."""


def main(rooms: list[str]) -> int:
    """Measure these rooms, or all of them; return 1 if a file is covered too little."""
    short = []
    for room in rooms or ROOMS:
        for name, percent, missing in measure(room):
            print(f"{percent:6.2f} %  {name}")
            if percent < LEAST:
                said = f"{percent:.2f} %, should be {LEAST:g} %"
                short.append(f"{name}: {said}; not covered: {missing}")
    for line in short:
        print(line)
    return 1 if short else 0


def measure(room: str) -> list[tuple[str, float, str]]:
    """Run a room's tests; return each file with its percentage and what is missing."""
    wanted, tests = ROOMS[room]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "coverage.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--no-header",
            "-n",
            "2",
        ]
        command += ["--dist", "loadfile", "--cov", "grader", "--cov-branch"]
        command += ["--cov-report", f"json:{out}", *tests]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True
        )
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
        files = json.loads(out.read_text("utf-8"))["files"]
    rows = []
    for path, report in sorted(files.items()):
        # The package may be installed elsewhere.
        name = "grader/" + Path(path).as_posix().rpartition("grader/")[2]
        if name.startswith(wanted):
            percent = report["summary"]["percent_covered"]
            branches = [f"{a}->{b}" for a, b in report["missing_branches"]]
            lines = [str(line) for line in report["missing_lines"]]
            rows.append((name, percent, ", ".join(lines + branches)))
    if not rows:
        sys.exit(f"{room}: nothing named {wanted} was imported")
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
