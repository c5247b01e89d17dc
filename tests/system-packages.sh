#!/usr/bin/env bash
# Installs what the tests need from the system and pip cannot give: a browser, a tracer of system calls, a database
# server, a clock that can be set for one process.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v strace >/dev/null || missing+=(strace)
command -v bwrap >/dev/null || missing+=(bubblewrap)
command -v exiftool >/dev/null || missing+=(libimage-exiftool-perl)
if ! compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null && ! command -v initdb >/dev/null; then
    missing+=(postgresql)
fi
compgen -G "/usr/lib/*/faketime/libfaketimeMT.so.1" >/dev/null || missing+=(faketime)
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
install() {
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
case " ${missing[*]} " in
*" postgresql "*)
    # The tests make clusters of their own: Debian's own need neither be made nor run, this time.
    install postgresql-common
    conf=/etc/postgresql-common/createcluster.conf
    "${as_root[@]}" cp -p "$conf" "$conf.before-tests"
    trap '"${as_root[@]}" mv "$conf.before-tests" "$conf"' EXIT
    echo "create_main_cluster = false" | "${as_root[@]}" tee -a "$conf" >/dev/null
    ;;
esac
install "${missing[@]}"
