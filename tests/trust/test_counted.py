"""How many hostile things the tests try: none of the tables may shrink without anybody noticing."""

import importlib
from collections.abc import Sized

import pytest

from tests.hostile.test_hostile import all_programs

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
    ),
    "archives are counted as they are written": (
        "tests.intake.hostile_archives:ARCHIVES",
    ),
    "strangers' text is cleaned for who reads it": (
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
LEAST = 250


def rows(table: str) -> int:
    """Return how many things a table of a test module has."""
    module, _, name = table.partition(":")
    found: Sized = getattr(importlib.import_module(module), name)
    return len(found)


@pytest.mark.parametrize("law", LAWS)
def test_each_law_has_more_than_what_was_seen(law: str) -> None:
    """Each table has at least five: a list of what is known already would be no defence."""
    for table in LAWS[law]:
        assert rows(table) >= NEIGHBOURS, table


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
    assert len(all_programs()) + sum(map(rows, tables)) >= LEAST + len(tables)
