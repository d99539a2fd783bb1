"""Names of reports: unique, stable, harmless, and never another student's."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.report_names import safe_name, unique_names

ROWS = st.lists(
    st.tuples(
        st.lists(st.text(max_size=30), min_size=1, max_size=3).map(tuple),
        st.text(max_size=10),
        st.text(max_size=30),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jörg Müller", "Jörg Müller"),
        ("Jo\N{COMBINING DIAERESIS}rg", "Jörg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("CON", "_CON"),
        ("nul.py", "_nul.py"),
        (".hidden.py", "hidden.py"),
        ("a\tb\nc", "a_b_c"),
        ("admin\N{RIGHT-TO-LEFT OVERRIDE}yp.exe", "admin_yp.exe"),
        ("\udcff.py", "_.py"),
        ("  ", "unnamed"),
        ("", "unnamed"),
        ("a:b*c?.py", "a_b_c_.py"),
    ],
)
def test_a_name_means_itself_on_every_file_system(text: str, name: str) -> None:
    """Separators, reserved words, dots and controls go; letters of every script stay."""
    assert safe_name(text) == name


def test_a_long_name_is_cut_and_stays_apart() -> None:
    """Two long names that differ at the end stay two, with their suffix, and fit an entry."""
    first, second = safe_name("é" * 500 + "a.py"), safe_name("é" * 500 + "b.py")
    assert first != second
    assert first.endswith(".py")
    assert len(os.fsencode(first)) <= 200


@given(ROWS)
def test_names_are_unique_also_by_case_and_stay_inside(
    rows: list[tuple[tuple[str, ...], str, str]],
) -> None:
    """Whatever the texts are, no two names are one file anywhere, and none leaves its folder."""
    names = unique_names(rows)
    assert len({name.casefold() for name in names}) == len(rows)
    for name in names:
        path = Path("/out/reports") / f"{name}.json"
        assert path.parent == Path("/out/reports")
        assert not name.startswith(".")
        assert len(os.fsencode(path.name)) <= 255


def test_students_of_one_name_get_the_platform_number() -> None:
    """Both Ada Lovelaces get theirs; a third person keeps the plain name."""
    rows = [
        (("Ada Lovelace",), "17", "a"),
        (("ada lovelace",), "18", "b"),
        (("Bob",), "19", "c"),
    ]
    assert unique_names(rows) == ["Ada Lovelace~17", "ada lovelace~18", "Bob"]


def test_a_name_does_not_depend_on_the_order() -> None:
    """The same submissions in another order get the same names, so a rerun finds its reports."""
    rows = [
        (("x.py",), "a", "a/x.py"),
        (("X.py",), "b", "b/X.py"),
        (("y.py",), "", "y.py"),
    ]
    assert sorted(unique_names(rows)) == sorted(unique_names(rows[::-1]))
