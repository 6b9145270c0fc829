# Builds fuzz targets and says where they are; read by run.sh and background.sh, which stand in this folder.
# With asan=1 under AddressSanitizer, by the nightly toolchain. With plain=1 comparisons are not traced: some 1.7 times as many
# executions a second, but numbers and words that are not in the dictionaries are found by luck alone.
toolchain=
[ "${asan:-}" != 1 ] || toolchain=+nightly
host=$(rustc $toolchain -vV | sed -n 's/^host: //p')
folder=${CARGO_TARGET_DIR:-$PWD/target}
[ "${asan:-}" != 1 ] || folder=$folder/asan
[ "${plain:-}" != 1 ] || folder=$folder/plain

# The binaries of the targets that are named, or of all.
build() {
    flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Ccodegen-units=4"
    [ "${plain:-}" = 1 ] || flags="$flags -Cllvm-args=-sanitizer-coverage-trace-compares"
    [ "${asan:-}" != 1 ] || flags="$flags -Zsanitizer=address"
    bins=--bins
    [ $# -eq 0 ] || bins=$(printf -- '--bin %s ' "$@")
    # shellcheck disable=SC2086
    RUSTFLAGS="$flags" CARGO_TARGET_DIR="$folder" cargo $toolchain build --release --target "$host" $bins
}

binary() {
    echo "$folder/$host/release/$1"
}

targets() {
    sed -n 's/^name = "\(.*\)"$/\1/p' Cargo.toml | grep -v '^asdf-fuzz$'
}

# Seeds in corpus/TARGET, terms in corpus/TARGET.dict, a folder for what stops it.
prepare() {
    python3 seeds.py "$1" "corpus/$1"
    mkdir -p "artifacts/$1"
    case $1 in
        header | codec) words="blocks" ;;
        tree | direct) words="tree" ;;
        transform) words="tree transform" ;;
        schema) words="tree schema" ;;
        fits | fits_round | fits_wcs) words="fits" ;;
        fits_tile) words="blocks" ;;
        fits_tree) words="fits tree" ;;
        table) words="csv" ;;
        paths) words="paths" ;;
        journal) words="journal tree" ;;
        edit | update) words="script tree blocks" ;;
        *) words="tree blocks" ;;
    esac
    for word in $words; do cat "dictionaries/$word.dict"; done >"corpus/$1.dict"
}

# How each target is run. Short inputs run many times as often; FITS comes in records of 2,880 bytes.
options() {
    case $1 in
        fits | fits_tree | fits_round) longest=16384 ;;
        *) longest=4096 ;;
    esac
    echo "-dict=corpus/$1.dict -artifact_prefix=artifacts/$1/ -rss_limit_mb=2048 -timeout=10 -max_len=$longest -print_final_stats=1"
}
