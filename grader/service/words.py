"""Sentences that people read, each in one place."""

from typing import Final

NOT_FOUND: Final = "There is nothing here, or it is not yours."
ENTER_AGAIN: Final = (
    "You have been away for a long time. Open the page again with your link, "
    "or from your course."
)
BAD_API_KEY: Final = (
    "The API key is missing or not valid. Send `Authorization: Bearer KEY` "
    "with a key that the operator made for you."
)
BAD_KEY: Final = "This link is not valid any more. Ask for a new one."
BAD_REQUEST: Final = (
    "The service could not read what this page sent. Load the page again; "
    "your text is kept."
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
NAME: Final = (
    "Give your name in at most 80 characters, without any that are invisible."
)
NOT_GRADED_YET: Final = (
    "This attempt is not graded yet. Look again in a moment."
)
NO_EXERCISE: Final = (
    "This exercise is not here any more. Tell your teacher; what you have "
    "handed in is kept."
)
NOT_GRADABLE_NOW: Final = (
    "This exercise cannot be run at the moment, which is not your fault. "
    "Your work is kept; tell your teacher if it lasts."
)
TEXT_TOO_LARGE: Final = "Your code is longer than 512 KB, so it was not taken."
FILE_TOO_LARGE: Final = (
    "The file is too large: a .py file may have 512 KB, a notebook 5 MB. "
    "If it is a notebook, delete the output of its cells and send it again."
)
WRONG_KIND: Final = "Send a .py file or an .ipynb notebook; this is neither."
TOO_MANY: Final = (
    "That was too often in one minute, so this one was not taken. Wait a "
    "little, then press again."
)
MANY_JOIN: Final = (
    "Many people are joining from your network at this moment. You are not too "
    "late: wait a minute, then press again."
)
HOW_TO_JOIN: Final = (
    "Anyone who opens this link enters a name and gets a personal link. Share it only "
    "with your students."
)
NOT_OPEN: Final = (
    "No other machine can reach this service, so there is no link for students. "
    "Start it with `grader serve --host 0.0.0.0`, and there is one."
)
NEWER_RUN: Final = "You have pressed Run again, so this one was left out."
SAVED_FAILED: Final = (
    "Saved. The grader itself failed, which costs you no points: it tries "
    "again by itself."
)
CLOSED: Final = "This exercise is closed, so nothing more can be handed in."
OTHERS_TEXT: Final = (
    "Another tab or device has saved another text. Both are kept: choose the "
    "one to go on with."
)
NO_SUCH_PERSON: Final = "There is no such student in this course."
ENDING: Final = "The service is restarting. Wait a moment, then press again."
DELETED: Final = "This file is gone: files are deleted after some time."
FROM_THE_COURSE: Final = "Open this page from your course on each device."
SAVED: Final = "Saved at {at} UTC. It is graded in a moment."
SUPERSEDED: Final = "Saved, and not graded: a newer attempt took its place."
NO_HUB: Final = "This service does not belong to a JupyterHub."
HUB_SILENT: Final = (
    "The JupyterHub does not say who you are at the moment, so nothing was "
    "handed in. Try again in a minute."
)
NOT_OF_THE_HUB: Final = (
    "The JupyterHub does not know this server's token. Stop your server, "
    "start it, and try again."
)
HUB_SCOPE: Final = (
    "The servers of this JupyterHub may not use the grader. Tell its administrator: "
    "their tokens need the scope access:services!service=NAME."
)
NOT_SET: Final = "There is no exercise of this name here."
COURSE_FIRST: Final = (
    "Open this exercise from your course once, so that it is known where its "
    "score goes. Then hand in again."
)
PAGES_ELSEWHERE: Final = (
    "Only programs use this address. The pages are at {url}, if it can be "
    "reached from here."
)
