"""Writes asdf-core/src/file/standard_tags.txt: which version of each tag belongs to which version of the standard.

Facts taken from the manifests that the packages asdf_standard and asdf_transform_schemas install:
one line a tag, its URI without version, then its version in the standards 1.0.0 to 1.6.0 (`-`: none).
Needs the Python packages; run it when a new version of the standard comes out.
"""

import pathlib
import re
import sys

import asdf

STANDARDS = ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0"]


def tags_of(standard):
    """The tags that the reference implementation writes in that version."""
    file = asdf.AsdfFile(version=standard)
    out = {}
    for proxy in file.extensions + file.extension_manager.extensions:
        for tag in proxy.tags:
            uri = tag.tag_uri
            if "*" in uri:
                continue
            match = re.fullmatch(r"(.*)-(\d+\.\d+\.\d+)", uri)
            if not match:
                continue
            base, version = match.groups()
            key = tuple(map(int, version.split(".")))
            # the first extension that knows a tag is the one that writes it
            if base not in out:
                out[base] = (id(proxy), key, version)
            elif out[base][0] == id(proxy) and key > out[base][1]:
                out[base] = (id(proxy), key, version)
    return {base: found[2] for base, found in out.items()}


def main():
    tables = [tags_of(standard) for standard in STANDARDS]
    bases = sorted({base for table in tables for base in table})
    lines = []
    for base in bases:
        if not base.startswith("tag:stsci.edu:asdf/"):
            continue
        versions = [table.get(base, "-") for table in tables]
        if len(set(versions)) > 1:
            lines.append(" ".join([base.removeprefix("tag:stsci.edu:asdf/"), *versions]))
    target = pathlib.Path(__file__).parents[2] / "asdf-core/src/file/standard_tags.txt"
    target.write_text("\n".join(lines) + "\n")
    print(f"{len(lines)} tags", file=sys.stderr)


main()
