#!/usr/bin/env python3
"""Compares the built-in schemas with the published packages.

    pip install asdf asdf-astropy gwcs
    python3 schemas/compare.py [--binary target/debug/asdf]

Every schema and manifest that the packages of `PACKAGES` publish is compared with what `asdf schema show
--json` prints for its URI. Prose (title, description, examples) is left out on both sides; everything else
must be equal, key by key and number by number. Exit code 1 when something differs, 2 when the packages are
not there.
"""

import argparse
import json
import math
import pathlib
import re
import subprocess
import sys

PACKAGES = {
    "asdf_standard",
    "asdf_transform_schemas",
    "asdf_coordinates_schemas",
    "asdf_wcs_schemas",
    "asdf-astropy",
}
PROSE = {"title", "description", "examples"}
# Mappings whose keys are names that the schema gives, not keywords.
NAMES = {"properties", "definitions", "patternProperties", "dependencies"}
# Mappings and lists that are values, not schemas.
VALUES = {"enum", "default"}


def published():
    """Documents by URI, the unstable ones included."""
    import asdf
    import asdf_standard
    import yaml

    texts = {}
    for mapping in asdf.get_config().resource_mappings:
        if mapping.package_name in PACKAGES:
            texts.update({uri: mapping[uri] for uri in mapping})
    unstable = pathlib.Path(asdf_standard.__file__).parent / "resources" / "unstable"
    for path in sorted(unstable.rglob("*.yaml")):
        text = path.read_bytes()
        texts.setdefault(yaml.safe_load(text)["id"], text)
    return {uri: yaml.safe_load(text) for uri, text in texts.items()}


def constraints(schema):
    """A schema without its prose."""
    if isinstance(schema, list):
        return [constraints(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key in NAMES and isinstance(value, dict):
            kept[key] = {name: constraints(part) for name, part in value.items()}
        elif key in VALUES:
            # JSON, in which ours are shown, has no infinity; two defaults are infinite.
            kept[key] = None if value in (math.inf, -math.inf) else value
        elif key not in PROSE:
            kept[key] = constraints(value)
    return kept


def requirement(value):
    """A version of the standard alone means this one only."""
    return f"=={value}" if isinstance(value, str) and value[:1].isdigit() else value


def manifest(document):
    """What a manifest says, without the order of its tags."""
    tags = []
    for tag in document["tags"]:
        tag = {"tag_uri": tag} if isinstance(tag, str) else tag
        schemas = tag.get("schema_uri", [])
        tags.append([tag["tag_uri"], [schemas] if isinstance(schemas, str) else schemas])
    return {
        "id": document["id"],
        "extension_uri": document["extension_uri"],
        "asdf_standard_requirement": requirement(document.get("asdf_standard_requirement")),
        "tags": sorted(tags),
    }


def is_manifest(document):
    return "extension_uri" in document and "tags" in document


def plain(document):
    return manifest(document) if is_manifest(document) else constraints(document)


def run(binary, *arguments):
    done = subprocess.run([binary, "schema", *arguments, "--json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def differences(path, ours, theirs):
    """The places where two documents differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted({*ours, *theirs}):
            where = f"{path}/{key}"
            if key not in ours:
                yield f"{where}: only theirs: {json.dumps(theirs[key])}"
            elif key not in theirs:
                yield f"{where}: only ours: {json.dumps(ours[key])}"
            else:
                yield from differences(where, ours[key], theirs[key])
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for index, (a, b) in enumerate(zip(ours, theirs)):
            yield from differences(f"{path}/{index}", a, b)
    elif json.dumps(ours) != json.dumps(theirs):
        yield f"{path}: ours {json.dumps(ours)}, theirs {json.dumps(theirs)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--binary", default="target/debug/asdf")
    binary = parser.parse_args().binary
    try:
        theirs = published()
    except ImportError as error:
        print(f"the published packages are not there: {error}")
        return 2
    # A version map lists the tags of a release; it is neither a schema nor a manifest.
    maps = {uri for uri in theirs if re.search(r"/version_map-[\d.]+$", uri)}
    mapped = {f"{tag}-{version}" for uri in maps for tag, version in theirs.pop(uri)["tags"].items()}

    entries = run(binary, "list")
    tags = {entry["uri"] for entry in entries if entry["kind"] == "tag"}
    uris = sorted(entry["uri"] for entry in entries if entry["kind"] != "tag")
    ours = dict(zip(uris, run(binary, "show", *uris)))

    found = [f"{uri}: only published" for uri in sorted(theirs.keys() - ours.keys())]
    found += [f"{uri}: only ours" for uri in sorted(ours.keys() - theirs.keys())]
    found += [f"{tag}: in a version map, in no manifest of ours" for tag in sorted(mapped - tags)]
    compared = sorted(theirs.keys() & ours.keys())
    for uri in compared:
        document = theirs[uri]
        if document["id"].rstrip("#") != uri.rstrip("#"):
            found.append(f"{uri}: published with the id {document['id']}")
        document["id"] = uri
        found += [f"{uri}{line}" for line in differences("#", plain(ours[uri]), plain(document))]
    for line in found:
        print(line)
    manifests = sum(is_manifest(theirs[uri]) for uri in compared)
    print(
        f"{len(compared)} documents compared: {len(compared) - manifests} schemas, {manifests} manifests; "
        f"{len(mapped)} tags of {len(maps)} version maps looked up; {len(found)} differences"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
