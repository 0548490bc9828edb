#!/bin/sh
# What the tests need beside Python: three browsers with their drivers, a screen, PostgreSQL, and the
# web servers, Tor and systemd that deploy/ is for. None of them is started, now or when the machine is.
# Installs Debian's packages where they are missing and it may; else says exactly what to install.
set -eu

missing=""
need() { # program, Debian package
    for place in "$(command -v "$1" 2>/dev/null)" /usr/sbin/"$1" /usr/lib/postgresql/*/bin/"$1"; do
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
need nginx nginx
need caddy caddy
need tor tor
need systemd-analyze systemd
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
# invoke-rc.d(8) asks this program whether it may start what was installed.
ask=/usr/sbin/policy-rc.d
quietly="[ -e $ask ] || { trap 'rm -f $ask' EXIT; printf '#!/bin/sh\nexit 101\n' >$ask; chmod 755 $ask; }"
services=""
for each in $missing; do
    case "$each" in nginx | caddy | tor) services="$services $each" ;; esac
done
[ -n "$services" ] && install="$install && { systemctl disable$services 2>/dev/null || true; }"
$as_root sh -c "export DEBIAN_FRONTEND=noninteractive; $quietly; { $install; } >/dev/null" || {
    echo "The installation did not work. Try it by hand:" >&2
    echo "    $install" >&2
    exit 1
}
