"""Classroom 50: result.json. Its bundle is the staff's repository of the GitHub artifact."""

from grader.platforms.classroom50.format import result_json
from grader.platforms.interface import Format, Platform

CLASSROOM50 = Platform(
    "classroom50",
    (
        Format(
            "classroom50",
            result_json,
            "classroom50/result.schema.json",
            fault_status=1,
        ),
    ),
)
