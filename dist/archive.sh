#!/usr/bin/env bash
# A tar.gz (a zip for Windows) with command, manual pages, completions and licences: archive.sh [TARGET].
. "$(dirname "$0")/common.sh"
target="${1:-x86_64-unknown-linux-musl}"
command="$(binary "$target")"
native="$(native)"
name="asdf-$version-$target"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/$name/man/man1" "$work/$name/completions"
cp "$command" "$work/$name/"
cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$work/$name/"
"$root/dist/licences.sh" >"$work/$name/LICENCES-OF-DEPENDENCIES.txt"
"$native" man --out "$work/$name/man/man1"
for shell in bash zsh fish powershell elvish; do
    "$native" completions "$shell" >"$work/$name/completions/asdf.$shell"
done
# The same bytes from the same commit: dates, owners and order do not vary.
date="@${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}"
case $target in
    *windows*)
        find "$work/$name" -exec touch -d "$date" {} +
        (cd "$work" && find "$name" -type f | LC_ALL=C sort | "$python" -m zipfile -c "$out/$name.zip" $(cat))
        say "$(ls -l "$out/$name.zip")"
        ;;
    *)
        tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner --mtime="$date" -cf - "$name" | gzip -9n >"$out/$name.tar.gz"
        say "$(ls -l "$out/$name.tar.gz")"
        ;;
esac
