#!/usr/bin/env bash
# Clones every repository in students.txt and grades them all into results/: gradebook.csv,
# index.html, and a report for each.
#
#   grade.sh ENVIRONMENT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
grader=$1/bin/grader
cd "$here"

# An unset secret of the repository arrives as an empty one, which would be taken for a mistake.
[ -n "${GRADER_SECRET:-}" ] || unset GRADER_SECRET
if [ -n "${STUDENTS_TOKEN:-}" ]; then
    basic=$(printf 'x-access-token:%s' "$STUDENTS_TOKEN" | base64 -w 0)
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader
    export GIT_CONFIG_VALUE_0="Authorization: Basic $basic"
fi

rm -rf submissions
mkdir submissions
while read -r repository _; do
    case $repository in '' | '#'*) continue ;; esac
    target=submissions/${repository//\//__}
    # Links stay text: one to the solutions must not be followed.
    address=${GITHUB_SERVER_URL:-https://github.com}/$repository
    if ! git clone --quiet --depth 1 --config core.symlinks=false "$address" "$target"
    then
        echo "::warning title=Not cloned::${repository//[^A-Za-z0-9._\/-]/_}"
    fi
    rm -rf "$target/.git" "$target/.github" "$target/.grader"
done <students.txt
unset STUDENTS_TOKEN GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0

"$grader" grade submissions --output results \
    --exercise "$here/exercises/@EXERCISE@" --solutions "$here/solutions"
