"""Fails when a test was skipped: this machine can do everything that the tests need.

Usage: no_skips.py JUNIT.xml
"""

import sys
from xml.etree import ElementTree as ET


def main(path: str) -> int:
    """Print each skipped test with its reason; return 1 where there is one, or no test ran."""
    cases = list(ET.parse(path).iter("testcase"))
    skipped = [
        (case, case.find("skipped"))
        for case in cases
        if case.find("skipped") is not None
    ]
    for case, reason in skipped:
        text = reason.get("message", "") if reason is not None else ""
        print(f"skipped: {case.get('classname')}::{case.get('name')}: {text}")
    print(f"{len(cases)} tests, {len(skipped)} skipped")
    return 1 if skipped or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
