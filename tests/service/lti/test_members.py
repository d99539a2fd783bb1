"""Who is in a course, as platforms tell it, a page at a time."""

from typing import Any

import msgspec
import pytest

from grader.service.lti.members import Member, next_page, read_members

MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership"


def page(*members: Any) -> dict[str, Any]:
    """Return a page of members, as Canvas and Moodle send it."""
    return {
        "id": "https://lms.example/members",
        "context": {"id": "course", "title": "Signals"},
        "members": list(members),
    }


def test_names_and_roles_are_read() -> None:
    """A name may come whole or in parts, or not at all; who has left is left out."""
    found = read_members(
        page(
            {"user_id": "1", "name": "Ada", "roles": [f"{MEMBER}#Learner"]},
            {
                "user_id": "2",
                "given_name": "Eve",
                "family_name": "Fox",
                "roles": ["Instructor"],
            },
            {"user_id": "3", "status": "Active", "roles": []},
            {"user_id": "4", "status": "Inactive", "roles": []},
            {
                "user_id": "5",
                "status": "http://purl.imsglobal.org/vocab/lis/v2/status#Active",
                "name": "<b>\x00",
            },
        )
    )
    assert found == [
        Member("1", "Ada", "Learner"),
        Member("2", "Eve Fox", "Instructor"),
        Member("3", None, "Learner"),
        Member("5", "<b>\\x00", "Learner"),
    ]


def test_a_member_that_cannot_be_read_costs_no_other() -> None:
    """One broken row is left out."""
    broken = ({"name": "x"}, {"user_id": 7}, {"user_id": "a\x00"})
    assert read_members(page(*broken, {"user_id": "1"})) == [
        Member("1", None, "Learner")
    ]


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        [],
        "x",
        {},
        {"members": {}},
        {"members": [1]},
        page(*[{}] * 10_001),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_page_is_told(nonsense: Any) -> None:
    """Nonsense and a huge page raise, and the course stays as it was."""
    with pytest.raises(msgspec.ValidationError):
        read_members(nonsense)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        (
            '<https://x.example/m?page=2>; rel="next"',
            "https://x.example/m?page=2",
        ),
        ("<https://x.example/2>;rel=next", "https://x.example/2"),
        (
            '<https://x.example/1>; rel="current", <https://x.example/2>; rel="next"',
            "https://x.example/2",
        ),
        ('<https://x.example/1>; rel="prev"', None),
        ("", None),
        ("<" * 100_000, None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_next_page_is_found(link: str, url: str | None) -> None:
    """As the `Link` header names it, whatever else stands there."""
    assert next_page(link) == url
