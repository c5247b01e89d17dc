#!/usr/bin/env bash
# Installs what the tests need from the system and pip cannot give: a browser, a tracer of system calls, a copy tool.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v strace >/dev/null || missing+=(strace)
[ ${#missing[@]} -eq 0 ] && exit 0

say_and_stop() {
    echo "The tests need: ${missing[*]}. $1" >&2
    exit 1
}

command -v apt-get >/dev/null || say_and_stop "Install them with this system's package manager, then try again."
if [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    say_and_stop "Install them with: sudo apt-get install ${missing[*]}"
fi

export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
