"""Assignment and Grade Services: what is sent to a grade book, and what its answers mean.

LTI AGS 2.0. What Moodle, Canvas and Open edX do beyond it is described where it matters, from their
sources (`scores.php`, `scores_controller.rb`, `lti_consumer`).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from grader.service.lti import names
from grader.service.lti.addresses import below

Meaning = Literal["arrived", "token", "later", "older", "refused"]
"""What an answer to a score means: it is there; the token was not good; ask again later; the grade
book says that it has something newer; it will never be taken like this."""

CLOSE: Final = 1e-4
"""Grade books keep a score as a fraction with a few digits: Moodle has five."""
_LONGEST_WAIT_S: Final = 24 * 3600
_ITEMS: Final = 1000


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """A score for the grade book. There is always a value: without one, Moodle erases a grade."""

    sub: str
    value: float
    max_value: float
    stamp: float
    """When the grade book shall think it was made; whole seconds, each one only once."""
    submitted_at: float


def timestamp(at: float) -> str:
    """Return seconds since 1970 as ISO 8601 in UTC, with milliseconds, as all platforms read it."""
    moment = datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="milliseconds")


def score_body(score: Score, *, canvas: bool) -> bytes:
    """Return a score as the JSON that is posted to `LINE_ITEM/scores`.

    Canvas takes the time of arrival for the time of submission, unless it is told that time.
    """
    body: dict[str, Any] = {
        "userId": score.sub,
        "scoreGiven": score.value,
        "scoreMaximum": score.max_value,
        "timestamp": timestamp(score.stamp),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    if canvas:
        submitted_at = timestamp(score.submitted_at)
        body[names.CANVAS_SUBMISSION] = {"submitted_at": submitted_at}
    return msgspec.json.encode(body)


def scores_url(line_item_url: str) -> str:
    """Return where scores of a line item are posted."""
    return below(line_item_url, "scores")


def results_url(line_item_url: str, sub: str) -> str:
    """Return where the grade of one person is read. Open edX answers with everybody's."""
    return with_query(below(line_item_url, "results"), user_id=sub)


def with_query(url: str, **more: str) -> str:
    """Return an address with parameters added to its query."""
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def meaning_of(status: int) -> Meaning:
    """Return what a status says about a score that was posted.

    Older scores are refused with 409 (Moodle, the standard) or 400 (Canvas, Open edX).
    """
    if 200 <= status < 300:  # noqa: PLR2004 - as HTTP defines it
        return "arrived"
    if status in {401, 403}:
        return "token"
    if status in {400, 409}:
        return "older"
    if status in {408, 425, 429} or not 400 <= status < 500:  # noqa: PLR2004 - as above
        return "later"
    return "refused"


def retry_after(headers: Mapping[str, str], now: float) -> float:
    """Return for how many seconds a platform wants to be left alone, at most a day."""
    text = headers.get("retry-after", "").strip()
    is_count = text.isascii() and text.isdigit()
    seconds = float(text[:9]) if is_count else _until(text, now)
    return min(max(seconds, 0), _LONGEST_WAIT_S)


def results_show(results: Any, score: Score) -> bool:  # noqa: ANN401 - whatever they sent
    """Whether the grades that were read already hold this score for this person."""
    for result in _objects(results):
        if str(result.get("userId")) != score.sub:
            continue
        given, most = result.get("resultScore"), result.get("resultMaximum", 1)
        if not _positive(most) or not _number(given):
            continue
        if abs(given / most - score.value / score.max_value) < CLOSE:
            return True
    return False


def find_line_item(items: Any, link_id: str) -> str | None:  # noqa: ANN401 - whatever they sent
    """Return the address of the line item of a link, among those that were read; None: no such."""
    for item in _objects(items):
        address = item.get("id")
        if item.get("resourceLinkId") == link_id and isinstance(address, str):
            return address
    return None


def line_item_body(
    label: str, max_score: float, exercise: str, link_id: str
) -> bytes:
    """Return a line item as the JSON that is posted to make it. Open edX wants a whole maximum."""
    most = int(max_score) if max_score == int(max_score) else max_score
    return msgspec.json.encode(
        {
            "label": label,
            "scoreMaximum": most,
            "resourceId": exercise,
            "resourceLinkId": link_id,
        }
    )


def _objects(sent: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever they sent
    if not isinstance(sent, list):
        return []
    return [part for part in sent[:_ITEMS] if isinstance(part, dict)]


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _positive(value: object) -> bool:
    return isinstance(value, int | float) and value > 0


def _until(text: str, now: float) -> float:
    try:
        return parsedate_to_datetime(text).timestamp() - now
    except (ValueError, TypeError, OverflowError):
        return 0
