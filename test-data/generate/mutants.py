"""Trees with one or two faults, and whether the reference finds them valid; run alone, after `all.py`.

    venv/bin/python test-data/generate/mutants.py            # writes ../mutants/cases.json
    venv/bin/python test-data/generate/mutants.py --check    # fails when a fresh run gives anything else

Each base tree is written by the reference through asdf, asdf-astropy, gwcs, roman_datamodels and stdatamodels.
A case replaces lines FIRST..LAST of its base by others; the base itself is its case 0. The verdict is that of
`asdf.open` with `validate_on_read`, up to and including validation: converters and blocks play no part. A tree
that the reference cannot even load is left out and counted.
"""

import argparse
import concurrent.futures
import io
import json
import random
import sys
import warnings
from pathlib import Path

import asdf
import yaml

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "mutants" / "cases.json"
SEED = 20260401
HEAD = "%YAML 1.1\n--- "
LINE = 10_000
# Characters of an edit; a larger one (a node moved together with its anchors) tests no more than a small one.
LARGEST = 1200


def bases():
    """Name, version of the standard, packages beyond the built-in schemas, number of mutants, text."""
    import mutant_bases

    for name, standard, packages, count, tree in mutant_bases.all():
        yield name, standard, packages, count, canonical(tree)


def canonical(text):
    """A tree's text as PyYAML writes it, one scalar a line as far as possible."""
    for _ in range(2):
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        places(root)
        text = serialize(root)
    return text


class Dumper(yaml.SafeDumper):
    """Names anchors by the node's number in the base, so that a fault does not rename the others."""

    def generate_anchor(self, node):
        self.last_anchor_id += 1
        number = getattr(node, "number", None)
        return f"x{self.last_anchor_id}" if number is None else f"n{number}"


def serialize(node):
    return yaml.serialize(node, Dumper=Dumper, width=LINE, allow_unicode=True)


class Place:
    """A node with its parent: `parent.value[index]` is the node or the pair that has it."""

    def __init__(self, node, parent, index, path):
        self.node, self.parent, self.index, self.path = node, parent, index, path

    def put(self, node):
        if self.parent is None:
            return
        if isinstance(self.parent, yaml.MappingNode):
            self.parent.value[self.index] = (self.parent.value[self.index][0], node)
        else:
            self.parent.value[self.index] = node


def places(root):
    """Every node once, in document order."""
    found, seen = [], set()

    def walk(node, parent, index, path):
        if id(node) in seen:
            return
        seen.add(id(node))
        node.number = len(found)
        found.append(Place(node, parent, index, path))
        if isinstance(node, yaml.MappingNode):
            for number, (key, value) in enumerate(node.value):
                walk(value, node, number, f"{path}/{key.value}")
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                walk(value, node, number, f"{path}/{number}")

    walk(root, None, None, "")
    return found


def scalar(text):
    return yaml.compose(text, Loader=yaml.CSafeLoader)


REPLACEMENTS = [
    "12", "-3", "0", "2.5", "-1.0e+30", ".nan", "text", "''", "null", "true", "[]", "{}", "[1, 2, 3]", "[[1.5, 2.5], [3.5, 4.5]]",
    "{a: 1}", "2027-03-14", "2027-03-14T15:09:26.5", "!!binary AAEC", "!!set {a: null}", "!!omap [{a: 1}]", "99999999999999999999",
    "!core/complex-1.0.0 1+2j", "!unit/unit-1.0.0 m", "{$ref: '#/nowhere'}", "{$ref: 'other.asdf#/data'}",
]
NAMESPACE = "tag:stsci.edu:asdf/"
UNKNOWN = ["tag:example.org:unknown-1.0.0", "asdf://example.org/tags/thing-0.1.0", NAMESPACE + "core/nothing-1.0.0"]
DATATYPES = ["int8", "uint8", "int16", "uint16", "int32", "float32", "float64", "complex64", "bool8", "float16", "[ascii, 4]", "int7"]


def own_tag(node):
    return not node.tag.startswith("tag:yaml.org,2002:")


def is_array(node):
    return isinstance(node, yaml.MappingNode) and "/core/ndarray-" in node.tag


def members(node):
    return {key.value: number for number, (key, _) in enumerate(node.value)}


def replace(rng, place, everywhere):
    text = rng.choice(REPLACEMENTS).replace("!core/", f"!<{NAMESPACE}core/").replace("!unit/", f"!<{NAMESPACE}unit/")
    if "!<" in text:
        tag, value = text.split(" ", 1)
        text = f"{tag}> {value}"
    place.put(scalar(text))
    return f"replaced by {text}"


def remove_key(rng, place, everywhere):
    if not isinstance(place.node, yaml.MappingNode) or not place.node.value:
        return None
    index = rng.randrange(len(place.node.value))
    return f"without {place.node.value.pop(index)[0].value}"


def add_key(rng, place, everywhere):
    if not isinstance(place.node, yaml.MappingNode):
        return None
    name = rng.choice(["unexpected", "name", "inverse", "unit", "description", "Extra key"])
    if name in members(place.node):
        return None
    place.node.value.append((scalar(name), scalar(rng.choice(REPLACEMENTS[:20]))))
    return f"with {name}"


def rename_key(rng, place, everywhere):
    if not isinstance(place.node, yaml.MappingNode) or not place.node.value:
        return None
    index = rng.randrange(len(place.node.value))
    key, value = place.node.value[index]
    name = rng.choice([key.value + "_x", key.value.upper(), key.value[:-1] or "k"])
    if name in members(place.node):
        return None
    place.node.value[index] = (yaml.ScalarNode("tag:yaml.org,2002:str", name), value)
    return f"{key.value} renamed {name}"


def retag(rng, place, everywhere):
    node = place.node
    known = sorted({other.node.tag for other in everywhere if own_tag(other.node) and type(other.node) is type(node)})
    ways = ["unknown", "other", "version"] + (["none"] if own_tag(node) else [])
    way = rng.choice(ways)
    if way == "none":
        kind = {"M": "map", "S": "str"}.get(type(node).__name__[0])
        node.tag = "tag:yaml.org,2002:" + ("seq" if isinstance(node, yaml.SequenceNode) else kind)
    elif way == "other" and known:
        node.tag = rng.choice(known)
    elif way == "version" and own_tag(node) and "-" in node.tag:
        base = node.tag.rpartition("-")[0]
        node.tag = f"{base}-{rng.choice(['0.9.0', '1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '2.0.0', '99.0.0'])}"
    else:
        node.tag = rng.choice(UNKNOWN)
    if isinstance(node, yaml.ScalarNode):
        node.style = "'" if way == "none" else node.style
    return f"tagged {node.tag}"


def bend(rng, place, everywhere):
    """Another value of the same type."""
    node = place.node
    if not isinstance(node, yaml.ScalarNode):
        return None
    if node.tag in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
        place.put(scalar(rng.choice(["-" + node.value.lstrip("-"), node.value + "0", "0", "1.0e+300", "-7", "3"])))
    else:
        value = rng.choice([node.value + "x", node.value.upper(), node.value[:-1], "", node.value + " µ", "a" * 300])
        place.put(yaml.ScalarNode(node.tag, value, style='"'))
    return f"{node.value!r} changed"


def relist(rng, place, everywhere):
    node = place.node
    if not isinstance(node, yaml.SequenceNode):
        return None
    way = rng.choice(["drop", "double", "append", "nest"])
    if way == "drop" and node.value:
        node.value.pop(rng.randrange(len(node.value)))
    elif way == "double" and node.value:
        node.value = node.value + node.value
    elif way == "nest":
        node.value = [yaml.SequenceNode("tag:yaml.org,2002:seq", node.value, flow_style=True)]
    else:
        node.value = [*node.value, scalar(rng.choice(REPLACEMENTS[:16]))]
    return f"list: {way}"


def array(rng, place, everywhere):
    node = place.node
    if not is_array(node):
        return None
    names = members(node)
    key = rng.choice([name for name in ("datatype", "shape", "byteorder", "source", "strides", "offset") if name in names])
    value = {
        "datatype": lambda: rng.choice(DATATYPES),
        "shape": lambda: rng.choice(["[4]", "[4, 4]", "[1, 2, 3]", "[1, 2, 3, 4]", "[-1]", "['*', 4]", "[]", "4"]),
        "byteorder": lambda: rng.choice(["big", "middle", "1"]),
        "source": lambda: rng.choice(["-1", "1.5", "other.asdf", "null"]),
        "strides": lambda: rng.choice(["[0]", "[8, 8]", "[x]"]),
        "offset": lambda: rng.choice(["-8", "x", "8"]),
    }[key]()
    index = names[key]
    node.value[index] = (node.value[index][0], scalar(value))
    return f"{key} {value}"


def inline(rng, place, everywhere):
    """An array that stands in the tree."""
    if not is_array(place.node):
        return None
    value = rng.choice(["[1, 2]", "[[1.5, 2.5]]", "[[[1, 2]]]", "[a, b]", "[true, false]", "[1, null]", "[[1], [2, 3]]", "[]", "[300, -1]"])
    node = scalar(value)
    node.tag = place.node.tag
    place.put(node)
    return f"inline {value}"


def alias(rng, place, everywhere):
    other = rng.choice(everywhere)
    if place.parent is None or other.path.startswith(place.path) or place.path.startswith(other.path):
        return None
    place.put(other.node)
    return f"the node of {other.path}"


# Those that go wrong most often come more often.
KINDS = [replace] * 5 + [remove_key] * 4 + [add_key] * 2 + [rename_key] * 2 + [retag] * 4 + [bend] * 4 + [relist] * 2 + [array] * 3
KINDS += [inline, alias]


def mutant(base, rng):
    """A changed text and what was changed; `None` when the dice asked for the impossible."""
    root = yaml.compose(base, Loader=yaml.CSafeLoader)
    everywhere = places(root)
    told = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        place = rng.choice(everywhere)
        kind = rng.choice(KINDS)
        if kind in (array, inline):
            arrays = [other for other in everywhere if is_array(other.node)]
            place = rng.choice(arrays) if arrays else place
        about = kind(rng, place, everywhere)
        if about is None:
            return None
        told.append(f"{place.path or '/'}: {about}")
    text = serialize(root)
    return None if text == base or len(edit(base, text)[2]) > LARGEST else (text, "; ".join(told))


def verdict(job):
    """`valid`, `invalid` or `refused`, as the reference has it."""
    text, standard = job
    data = f"#ASDF 1.0.0\n#ASDF_STANDARD {standard}\n{HEAD}{text}...\n".encode()
    try:
        with warnings.catch_warnings(), asdf.config_context() as config:
            warnings.simplefilter("ignore")
            config.validate_on_read = True
            asdf.open(io.BytesIO(data), _force_raw_types=True).close()
    except asdf.exceptions.ValidationError:
        return "invalid"
    except Exception:  # whatever else the reference stumbles over is not a verdict
        return "refused"
    return "valid"


def edit(base, text):
    """First and last line replaced (from 0, last not included) and the new lines."""
    old, new = base.splitlines(True), text.splitlines(True)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    same = 0
    while same < min(len(old), len(new)) - first and old[-1 - same] == new[-1 - same]:
        same += 1
    return first, len(old) - same, "".join(new[first : len(new) - same])


def make():
    collection, counts = {"seed": SEED, "bases": []}, {"valid": 0, "invalid": 0, "refused": 0}
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for name, standard, packages, count, base in bases():
            rng, texts = random.Random(f"{SEED} {name}"), {base: "as written"}
            while len(texts) <= count:
                made = mutant(base, rng)
                if made:
                    texts.setdefault(*made)
            verdicts = list(pool.map(verdict, ((text, standard) for text in texts), chunksize=8))
            if verdicts[0] != "valid":
                sys.exit(f"{name}: the base is {verdicts[0]}")
            cases = []
            for (text, about), found in zip(texts.items(), verdicts):
                counts[found] += 1
                if found != "refused":
                    first, last, lines = edit(base, text)
                    about = about if len(about) <= 160 else about[:159] + "…"
                    cases.append([first, last, lines, found == "valid", about])
            collection["bases"].append(
                {"name": name, "standard": standard, "packages": packages, "text": base, "cases": cases}
            )
    return collection, counts


def text(collection):
    """One case a line."""
    parts = []
    for base in collection["bases"]:
        head = json.dumps({key: base[key] for key in ("name", "standard", "packages", "text")}, ensure_ascii=False)
        cases = ",\n".join(json.dumps(case, ensure_ascii=False) for case in base["cases"])
        parts.append(f'{head[:-1]}, "cases": [\n{cases}\n]}}')
    return f'{{"seed": {collection["seed"]}, "bases": [\n' + ",\n".join(parts) + "\n]}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    collection, counts = make()
    fresh = text(collection)
    print(", ".join(f"{count} {what}" for what, count in counts.items()))
    if options.check:
        return int(OUT.read_text(encoding="utf-8") != fresh)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
