#!/usr/bin/env bash
# Run all tests with real services. Arguments are passed to every pytest: scripts/test.sh -k waiting
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/parts.sh python git curl openssl postgresql redis nginx systemd chromium
make --silent .venv/.installed-dev
unset PYTHONDONTWRITEBYTECODE  # otherwise every process would compile all modules again

for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    if [ -z "${CHROMIUM:-}" ] && command -v "$name" >/dev/null 2>&1; then
        CHROMIUM=$(command -v "$name")
        export CHROMIUM
    fi
done
if [ -z "${CHROMIUM:-}" ]; then
    .venv/bin/playwright install --with-deps chromium
fi

exec .venv/bin/python scripts/services.py run -- .venv/bin/python scripts/test_parts.py "$@"
