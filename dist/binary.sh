#!/usr/bin/env bash
# The command for a target, with every feature: binary.sh [TARGET].
. "$(dirname "$0")/common.sh"
target="${1:-x86_64-unknown-linux-musl}"
cd "$root"
rustup target add "$target" >&2
options=(--profile dist --locked --features full -p asdfkit --target "$target")
export CARGO_TARGET_DIR="$target_folder"
# zstd and ring have C sources: zig is a compiler and linker for all systems. A plain cargo serves where musl-gcc is there.
if [ "$target" = x86_64-unknown-linux-musl ] && command -v musl-gcc >/dev/null; then
    cargo build "${options[@]}"
else
    PATH="$(tools ziglang cargo-zigbuild):$PATH" cargo zigbuild "${options[@]}"
fi
mkdir -p "$out/$target"
for name in asdf asdf.exe; do
    [ ! -e "$target_folder/$target/dist/$name" ] || cp "$target_folder/$target/dist/$name" "$out/$target/$name"
done
say "$(ls -l "$out/$target"/asdf*)"
