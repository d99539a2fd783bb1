"""Sentences that people read, each in one place."""

from typing import Final

NOT_FOUND: Final = "There is nothing here, or it is not yours."
ENTER_AGAIN: Final = (
    "You have been away for long. Open the page again by your link, or from "
    "your course."
)
BAD_KEY: Final = "This link is not valid any more. Ask for a new one."
BAD_REQUEST: Final = (
    "The page and the service do not understand each other. Load the page "
    "again; your text is kept."
)
ELSEWHERE: Final = (
    "This came from another site, so nothing was done. Open the page again."
)
NOT_ALLOWED: Final = "Only a teacher of this course may do that."
NO_STORAGE: Final = (
    "Nothing can be saved at the moment. Your work is still on this page; "
    "try again in a minute."
)
FAULT: Final = (
    "Something went wrong on our side. Your work is still on this page; "
    "try again."
)
METHOD: Final = "That cannot be done here."
NAME: Final = "Give your name, in at most 80 characters."
NOT_GRADED_YET: Final = (
    "This attempt is not graded yet. Look again in a moment."
)
