#!/usr/bin/env bash
# Builds the wheel, installs it into an environment of its own and runs all tests there: test.sh [PROFILE], `dev` by default.
# Needs a Python of 3.11 or newer and a package index; ASDF_CORPUS names the corpus, as for the other tests.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
python="${PYTHON:-python3}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$python" -m venv "$work/build"
"$work/build/bin/pip" install -q --only-binary :all: 'maturin>=1.9,<2'
PYTHON="$work/build/bin/python" "$here/build.sh" "$work/wheels" "${1:-dev}"

"$python" -m venv "$work/venv"
pip=("$work/venv/bin/pip" install -q --only-binary :all:)
# First the wheel alone: it needs numpy and nothing else.
"${pip[@]}" "$work"/wheels/asdfkit-*.whl
ls -l "$work"/wheels
(cd "$work" && "$work/venv/bin/python" -c 'import asdfkit, sys; assert "astropy" not in sys.modules and "asdf" not in sys.modules' &&
    "$work/venv/bin/asdf" --version && "$work/venv/bin/asdfkit" --version)
"${pip[@]}" -r "$here/tests/requirements.txt"
cd "$here"
"$work/venv/bin/python" -m pytest -q -p no:cacheprovider -n "${ASDFKIT_TEST_PROCESSES:-2}" tests
"$work/venv/bin/python" examples/exposure.py ../test-data/made/roman_exposure.asdf "$work/exposure.html"

# The same with the codecs of asdf-compression beside ours, and with the asdf before.
"${pip[@]}" asdf-compression
"$work/venv/bin/python" -m pytest -q -p no:cacheprovider tests/test_plugins.py
"${pip[@]}" 'asdf==5.4.*'
"$work/venv/bin/python" -m pytest -q -p no:cacheprovider tests/test_plugins.py
