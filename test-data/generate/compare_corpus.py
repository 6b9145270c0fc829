"""Compares what `asdf` says with what the sidecars of a corpus expect.

python compare_corpus.py ASDF_BINARY CORPUS_DIR [--only PATTERN] [--jobs N] [--verbose]

Looks below CORPUS_DIR/generated and CORPUS_DIR/real (or CORPUS_DIR itself when it has neither) at every
`NAME.asdf.expected.json`, runs `asdf info --json` and `asdf ls --json --digest` on `NAME.asdf`, and compares tree,
header, blocks, index, arrays and references. Prints one line a difference and the counts; exits 1 when there is any.
"""

import argparse
import fnmatch
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SUFFIX = ".expected.json"
INDEX_STATES = ("valid", "absent", "ignored")


class Float(float):
    """A float that remembers its text, so that 1.0 is not 1 and -0.0 not 0.0."""

    __slots__ = ("text",)

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self


def parse(text):
    return json.loads(text, parse_float=Float)


def run(command, timeout=120):
    """Standard output as JSON, exit code, standard error."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return None, None, "timeout"
    errors = done.stderr.decode("utf-8", "replace").strip()
    try:
        return parse(done.stdout.decode("utf-8")), done.returncode, errors
    except ValueError as error:
        return None, done.returncode, errors or f"stdout is no JSON: {error}"


# ------------------------------------------------------------------------------------------------------- the tree


def tree_difference(want, got, path=""):
    """The first place where two trees differ, as text; None when they are equal."""
    if isinstance(want, dict) and isinstance(got, dict):
        return mapping_difference(want, got, path)
    if isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            return f"{path or '/'}: {len(want)} items expected, {len(got)} found"
        for i, (a, b) in enumerate(zip(want, got)):
            found = tree_difference(a, b, f"{path}/{i}")
            if found:
                return found
        return None
    return None if same_scalar(want, got) else f"{path or '/'}: {show(want)} expected, {show(got)} found"


def mapping_difference(want, got, path):
    for key in ("$map", "$set"):
        if set(want) == {key} == set(got):
            return unordered_difference(want[key], got[key], path)
    if set(want) != set(got):
        missing, extra = sorted(set(want) - set(got)), sorted(set(got) - set(want))
        return f"{path or '/'}: keys missing {missing[:5]}, unexpected {extra[:5]}"
    for key in want:
        inner = path if key == "$value" and "$tag" in want else f"{path}/{key}"
        found = tree_difference(want[key], got[key], inner)
        if found:
            return found
    return None


def unordered_difference(want, got, path):
    """Pairs or members whose order means nothing."""
    if not isinstance(got, list) or len(want) != len(got):
        return f"{path or '/'}: {len(want)} entries expected, {show(got)} found"
    left = list(got)
    for item in want:
        match = next((i for i, other in enumerate(left) if tree_difference(item, other) is None), None)
        if match is None:
            return f"{path or '/'}: no entry {show(item)}"
        left.pop(match)
    return None


def same_scalar(want, got):
    if isinstance(want, Float) or isinstance(got, Float):
        return isinstance(want, Float) and isinstance(got, Float) and repr(float(want)) == repr(float(got))
    return type(want) is type(got) and want == got


def show(value):
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) < 90 else text[:87] + "..."


# --------------------------------------------------------------------------------------------- header and blocks


def header_differences(want, got):
    if want.get("header_error"):
        return
    for theirs, ours in (("file_format_version", "format_version"), ("standard_version", "standard_version")):
        if want[theirs] is not None and want[theirs] != got.get(ours):
            yield f"{ours}: {want[theirs]} expected, {got.get(ours)} found"
    if [c.strip() for c in want.get("comments", [])] != [c.strip() for c in got.get("comments", [])]:
        yield f"comments: {show(want['comments'])} expected, {show(got.get('comments'))} found"


BLOCK_FIELDS = ("offset", "header_size", "flags", "allocated", "used", "data_size")


def block_differences(want, got):
    if len(want) != len(got):
        yield f"blocks: {len(want)} expected, {len(got)} found"
        return
    for i, (a, b) in enumerate(zip(want, got)):
        for field in ("offset", "header_size", "flags") if a["streamed"] else BLOCK_FIELDS:
            if a[field] != b.get(field):
                yield f"block {i}: {field} {a[field]} expected, {b.get(field)} found"
        if (a["compression"] or None) != b.get("compression"):
            yield f"block {i}: compression {a['compression'] or None} expected, {b.get('compression')} found"
        digest = a["checksum"] if a["checksum"].strip("0") else None
        if digest != b.get("checksum"):
            yield f"block {i}: checksum {digest} expected, {b.get('checksum')} found"


def index_difference(want, got, blocks):
    """Sidecars hold the index as written; what it is worth follows from the blocks."""
    if got not in INDEX_STATES:
        return f"index: {got!r} is none of {INDEX_STATES}"
    if want is None:
        expected = {"absent"}
    elif isinstance(want, list) and [o for o in want] == [b["offset"] for b in blocks]:
        expected = {"valid"}
    else:
        # Nothing that could be mistaken for an index (an empty one, text beyond junk) may count as absent.
        expected = {"ignored"} if isinstance(want, list) and want else {"ignored", "absent"}
    if any(b["streamed"] for b in blocks):
        expected = {"absent", "ignored"}
    return None if got in expected else f"index: {' or '.join(sorted(expected))} expected, {got} found"


# --------------------------------------------------------------------------------------------------------- arrays


def normal_datatype(datatype, byteorder, outer=True):
    """A datatype with every field spelled out and the byte order left out where it means nothing."""
    if isinstance(datatype, list) and not is_text(datatype):
        fields = []
        for i, field in enumerate(datatype):
            field = field if isinstance(field, dict) else {"datatype": field}
            order = field.get("byteorder", byteorder)
            entry = {"name": field.get("name") or f"f{i}"}
            entry["datatype"] = normal_datatype(field["datatype"], order, outer=False)
            entry["shape"] = list(field.get("shape") or [])
            fields.append(entry)
        return fields
    if outer:
        return datatype
    single = datatype in ("int8", "uint8", "bool8") or (is_text(datatype) and datatype[0] == "ascii")
    return [datatype, None if single else byteorder]


def is_text(datatype):
    return len(datatype) == 2 and datatype[0] in ("ascii", "ucs4") and isinstance(datatype[1], int)


def array_differences(want, got):
    """Pairs the arrays by path; an expected error may be data here, when the reference is what failed."""
    found = {}
    for entry in got:
        found.setdefault(entry.get("path"), entry)
    for entry in want:
        other = found.pop(entry["path"], None)
        if other is None:
            yield f"array {entry['path']}: not listed"
        elif "error" not in entry:
            yield from array_difference(entry, other)
    for path, entry in found.items():
        # Arrays in FITS files that a tree names are objects of dkist, which the reference was not given.
        if entry.get("source") != "uri":
            yield f"array {path}: listed, but not expected"


def array_difference(want, got):
    name = f"array {want['path']}"
    if want.get("python_dtype") == "object":
        fields = ("shape", "mask_sha256")
    else:
        order = want.get("byteorder")
        pair = normal_datatype(want["datatype"], order), normal_datatype(got.get("datatype"), got.get("byteorder"))
        if pair[0] != pair[1]:
            yield f"{name}: datatype {show(want['datatype'])} expected, {show(got.get('datatype'))} found"
        if order != got.get("byteorder") and got.get("source") != "inline":
            yield f"{name}: byteorder {order} expected, {got.get('byteorder')} found"
        fields = ("shape", "sha256", "mask_sha256")
    for field in fields:
        if want.get(field) != got.get(field):
            reason = f" ({got['error']})" if "error" in got else ""
            yield f"{name}: {field} {show(want.get(field))} expected, {show(got.get(field))} found{reason}"


# ------------------------------------------------------------------------------------------------------- one file


def reference_differences(binary, file, want):
    """Resolves each reference by path; the expected target is one step, so a chain is not compared."""
    for entry in want:
        got, code, errors = run([binary, "get", str(file), entry["path"], "--resolve", "--json"])
        name = f"reference {entry['path']}"
        if "error" in entry:
            continue
        if contains_reference(entry["target"]):
            continue
        if code != 0:
            yield f"{name}: exit {code}: {errors[:120]}"
            continue
        found = tree_difference(entry["target"], got)
        if found:
            yield f"{name}: {found}"


def contains_reference(node):
    if isinstance(node, dict):
        return "$ref" in node or any(contains_reference(v) for v in node.values())
    if isinstance(node, list):
        return any(contains_reference(v) for v in node)
    return False


def compare(binary, sidecar, resolve):
    """(verdict, differences) of one file."""
    file = sidecar.with_name(sidecar.name[: -len(SUFFIX)])
    want = parse(sidecar.read_text())
    if not file.exists():
        return "skipped", ["no such file beside its sidecar"]
    info, code, errors = run([binary, "info", "--json", str(file)])
    refused = want.get("header_error") or want.get("tree_error")
    if code not in (0, 1, 2) or "panicked" in errors:
        return "different", [f"info: exit {code}: {errors[:200]}"]
    if refused:
        # Some of these are legal and only the reference refuses them: both verdicts are right, silence is not.
        return ("refused" if code == 2 else "read where the reference refuses"), []
    if not isinstance(info, dict):
        return "different", [f"info: exit {code}: {errors[:200]}"]
    differences = list(header_differences(want, info))
    found = tree_difference(want["tree"], info.get("tree"))
    differences += [f"tree {found}"] if found else []
    differences += block_differences(want["blocks"], info.get("blocks", []))
    state = index_difference(want["index"], info.get("index"), want["blocks"])
    differences += [state] if state else []
    listing, code, errors = run([binary, "ls", "--json", "--digest", str(file)])
    if isinstance(listing, list):
        differences += array_differences(want["arrays"], listing)
    elif not (code == 2 and any("error" in a for a in want["arrays"])):
        differences.append(f"ls: exit {code}: {errors[:200]}")
    if resolve:
        differences += reference_differences(binary, file, want.get("refs", []))
    return ("different" if differences else "equal"), differences


def sidecars(directory, only):
    parts = [p for p in (directory / "generated", directory / "real") if p.is_dir()] or [directory]
    for part in parts:
        for path in sorted(part.rglob("*" + SUFFIX)):
            name = str(path.relative_to(directory))
            if only is None or only in name or fnmatch.fnmatch(name, only):
                yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", help="files whose path contains this, or matches it as a glob")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--no-resolve", action="store_true", help="do not run `get --resolve` on references")
    parser.add_argument("--verbose", action="store_true", help="also a line for every file")
    options = parser.parse_args()
    paths = list(sidecars(options.corpus, options.only))
    counts = Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda p: compare(options.binary, p, not options.no_resolve), paths)
        for path, (verdict, differences) in zip(paths, results):
            counts[verdict] += 1
            name = str(path.relative_to(options.corpus))[: -len(SUFFIX)]
            if options.verbose or verdict.startswith("read"):
                print(f"{verdict}: {name}")
            for line in differences[:10]:
                print(f"{verdict}: {name}: {line}")
            if len(differences) > 10:
                print(f"{verdict}: {name}: ... {len(differences) - 10} more")
    print(f"{len(paths)} files: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    return 1 if counts["different"] or counts["skipped"] or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
