"""What people read when a launch is refused: one sentence that says what to do."""

from typing import Final

from grader.service.problems import Code, RefusedError

CLICK_AGAIN: Final = (
    "This page was opened before, or too long ago. Go back to your course "
    "and click the link again."
)
UNKNOWN_PLATFORM: Final = (
    "This service does not know the course platform that you come from. Ask your teacher "
    "to have it registered here."
)
UNKNOWN_DEPLOYMENT: Final = (
    "Your course platform is known here, but not this installation of the tool. Ask your teacher "
    "to have it registered."
)
UNKNOWN_EXERCISE: Final = (
    "There is no exercise with the name that this link gives. Ask your "
    "teacher to choose it again."
)
NO_EXERCISE: Final = (
    "This link does not say which exercise it opens. Ask your teacher to "
    "choose one for it."
)
OTHER_EXERCISE: Final = (
    "This link was used for another exercise before. Ask your teacher to make a new link for this "
    "one."
)
NOT_GENUINE: Final = (
    "We cannot tell whether your course platform sent this. Go back to your course and click the "
    "link again."
)
CLOCK: Final = (
    "The clock of your course platform and the one here differ too much. Tell your teacher; until "
    "one of them is set right, nothing can be opened from there."
)
MALFORMED: Final = (
    "Your course platform sent something that cannot be used here. Tell "
    "your teacher."
)
NO_PERSON: Final = (
    "Your course platform did not say who you are. Log in there and click "
    "the link again."
)
PLATFORM_SILENT: Final = (
    "Your course platform does not answer at the moment. Go back to your course in a minute and "
    "click the link again."
)
PLATFORM_REFUSED: Final = (
    "Your course platform did not let you in. Go back to your course and "
    "click the link again."
)
NEW_TAB: Final = (
    "Your browser keeps this page apart from your course. Open it in a new tab."
)
NOT_OURS: Final = (
    "This link leads to another service. Ask your teacher to make the link "
    "again."
)
ONLY_TEACHERS: Final = (
    "Only a teacher of the course can choose exercises for it."
)
CHOOSE_ONE: Final = "Choose at least one of the exercises that are listed."
BAD_REGISTRATION: Final = (
    "This link for registration is not valid any more. Ask the operator of this service for a new "
    "one."
)
REGISTRATION_FAILED: Final = (
    "The course platform did not accept the registration. Ask the operator of this service to look "
    "into its log."
)


# --------------------------------------------------------------------------- for teachers

NO_COLUMN: Final = (
    "The course platform has no column in its grade book for this link. Turn grading on for the "
    "link there, then open it once."
)
NOT_A_STUDENT: Final = "Only students of the course have a grade."
GRADE_BOOK_IS_NEWER: Final = (
    "The grade book holds a grade that was changed after this attempt. Look there, and send this "
    "one again if it should count."
)
GRADE_REFUSED: Final = (
    "The grade book did not take this score (answer {status}): the person or the column is not in "
    "the course any more. Look there, then send it again."
)
GIVEN_UP: Final = (
    "The grade book did not take this score for 14 days ({why}). Send it again when the course "
    "platform works."
)
TRYING: Final = (
    "The course platform did not take this score yet; it is tried again."
)


class LaunchRefusedError(RefusedError):
    """A launch, a login or a registration is refused; `log` is the reason for the operator."""

    def __init__(self, sentence: str, log: str, code: Code = "invalid") -> None:
        super().__init__(code, sentence)
        self.log = log
