"""Makes the built-in profiles of `asdf check` from the schemas that rad and stdatamodels publish.

Run it with a Python that has both installed:  python asdf-cli/profiles/generate.py
Only facts go into a profile: paths, tags, datatypes, numbers of axes. What a profile asks for is what every published
version of the schema asks for, so that no file of an older version is called wrong.
"""

import re
from importlib import resources
from pathlib import Path

import rad
import stdatamodels
import yaml

HERE = Path(__file__).parent
ROMAN = {
    "roman-l1": ("wfi_science_raw", "Roman WFI level 1: ramps as they are read out"),
    "roman-l2": ("wfi_image", "Roman WFI level 2: calibrated exposures"),
    "roman-l3": ("wfi_mosaic", "Roman WFI level 3: mosaics"),
}
JWST = {
    "jwst-uncal": ("level1b", "JWST _uncal: ramps as they are read out", ["data"]),
    "jwst-ramp": ("ramp", "JWST _ramp: ramps after the detector corrections", ["data", "pixeldq", "groupdq"]),
    "jwst-image": ("image", "JWST _rate, _cal, _i2d and others of one image", ["data", "dq", "err"]),
    "jwst-cube": ("cube", "JWST _rateints, _calints: an image for each integration", ["data", "dq", "err"]),
    "jwst-slits": ("multislit", "JWST _cal of spectra with several slits", []),
    "jwst-spectra": ("multispec", "JWST _x1d, _c1d: extracted spectra", []),
}
# What these schemas ask for, of the keywords that say what a file is.
JWST_NODES = ["meta.telescope", "meta.instrument.name", "meta.exposure.type", "meta.filename"]
# The science data themselves: they are measured, so they vary.
VARIES = ["data"]


def quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(name, description, nodes, arrays):
    lines = [
        "# Made by profiles/generate.py from the published schemas; do not edit.",
        f"description = {quoted(description)}",
    ]
    for node in nodes:
        lines += ["", "[[node]]"]
        lines += [f"{key} = {quoted(value)}" for key, value in node.items()]
    for array in arrays:
        lines += ["", "[[array]]", f"path = {quoted(array['path'])}"]
        if array.get("optional"):
            lines.append("optional = true")
        if array.get("datatype"):
            lines.append(f"datatype = [{', '.join(quoted(item) for item in array['datatype'])}]")
        if array.get("ndim"):
            lines.append(f"ndim = {array['ndim']}")
        if array.get("varies"):
            lines.append("varies = true")
    (HERE / f"{name}.toml").write_text("\n".join(lines) + "\n")


def roman_schemas():
    """All documents of rad, by their URI."""
    out = {}
    for path in Path(rad.__file__).parent.rglob("*.yaml"):
        document = yaml.safe_load(path.read_text())
        if isinstance(document, dict) and "id" in document:
            out[document["id"]] = document
    return out


def required(schema, schemas, prefix=()):
    """Paths that a schema asks for: keys, not what is in lists."""
    out = set()
    for part in schema.get("allOf", []):
        out |= required(part, schemas, prefix)
    if "$ref" in schema:
        out |= required(schemas.get(schema["$ref"], {}), schemas, prefix)
    if "tag" in schema and not schema.get("properties"):
        target = TAGS.get(schema["tag"])
        out |= required(schemas.get(target, {}), schemas, prefix)
    for key in schema.get("required", []):
        out.add((*prefix, key))
    for key, value in schema.get("properties", {}).items():
        if (*prefix, key) in out and isinstance(value, dict):
            out |= required(value, schemas, (*prefix, key))
    return out


def tags():
    out = {}
    for path in Path(rad.__file__).parent.rglob("*.yaml"):
        document = yaml.safe_load(path.read_text())
        if isinstance(document, dict):
            for entry in document.get("tags", []):
                if isinstance(entry, dict):
                    out[entry["tag_uri"]] = entry["schema_uri"]
    return out


TAGS = tags()


def roman():
    schemas = roman_schemas()
    for name, (kind, description) in ROMAN.items():
        versions = [
            document for uri, document in schemas.items() if re.search(rf"/{kind}-\d", uri)
        ]
        asked = set.intersection(*(required(document, schemas) for document in versions))
        arrays = {}
        for document in versions:
            for key, value in document["properties"].items():
                if "ndarray" in value.get("tag", ""):
                    arrays.setdefault(key, []).append(value)
        rows = []
        for key, forms in sorted(arrays.items()):
            ndims = {form.get("ndim") for form in forms}
            rows.append(
                {
                    "path": f"roman.{key}",
                    "optional": (key,) not in asked,
                    "datatype": sorted({form["datatype"] for form in forms if "datatype" in form}),
                    "ndim": ndims.pop() if len(ndims) == 1 else None,
                    "varies": key in VARIES and (key,) in asked,
                }
            )
        nodes = [{"path": "roman", "tag": f"asdf://stsci.edu/datamodels/roman/tags/{kind}-*"}]
        for path in sorted(asked):
            longer = any(other[: len(path)] == path and len(other) > len(path) for other in asked)
            if path[0] == "meta" and not longer:
                nodes.append({"path": "roman." + ".".join(path)})
        write(name, description, nodes, rows)


def jwst():
    folder = Path(stdatamodels.__file__).parent / "jwst/datamodels/schemas"
    for name, (kind, description, asked) in JWST.items():
        properties = merged(yaml.safe_load((folder / f"{kind}.schema.yaml").read_text()), folder)
        rows = []
        for key, value in sorted(properties.items()):
            if not isinstance(value, dict) or not isinstance(value.get("datatype"), str):
                continue
            rows.append(
                {
                    "path": key,
                    "optional": key not in asked,
                    # Products are cast to these when they are written, and may be wider when they are read elsewhere.
                    "datatype": [value["datatype"]],
                    "ndim": value.get("ndim"),
                    "varies": key in VARIES and key in asked,
                }
            )
        if not rows:
            # Arrays stand in lists: what can be said is that there is a first one.
            key = "slits[0].data" if kind == "multislit" else "spec[0].spec_table"
            rows.append({"path": key, "varies": kind == "multislit"})
        nodes = [{"path": path} for path in JWST_NODES]
        nodes[0]["equals"] = "JWST"
        write(name, description, nodes, rows)


def merged(schema, folder):
    out = {}
    for part in schema.get("allOf", []):
        if "$ref" in part:
            file = folder / Path(part["$ref"]).name
            if not file.name.endswith(".yaml"):
                file = folder / (file.name + ".yaml")
            if file.exists() and "core" not in file.name:
                out |= merged(yaml.safe_load(file.read_text()), folder)
        else:
            out |= merged(part, folder)
    out |= schema.get("properties", {})
    return out


roman()
jwst()
