"""The page of a report says who comes before and after, and is written once."""

from pathlib import Path

import pytest

from grader.batch.places import Places
from grader.batch.store import Store
from grader.classbook.adjustments import Adjustments
from grader.classbook.book import Book
from grader.classbook.changes import UNKNOWN
from grader.classbook.roster import Attendance
from grader.classbook.terms import Terms
from grader.intake.student import Student
from tests.batch.conftest import facts

PAGE = b"<p><!--class--><!--/class--></p>"
NAMES = ("ada", "bob", "cy")


def grade(store: Store, places: Places, name: str) -> None:
    """Put the report of a student whose page has room for its place."""
    page = places.told(PAGE, facts(name))
    store.put(f"key of {name}", b"{}", page, facts(name), UNKNOWN)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return a store that is not open yet."""
    return Store(tmp_path / "out")


def places_in(store: Store) -> Places:
    """Return the places of a class of three."""
    students = {name: Student(name=name) for name in NAMES}
    book = Book(Attendance(students), Terms(), Adjustments({}, digest=""))
    return Places(book, book.rows(store.facts, 1.0))


def test_a_page_with_its_place_is_not_written_again(store: Store) -> None:
    """Where everybody has a report in the end, the file is still the one that was put."""
    with store:
        places = places_in(store)
        for name in reversed(NAMES):
            grade(store, places, name)
        store.flush()
        page = store.reports / "bob.html"
        before = page.stat().st_ino
        places.tell(store, of=3)
        assert page.stat().st_ino == before
        text = page.read_text()
        for said in ("2 of 3", 'href="ada.html" rel="prev"', 'href="cy.html"'):
            assert said in text


def test_a_page_whose_place_is_another_is_written_again(store: Store) -> None:
    """Where somebody has no report in the end, the pages of the others leave them out."""
    with store:
        places = places_in(store)
        for name in ("ada", "cy"):
            grade(store, places, name)
        store.flush()
        places.tell(store, of=2)
        text = (store.reports / "cy.html").read_text()
        assert "2 of 2" in text
        assert "ada.html" in text
        assert "bob.html" not in text


def test_a_page_from_another_run_gets_its_place(store: Store) -> None:
    """It was kept, and written when fewer belonged to the class."""
    with store:
        places = places_in(store)
        for name in ("ada", "bob"):
            grade(store, places, name)
        store.put("key of cy", b"{}", PAGE, facts("cy"), UNKNOWN)
        store.flush()
        places.tell(store, of=3)
        assert "3 of 3" in (store.reports / "cy.html").read_text()
