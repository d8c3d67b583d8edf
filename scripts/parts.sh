#!/usr/bin/env bash
# Make sure that programs outside Python are installed: scripts/parts.sh postgresql redis nginx chromium python node npm …
# Missing ones are installed with apt-get (as root, or by sudo). Without apt-get, list them and fail.
set -euo pipefail

packages=()
lighter=

have() { command -v "$1" >/dev/null 2>&1; }

has_python() {
    local python
    for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        have "$python" && "$python" -c \
            'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return 0
    done
    return 1
}

has_postgresql() { have initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }

has_chromium() {
    have chromium-headless-shell || have chromium || have chromium-browser || have google-chrome ||
        compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium*" >/dev/null
}

is_ubuntu() { grep -qs '^ID=ubuntu' /etc/os-release; }

for part in "$@"; do
    case $part in
        python) has_python || packages+=(python3 python3-venv) ;;
        postgresql) has_postgresql || packages+=(postgresql) ;;
        redis) have redis-server || packages+=(redis-server) ;;
        git | curl | openssl) have "$part" || packages+=("$part") ;;
        nginx) have nginx || [ -x /usr/sbin/nginx ] || packages+=(nginx-light) ;;
        systemd) have systemd-analyze || packages+=(systemd) ;;
        prometheus) have prometheus || packages+=(prometheus) ;;
        node) have node || packages+=(nodejs) ;;
        wrk) have wrk || packages+=(wrk) ;;
        npm) have npm || packages+=(nodejs npm) ;;
        # Ubuntu's chromium is a snap, which containers can't install: test.sh uses Playwright's there.
        chromium)
            has_chromium || is_ubuntu || packages+=(chromium-headless-shell chromium-sandbox fonts-liberation)
            have chromium-headless-shell || is_ubuntu || lighter=chromium-headless-shell
            ;;
        *) echo "parts.sh does not know $part" >&2; exit 2 ;;
    esac
done

# A full Chromium works, but takes twice the time. As root, try to install the headless shell; continue without it.
if [ ${#packages[@]} -eq 0 ] && [ -n "$lighter" ] && [ "$(id -u)" -eq 0 ] && have apt-get; then
    (apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$lighter") \
        >/dev/null 2>&1 || echo "Going on without $lighter"
fi
[ ${#packages[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
if ! have apt-get || { [ "$(id -u)" -ne 0 ] && ! have sudo; }; then
    echo "Missing on this machine: ${packages[*]} (Debian's names). Install them and try again." >&2
    exit 1
fi
echo "Installing ${packages[*]}"
apt=("${as_root[@]+"${as_root[@]}"}" env DEBIAN_FRONTEND=noninteractive apt-get)
"${apt[@]}" -qq update
"${apt[@]}" -qq -y --no-install-recommends install "${packages[@]}" >/dev/null
