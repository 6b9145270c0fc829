#!/usr/bin/env bash
# Installs the packages on a bare Debian and uses them: try.sh. Needs root, debootstrap, and the packages in OUT.
. "$(dirname "$0")/common.sh"
command -v debootstrap >/dev/null && [ "$(id -u)" = 0 ] || { say "needs root and debootstrap"; exit 3; }
bare="$(mktemp -d)"
trap 'umount -l "$bare/proc" "$bare/dev" 2>/dev/null || true; rm -rf --one-file-system "$bare"' EXIT
debootstrap --variant=minbase --include=man-db,bash-completion,python3-venv,ca-certificates "${SUITE:-trixie}" "$bare" ${MIRROR:-} >&2
mount -t proc proc "$bare/proc"
mount --bind /dev "$bare/dev"
mkdir -p "$bare/t"
cp "$root/test-data/made/roman_exposure.asdf" "$root/test-data/wcs/detector.asdf" "$out"/*.deb "$out"/asdf-*-linux-musl.tar.gz "$out"/*.whl "$bare/t/"
inside() {
    chroot "$bare" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm-256color LANG=C.UTF-8 sh -euc "cd /t; $1"
}

# What is done with each installation: $1 is the command.
use() {
    inside "
        set -x
        $1 --version
        $1 info roman_exposure.asdf | head -n 5
        $1 convert roman_exposure.asdf --compress lz4 -f x.asdf
        $1 validate x.asdf
        $1 wcs eval detector.asdf wcs 10 20
        $1 browse --snapshot 80x24 roman_exposure.asdf | head -n 3
    "
}
say "== the .deb"
inside "dpkg -i /t/asdfkit_*.deb"
use asdf
inside "man -P cat asdf | head -n 3; man -P cat asdf-convert | head -n 3; bash -ic '. /usr/share/bash-completion/bash_completion; _comp_load asdf 2>/dev/null || __load_completion asdf; complete -p asdf'"
inside "dpkg -r asdfkit; ! command -v asdf"
say "== the archive"
inside "tar -xzf /t/asdf-*-linux-musl.tar.gz"
use "/t/asdf-$version-x86_64-unknown-linux-musl/asdf"
say "== the wheel"
cp /etc/resolv.conf "$bare/etc/resolv.conf" 2>/dev/null || true
# The networks of some institutes have certificates of their own.
cp /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/" 2>/dev/null || true
[ -z "${PIP_CONFIG:-}" ] || cp "$PIP_CONFIG" "$bare/etc/pip.conf"
inside "python3 -m venv /v; /v/bin/pip install -q /t/*.whl; /v/bin/python -c 'import asdfkit; print(asdfkit.open(\"roman_exposure.asdf\")[\"roman\"][\"meta\"][\"filename\"])'"
use /v/bin/asdf
say "all three were installed and used"
