"""What grade books answer, as Moodle, Canvas and Open edX do, and what is sent to them.

The answers follow the sources: Moodle's `mod/lti/service/gradebookservices`, the controllers of
Canvas in `app/controllers/lti/ims`, Open edX's `lti_consumer/plugin/views.py`.
"""

import json
import re
from typing import Any

import pytest

from grader.service.lti import grades, names
from grader.service.lti.grades import Score

SCORE = Score(
    sub="42",
    value=3.0,
    max_value=4.0,
    stamp=1795773600.25,
    submitted_at=1795773590.5,
)
# One of the forms of ISO 8601 that Moodle takes; it does not take every one.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00")


def sent(*, canvas: bool = False) -> dict[str, Any]:
    """Return what is posted."""
    body: dict[str, Any] = json.loads(grades.score_body(SCORE, canvas=canvas))
    return body


def test_a_score_has_what_every_platform_requires() -> None:
    """Moodle refuses a score without these with 400, Canvas with 422."""
    body = sent()
    assert body == {
        "userId": "42",
        "scoreGiven": 3.0,
        "scoreMaximum": 4.0,
        "timestamp": "2026-11-27T10:00:00.250+00:00",
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    assert DATE.fullmatch(body["timestamp"])


def test_canvas_is_told_when_it_was_submitted() -> None:
    """Else Canvas takes the arrival for the submission, and a score that was late is late work."""
    extension = sent(canvas=True)[names.CANVAS_SUBMISSION]
    assert extension == {"submitted_at": "2026-11-27T09:59:50.500+00:00"}


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (200, "arrived"),  # Moodle, Canvas
        (201, "arrived"),  # Open edX
        (202, "arrived"),  # the standard: taken, not processed yet
        (204, "arrived"),
        (
            400,
            "older",
        ),  # Canvas: before last updated timestamp; Open edX: a later point in time
        (401, "token"),  # Canvas: an expired token; Moodle: no permission
        (
            403,
            "token",
        ),  # Open edX: an invalid signature; Moodle: not this tool's line item
        (
            404,
            "refused",
        ),  # Moodle: the grade item is gone; Canvas: no such line item
        (405, "refused"),
        (408, "later"),
        (409, "older"),  # Moodle: refusing score with an earlier timestamp
        (412, "refused"),  # Canvas, a line item of another link
        (415, "refused"),
        (422, "refused"),  # Canvas: the user is no student of the course
        (425, "later"),
        (429, "later"),  # Canvas: throttled
        (302, "later"),
        (500, "later"),  # Moodle: an error in PHP; maintenance
        (502, "later"),
        (503, "later"),
        (504, "later"),
    ],
)
def test_an_answer_means(status: int, meaning: str) -> None:
    """Each answer that a platform gives has one consequence."""
    assert grades.meaning_of(status) == meaning


MOODLE_RESULTS = [
    {
        "id": "https://moodle.example/mod/lti/services.php/2/lineitems/7/lineitem/results?type_id=3"
        "&user_id=42",
        "userId": "42",
        "resultScore": 75.0,
        "resultMaximum": 100.0,
        "comment": "",
        "scoreOf": "https://moodle.example/mod/lti/services.php/2/lineitems/7/lineitem?type_id=3",
        "timestamp": "2026-11-27T11:00:00+01:00",
    }
]
CANVAS_RESULTS = [
    {
        "id": "https://canvas.example/api/lti/courses/5/line_items/2/results/1",
        "scoreOf": "https://canvas.example/api/lti/courses/5/line_items/2",
        "userId": "42",
        "resultScore": 3,
        "resultMaximum": 4,
        "comment": None,
    }
]
EDX_RESULTS = [
    {
        "id": "http://edx.example/api/lti_consumer/v1/lti/1/lti-ags/1/results/9/",
        "scoreOf": "http://edx.example/api/lti_consumer/v1/lti/1/lti-ags/1/",
        "userId": "9",
        "resultScore": 3.0,
        "resultMaximum": 4.0,
        "comment": None,
    },
    {"userId": "42", "resultScore": 0.75, "resultMaximum": 1},
]


@pytest.mark.parametrize(
    "results",
    [
        MOODLE_RESULTS,
        CANVAS_RESULTS,
        EDX_RESULTS,
        [{"userId": 42, "resultScore": 0.75}],
        [{"userId": "42", "resultScore": 74.99999, "resultMaximum": 100}],
    ],
    ids=["moodle", "canvas", "edx", "no maximum", "rounded"],
)
def test_a_score_that_is_there_is_found(results: Any) -> None:
    """Grade books scale to their own maximum, and round: Moodle keeps five digits."""
    assert grades.results_show(results, SCORE)


@pytest.mark.parametrize(
    "results",
    [
        [],
        None,
        {},
        "[]",
        [None, 7, []],
        [{"userId": "43", "resultScore": 3, "resultMaximum": 4}],
        [{"userId": "42", "resultScore": 2, "resultMaximum": 4}],
        [{"userId": "42", "resultScore": None, "resultMaximum": 4}],
        [{"userId": "42", "resultScore": "3", "resultMaximum": 4}],
        [{"userId": "42", "resultScore": True, "resultMaximum": 4}],
        [{"userId": "42", "resultScore": 3, "resultMaximum": 0}],
        [{"userId": "42", "resultScore": 3, "resultMaximum": None}],
        [{"userId": "42", "resultScore": float("nan"), "resultMaximum": 4}],
        [{"userId": "42"}],
    ],
    ids=str,
)
def test_what_is_not_this_score_is_no_proof(results: Any) -> None:
    """Another person's grade, another grade, a grade that a teacher took away, and nonsense."""
    assert not grades.results_show(results, SCORE)


def test_moodles_line_items_keep_their_query() -> None:
    """Moodle names the tool in the query of a line item, and wants it everywhere below."""
    item = (
        "https://moodle.example/services.php/2/lineitems/7/lineitem?type_id=3"
    )
    base = "https://moodle.example/services.php/2/lineitems/7/lineitem"
    assert grades.scores_url(item) == f"{base}/scores?type_id=3"
    wanted = f"{base}/results?type_id=3&user_id=a%26b"
    assert grades.results_url(item, "a&b") == wanted


@pytest.mark.parametrize(
    ("items", "url"),
    [
        (
            [
                {"id": "https://x.example/1", "resourceLinkId": "other"},
                {"id": "https://x.example/2", "resourceLinkId": "link"},
            ],
            "https://x.example/2",
        ),
        ([{"id": "https://x.example/1", "resourceId": "convolution"}], None),
        ([{"id": 7, "resourceLinkId": "link"}], None),
        ([], None),
        ({"error": "x"}, None),
        (None, None),
    ],
    ids=str,
)
def test_the_line_item_of_a_link_is_found(items: Any, url: str | None) -> None:
    """The one that names the link, and no other: two links may be of one exercise."""
    assert grades.find_line_item(items, "link") == url


def test_a_whole_maximum_is_sent_as_a_whole_number() -> None:
    """Open edX takes integers only; a fraction stays one."""
    whole = json.loads(grades.line_item_body("Softmax", 4.0, "softmax", "l"))
    assert whole == {
        "label": "Softmax",
        "scoreMaximum": 4,
        "resourceId": "softmax",
        "resourceLinkId": "l",
    }
    part = json.loads(grades.line_item_body("Softmax", 2.5, "softmax", "l"))
    assert part["scoreMaximum"] == 2.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Fri, 27 Nov 2026 10:01:00 GMT"}, 60),
        ({"retry-after": "Fri, 27 Nov 2026 09:00:00 GMT"}, 0),
        ({"retry-after": "99999999999999999999"}, 24 * 3600),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "²"}, 0),
        ({}, 0),
    ],
    ids=str,
)
def test_a_platform_may_ask_to_be_left_alone(
    header: dict[str, str], seconds: float
) -> None:
    """In seconds or until a date, and for a day at most."""
    assert grades.retry_after(header, 1795773600.0) == seconds
