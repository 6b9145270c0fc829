#!/usr/bin/env bash
# All packages of a release, from a clean clone: release.sh. Says what it left out and why; SHA256SUMS at the end.
. "$(dirname "$0")/common.sh"
cd "$root"

wrong=""
says() {
    [ "$2" = "$version" ] || { say "$1 says version ${2:-nothing}, Cargo.toml $version"; wrong=1; }
}
says asdf-python/Cargo.toml "$(sed -n 's/^version = "\(.*\)"/\1/p' asdf-python/Cargo.toml | head -n 1)"
says CITATION.cff "$(sed -n 's/^version: *"\{0,1\}\([0-9.]*\).*/\1/p' CITATION.cff)"
says CHANGELOG.md "$(sed -n 's/^## \[\{0,1\}\([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
[ -z "$(git status --porcelain)" ] || { say "the working tree has changes that are not committed"; wrong=1; }
[ -z "$wrong" ] || exit 1

left_out=""
make() {
    local name="$*" code=0
    say "== $name"
    "$root/dist/$1" "${@:2}" || code=$?
    case $code in
        0) ;;
        3) left_out="$left_out\n$name: what it needs is not here" ;;
        *) left_out="$left_out\n$name: failed" && wrong=1 ;;
    esac
}
make binary.sh
make archive.sh
make deb.sh
make wheel.sh
make image.sh
for target in x86_64-pc-windows-gnu x86_64-apple-darwin aarch64-apple-darwin; do
    make archive.sh "$target"
done
(cd "$out" && find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%f\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
cat "$out/SHA256SUMS"
[ -z "$left_out" ] || printf "left out:$left_out\n" >&2
[ -z "$wrong" ]
