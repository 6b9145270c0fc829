#!/usr/bin/env bash
# The crates of the everyday build, as they are on Linux: none comes in unseen, and none of the network or of Parquet. With --update
# crates.txt is written anew.
set -euo pipefail
cd "$(dirname "$0")/.."
found="$(cargo tree -p asdfkit -e normal,build --target x86_64-unknown-linux-gnu --prefix none --locked |
    sed -nE 's/^([A-Za-z0-9_-]+) v.*/\1/p' | sort -u)"
if [ "${1:-}" = --update ]; then
    printf '%s\n' "$found" >.ci/crates.txt
fi
if ! diff .ci/crates.txt - <<<"$found"; then
    echo "the crates of the everyday build are others than in .ci/crates.txt (.ci/crates.sh --update)"
    exit 1
fi
if grep -E '^(tokio|hyper|reqwest|rustls|object_store|parquet|arrow-.*|asdfkit-(remote|archive))$' <<<"$found"; then
    echo "these belong to the features remote and archive"
    exit 1
fi
echo "$(wc -l <<<"$found") crates"
