"""Open edX: replies to XQueue, and a grading image for xqueue-watcher with its problem."""

from grader.platforms.interface import Artifact, Format, Platform
from grader.platforms.xqueue.artifact import files
from grader.platforms.xqueue.format import container_line, reply

XQUEUE = Platform(
    "xqueue",
    (
        Format("xqueue", reply, "xqueue/reply.schema.json"),
        Format(
            "xqueue-container",
            container_line,
            "xqueue/container.schema.json",
            fault_status=1,
        ),
    ),
    Artifact(
        files,
        "for Open edX: a grading image, the xqueue-watcher configuration, a problem",
        has_image=True,
        students_have_files=False,
    ),
)
