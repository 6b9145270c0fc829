#!/bin/sh
# Runs all fuzz targets in turn, out of everybody's way:
# fuzz/background.sh [--asan | --plain] [--once] [--built] [--nice N] [HOURS [SECONDS [TARGET…]]]
# One core at the lowest priority (or N); SECONDS for each turn of a target. Stops by itself after HOURS, or with
# --once after a turn of each, and on SIGTERM after it has told what the turn under way has done. A line a
# turn goes to fuzz/LOG.md; turns under AddressSanitizer (--asan) have a name of their own there. --plain is faster and does
# not trace comparisons: for many executions over a corpus that has grown without it. --built takes the binaries that are there.
set -eu
cd "$(dirname "$0")"
asan='' plain='' once='' built='' priority=19
while :; do
    case ${1:-} in
        --asan) asan=1 ;;
        --plain) plain=1 ;;
        --once) once=1 ;;
        --built) built=1 ;;
        --nice)
            priority=$2
            shift
            ;;
        *) break ;;
    esac
    shift
done
export asan plain
. ./build.sh
hours=${1:-12} turn=${2:-300}
[ $# -lt 2 ] || shift
[ $# -lt 1 ] || shift
targets=${*:-$(targets)}
end=$(($(date +%s) + hours * 3600))
child='' stopped=''
# The fuzzer says what it has done when it is asked to stop.
trap 'stopped=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM INT

# A command on one core, when nobody else wants it.
lowest() {
    set -- nice -n "$priority" "$@"
    if [ "$priority" = 19 ] && command -v ionice >/dev/null; then set -- ionice -c 3 "$@"; fi
    if command -v taskset >/dev/null; then set -- taskset -c "$core" "$@"; fi
    exec env RAYON_NUM_THREADS=1 "$@"
}

# Waits for the child, also when a signal comes between.
finish() {
    while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
    child=''
}

# The last core that this process may use.
core=$(taskset -cp $$ 2>/dev/null | sed 's/.*[,: -]//') || core=0

# Lets go of inputs that reach nothing new, when half as many again have come since the last time.
minimise() {
    target=$1
    [ -z "$asan" ] || return 0
    now=$(find "corpus/$target" -type f | wc -l)
    before=$(cat "corpus/$target.count" 2>/dev/null || echo 0)
    [ "$now" -gt $((before * 3 / 2)) ] || return 0
    rm -rf "corpus/$target.small"
    mkdir "corpus/$target.small"
    # shellcheck disable=SC2046
    (lowest "$binaries/$target" -merge=1 "corpus/$target.small" "corpus/$target" $(options "$target")) >"$log" 2>&1 &
    child=$!
    finish
    # Stopped in the middle it may have left out what counts.
    if [ -z "$stopped" ] && grep -q 'MERGE-OUTER: .* new files with' "$log"; then
        rm -rf "corpus/$target"
        mv "corpus/$target.small" "corpus/$target"
        find "corpus/$target" -type f | wc -l >"corpus/$target.count"
    fi
    rm -rf "corpus/$target.small"
}

# One turn of a target, told in a line.
turn() {
    target=$1
    [ -d "corpus/$target" ] || prepare "$target" >/dev/null
    mkdir -p "artifacts/$target"
    minimise "$target"
    [ -z "$stopped" ] || return 0
    found=$(find "artifacts/$target" -type f ! -name 'slow-unit-*' | wc -l)
    start=$(date +%s)
    # shellcheck disable=SC2046
    (lowest "$binaries/$target" "corpus/$target" $(options "$target") -max_total_time="$turn") >"$log" 2>&1 &
    child=$!
    finish
    seconds=$(($(date +%s) - start))
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
    corpus=$(find "corpus/$target" -type f | wc -l)
    found=$(($(find "artifacts/$target" -type f ! -name 'slow-unit-*' | wc -l) - found))
    echo "| $(date -u '+%Y-%m-%d %H:%M') | $target${asan:+ asan} | $seconds | ${executions:-0} | ${edges:-0} | $corpus | $found |" >>LOG.md
}

log=$(mktemp)
binaries=$(mktemp -d)
trap 'rm -rf "$log" "$binaries"' EXIT
if [ ! -f LOG.md ]; then
    printf '# Fuzzing\n\nA line a turn of `background.sh` or `run.sh`; `summary.py` adds them up. Finds are inputs that stopped the target.\n\n' >LOG.md
    printf '| ended (UTC) | target | seconds | executions | edges | corpus | finds |\n|---|---|--:|--:|--:|--:|--:|\n' >>LOG.md
fi
mkdir -p corpus
# Copies, so that builds meanwhile change nothing under way.
if [ -z "$built" ]; then
    # shellcheck disable=SC2086
    (exec nice -n "$priority" sh -c '. ./build.sh; build "$@"' build $targets) &
    child=$!
    finish
fi
for target in $targets; do
    [ -n "$stopped" ] || cp "$(binary "$target")" "$binaries/$target"
    [ -n "$stopped" ] || prepare "$target"
done
while [ -z "$stopped" ] && [ "$(date +%s)" -lt "$end" ]; do
    for target in $targets; do
        [ -n "$stopped" ] || [ "$(date +%s)" -ge "$end" ] || turn "$target"
    done
    [ -z "$once" ] || break
done
python3 summary.py
