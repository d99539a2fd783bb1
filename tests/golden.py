"""What is written out is compared with a file that is read like a page."""

import os
from pathlib import Path


def assert_golden(file: Path, text: str) -> None:
    """Compare a text with a golden file; with GRADER_UPDATE set, write it first."""
    if os.environ.get("GRADER_UPDATE"):
        file.write_text(text, "utf-8", newline="\n")
    assert text == file.read_text("utf-8")
