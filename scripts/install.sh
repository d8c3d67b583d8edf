#!/usr/bin/env bash
# Install pinned and hashed requirements into .venv: scripts/install.sh requirements-dev.txt
# uv takes a tenth of pip's time. If it can't be installed, or can't reach the index that pip is configured for, pip is used.
set -euo pipefail
cd "$(dirname "$0")/.."

pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes)

if ! [ -x .venv/bin/uv ]; then
    uv_alone=$(mktemp)
    trap 'rm -f "$uv_alone"' EXIT
    awk '/^[a-z0-9]/ { is_uv = /^uv==/ } is_uv' "$1" >"$uv_alone"
    "${pip[@]}" -r "$uv_alone" || true
fi
.venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes -r "$1" ||
    "${pip[@]}" -r "$1"
