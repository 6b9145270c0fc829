#!/usr/bin/env bash
# Builds the wheel with the command in it: build.sh OUT [PROFILE [OPTION…]]; PROFILE is `release` (default) or `dev`, the options go
# to `maturin build`.
# ASDFKIT_BINARY names a command that is built already, PYTHON the interpreter (python3).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
out="$(mkdir -p "$1" && cd "$1" && pwd)"
profile="${2:-release}"
python="${PYTHON:-python3}"

binary="${ASDFKIT_BINARY:-}"
if [ -z "$binary" ]; then
    # A wheel is released: its command is optimised as one.
    if [ "$profile" = release ]; then options=(--profile dist); else options=(); fi
    # The whole workspace: with other features all dependencies would be built again.
    cargo build --manifest-path "$here/../Cargo.toml" --locked "${options[@]}"
    target="$(cargo metadata --manifest-path "$here/../Cargo.toml" --format-version 1 --no-deps |
        "$python" -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')"
    if [ "$profile" = release ]; then folder=dist; else folder=debug; fi
    binary="$target/$folder/asdf"
fi

scripts="$here/asdfkit.data/scripts"
rm -rf "$here/asdfkit.data"
mkdir -p "$scripts"
trap 'rm -rf "$here/asdfkit.data"' EXIT
cp "$binary" "$scripts/asdf"
# Symbols are most of a debug build, and of no use in a wheel.
strip "$scripts/asdf" 2>/dev/null || true
chmod 755 "$scripts/asdf"
cd "$here"
# At its own level the wheel is larger than the 15 MB that it may have.
"$python" -m maturin build --locked --profile "$profile" --interpreter "$python" --compression-level 9 --out "$out" "${@:3}"
