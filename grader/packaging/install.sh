#!/usr/bin/env bash
# Makes the environment that the grader runs in, with exactly the versions that it was made with.
# Needs the network.
#
#   install.sh [DIR [USER]]
#
# DIR is /opt/exercise-grader by default. USER, a name or a number, is who will grade. Run as root,
# this makes sure that USER (nobody by default) can run what it installs: a Python in root's own
# home would not do.
set -euo pipefail
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${1:-/opt/exercise-grader}
user=${2:-nobody}
[[ $venv = /* ]] || venv=$PWD/$venv

# The numbers of nobody, should there be no such user.
uid=$(id -u "$user" 2>/dev/null || echo 65534)
gid=$(id -g "$user" 2>/dev/null || echo 65534)

as_user() {
    if [ "$(id -u)" != 0 ] || [ "$uid" = 0 ]; then
        "$@"
    else
        # Through a shell: setpriv itself still has root's rights when it starts a command.
        setpriv --reuid "$uid" --regid "$gid" --clear-groups /bin/sh -c '"$@"' sh "$@"
    fi
}
usable() {
    as_user "$1" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' \
        >/dev/null 2>&1
}
find_python() {
    local name candidate
    # First the version that the list of requirements was made with.
    for name in python@PYTHON@ python3.13 python3.12 python3.11 python3; do
        while read -r candidate; do
            if usable "$candidate"; then
                echo "$candidate"
                return
            fi
        done < <(type -P -a "$name")
    done
    return 1
}
apt() { DEBIAN_FRONTEND=noninteractive apt-get "$@" >/dev/null; }
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# A folder that USER may be in, and that holds no modules: on Classroom 50 this starts in a
# student's checkout. -I below is for the same reason.
cd /
if ! find_python >/dev/null && can_apt; then
    apt update || true
    apt install -y python@PYTHON@ python@PYTHON@-venv || apt install -y python3 python3-venv
fi
if ! ldconfig -p 2>/dev/null | grep -q 'libseccomp\.so\.2' && can_apt; then
    apt update || true
    apt install -y libseccomp2 ||
        echo "libseccomp2 cannot be installed: isolation will not be full" >&2
fi
python=$(find_python) || {
    echo "There is no Python 3.11 or later with venv that $user can run; install one first." >&2
    exit 1
}

# An environment from before may stand on a Python that cannot be used.
usable "$venv/bin/python" || "$python" -I -m venv --clear "$venv"
pip=("$venv/bin/python" -I -m pip install)
pip+=(--quiet --disable-pip-version-check --no-input --no-deps)
# --no-deps: the list is complete, and nothing that it does not name may come in.
"${pip[@]}" -r "$here/requirements.txt"
"${pip[@]}" --no-index --force-reinstall "$here"/wheels/*.whl
as_user "$venv/bin/python" -I -c '
import grader
print("exercise-grader", grader.__version__, "is installed")' || {
    echo "$user cannot run $venv/bin/python: is a folder on the way to it closed?" >&2
    exit 1
}
