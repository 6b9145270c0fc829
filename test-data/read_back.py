"""Converts files in every way, and reads every result back with `asdf` and with Python asdf.

python read_back.py ASDF_BINARY DIR... [--only PATTERN] [--ways none,lz4,json] [--jobs 2] [--install DIR] [--require]

For each readable `*.asdf` below each DIR: `asdf convert --compress C` for every codec, asdf -> yaml -> asdf,
asdf -> json -> asdf, explode -> implode. `asdf info --json` and `asdf ls --json --digest` must say the same of source
and result: the same tree in the same order, the same arrays by digest. Python must find the same tree and the same
arrays in both (by `generate/expected.py`), and `asdf.open` with checksums validated must give equal objects. What a way
may change: blocks, their numbers and the index; explode: where arrays are stored; yaml and json: comments, byte order
and layout of arrays, which become lists.

Prints one line a difference and a table of counts. Differences that `spec-notes/write-differences.txt` explains
(`NAME WAY reason`, WAY may be `*`) are counted apart; any other makes the exit code 1. Without the Python packages it
says so and compares only what `asdf` reads, with --require it ends with 1; `--install DIR` makes a virtual environment
there first (needs a network).
"""

import argparse
import fnmatch
import hashlib
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "generate"))
sys.path.insert(0, str(HERE))
import packages  # noqa: E402: found by the line before

CODECS = ("none", "zlib", "bzp2", "lz4", "lz4f", "zstd", "blsc", "input")
TEXTS = ("yaml", "json")
WAYS = (*CODECS, *TEXTS, "explode", "implode")
KNOWN = HERE.parent / "spec-notes" / "write-differences.txt"
ARRAY = "tag:stsci.edu:asdf/core/ndarray-"
SECONDS = 120
# More of data is not written as text.
TEXT_BYTES = 4 << 20
# A file of more blocks than a hostile one may name siblings.
ROOM = ("--limit", "siblings=100000")


# An array of which `asdf.open` made none.
UNMADE = "(no array)"


class Different(Exception):
    """What is not the same."""


class Refused(Exception):
    """A command ended with another code than 0."""


# ------------------------------------------------------------------------------------------------- what `asdf` says


def run(*arguments):
    """Exit code, standard output, standard error."""
    try:
        environment = os.environ | {"RUST_BACKTRACE": "0", "NO_COLOR": "1"}
        done = subprocess.run(arguments, capture_output=True, timeout=SECONDS, env=environment)
    except subprocess.TimeoutExpired:
        return None, b"", f"no end after {SECONDS} s"
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace").strip()


def must(*arguments):
    code, out, errors = run(*arguments)
    if code != 0:
        raise Refused(f"{arguments[1]} ends with {code}: {errors[-300:]}")
    return out


class Ours:
    """What `info` and `ls --digest` say of a file."""

    def __init__(self, binary, path):
        self.path = path
        code, out, errors = run(binary, "info", "--json", *ROOM, path)
        if code != 0:
            raise Refused(f"info ends with {code}: {errors.partition(f'{path}: ')[2] or errors[-300:]}")
        # Numbers stay text, so that 1.0 is not 1.
        self.info = json.loads(out, parse_float=lambda text: f"float {text}")
        code, out, self.errors = run(binary, "ls", "--json", "--digest", *ROOM, path)
        self.whole = code == 0
        self.arrays = json.loads(out) if out.strip() else []

    def tree(self, way):
        """The tree as text in document order, without what the way may change."""
        return json.dumps(plain_tree(self.info["tree"], way))

    def header(self, way):
        if way in TEXTS:
            return {}
        return {key: self.info[key] for key in ("format_version", "standard_version", "comments")}

    def rows(self, way):
        """The arrays, without what the way may change."""
        return [plain_row(row, way) for row in self.arrays]


def plain_tree(node, way):
    """Array nodes become their tag: `rows` compares what they hold. With `input` and the codecs most stays."""
    if isinstance(node, list):
        return [plain_tree(item, way) for item in node]
    if not isinstance(node, dict):
        return node
    if str(node.get("$tag", "")).startswith(ARRAY):
        inner = node.get("$value")
        if way in CODECS and isinstance(inner, dict):
            # A compressed block is no stream, so its array has a number of rows.
            loose = ("source", "shape") if inner.get("source") == -1 or "*" in inner.get("shape", []) else ("source",)
            kept = {key: value for key, value in inner.items() if key not in loose}
            return {"$tag": node["$tag"], "$value": plain_tree({key: v for key, v in kept.items() if key != "shape"}, way)}
        if way in CODECS:
            return node
        # A text may say `[1, 2]` where a block was, and anything of its version.
        return {"$tag": ARRAY if way in TEXTS else node["$tag"]}
    return {key: plain_tree(value, way) for key, value in node.items()}


def plain_row(row, way):
    kept = {key: row.get(key) for key in ("path", "datatype", "shape", "byteorder", "sha256", "mask_sha256")}
    kept["failed"] = "error" in row
    if way in CODECS:
        kept["storage"] = "block" if isinstance(row.get("source"), int) else row.get("source")
    if way in TEXTS:
        kept["byteorder"] = None
        kept["datatype"] = without_order(row.get("datatype"))
    return kept


def without_order(datatype):
    if isinstance(datatype, list):
        return [without_order(field) for field in datatype]
    if isinstance(datatype, dict):
        return {key: without_order(value) for key, value in datatype.items() if key != "byteorder"}
    return datatype


def same_to_us(source, result, way):
    """Raises `Different`."""
    for name in ("header", "tree", "rows"):
        want, got = getattr(source, name)(way), getattr(result, name)(way)
        if want != got:
            raise Different(f"our {name}: {first_difference(want, got)}")
    if way in CODECS:
        blocks(source, result, way)
        if tree_text(source.path) != tree_text(result.path):
            raise Different(f"text of the tree: {first_difference(*map(repr, map(tree_text, (source.path, result.path))))}")


def tree_text(path):
    """From `%YAML` to the line `...`: what comments and styles are compared by. Parts are named after their file."""
    head = path.read_bytes().split(b"\xd3BLK")[0]
    found = re.search(rb"^%YAML.*?\r?\n\.\.\.(?=\r?\n|$)", head, re.S | re.M)
    return re.sub(rb"source: [\w./-]+[0-9]{4}\.asdf", b"source: PART", found[0]) if found else b""


def checksums(source, result):
    """None is lost; a stream has none."""
    missing = [
        [block["index"] for block in ours.info["blocks"] if block["checksum"] is None and not block["flags"] & 1]
        for ours in (source, result)
    ]
    if missing[1] and not missing[0]:
        raise Different(f"blocks {missing[1][:5]} have no checksum")


def blocks(source, result, way):
    """The codec is the one asked for, except where data cannot be decoded; `input` keeps every one."""
    checksums(source, result)
    labels = ("compression", "data_size", "used")
    if way == "input":
        want, got = ([[block[key] for key in labels] for block in file.info["blocks"]] for file in (source, result))
        streamed = [block["flags"] & 1 for block in source.info["blocks"]]
        if streamed != [block["flags"] & 1 for block in result.info["blocks"]]:
            raise Different(f"blocks: streamed {streamed} expected")
        # The sizes of a streamed block mean nothing.
        want, got = ([row for row, flag in zip(rows, streamed) if not flag] for rows in (want, got))
        if want != got:
            raise Different(f"blocks: {first_difference(want, got)}")
        return
    if not source.whole:
        return
    wanted = None if way == "none" else way
    for row in result.arrays:
        number, found = row.get("source"), row.get("compression")
        if not isinstance(number, int) or found == wanted or row.get("bytes", 0) == 0:
            continue
        # A stream is never compressed, and stays one.
        if not result.info["blocks"][number]["flags"] & 1:
            raise Different(f"{row['path']}: compression {found}, {wanted} expected")


def first_difference(want, got):
    """Where two texts or lists begin to differ."""
    if isinstance(want, list) and isinstance(got, list):
        if len(want) != len(got):
            return f"{len(want)} expected, {len(got)} found"
        want, got = next((a, b) for a, b in zip(want, got) if a != b)
    want, got = (text if isinstance(text, str) else json.dumps(text) for text in (want, got))
    at = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
    start = max(at - 60, 0)
    return f"…{want[start : at + 80]!r} expected, …{got[start : at + 80]!r} found"


# --------------------------------------------------------------------------------------------- what Python asdf says


def python_problem():
    """Why the Python packages cannot be used; None when they can. Imports them, which takes a second."""
    try:
        import asdf_astropy  # noqa: F401
        import asdf_compression  # noqa: F401
        import gwcs  # noqa: F401

        import expected  # noqa: F401
    except ImportError as error:
        return f"{error.name or error} is not there"
    return None


class Python:
    """What Python finds in a file: its own tree and arrays, and the objects that `asdf.open` makes of them."""

    def __init__(self, path, validate):
        import expected

        # Opened once, below.
        expected.asdf_open = lambda path: None
        self.sidecar = expected.sidecar(path)
        self.path = path
        self.opened(path, validate)

    def quiet(self):
        """Digests of the arrays with one NaN for all: in a text there is only one."""
        import expected

        file, digests = expected.File(self.path), []
        for kind, path, node in expected.walk(file.tree):
            if kind == "array":
                try:
                    array = expected.load(file, node)
                    digests.append((path, array.shape, hashlib.sha256(expected.little(one_nan(array))).hexdigest()))
                except Exception as error:
                    digests.append((path, type(error).__name__))
        return digests

    def opened(self, path, validate):
        import asdf

        self.error, self.objects = None, None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                with asdf.open(path, lazy_load=False, memmap=False, validate_checksums=validate) as file:
                    self.objects = whole(file.tree)
            except Exception as error:
                self.error = f"{type(error).__name__}: {str(error)[:200]}"
        # numpy has its own thoughts of odd numbers.
        self.warnings = {w.category.__name__ for w in caught} - {"RuntimeWarning"}


def one_nan(array):
    """A copy of the data in which every NaN is the same, in records as well."""
    import expected
    import numpy as np

    raw = np.array(array.data if isinstance(array, np.ma.MaskedArray) else array)
    raw = raw.astype(expected.packed(raw.dtype))
    open_parts = [raw]
    while open_parts:
        part = open_parts.pop()
        if part.dtype.names:
            open_parts += [part[name] for name in part.dtype.names]
        elif part.dtype.kind in "fc":
            part[np.isnan(part)] = np.nan
    return raw


def unreadable_inline(source, result, way):
    """Whether Python cannot read an array only because it is a list now (no dimensions, records in records)."""
    pairs = zip(source.sidecar["arrays"], result.sidecar["arrays"])
    return way in TEXTS and any("error" in got and "error" not in want for want, got in pairs)


def same_to_python(source, result, way):
    """Raises `Different`."""
    want, got = source.sidecar, result.sidecar
    if "tree_error" in want:
        return
    if "tree_error" in got:
        raise Different(f"Python cannot read the tree: {got['tree_error'][:200]}")
    trees = [plain_tree(python_floats(sidecar["tree"]), way) for sidecar in (want, got)]
    if sorted_text(trees[0]) != sorted_text(trees[1]):
        raise Different(f"Python's tree: {first_difference(sorted_text(trees[0]), sorted_text(trees[1]))}")
    if unreadable_inline(source, result, way):
        return
    rows = [[python_row(entry, way) for entry in sidecar["arrays"]] for sidecar in (want, got)]
    if rows[0] != rows[1] and (way not in TEXTS or source.quiet() != result.quiet()):
        raise Different(f"Python's arrays: {first_difference(*rows)}")
    wrong = [block["offset"] for block in got["blocks"] if block["checksum_ok"] is False]
    if wrong:
        raise Different(f"checksums wrong at {wrong[:5]}")
    if source.error is None:
        if result.error is not None:
            raise Different(f"asdf.open: {result.error}")
        found = object_difference(source.objects, result.objects, "")
        if found:
            raise Different(f"asdf.open: {found}")
        if result.warnings - source.warnings:
            raise Different(f"asdf.open warns: {sorted(result.warnings - source.warnings)}")


def python_floats(node):
    """Floats as text, as in `Ours`."""
    if isinstance(node, float):
        return f"float {node!r}"
    if isinstance(node, list):
        return [python_floats(item) for item in node]
    if isinstance(node, dict):
        return {key: python_floats(value) for key, value in node.items()}
    return node


def sorted_text(tree):
    return json.dumps(tree, sort_keys=True)


def python_row(entry, way):
    row = plain_row(entry, "python")
    row["values"] = repr(entry.get("values"))
    if way in TEXTS:
        row["byteorder"], row["datatype"] = None, without_order(row["datatype"])
    return row


def whole(node, above=()):
    """The tree with every array read: blocks are gone when the file is closed."""
    import numpy as np
    from asdf.tags.core.ndarray import NDArrayType

    if id(node) in above:
        return "(again)"
    inside = (*above, id(node))
    if str(getattr(node, "_tag", "")).startswith(ARRAY):
        return UNMADE
    if isinstance(node, NDArrayType):
        return np.ma.copy(node._make_array()) if isinstance(node._make_array(), np.ma.MaskedArray) else np.array(node)
    if isinstance(node, dict):
        return {repr(key): whole(value, inside) for key, value in node.items()}
    if isinstance(node, (list, tuple)):
        return [whole(item, inside) for item in node]
    return node


def object_difference(want, got, path):
    """The first place where two converted trees differ; None when they are equal."""
    import numpy as np

    if want is UNMADE:
        return None
    if type(want) is not type(got):
        return f"{path or '/'}: {type(want).__name__} expected, {type(got).__name__} found"
    if isinstance(want, dict):
        if list(want) != list(got):
            return f"{path or '/'}: keys {list(want)[:9]} expected, {list(got)[:9]} found"
        return next(filter(None, (object_difference(v, got[k], f"{path}/{k}") for k, v in want.items())), None)
    if isinstance(want, list):
        if len(want) != len(got):
            return f"{path or '/'}: {len(want)} items expected, {len(got)} found"
        pairs = enumerate(zip(want, got))
        return next(filter(None, (object_difference(a, b, f"{path}/{i}") for i, (a, b) in pairs)), None)
    if isinstance(want, np.ndarray):
        return None if same_arrays(want, got) else f"{path or '/'}: another array"
    if isinstance(want, float):
        return None if want == got or (math.isnan(want) and math.isnan(got)) else f"{path}: {want!r} and {got!r}"
    if isinstance(want, (str, bytes, int, complex, type(None))):
        return None if want == got or want != want else f"{path}: {want!r} expected, {got!r} found"
    return parts_difference(want, got, path)


def parts_difference(want, got, path):
    """Objects of other packages: what their model parameters, values or texts say."""
    import numpy as np

    for name in ("parameters", "value", "jd1", "jd2"):
        try:
            a, b = getattr(want, name), getattr(got, name)
        except Exception:
            continue
        if isinstance(a, (np.ndarray, float, np.number)) and not same_arrays(np.asarray(a), np.asarray(b)):
            return f"{path}: another {name}"
    return None


def same_arrays(a, b):
    """Masks included, whatever the byte order."""
    import expected
    import numpy as np

    if isinstance(a, np.ma.MaskedArray) != isinstance(b, np.ma.MaskedArray) or a.shape != b.shape:
        return False
    if isinstance(a, np.ma.MaskedArray) and not np.array_equal(np.ma.getmaskarray(a), np.ma.getmaskarray(b)):
        return False
    raw = [x.data if isinstance(x, np.ma.MaskedArray) else x for x in (a, b)]
    if raw[0].dtype == object or raw[1].dtype == object:
        return repr(raw[0].tolist()) == repr(raw[1].tolist())
    if expected.packed(raw[0].dtype) != expected.packed(raw[1].dtype):
        return False
    # The digests before this have compared the bits of NaN.
    return expected.little(one_nan(raw[0])) == expected.little(one_nan(raw[1]))


# ---------------------------------------------------------------------------------------------------------- one file


def has_mismatch(binary, path):
    """Whether the checksum of a block is wrong."""
    _, out, _ = run(binary, "verify", "--json", path)
    return any(block["checksum"] == "mismatch" for block in json.loads(out or b"{}").get("blocks", []))


class Job:
    """One source file, in a folder of its own with copies of its siblings."""

    def __init__(self, binary, source, folder, with_python):
        self.binary, self.source, self.folder, self.with_python = binary, source, folder, with_python
        self.seen = {}
        self.ours = Ours(binary, source)
        self.damaged = has_mismatch(binary, source)
        self.python = Python(source, False) if with_python else None

    def results(self, ways):
        """Way, verdict, words."""
        both = {"explode", "implode"}
        for way in dict.fromkeys("explode" if way in both else way for way in ways):
            try:
                rows = list(self.result(way))
            except (Different, Refused) as what:
                rows = [(way, "different", str(what))]
            # One is made on the way to the other.
            yield from (row for row in rows if row[0] in ways or row[0] not in both)

    def result(self, way):
        if way in TEXTS or way == "explode":
            if not self.ours.whole:
                yield way, "not whole", ""
                return
            if way in TEXTS and sum(row.get("bytes", 0) for row in self.ours.arrays) > TEXT_BYTES:
                yield way, "too large for text", ""
                return
        if self.damaged:
            yield from self.damage(way)
        elif way in CODECS:
            out = self.out(way)
            must(self.binary, "convert", "--force", "--compress", way, self.source, out)
            yield way, *self.judged(out, way)
        elif way in TEXTS:
            text, out = self.folder / f"{self.source.stem}.way.{way}", self.out(way)
            convert = [self.binary, "convert", "--force", self.source, text]
            code, _, errors = run(*convert)
            # Blocks that no array names have no place in a text, which is to be said before they are left out.
            if code == 2 and "--drop-unknown-blocks" in errors:
                convert.append("--drop-unknown-blocks")
            must(*convert)
            # Some files break a schema, which is their business.
            must(self.binary, "convert", "--force", "--no-validate", text, out)
            yield way, *self.judged(out, way)
        else:
            yield from self.exploded()

    def damage(self, way):
        """A damaged file is not made to look sound."""
        out = self.out(way)
        arguments = ("--compress", way) if way in CODECS else ()
        code, _, errors = run(self.binary, "convert", "--force", *arguments, self.source, out)
        if way in CODECS and code == 0:
            raise Different("a damaged file was converted without a word")
        if out.exists():
            raise Different(f"refused, and left {out.name}")
        if way in CODECS and not errors.startswith("asdf: "):
            raise Different(f"the error says {errors[:200]!r}")
        yield way, "refused, damaged", ""

    def exploded(self):
        """In a folder of its own, with the siblings: explode makes files whose names it chooses."""
        folder = self.folder.parent / f"{self.folder.name}-exploded"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        try:
            out, whole_again = folder / "way-exploded.asdf", folder / "way-imploded.asdf"
            must(self.binary, "explode", "--force", "-o", out, folder / self.source.name)
            try:
                left = [row["path"] for row in Ours(self.binary, out).arrays if isinstance(row.get("source"), int)]
                if left:
                    raise Different(f"still in blocks: {left[:5]}")
                yield "explode", *self.judged(out, "explode")
            except Different as what:
                yield "explode", "different", str(what)
            must(self.binary, "implode", *ROOM, "--force", "-o", whole_again, out)
            yield "implode", *self.judged(whole_again, "implode")
        except Refused as what:
            yield "implode", "different", str(what)
        except Different as what:
            yield "implode", "different", str(what)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def out(self, way):
        return self.folder / f"{self.source.stem}.way-{way}.asdf"

    def judged(self, out, way):
        """Compares a result with the source; what is byte for byte the same was compared before."""
        try:
            digest = hashlib.sha256(out.read_bytes()).digest()
            result = Ours(self.binary, out)
            same_to_us(self.ours, result, way)
            if not self.with_python:
                must(self.binary, "verify", out)
                return "same to us", ""
            # Other ways may look at the file again.
            found = (way in CODECS and self.seen.get(digest)) or Python(out, True)
            if way in CODECS:
                self.seen[digest] = found
            same_to_python(self.python, found, way)
            if unreadable_inline(self.python, found, way):
                return "same, Python cannot read its lists", ""
        finally:
            if way not in ("explode", "implode"):
                out.unlink(missing_ok=True)
        if "tree_error" in self.python.sidecar:
            return "same, Python cannot read the source's tree", ""
        if self.python.error is not None:
            return "same, Python cannot open the source", ""
        return "same", ""


def one_file(task):
    """In a worker: the name, and the results."""
    binary, root, path, scratch, ways, with_python = task
    name = str(path.relative_to(root))
    # numpy says what it thinks of odd values.
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        # References lead to siblings and to folders below.
        mirror = Path(folder) / "mirror"
        shutil.copytree(path.parent, mirror, ignore=shutil.ignore_patterns("*.expected.json"))
        try:
            job = Job(binary, mirror / path.name, mirror, with_python)
            return name, list(job.results(ways))
        except Refused as what:
            return name, [("*", "not read", str(what))]
        except Exception as error:
            return name, [("*", "different", f"this script: {type(error).__name__}: {error}")]


# -------------------------------------------------------------------------------------------------------------- main


def known_differences():
    """(name, way) -> reason."""
    known = {}
    for line in KNOWN.read_text().splitlines() if KNOWN.exists() else ():
        if line.strip() and not line.startswith("#"):
            name, way, reason = line.split(None, 2)
            known[name, way] = reason
    return known


def find_reason(known, name, way):
    for (pattern, its_way), reason in known.items():
        if its_way in ("*", way) and fnmatch.fnmatch(name, pattern):
            return reason
    return None


def install(folder):
    """Runs this script again in a virtual environment with the packages; returns when that cannot be made."""
    try:
        python = str(packages.make(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"read back: the packages cannot be installed: {error}", flush=True)
        return
    os.execv(python, [python, str(Path(__file__).resolve()), *without_install(sys.argv[1:])])


def without_install(words):
    at = next((i for i, word in enumerate(words) if word.startswith("--install")), len(words))
    return words[:at] + words[at + (1 if "=" in "".join(words[at : at + 1]) else 2) :]


def sources(folders, only):
    for folder in folders:
        folder = folder.resolve()
        roots = [folder / name for name in ("generated", "real") if (folder / name).is_dir()] or [folder]
        for root in roots:
            for path in sorted(root.rglob("*.asdf")):
                if fnmatch.fnmatch(str(path.relative_to(folder)), only) and path.is_file():
                    yield folder, path


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--only", default="*", metavar="PATTERN", help="of names relative to DIR")
    parser.add_argument("--ways", default=",".join(WAYS), help="of " + ",".join(WAYS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--install", type=Path, metavar="DIR", help="make a virtual environment there first")
    parser.add_argument("--require", action="store_true", help="without the packages end with code 1")
    parser.add_argument("--ours-only", action="store_true", help="leave Python's reading out")
    return parser.parse_args()


def report(results, known):
    """Prints the differences while they come; counts by way and verdict."""
    counts, used = Counter(), set()
    for name, rows in results:
        for way, verdict, words in rows:
            if verdict == "different":
                reason = find_reason(known, name, way)
                verdict = "different" if reason is None else "explained"
                used.add((name, way))
                print(f"{verdict}: {name}: {way}: {reason or words}", flush=True)
            elif verdict == "not read":
                print(f"{verdict}: {name}: {words}", flush=True)
            counts[way, verdict] += 1
    return counts


def table(counts):
    verdicts = sorted({verdict for _, verdict in counts}, key=lambda verdict: (verdict == "different", verdict))
    ways = [way for way in (*WAYS, "*") if any(counts[way, verdict] for verdict in verdicts)]
    print("\n" + " " * 8 + "  ".join(verdicts))
    for way in ways:
        print(f"{way:8}" + "  ".join(f"{counts[way, verdict]:>{len(verdict)}}" for verdict in verdicts))


def main():
    chosen = options()
    if chosen.install and python_problem():
        install(chosen.install)
    problem = None if chosen.ours_only else python_problem()
    if problem:
        print(f"read back by Python: SKIPPED, {problem} (--install makes an environment); only `asdf` reads", flush=True)
        if chosen.require:
            return 1
    with_python = not chosen.ours_only and not problem
    ways = chosen.ways.split(",")
    if set(ways) - set(WAYS):
        sys.exit(f"no such way: {sorted(set(ways) - set(WAYS))}")
    binary = chosen.binary.resolve()
    if not binary.is_file():
        sys.exit(f"no binary {binary}")
    with tempfile.TemporaryDirectory(prefix="read-back-") as scratch:
        files = [
            (binary, root, path, scratch, ways, with_python) for root, path in sources(chosen.folders, chosen.only)
        ]
        with Pool(chosen.jobs, maxtasksperchild=100) as pool:
            counts = report(pool.imap_unordered(one_file, files), known_differences())
    table(counts)
    different = sum(number for (_, verdict), number in counts.items() if verdict == "different")
    print(f"\n{len(files)} files: {sum(counts.values())} results, {different} different without a reason")
    return 1 if different or not files else 0


if __name__ == "__main__":
    sys.exit(main())
