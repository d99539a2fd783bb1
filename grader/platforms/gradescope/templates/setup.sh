#!/usr/bin/env bash
# Gradescope runs this once, as root and with network, when it builds the image.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${GRADER_VENV:-/opt/exercise-grader}
bash "$source/install.sh" "$venv" root # who grades there
ln -sfn "$venv" "$source/venv"
# Only root may read the hidden half, whichever user the submission runs as.
chown -R root:root "$source"
chmod -R go-rwx "$source"
