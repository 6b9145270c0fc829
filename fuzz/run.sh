#!/bin/sh
# Runs one fuzz target on the stable toolchain: fuzz/run.sh TARGET [SECONDS]
# Seeds are taken from test-data at each start; crashes land in fuzz/artifacts/TARGET.
set -eu
cd "$(dirname "$0")"
target=$1 seconds=${2:-600}
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=4"
cargo build --release --target "$host" --bin "$target"
python3 seeds.py "$target" "corpus/$target"
mkdir -p "artifacts/$target"
binary=${CARGO_TARGET_DIR:-target}/$host/release/$target
exec "$binary" "corpus/$target" -artifact_prefix="artifacts/$target/" -max_total_time="$seconds" \
    -rss_limit_mb=2048 -timeout=10 -max_len=16384 -print_final_stats=1
