"""Prints pip constraints: the lowest version of each dependency that pyproject.toml allows.

Usage: lowest.py > constraints.txt
"""

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def main() -> int:
    """Print one constraint a line, such as `numpy==1.26`."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    for requirement in project["dependencies"]:
        lowest = re.match(r"([\w.-]+)>=([\d.]+)", requirement)
        if lowest is None:
            print(f"{requirement}: has no lowest version", file=sys.stderr)
            return 1
        print(f"{lowest[1]}=={lowest[2]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
