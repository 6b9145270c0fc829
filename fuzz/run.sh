#!/bin/sh
# Runs one fuzz target: fuzz/run.sh [--asan] TARGET [SECONDS]
# On the stable toolchain, with debug assertions and overflow checks; with --asan under AddressSanitizer,
# on the nightly one. Seeds are taken from test-data at each start; crashes land in fuzz/artifacts/TARGET.
set -eu
cd "$(dirname "$0")"
asan=
[ "${1:-}" != --asan ] || { asan=1; shift; }
. ./build.sh
target=$1 seconds=${2:-600}
build "$target"
prepare "$target"
# shellcheck disable=SC2046
exec "$(binary "$target")" "corpus/$target" $(options "$target") -max_total_time="$seconds"
