#!/bin/sh
# xqueue-watcher starts the image with GRADER_PATH and SEED and the submission in SUBMISSION_CODE,
# and reads the last line. The status is always 0, because any other gives the student 0 points.
# When the grader failed, the last line is its reason: what is not JSON goes to the watcher's log,
# and the queue offers the submission again.
folder=$(dirname "$1")
log=$(mktemp)
if reply=$("${GRADER_VENV:-/opt/exercise-grader}/bin/python" -I -m grader.packaging.entry \
    xqueue-container --source "$folder" --submission env:SUBMISSION_CODE 2>"$log")
then
    # Before the reply: the log of a pod has both, in this order.
    cat "$log" >&2
    printf '%s\n' "$reply"
else
    printf 'not graded: %s\n' "$(tail -c 3000 "$log" | tr '\n' ' ')"
fi
exit 0
