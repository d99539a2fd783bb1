"""LTI Assignment and Grade Services 2.0: the body of a score, to post to `{lineitem}/scores`.

Source: https://www.imsglobal.org/spec/lti-ags/v2p0 (Score publish service).
- `scoreMaximum` must be there, and above 0, when `scoreGiven` is.
- When the grader itself fails, there is nothing to post. A body without a score, with the
  `gradingProgress` `Failed`, erases the grade that the student has in Moodle.
- `timestamp` has fractions of a second and a time zone. A platform ignores a score that is not
  newer than the last.
- Whose score it is comes from the variable LTI_USER_ID, or else from the submission's name.
"""

import json
from datetime import UTC
from typing import Any

from grader.model import Report
from grader.platforms.interface import NOWHERE, NothingToSendError, Surroundings
from grader.platforms.telling import fraction, headline
from grader.untrusted import bounded, one_line


def score_json(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the JSON body, media type `application/vnd.ims.lis.v1.score+json`.

    Raises NothingToSendError when the grader failed.
    """
    if fraction(report) is None:
        raise NothingToSendError(report)
    now = around.now.astimezone(UTC)
    user = around.environ.get("LTI_USER_ID", "") or report.submission.name
    score: dict[str, Any] = {
        "userId": one_line(user) or "unknown",
        "timestamp": now.isoformat(timespec="milliseconds").replace(
            "+00:00", "Z"
        ),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "scoreGiven": report.score,
        # An exercise without cases has 0 of 0 points, and 0 is not a valid maximum.
        "scoreMaximum": report.max_score or 1.0,
        "comment": bounded(headline(report), 1000),
    }
    return json.dumps(score, indent=2) + "\n"
