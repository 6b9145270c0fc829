#!/usr/bin/env bash
# The Debian package, of the static binary: deb.sh. What goes where stands in asdf-cli/Cargo.toml.
. "$(dirname "$0")/common.sh"
target=x86_64-unknown-linux-musl
command="$(binary "$target")"
cargo deb --version >/dev/null 2>&1 || cargo install -q --locked cargo-deb
staged="$root/target/deb"
rm -rf "$staged"
mkdir -p "$staged/man" "$staged/completions"
trap 'rm -rf "$staged"' EXIT
cp "$command" "$staged/asdf"
"$command" man --out "$staged/man"
gzip -9n "$staged/man"/*
"$command" completions bash >"$staged/completions/asdf"
"$command" completions zsh >"$staged/completions/_asdf"
"$command" completions fish >"$staged/completions/asdf.fish"
"$root/dist/licences.sh" >"$staged/licences"
cd "$root"
# The binary is staged beside the rest, so that no build is asked for.
cargo deb --no-build --no-strip -p asdfkit --deb-version "$version" --output "$out/asdfkit_${version}_amd64.deb" >&2
say "$(ls -l "$out/asdfkit_${version}_amd64.deb")"
