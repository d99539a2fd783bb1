"""Prints one of the README's lines to copy, so that CI runs what a reader is told to run.

Usage: readme_line.py 1|2
"""

import re
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def main(number: int) -> int:
    """Print the line with this number, counted from 1."""
    blocks = re.findall(
        r"^```sh\n(.*?)\n```",
        README.read_text("utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    print(blocks[number - 1])
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
