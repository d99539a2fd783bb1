"""Pages without anything personal, made once: their scripts fetch the rest by a token."""

import functools
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
import msgspec
from markupsafe import Markup

from grader.classbook.page import style_and_script
from grader.classbook.student_page import style as review_style
from grader.packaging.parts import lesson_path
from grader.packaging.statement import read_statement
from grader.render.html import report_style
from grader.render.templates import open_templates
from grader.service.web.contents import contents
from grader.service.web.lesson import highlighted, reading
from grader.service.web.static_files import CLASS_SCRIPT, address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.model import Exercise

_TEMPLATES: Final = Path(__file__).parent / "templates"
_ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Crect width='8' height='8' rx='1.5' fill='%231f5a9e'/%3E"
    "%3Cpath d='M2 4l1.5 1.6L6.2 2.6' fill='none' stroke='white'/%3E%3C/svg%3E"
)
_NONCE: Final = f"nonce-{secrets.token_hex(16)}"
"""Stands for the nonce in what is kept of a page."""
_MODULES: Final = ("session.js", "page.js", "common.js")


class Entry(msgspec.Struct, frozen=True):
    """An exercise in the list."""

    name: str
    title: str
    teaches: Markup
    lesson: bool


class Shells:
    """The pages of the exercises that are set here."""

    def __init__(self, exercises: "Iterable[Exercise]") -> None:
        self._exercises = {each.name: each for each in exercises}
        # Kept: an exercise does not change while the service runs.
        self._work = functools.cache(self._work_page)

    @functools.cached_property
    def _start(self) -> str:
        folders = {each.folder.parent for each in self._exercises.values()}
        statements = {
            name: read_statement(each).html
            for name, each in self._exercises.items()
        }
        groups = [
            {
                "title": group.title,
                "entries": list(map(self._entry, group.entries)),
            }
            for group in contents(min(folders), statements)
        ]
        return _fill("start.html", ("start.js",), groups=groups)

    def _entry(self, entry: Any) -> Entry:  # noqa: ANN401
        exercise = self._exercises[entry.name]
        has_lesson = lesson_path(exercise) is not None
        return Entry(entry.name, exercise.title, entry.teaches, has_lesson)

    def start(self, nonce: str) -> str:
        """Return the list of exercises."""
        return self._start.replace(_NONCE, nonce)

    def enter(self, nonce: str) -> str:
        """Return the page that a link with a key opens."""
        return _enter().replace(_NONCE, nonce)

    def work(self, name: str, nonce: str) -> str | None:
        """Return the page of an exercise; None if there is none of this name."""
        if name not in self._exercises:
            return None
        return self._work(name).replace(_NONCE, nonce)

    def _work_page(self, name: str) -> str:
        exercise = self._exercises[name]
        lesson = lesson_path(exercise)
        is_lesson = lesson is not None and lesson.stem == name
        return _fill(
            "work.html",
            (
                "work.js",
                "attempts.js",
                "draft.js",
                "files.js",
                "handing.js",
                "scrolling.js",
            ),
            last=("editor.js",),  # the largest
            exercise=exercise,
            kind="The lesson" if is_lesson else "The exercise",
            reading=reading(exercise, _NONCE),
            stub=highlighted(exercise.stub),
        )

    def class_list(self, nonce: str) -> str:
        """Return the list of a teacher's exercises."""
        return _class_page("class_list.html", "class_list.js").replace(
            _NONCE, nonce
        )

    def one_class(self, nonce: str) -> str:
        """Return the live page of a class."""
        return _class_page("class.html", "class.js").replace(_NONCE, nonce)

    def review(self, nonce: str) -> str:
        """Return the page of one attempt, for a teacher."""
        return _review().replace(_NONCE, nonce)


@functools.cache
def _enter() -> str:
    return _fill("enter.html", ("enter.js",))


@functools.cache
def _review() -> str:
    return _fill("review.html", ("review.js",), more_css=review_style())


@functools.cache
def _class_page(template: str, script: str) -> str:
    css, _ = style_and_script()
    table = f"{address()}/{CLASS_SCRIPT}"
    return _fill(template, (script,), first_css=css, table_script=table)


def _fill(
    template: str,
    scripts: tuple[str, ...],
    *,
    first_css: str = "",
    more_css: str = "",
    last: tuple[str, ...] = (),
    **values: Any,  # noqa: ANN401 - whatever the template takes
) -> str:
    own = (_TEMPLATES / "service.css").read_text("utf-8")
    sheet = first_css + str(report_style()) + own + more_css
    if "</" in sheet:
        raise ValueError("a style sheet must not hold markup")
    filled = (
        _environment()
        .get_template(template)
        .render(
            nonce=_NONCE,
            css=Markup(sheet),  # noqa: S704 - files of this package
            icon=Markup(_ICON),  # noqa: S704 - a constant
            static=address(),
            scripts=(*scripts, *_MODULES, *last),
            **values,
        )
    )
    return str(filled)


@functools.cache
def _environment() -> jinja2.Environment:
    return open_templates(_TEMPLATES)
