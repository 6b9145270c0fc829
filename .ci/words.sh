#!/usr/bin/env bash
# Looks for the phrasings of words.txt; fails when there are any. "There is no X" is right, and so is a proper "behind".
set -euo pipefail
cd "$(dirname "$0")/.."
found=0
while IFS=$'\t' read -r pattern instead; do
    case "$pattern" in '' | '#'*) continue ;; esac
    hits="$(git grep -nE "$pattern" -- '*.rs' '*.md' '*.snap' ':!CHANGELOG.md' ':!test-data' |
        grep -vE "[Tt]here (is|are|would be|will be) no |behind the (link|scenes)" || true)"
    if [ -n "$hits" ]; then
        echo "$instead:"
        echo "$hits"
        found=1
    fi
done <.ci/words.txt
exit "$found"
