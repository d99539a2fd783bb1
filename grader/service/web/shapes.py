"""What the API takes and gives, as records: answers are made of them, and so is the description."""

from typing import Annotated, Literal

import msgspec

from grader.service.data.drafts import Draft
from grader.service.data.scores import Standing
from grader.service.problems import Code

Raw = msgspec.Raw
"""JSON that is there already."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What is refused, and why."""

    error: str
    """One sentence for the person."""
    code: Code


class PersonShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who somebody is."""

    key: str | None
    name: str | None


class ContextShown(msgspec.Struct, frozen=True, kw_only=True):
    """A course."""

    key: str | None
    title: str | None


class LinkShown(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise that is set in a course."""

    key: str
    exercise: str
    title: str
    max_score: float
    due_at: float | None
    closes_at: float | None
    score: float | None = None
    """What the person has got so far; null before anything was graded."""
    begun: bool = False
    """Whether the person has written or handed in anything."""


class Me(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, where, and what is set there."""

    person: PersonShown
    context: ContextShown
    roles: tuple[Literal["Learner", "Instructor"], ...]
    links: tuple[LinkShown, ...]
    link: str | None
    """The exercise that the person came for, if it was one."""


class AttemptShown(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a history."""

    key: str
    name: str
    kind: str
    received_at: float
    state: Literal["received", "graded", "superseded", "failed"]
    score: float | None
    max_score: float | None
    provisional: bool
    """Whether it is graded once more with more time."""
    late: bool
    by: str | None
    """The teacher who handed it in, if one did."""


class WorkShown(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page of an exercise needs about its person."""

    link: LinkShown
    statement: str
    """Markdown."""
    stub: str
    file: str
    """What a file of the text is called."""
    draft: Draft | None
    history: tuple[AttemptShown, ...]
    score: Standing | None


class SaveDraft(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A text, and the version that it was written over: 0 for none."""

    text: str
    version: Annotated[int, msgspec.Meta(ge=0, lt=2**31)]


class DraftSaved(msgspec.Struct, frozen=True, kw_only=True):
    """A draft was saved."""

    version: int
    updated_at: float


class OtherDraft(Refusal, frozen=True, kw_only=True):
    """Another tab or device has saved another text since."""

    text: str
    version: int
    updated_at: float


class RunText(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Code to run on the public examples."""

    text: str


class HandInText(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Code to hand in."""

    link: str
    text: str
    for_person: str | None = msgspec.field(name="for", default=None)
    """The key of the student for whom a teacher hands in."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What came of the public examples; nothing of it counts."""

    report: Raw
    """As `grader schema` describes it."""
    html: str


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """It is saved, and is going to be graded, or was superseded by a newer attempt."""

    submission: str
    state: Literal["received", "superseded", "failed"]
    received_at: float
    saved_at: float
    message: str


class GradedShown(msgspec.Struct, frozen=True, kw_only=True):
    """It is saved and graded."""

    submission: str
    state: Literal["graded"] = "graded"
    received_at: float
    saved_at: float
    provisional: bool
    """Whether it is graded once more with more time."""
    report: Raw
    """As `grader schema` describes it."""
    html: str
    score: Standing | None
    """The best attempt so far."""


class EnterFromHub(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The exercise that a Hub's user hands in."""

    exercise: str


class HubSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session of a Hub's user, for one exercise."""

    token: str
    """The bearer token of everything else; for ten minutes."""
    link: str
    """The exercise's key."""
    name: str
    """The Hub's name of the user."""


class PersonalKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of one's own, to go on from another device: `/enter#KEY`."""

    key: str


def encode(shape: msgspec.Struct) -> bytes:
    """Return a record as JSON."""
    return msgspec.json.encode(shape)
