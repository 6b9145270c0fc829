#!/usr/bin/env bash
# A container image that has the static binary and nothing else, by docker, podman or buildah.
. "$(dirname "$0")/common.sh"
command="$(binary x86_64-unknown-linux-musl)"
for engine in docker podman buildah; do
    if "$engine" info >/dev/null 2>&1; then
        "$engine" build -q -t "asdfkit:$version" -f "$root/dist/Dockerfile" "$(dirname "$command")"
        exit
    fi
done
say "no image: neither docker, podman nor buildah runs here"
exit 3
