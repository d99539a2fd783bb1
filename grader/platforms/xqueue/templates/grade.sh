#!/bin/sh
# xqueue-watcher starts the image with GRADER_PATH and SEED, the submission in SUBMISSION_CODE, and reads the last line.
# The status is always 0: any other is told to the student as 0 points, while a line that is no reply is not told at
# all, and the queue offers the submission again.
folder=$(dirname "$1")
"${GRADER_VENV:-/opt/exercise-grader}/bin/python" -I -m grader.packaging.entry xqueue-container \
    --source "$folder" --submission env:SUBMISSION_CODE ||
    echo '{"grader_error": "the grader could not be started; see the log of the container"}'
exit 0
