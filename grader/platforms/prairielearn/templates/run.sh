#!/bin/sh
# PrairieLearn starts this as /grade/tests/run.sh, and reads /grade/results/results.json if the
# status is 0. What this prints is in output.log, on the page of the grading job, for the staff.
tests=$(cd "$(dirname "$0")" && pwd)
grade=${tests%/tests}
"${GRADER_VENV:-/opt/exercise-grader}/bin/python" -I -m grader.packaging.entry prairielearn \
    --source "$tests" --submission "$grade/student" --output "$grade/results/results.json"
exit 0
