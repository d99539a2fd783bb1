"""What a launch says is taken as it is, made to show, or refused: it never acts."""

import json
from typing import Any

import pytest

from grader.service.lti import names, words
from grader.service.lti.launch import custom_time, read_launch
from grader.service.lti.names import role_in_course
from grader.service.lti.words import LaunchRefusedError

MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership"
CLAIMS: dict[str, Any] = {
    "sub": "ada",
    names.MESSAGE_TYPE: names.RESOURCE_LINK_REQUEST,
    names.VERSION_CLAIM: "1.3.0",
    names.DEPLOYMENT_ID: "1",
    names.RESOURCE_LINK: {"id": "link"},
    names.CONTEXT: {"id": "course", "title": "Signals"},
    names.CUSTOM: {"exercise": "convolution"},
}
HOSTILE = (
    "<script>alert(1)</script>",
    "a\r\nSet-Cookie: x=1",
    "a\x00b",
    "\u202egnp.exe",
    "\ud800",
    "x" * 1_000_000,
    "\x1b[2J::error ::",
    "",
    " ",
)


def test_what_is_needed_is_read() -> None:
    """A launch without services and names is enough."""
    found = read_launch(CLAIMS)
    assert (found.kind, found.sub, found.link_id) == ("work", "ada", "link")
    assert (found.role, found.name, found.exercise) == (
        "Learner",
        None,
        "convolution",
    )
    assert json.loads(found.context_id) == ["1", "course"]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
@pytest.mark.parametrize(
    "claim",
    [
        ("name",),
        (names.CONTEXT, "title"),
        (names.CONTEXT, "label"),
        (names.RESOURCE_LINK, "title"),
        (names.CUSTOM, "due"),
        (names.ROLES, 0),
    ],
    ids=lambda claim: str(claim[-1]),
)
def test_hostile_text_is_made_to_show(
    claim: tuple[Any, ...], text: str
) -> None:
    """Names and titles are cut to one line in which nothing acts; the launch goes on."""
    claims = json.loads(json.dumps({**CLAIMS, names.ROLES: [""]}))
    place: Any = claims
    for part in claim[:-1]:
        place = place[part]
    place[claim[-1]] = text
    found = read_launch(claims)
    for shown in (found.name or "", found.context_title, found.link_title):
        assert len(shown) <= 200
        assert shown.isprintable()
        shown.encode()


@pytest.mark.parametrize(
    "text",
    [*HOSTILE[1:3], *HOSTILE[4:6], "", "a\n", 7],
    ids=lambda text: ascii(text)[:20],
)
@pytest.mark.parametrize(
    "claim",
    [
        ("sub",),
        (names.DEPLOYMENT_ID,),
        (names.CONTEXT, "id"),
        (names.RESOURCE_LINK, "id"),
    ],
    ids=lambda claim: str(claim[0]),
)
def test_an_id_that_cannot_be_kept_is_refused(
    claim: tuple[Any, ...], text: Any
) -> None:
    """Two ids must never become one by cutting or cleaning: what cannot be kept is refused."""
    claims = json.loads(json.dumps(CLAIMS))
    place: Any = claims
    for part in claim[:-1]:
        place = place[part]
    place[claim[-1]] = text
    with pytest.raises(LaunchRefusedError) as refused:
        read_launch(claims)
    assert refused.value.sentence == words.MALFORMED
    assert len(refused.value.log) < 1000


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"sub": None}, words.NO_PERSON),
        ({names.VERSION_CLAIM: "1.1"}, words.MALFORMED),
        ({names.MESSAGE_TYPE: "LtiStartProctoring"}, words.MALFORMED),
        ({names.MESSAGE_TYPE: ["x"]}, words.MALFORMED),
        ({names.RESOURCE_LINK: None}, words.MALFORMED),
        ({names.RESOURCE_LINK: "link"}, words.MALFORMED),
        ({names.CONTEXT: []}, words.MALFORMED),
        ({names.ROLES: "Instructor"}, words.MALFORMED),
        ({names.ENDPOINT: {"scope": "all"}}, words.MALFORMED),
        ({names.MESSAGE_TYPE: names.DEEP_LINKING_REQUEST}, words.MALFORMED),
    ],
    ids=str,
)
def test_what_cannot_be_a_launch_is_refused(
    changes: dict[str, Any], sentence: str
) -> None:
    """Other messages, other versions and other shapes get one sentence."""
    with pytest.raises(LaunchRefusedError) as refused:
        read_launch({**CLAIMS, **changes})
    assert refused.value.sentence == sentence


def test_courses_of_two_deployments_stay_apart() -> None:
    """Ids are unique in a deployment only, and no id can be made to look like another pair."""
    pairs = [
        ("1", "2"),
        ("1,2", ""),
        ('1","2', "3"),
        ("1", '2","3'),
        ("2", "1"),
    ]
    found = set()
    for deployment, course in pairs:
        changes = {
            names.DEPLOYMENT_ID: deployment,
            names.CONTEXT: {"id": course or "x"},
        }
        found.add(read_launch({**CLAIMS, **changes}).context_id)
    assert len(found) == len(pairs)


def test_a_link_outside_of_a_course_is_a_course_of_its_own() -> None:
    """Without a context, two links share nobody."""
    first = read_launch({**CLAIMS, names.CONTEXT: None})
    second = read_launch(
        {**CLAIMS, names.CONTEXT: None, names.RESOURCE_LINK: {"id": "other"}}
    )
    assert first.context_id != second.context_id


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([f"{MEMBER}#Instructor"], "Instructor"),
        ([f"{MEMBER}/Instructor#TeachingAssistant"], "Instructor"),
        ([f"{MEMBER}#ContentDeveloper"], "Instructor"),
        ([f"{MEMBER}#Administrator"], "Instructor"),
        (["Instructor"], "Instructor"),
        ([f"{MEMBER}#Learner"], "Learner"),
        ([f"{MEMBER}#Mentor"], "Learner"),
        ([f"{MEMBER}/Learner#Instructor"], "Learner"),
        (
            [
                "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"
            ],
            "Learner",
        ),
        (
            [
                "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"
            ],
            "Learner",
        ),
        ([f"{MEMBER}#instructor"], "Learner"),
        (["http://evil.example/membership#Instructor"], "Learner"),
        ([], "Learner"),
    ],
    ids=str,
)
def test_only_the_course_makes_a_teacher(roles: list[str], role: str) -> None:
    """Who teaches elsewhere, or runs the machine, is no teacher of this course."""
    assert role_in_course(tuple(roles)) == role


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-27T10:00:00Z", 1795773600.0),
        ("2026-11-27T12:00:00+02:00", 1795773600.0),
        ("2026-11-27T10:00:00", 1795773600.0),
        ("$ResourceLink.submission.endDateTime", None),
        ("", None),
        (None, None),
        ("soon", None),
        ("9999-99-99", None),
    ],
)
def test_a_due_date_is_read_or_left_out(
    text: str | None, at: float | None
) -> None:
    """A variable that the platform does not know, and no date at all, mean no date."""
    assert custom_time(text) == at
