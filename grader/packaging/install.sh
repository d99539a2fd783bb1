#!/usr/bin/env bash
# Makes the environment that the grader runs in, with exactly the versions that it was made with. Needs the network.
#
#   install.sh [DIR]        default: /opt/exercise-grader
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${1:-/opt/exercise-grader}

usable() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
find_python() {
    local candidate
    # First the version that the list of requirements was made with.
    for candidate in python@PYTHON@ python3.13 python3.12 python3.11 python3; do
        if command -v "$candidate" >/dev/null && usable "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}
apt() { DEBIAN_FRONTEND=noninteractive apt-get "$@" >/dev/null; }
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

if ! find_python >/dev/null && can_apt; then
    apt update || true
    apt install -y python@PYTHON@ python@PYTHON@-venv || apt install -y python3 python3-venv
fi
if ! ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' && can_apt; then
    apt update || true
    apt install -y libseccomp2 || echo "libseccomp2 cannot be installed: isolation will not be full" >&2
fi
python=$(find_python) || { echo "There is no Python 3.11 or later with venv here; install one first." >&2; exit 1; }

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-deps)
# --no-deps: the list is complete, and nothing that it does not name may come in.
"${pip[@]}" -r "$here/requirements.txt"
"${pip[@]}" --no-index --force-reinstall "$here"/wheels/*.whl
"$venv/bin/python" -I -c 'import grader; print("exercise-grader", grader.__version__, "is installed")'
