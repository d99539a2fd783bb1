"""What a page is sent about its user, and about the exercises that are set."""

from sqlalchemy.engine import Connection

from grader.service.data import drafts, people, scores
from grader.service.data.tokens import Who
from grader.service.web.shapes import (
    ContextShown,
    LinkShown,
    Me,
    PersonShown,
)


def about(db: Connection, who: Who) -> Me:
    """Return who asks, where, and what is set there."""
    links = (
        [] if who.context_id is None else people.links_of(db, who.context_id)
    )
    got: dict[int, float] = {}
    begun: set[int] = set()
    if who.person_id is not None:
        got = scores.scores_of(db, who.person_id)
        begun = drafts.drafts_of(db, who.person_id) | got.keys()
    return Me(
        person=PersonShown(key=who.person_key, name=who.name),
        context=ContextShown(key=who.context_key, title=who.context_title),
        roles=who.roles,
        links=tuple(
            link_shown(link, got.get(link.id), begun=link.id in begun)
            for link in links
        ),
        link=next((x.key for x in links if x.id == who.link_id), None),
    )


def link_shown(
    link: people.Link, score: float | None = None, *, begun: bool = False
) -> LinkShown:
    """Return what a page is sent about an exercise that is set."""
    return LinkShown(
        key=link.key,
        exercise=link.exercise,
        title=link.title,
        max_score=link.max_score,
        due_at=link.due_at,
        closes_at=link.closes_at,
        score=score,
        begun=begun,
    )
