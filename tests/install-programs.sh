#!/bin/sh
# What the tests need beside Python: three browsers with their drivers, a screen, and PostgreSQL.
# Installs Debian's packages where they are missing and it may; else says exactly what to install.
set -eu

missing=""
need() { # program, Debian package
    for place in "$(command -v "$1" 2>/dev/null)" /usr/lib/postgresql/*/bin/"$1"; do
        [ -x "$place" ] && return 0
    done
    missing="$missing $2"
}
need chromium chromium
need chromedriver chromium-driver
need firefox-esr firefox-esr
need WebKitWebDriver webkit2gtk-driver
need Xvfb xvfb
need initdb postgresql
[ -z "$missing" ] && exit 0

install="apt-get update && apt-get install --yes --no-install-recommends$missing"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests need these programs (names of Debian's packages):$missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "The tests need programs that only root may install. Run:" >&2
    echo "    sudo sh -c '$install'" >&2
    exit 1
fi
echo "Installing for the tests:$missing"
$as_root sh -c "export DEBIAN_FRONTEND=noninteractive; { $install; } >/dev/null" || {
    echo "The installation did not work. Try it by hand:" >&2
    echo "    $install" >&2
    exit 1
}
