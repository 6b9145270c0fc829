#!/usr/bin/env bash
# The licences of all crates that are in the command: a line each, crate, version, licence.
. "$(dirname "$0")/common.sh"
cd "$root"
cargo tree --locked -p asdfkit --features full --edges normal --target all --prefix none --format '{p}|{l}' |
    sed 's/ (\*)$//; s/ ([^|]*)|/|/' | LC_ALL=C sort -u
