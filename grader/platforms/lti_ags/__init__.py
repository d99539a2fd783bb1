"""LTI Assignment and Grade Services: the body of a score."""

from grader.platforms.interface import Format, Platform
from grader.platforms.lti_ags.format import score_json

LTI_AGS = Platform(
    "lti-ags",
    (
        Format(
            "lti-ags", score_json, "lti_ags/score.schema.json", fault_status=1
        ),
    ),
)
