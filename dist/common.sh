# What the scripts of this folder share; read by them. Sets root, version, out, python.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
version="$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' "$root/Cargo.toml")"
target_folder="${CARGO_TARGET_DIR:-$root/target}"
out="${OUT:-$target_folder/packages}"
python="${PYTHON:-python3}"
mkdir -p "$out"

say() {
    echo "$@" >&2
}

# Programs from the Python package index, in an environment of their own: tools PACKAGE... Gives the folder of the programs.
tools() {
    local folder="$target_folder/packaging"
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
    "$folder/bin/pip" install -q --only-binary :all: "$@" >&2
    echo "$folder/bin"
}

# The command for a target; made when it is not there.
binary() {
    local name=asdf
    case $1 in *windows*) name=asdf.exe ;; esac
    [ -x "$out/$1/$name" ] || "$root/dist/binary.sh" "$1" >&2
    echo "$out/$1/$name"
}

# A command of this very version that runs here, for manual pages and completions.
native() {
    binary x86_64-unknown-linux-musl
}
