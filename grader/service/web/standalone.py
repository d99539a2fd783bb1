"""The course without a platform: one context, each exercise once, and the links that people get."""

from pathlib import Path
from typing import Final

from sqlalchemy.engine import Connection

from grader.files import write_whole
from grader.service import words
from grader.service.data import Database, people
from grader.service.data.tokens import Holder, add_token, new_secret
from grader.service.settings import Settings

TITLE: Final = "Exercises"
OWNER_FILE: Final = "owner.key"
JOIN_FILE: Final = "join.key"


def prepare_local(
    db: Connection, exercises: list[tuple[str, str, float]]
) -> int:
    """Return the id of the local context; each exercise is set there: name, title, all points."""
    context_id = people.ensure_context(db, None, people.LOCAL, TITLE)
    for name, title, points in exercises:
        people.ensure_link(db, context_id, name, name, title, points)
    return context_id


def owner_link(
    database: Database, url: str, data: Path, context_id: int
) -> str:
    """Return the owner's link, the same each time; its key is in a file of the owner's alone."""
    key = _kept_key(data / OWNER_FILE)
    with database.begin() as db:
        person_id = people.ensure_person(db, None, "owner", "Owner")
        holder = Holder(
            person_id=person_id,
            context_id=context_id,
            roles=("Instructor", "Learner"),
        )
        add_token(db, "owner", holder, secret=key)
    return f"{url}/enter#{key}"


def how_to_join(settings: Settings) -> dict[str, str | None]:
    """Return what a teacher gives to students, `url`, and a sentence about it."""
    if not settings.open_to_others:
        return {"said": words.NOT_OPEN, "url": None}
    key = _kept_key(settings.data / JOIN_FILE)
    url = f"{settings.url_for_others}/enter#{key}"
    return {"said": words.HOW_TO_JOIN, "url": url}


def join_link(database: Database, url: str, data: Path, context_id: int) -> str:
    """Return the link for students: everyone who opens it becomes a person of their own."""
    key = _kept_key(data / JOIN_FILE)
    with database.begin() as db:
        holder = Holder(context_id=context_id, roles=("Learner",))
        add_token(db, "join", holder, secret=key)
    return f"{url}/enter#{key}"


def _kept_key(file: Path) -> str:
    if file.is_file():
        kept = file.read_text("ascii").strip()
        if kept:
            return kept
    key = new_secret()
    write_whole(file, f"{key}\n".encode(), private=True)
    return key
