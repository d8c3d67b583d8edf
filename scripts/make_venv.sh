#!/usr/bin/env bash
# Create .venv, if there is none, with the first Python that is new enough. PYTHON=… chooses another.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv/bin/python ] && exit 0

for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$python has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version)"
    exec "$python" -m venv .venv
done
echo "Folkmoot needs Python 3.11 or newer; set PYTHON to its path if it has an unusual name." >&2
exit 1
