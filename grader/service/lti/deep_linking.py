"""Deep linking: a teacher chooses exercises, and the platform makes a link and a grade for each.

LTI Deep Linking 2.0. Which exercise a link opens is a custom parameter and never part of an
address: Canvas and Moodle cut queries, and some platforms compare addresses as text.
"""

import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from grader.service.lti import names

DUE: Final = "$ResourceLink.submission.endDateTime"
CLOSES: Final = "$ResourceLink.available.endDateTime"


class Choice(msgspec.Struct, frozen=True):
    """An exercise that a teacher chose."""

    exercise: str
    title: str
    max_score: float


def content_item(choice: Choice, launch_url: str) -> dict[str, Any]:
    """Return an exercise as a link that a platform makes, with its column in the grade book."""
    return {
        "type": "ltiResourceLink",
        "title": choice.title,
        "url": launch_url,
        "custom": {"exercise": choice.exercise, "due": DUE, "closes": CLOSES},
        "lineItem": {
            "label": choice.title,
            "scoreMaximum": choice.max_score,
            "resourceId": choice.exercise,
        },
    }


def response_claims(
    client_id: str,
    issuer: str,
    deployment_id: str,
    data: str | None,
    items: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return the claims of the answer: from this tool, for that platform."""
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "nonce": secrets.token_urlsafe(24),
        names.MESSAGE_TYPE: names.DEEP_LINKING_RESPONSE,
        names.VERSION_CLAIM: names.VERSION,
        names.DEPLOYMENT_ID: deployment_id,
        names.CONTENT_ITEMS: list(items),
    }
    if data is not None:
        claims[names.DEEP_LINKING_DATA] = data
    return claims
