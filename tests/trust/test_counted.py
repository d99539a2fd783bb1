"""How many hostile things the tests try: none of the tables may shrink without anybody noticing."""

import importlib
import math
from collections.abc import Sized
from pathlib import Path

import pytest

from tests.hostile.test_hostile import all_programs

EXHAUSTING = [each for each in all_programs() if each.family == "exhausting"]
"""Programs that look for a hole in what a worker may cost."""
LAWS = {
    "trusted code is never chosen by place": (
        "tests.trust.test_hidden_half:PLACES",
        "tests.trust.test_working_folder:NAMES",
        "tests.trust.test_startup_files:WAYS",
        "tests.trust.test_startup_files:MODULES",
        "tests.trust.test_pytest_places:SETTINGS",
        "tests.trust.test_pytest_places:DISGUISED",
        "tests.trust.test_configuration:BROKEN",
        "tests.trust.test_hostile_exercise:HOSTILE",
    ),
    "a file is opened once": (
        "tests.opening.test_folder:SWAPS",
        "tests.batch.test_bad_files:SWAPPED",
        "tests.trust.test_needed_files:THINGS",
        "tests.trust.test_needed_files:READERS",
        "tests.trust.test_needed_files:FLIPS",
        "tests.trust.test_pytest_places:SWAPPED",
    ),
    "work is bounded, not only size": (
        "tests.submission.test_work:test_what_costs_too_much_is_called_too_complicated",
    ),
    "archives are counted as they are written": (
        "tests.intake.hostile_archives:ARCHIVES",
    ),
    "a worker's cost has no hole": ("tests.trust.test_counted:EXHAUSTING",),
    "less than what was promised is loud": (
        "tests.cli.test_less_isolation:MACHINES",
    ),
    "not graded never means 0, and never overwrites": (
        "tests.platforms.test_formats:test_a_grader_error_is_no_score",
        "tests.platforms.test_formats:test_students_do_not_read_why_the_grader_failed",
    ),
    "strangers' text is cleaned for its reader": (
        "tests.untrusted.test_hostile_names:NAMES",
        "tests.untrusted.test_one_rule:ACTING",
        "tests.untrusted.test_sinks:TRICKS",
        "tests.render.test_hostile:NASTY",
        "tests.trust.test_hostile_class:NAMES",
        "tests.sheets.test_hostile_sheets:SHEETS",
        "tests.packages.test_hostile_names:TITLES",
        "tests.packages.test_hostile_names:UNPRINTABLE",
    ),
}
"""Law of docs/security.md -> tables of what is tried against it. Each has one row for a thing that
was seen, and its neighbours."""
FAMILIES = {
    "lying": 38,
    "stealing": 38,
    "forging": 50,
    "exhausting": 73,
    "leaking": 26,
    "overfitting": 11,
}
"""Programs that docs/security.md counts."""
NEIGHBOURS = 5
ROOT = Path(__file__).parents[2]
LEAST = 250


def rows(table: str) -> int:
    """Return how many things a table of a test module has, or a test is given."""
    module, _, name = table.partition(":")
    found = getattr(importlib.import_module(module), name)
    if not callable(found):
        return len(found)
    tables: list[Sized] = [
        mark.args[1] for mark in found.pytestmark if mark.name == "parametrize"
    ]
    return math.prod(map(len, tables))


@pytest.mark.parametrize("law", LAWS)
def test_each_law_has_more_than_what_was_seen(law: str) -> None:
    """Each table has at least five: a list of what is known already would be no defence."""
    for table in LAWS[law]:
        assert rows(table) >= NEIGHBOURS, table


def test_every_law_is_counted() -> None:
    """The laws are those of docs/security.md, all eight of them."""
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    table = text.partition("### Law by law")[2].partition("\n\n|")[2]
    lines = table.partition("\n\n")[0].splitlines()[2:]
    assert {line.split(" | ")[0].removeprefix("| ") for line in lines} == set(
        LAWS
    )
    assert len(LAWS) == 8


def test_the_programs_are_as_many_as_is_said() -> None:
    """The figures of docs/security.md are those of the folder."""
    programs = all_programs()
    found = {
        family: sum(program.family == family for program in programs)
        for family in FAMILIES
    }
    assert found == FAMILIES


def test_all_together_are_more_than_was_promised() -> None:
    """Programs, archives, folders, files and names, each in the tests of every run."""
    tables = {table for some in LAWS.values() for table in some}
    tables.remove("tests.trust.test_counted:EXHAUSTING")  # programs already
    assert len(all_programs()) + sum(map(rows, tables)) >= LEAST + len(tables)
