"""LTI 1.3 Assignment and Grade Services 2.0: the body of a score, to be posted to `{lineitem}/scores`.

Source: https://www.imsglobal.org/spec/lti-ags/v2p0 (Score publish service).
- `scoreMaximum` must be there, and above 0, when `scoreGiven` is; a grader's fault has neither, and
  its `gradingProgress` is `Failed`.
- `timestamp` has sub-seconds and a zone, and a platform ignores a score that is not newer than the
  last.
- Whose score it is and when come from the surroundings: LTI_USER_ID (else the submission's name)
  and the time.
"""

import json
from datetime import UTC
from typing import Any

from grader.model import Report
from grader.platforms.telling import (
    NOWHERE,
    Surroundings,
    fraction,
    headline,
    line,
    plain,
)


def render(report: Report, around: Surroundings = NOWHERE) -> str:
    """Return the JSON body, media type `application/vnd.ims.lis.v1.score+json`."""
    now = around.now.astimezone(UTC)
    score: dict[str, Any] = {
        "userId": line(around.environ.get("LTI_USER_ID", "") or report.submission.name)
        or "unknown",
        "timestamp": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "activityProgress": "Submitted",
        "gradingProgress": "Failed",
        "comment": plain(headline(report), 1000),
    }
    if fraction(report) is not None:
        score |= {
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "scoreGiven": report.score,
            # An exercise without cases has 0 of 0 points, and a maximum of 0 is no score to a
            # platform.
            "scoreMaximum": report.max_score or 1.0,
        }
    return json.dumps(score, indent=2) + "\n"
