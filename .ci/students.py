"""Tries what students use, on any operating system: `grader check` on a right and on a wrong file.

Usage: students.py, in an environment in which the grader is installed.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "solutions" / "convolution" / "samples"


def check(sample: str) -> dict[str, Any]:
    """Return the report of `grader check` on one sample."""
    command = ["grader", "check", str(SAMPLES / sample), "--format", "json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def main() -> int:
    """Return 0 where the right file has full marks, and the wrong one none and its hint."""
    right, flipped = check("right.py"), check("flipped.py")
    hints = [
        hint["misconception"]
        for case in flipped["cases"]
        for hint in case["hints"]
    ]
    print(f"right.py: {right['score']} of {right['max_score']}")
    print(
        f"flipped.py: {flipped['score']} of {flipped['max_score']}, {set(hints)}"
    )
    fair = right["score"] == right["max_score"] and flipped["score"] == 0
    return 0 if fair and "kernel-flipped" in hints else 1


if __name__ == "__main__":
    sys.exit(main())
