"""One version: what the package says, what is cited, and what the changelog is writing about."""

import re
from pathlib import Path

from grader.version import __version__

ROOT = Path(__file__).parents[2]


def test_the_changelog_begins_with_this_version() -> None:
    """The first heading of the changelog has the number that the package has."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heading = re.search(r"^## (\S+)( \(unreleased\))?$", text, re.MULTILINE)
    assert heading is not None
    assert heading[1] == __version__


def test_what_is_cited_is_this_version() -> None:
    """CITATION.cff has the number that the package has."""
    lines = (ROOT / "CITATION.cff").read_text("utf-8").splitlines()
    assert f"version: {__version__}" in lines
