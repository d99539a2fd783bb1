"""Names of reports."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.report_names import safe_name, unique_names

ROWS = st.lists(
    st.tuples(st.text(max_size=30), st.text(max_size=10), st.text(max_size=30)),
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
    """Separators, reserved words, dots, controls and overrides are gone; letters of every script stay."""
    assert safe_name(text) == name


def test_a_long_name_is_cut_and_stays_apart() -> None:
    """Two names of 500 letters that differ at the end stay two, keep their suffix and fit a directory entry."""
    first, second = safe_name("é" * 500 + "a.py"), safe_name("é" * 500 + "b.py")
    assert first != second
    assert first.endswith(".py")
    assert len(os.fsencode(first)) <= 200


@given(ROWS)
def test_names_are_unique_also_by_case_and_stay_inside(
    rows: list[tuple[str, str, str]],
) -> None:
    """Whatever the texts, no two names are one file on any system, and none leaves its folder."""
    names = unique_names(rows)
    assert len({name.casefold() for name in names}) == len(rows)
    for name in names:
        path = Path("/out/reports") / f"{name}.json"
        assert path.parent == Path("/out/reports")
        assert not name.startswith(".")
        assert len(os.fsencode(path.name)) <= 255


def test_who_shares_a_name_is_told_apart_by_the_platform_number() -> None:
    """Two Ada Lovelaces both get their number; a third person keeps the plain name."""
    rows = [
        ("Ada Lovelace", "17", "a"),
        ("ada lovelace", "18", "b"),
        ("Bob", "19", "c"),
    ]
    assert unique_names(rows) == ["Ada Lovelace (17)", "ada lovelace (18)", "Bob"]


def test_a_name_does_not_depend_on_the_order() -> None:
    """The same submissions in another order get the same names: a rerun must find its reports."""
    rows = [("x.py", "a", "a/x.py"), ("X.py", "b", "b/X.py"), ("y.py", "", "y.py")]
    assert sorted(unique_names(rows)) == sorted(unique_names(rows[::-1]))
