"""Collect a class with each hostile archive in it, one process each; print what it took.

    python -m tests.intake.measure_archives FOLDER

It prints a line of JSON per archive: its name, processor seconds, megabytes of memory, megabytes on
disk, who has a row, what is graded, and why the rest is not.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from grader.exercise import load_exercise
from grader.intake.collect import collect
from grader.model import Exercise
from tests.batch.conftest import RIGHT, write
from tests.intake.hostile_archives import ARCHIVES

HONEST = {"ada.py": RIGHT, "bob/convolve.py": RIGHT}


def main(folder: Path) -> None:
    """Measure every archive."""
    exercise = load_exercise("convolution")
    for number, (name, hostile) in enumerate(ARCHIVES.items()):
        place = folder / str(number)
        write(place / "in", {**HONEST, hostile.file_name: hostile.make()})
        if os.fork() == 0:
            os.write(1, measured(name, place, exercise))
            os._exit(0)
        os.wait()


def measured(name: str, place: Path, exercise: Exercise) -> bytes:
    """Collect one class and return the line about it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    collection = collect([place / "in"], exercise, spool=place / "spool")
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    spooled = [path.stat().st_size for path in (place / "spool").rglob("*")]
    line = {
        "name": name,
        "seconds": seconds,
        "memory": peak / 1024,
        "disk": sum(spooled) / (1 << 20),
        "rows": [item.name for item in collection.items],
        "graded": [item.name for item in collection.items if not item.fault],
        "reasons": [each.reason for each in collection.skipped],
    }
    return json.dumps(line).encode() + b"\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
