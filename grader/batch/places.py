"""What the page of each report says about its place in the class: who comes before and after.

Everyone who handed in should have a report in the end. So a page is written with its place as soon
as it is graded, and is written again only if the class turns out different.
"""

import functools

from grader.batch.store import Store
from grader.classbook.book import Book
from grader.classbook.facts import Facts
from grader.classbook.rows import ClassRows


class Places:
    """The places of all reports of one class."""

    def __init__(self, book: Book, rows: ClassRows) -> None:
        self._rows = rows
        self._names = list(book.attendance.students)
        self._at = {name: at for at, name in enumerate(self._names, 1)}
        self._told: set[str] = set()
        """Reports whose pages were written with the place that is expected."""

    def told(self, page: bytes, facts: Facts) -> bytes:
        """Return a page that is about to be written, with the place that is expected."""
        # jinja2 takes 40 ms, which a batch that was refused need not pay.
        from grader.classbook.student_page import beside, threaded

        at = self._at[facts.name]
        of = len(self._names)
        before = self._names[at - 2] if at > 1 else ""
        after = self._names[at] if at < of else ""
        place = beside(self._rows.row(facts), at, of, before, after)
        self._told.add(facts.name)
        return threaded(page, place) or page

    def tell(self, store: Store, of: int) -> None:
        """Say it on all other pages, now that the class is known: `of` have a report."""
        from grader.classbook.student_page import HEAD, beside, threaded

        told = self._told if of == len(self._names) else set()
        graded = (row for row in self._rows if row.facts is not None)
        at, before = 1, ""
        row = next(graded, None)
        while row is not None:
            following = next(graded, None)
            after = following.name if following is not None else ""
            if row.name not in told:
                place = beside(row, at, of, before, after)
                revised = functools.partial(threaded, place=place)
                store.revise_page(row.name, revised, HEAD)
            before = row.name
            row, at = following, at + 1
