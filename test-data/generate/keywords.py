"""What the reference makes of the keywords that ASDF adds to JSON Schema; run alone.

    venv/bin/python test-data/generate/keywords.py [--check]    # writes ../mutants/keywords.json

Each case is a schema for a node, the node, and whether the reference finds it valid.
"""

import argparse
import itertools
import json
import sys
import warnings
from pathlib import Path

import asdf
import yaml

OUT = Path(__file__).resolve().parent.parent / "mutants" / "keywords.json"
ARRAY = "!<tag:stsci.edu:asdf/core/ndarray-1.1.0>"
NAMES = "int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 complex64 complex128 bool8".split()
NAMES += ["[ascii, 3]", "[ascii, 5]", "[ucs4, 3]", "[ucs4, 5]"]
RECORDS = [
    "[{name: a, datatype: int16, byteorder: big}]",
    "[{name: a, datatype: int16, byteorder: little}]",
    "[{name: a, datatype: float32, byteorder: little}]",
    "[{name: b, datatype: float32, byteorder: little}]",
    "[{name: a, datatype: int16, byteorder: big}, {name: b, datatype: [ascii, 4]}]",
    "[{name: a, datatype: int16, byteorder: big, shape: [2]}]",
    "[{datatype: int16, byteorder: big}]",
]
INLINE = ["[1, 2]", "[300]", "[1.5]", "[true]", "[a, bcd]", "[[1], [2]]", "[]", "[1, 1.5]", "[70000, -1]", "[4294967296]", "[1, null]"]


def block(datatype, shape="[4, 3]"):
    return f"{ARRAY} {{source: 0, datatype: {datatype}, byteorder: big, shape: {shape}}}"


def cases():
    """Schema and node, both as YAML."""
    for found, wanted in itertools.product(NAMES, NAMES):
        yield f"{{datatype: {wanted}}}", block(found)
    for found, wanted in itertools.product(NAMES, NAMES[::3]):
        yield f"{{datatype: {wanted}, exact_datatype: true}}", block(found)
    for found, wanted in itertools.product(RECORDS, RECORDS):
        yield f"{{datatype: {wanted}}}", block(found)
        yield f"{{datatype: {wanted}, exact_datatype: true}}", block(found)
    for found, wanted in itertools.product(["int16", "[ascii, 4]", RECORDS[0]], ["float32", RECORDS[0], RECORDS[2]]):
        yield f"{{datatype: {wanted}}}", block(found)
    for found, wanted in itertools.product(INLINE, [*NAMES[:13:2], "bool8", "[ascii, 3]", "[ucs4, 3]"]):
        yield f"{{datatype: {wanted}}}", f"{ARRAY} {found}"
        yield f"{{datatype: {wanted}}}", f"{ARRAY} {{data: {found}, datatype: int8}}"
    for keyword, count in itertools.product(["ndim", "max_ndim"], [0, 1, 2, 3]):
        schema = f"{{{keyword}: {count}}}"
        for shape in ["[]", "[5]", "[5, 4]", "[5, 4, 3]", "['*', 4]"]:
            yield schema, block("int8", shape)
        for inline in ["[1]", "[[1]]", "[[[1, 2], [3, 4]]]", "[]", "[[]]"]:
            yield schema, f"{ARRAY} {inline}"
            yield schema, f"{ARRAY} {{data: {inline}}}"
            yield schema, inline
        yield schema, "{shape: [5, 4]}"
        yield schema, "text"
    tags = ["tag:example.org:a/thing-1.0.0", "tag:example.org:a/thing-1.2.0", "tag:example.org:b/thing-1.0.0", "tag:example.org:a/b/thing-1.0.0"]
    patterns = [*tags[:1], "tag:example.org:a/thing-1.*", "tag:example.org:*/thing-1.0.0", "tag:example.org:**/thing-1.0.0", "*", "**", "tag:*"]
    for tag, pattern in itertools.product(tags, patterns):
        yield f"{{tag: '{pattern}'}}", f"!<{tag}> {{x: 1}}"
    values = ["1", "1.5", "text", "true", "null", "[1]", "{a: 1}", "2027-03-14", "2027-03-14T15:09:26Z", "!!binary AAEC", "!!set {a: null}"]
    values += ["!!omap [{a: 1}]", "!!pairs [{a: 1}]", "!<tag:example.org:x-1.0.0> 1", "!<tag:example.org:x-1.0.0> [1]", ".nan", ".inf", "1.0", "1e3"]
    values += ["99999999999999999999", "{$ref: '#/x'}"]
    core = ["str", "int", "float", "bool", "null", "map", "seq", "timestamp", "binary", "set", "omap"]
    for value in values:
        for name in core:
            yield f"{{tag: 'tag:yaml.org,2002:{name}'}}", value
        for name in ["string", "integer", "number", "boolean", "null", "array", "object"]:
            yield f"{{type: '{name}'}}", value
        yield "{type: string, format: date-time}", value
        yield "{enum: [1, text, true, null, [1], {a: 1}]}", value
        yield "{minimum: 1}", value
        yield "{maximum: 1, exclusiveMaximum: true}", value
        yield "{minLength: 2}", value
        yield "{pattern: '^t'}", value
        yield "{minItems: 2}", value
        yield "{required: [b]}", value
        yield "{additionalProperties: false}", value
        yield "{not: {type: string}}", value


def verdict(schema, node):
    """Whether the node meets the schema; `None` when the reference fails at it."""
    text = f"%YAML 1.1\n--- {{node: {node}}}\n...\n"
    file = asdf.AsdfFile(version="1.6.0")
    tree = asdf.yamlutil.load_tree(text.encode())
    try:
        asdf.schema.validate(tree, file, schema={"properties": {"node": yaml.safe_load(schema)}}, reading=True)
    except asdf.exceptions.ValidationError:
        return False
    except Exception:  # whatever it stumbles over is not a verdict
        return None
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = [(schema, node, verdict(schema, node)) for schema, node in dict.fromkeys(cases())]
    kept = [case for case in found if case[2] is not None]
    text = "[\n" + ",\n".join(json.dumps(case) for case in kept) + "\n]\n"
    print(f"{len(kept)} cases, {sum(case[2] for case in kept)} valid; {len(found) - len(kept)} at which the reference fails")
    if options.check:
        return int(OUT.read_text() != text)
    OUT.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
