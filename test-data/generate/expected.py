"""What a reader must find in a file, according to the Python reference: the sidecar `NAME.asdf.expected.json`.

The tree comes from PyYAML through asdf's loader, arrays through asdf's own array class; blocks and index from a walk
over the bytes. Where the reference is wrong, the script that makes the file says what the right array is.
"""

import bz2
import datetime
import hashlib
import json
import math
import re
import struct
import warnings
import zlib
from collections import OrderedDict
from pathlib import Path
from urllib.parse import unquote, urldefrag

import asdf
import lz4.block
import lz4.frame
import numpy as np
import yaml
import zstandard
from asdf.tags.core.ndarray import NDArrayType, asdf_datatype_to_numpy_dtype, numpy_dtype_to_asdf_datatype
from asdf.yamlutil import AsdfLoader

import layout

MARKER = re.compile(rb"\r?\n\.\.\.((\r?\n)|$)")
NDARRAY = "tag:stsci.edu:asdf/core/ndarray-"
SPECIAL = {"$tag", "$value", "$int", "$float", "$map", "$recursive", "$timestamp", "$binary", "$omap", "$set", "$tuple"}


class File:
    """A file taken apart."""

    def __init__(self, path):
        self.path = Path(path)
        self.bytes = self.path.read_bytes()
        self.prolog()
        self.read_tree()
        self.walk_blocks()

    def prolog(self):
        first, _, _ = self.bytes.partition(b"\n")
        match = re.fullmatch(rb"#ASDF (\d+\.\d+\.\d+)\s*", first)
        self.version = match and match[1].decode()
        self.header_error = None if match else "not an ASDF header line"
        self.comments, at = [], len(first) + 1
        while match and self.bytes[at : at + 1] == b"#":
            end = self.bytes.find(b"\n", at)
            end = len(self.bytes) if end < 0 else end
            self.comments.append(self.bytes[at + 1 : end].strip().decode("utf-8", "replace"))
            at = end + 1
        self.tree_start = at
        self.standard = None
        for comment in self.comments:
            match = re.fullmatch(r"ASDF_STANDARD (\d+\.\d+\.\d+\S*)", comment)
            if match:
                self.standard = match[1]
                break

    def read_tree(self):
        self.tree, self.tree_error = None, None
        self.has_tree = self.bytes.startswith(b"%YAML", self.tree_start)
        self.tree_end = self.tree_start
        if not self.has_tree:
            return
        match = MARKER.search(self.bytes, self.tree_start)
        if match is None:
            self.tree_error, self.tree_end = "DelimiterNotFoundError", None
            return
        self.tree_end = match.end()
        try:
            self.tree = yaml.load(self.bytes[: self.tree_end], Loader=AsdfLoader)
        except Exception as error:
            self.tree_error = f"{type(error).__name__}: {error}"

    def walk_blocks(self):
        self.blocks, self.index = [], None
        if self.tree_end is None:
            return
        at = self.bytes.find(layout.BLOCK_MAGIC, self.tree_end)
        while at >= 0 and self.bytes[at : at + 4] == layout.BLOCK_MAGIC and len(self.bytes) >= at + 54:
            (size,) = struct.unpack_from(">H", self.bytes, at + 4)
            flags, codec, allocated, used, length, digest = struct.unpack_from(">I4sQQQ16s", self.bytes, at + 6)
            start = at + 6 + size
            entry = {
                "offset": at,
                "header_size": size,
                "flags": flags,
                "allocated": allocated,
                "used": used,
                "data_size": length,
                "compression": codec.rstrip(b"\0").decode("latin-1"),
                "checksum": digest.hex(),
                "checksum_ok": None,
                "data_offset": start,
                "streamed": bool(flags & layout.STREAMED),
            }
            self.blocks.append(entry)
            if entry["streamed"]:
                entry["stream_size"] = len(self.bytes) - start
                return
            if any(digest):
                entry["checksum_ok"] = hashlib.md5(self.bytes[start : start + used]).digest() == digest
            if entry["compression"] == "blsc":
                entry["blsc_framing"] = blosc_framing(self.bytes[start : start + used])
            at = start + allocated
        if self.blocks:
            self.read_index(at)

    def read_index(self, at):
        at = self.bytes.find(b"#ASDF BLOCK INDEX", at)
        if at < 0:
            return
        try:
            self.index = yaml.load(self.bytes[at:].split(b"\n", 1)[1].rstrip(b"\0"), Loader=yaml.CSafeLoader)
        except Exception as error:
            self.index = {"error": type(error).__name__}

    def block_data(self, number):
        """The decoded bytes of one block."""
        entry = self.blocks[-1 if number == -1 else number]
        start = entry["data_offset"]
        if entry["streamed"]:
            return self.bytes[start:]
        return decode(entry["compression"], self.bytes[start : start + entry["used"]], entry["data_size"])


def blosc_framing(stored):
    """Two framings share the key: one Blosc buffer, or chunks with a length each."""
    if len(stored) >= 16 and struct.unpack_from("<I", stored, 12)[0] == len(stored):
        return "bare"
    return "chunks"


def chunks(stored):
    """Pieces with a big-endian length before each."""
    at = 0
    while at < len(stored):
        (size,) = struct.unpack_from(">I", stored, at)
        yield stored[at + 4 : at + 4 + size]
        at += 4 + size


def decode(codec, stored, size):
    """The decoded data of a block, whatever the framing."""
    if codec in ("blsc", "bls2"):
        import blosc

        pieces = [stored] if blosc_framing(stored) == "bare" else chunks(stored)
        return b"".join(blosc.decompress(bytes(p)) for p in pieces)
    decoders = {
        "": lambda: stored,
        "zlib": lambda: zlib.decompressobj().decompress(stored),
        "bzp2": lambda: bz2.decompress(stored),
        "lz4": lambda: (
            lz4.frame.decompress(stored)
            if stored.startswith(b"\x04\x22\x4d\x18")
            else b"".join(lz4.block.decompress(c) for c in chunks(stored))
        ),
        "lz4f": lambda: lz4.frame.decompress(stored) if stored else b"",
        "zstd": lambda: zstandard.ZstdDecompressor().stream_reader(stored, read_across_frames=True).readall(),
    }
    if codec not in decoders:
        raise ValueError(f"Unknown compression type: '{codec}'")
    data = decoders[codec]()
    if len(data) != size:
        raise ValueError(f"decodes to {len(data)} bytes, header says {size}")
    return data


# ------------------------------------------------------------------------------------------------ the tree as JSON


def canonical(node, path="", above=()):
    """A node as JSON; `above` are the containers it lies in, with their paths."""
    tag = getattr(node, "_tag", None)
    if tag is not None:
        plain = node.data if hasattr(node, "data") else node
        value = canonical_plain(plain, path, above, identity=id(plain))
        return value if isinstance(value, dict) and "$recursive" in value else {"$tag": str(tag), "$value": value}
    return canonical_plain(node, path, above, identity=id(node))


def canonical_plain(node, path, above, identity):
    if isinstance(node, (dict, list, set)):
        for seen, where in above:
            if seen == identity:
                return {"$recursive": where}
        above = (*above, (identity, path))
    match node:
        case None | bool() | str():
            return node
        case int():
            return node if abs(node) <= 2**53 else {"$int": str(node)}
        case float():
            return canonical_float(node)
        case bytes():
            return {"$binary": node.hex()}
        case datetime.date():
            return {"$timestamp": node.isoformat()}
        case OrderedDict():
            return {"$omap": [[canonical(k), canonical(v, step(path, k), above)] for k, v in node.items()]}
        case dict():
            return canonical_map(node, path, above)
        case tuple():
            return {"$tuple": [canonical(v, f"{path}/{i}", above) for i, v in enumerate(node)]}
        case list():
            return [canonical(v, f"{path}/{i}", above) for i, v in enumerate(node)]
        case set():
            return {"$set": sorted((canonical(v) for v in node), key=json.dumps)}
    raise TypeError(f"{type(node)} at {path}")


def canonical_float(value):
    if math.isnan(value):
        return {"$float": "nan"}
    if math.isinf(value):
        return {"$float": "inf" if value > 0 else "-inf"}
    return value


def canonical_map(node, path, above):
    pairs = [(k, canonical(v, step(path, k), above)) for k, v in node.items()]
    if all(type(k) is str and k not in SPECIAL for k, _ in pairs):
        return dict(pairs)
    return {"$map": [[canonical(k), v] for k, v in pairs]}


def step(path, key):
    """A path one key further down."""
    text = key if isinstance(key, str) else json.dumps(canonical(key), separators=(",", ":"))
    return f"{path}/{text.replace('~', '~0').replace('/', '~1')}"


# --------------------------------------------------------------------------------------------------------- arrays


def walk(node, path="", above=()):
    """Every ndarray node and every reference, with its path; a node is entered at each place it occurs."""
    plain = node.data if hasattr(node, "_tag") and hasattr(node, "data") else node
    if id(plain) in above:
        return
    if str(getattr(node, "_tag", "")).startswith(NDARRAY):
        yield "array", path, node
        return
    if isinstance(plain, dict) and "$ref" in plain:
        yield "reference", path, plain["$ref"]
    items = plain.items() if isinstance(plain, dict) else enumerate(plain) if isinstance(plain, (list, tuple)) else ()
    for key, value in items:
        yield from walk(value, step(path, key) if isinstance(plain, dict) else f"{path}/{key}", (*above, id(plain)))


def load(file, node):
    """An ndarray node as a numpy (masked) array, by asdf's class."""
    plain = node.data
    if isinstance(plain, list):
        return NDArrayType(strip(plain), None, None, None, None, None, None)._make_array()
    source = plain.get("source", plain.get("data"))
    byteorder = plain["byteorder"] if "source" in plain else "little"
    dtype = asdf_datatype_to_numpy_dtype(strip(plain["datatype"]), byteorder) if "datatype" in plain else None
    mask = plain.get("mask")
    if str(getattr(mask, "_tag", "")).startswith(NDARRAY):
        mask = load(file, mask)
    shape = strip(plain["shape"]) if "shape" in plain else None
    strides = strip(plain["strides"]) if "strides" in plain else None
    if isinstance(source, list):
        return NDArrayType(strip(source), shape, dtype, 0, None, "A", mask)._make_array()

    def data(_attr=None):
        return np.frombuffer(external(file, source) if isinstance(source, str) else file.block_data(source), np.uint8)

    return NDArrayType(source, shape, dtype, plain.get("offset", 0), strides, "A", mask, data)._make_array()


def external(file, uri):
    """The first block of another file."""
    name = unquote(urldefrag(uri)[0])
    return (File(file.path.parent / name) if name else file).block_data(0)


def strip(node):
    """Plain containers in place of tagged ones, numbers in place of complex ones."""
    if str(getattr(node, "_tag", "")).startswith("tag:stsci.edu:asdf/core/complex-"):
        return complex(re.sub("[iIJ]$", "j", str(node)))
    if hasattr(node, "_tag") and hasattr(node, "data"):
        node = node.data
    if isinstance(node, list):
        return [strip(v) for v in node]
    if isinstance(node, dict):
        return {k: strip(v) for k, v in node.items()}
    return node


def little(array):
    """Packed, C order, little endian."""
    dtype = packed(array.dtype)
    return np.ascontiguousarray(array.astype(dtype)).tobytes() if dtype != array.dtype else array.tobytes()


def packed(dtype):
    if dtype.names is not None:
        return np.dtype([(n, packed(dtype.fields[n][0])) for n in dtype.names])
    if dtype.subdtype is not None:
        return np.dtype((packed(dtype.subdtype[0]), dtype.shape))
    return dtype.newbyteorder("<")


def fields(datatype):
    """The field list with its keys in the order of the standard."""
    if isinstance(datatype, list) and datatype and isinstance(datatype[0], dict):
        return [
            {k: fields(f[k]) if k == "datatype" else f[k] for k in ("name", "datatype", "byteorder", "shape") if k in f}
            for f in datatype
        ]
    return datatype


def describe(path, array, byteorder):
    """The sidecar's entry of an array."""
    raw = array.data if isinstance(array, np.ma.MaskedArray) else array
    if raw.dtype == object:
        entry = {"path": path, "datatype": None, "python_dtype": "object", "shape": list(raw.shape)}
        entry["values"] = raw.tolist()
    else:
        datatype, native = numpy_dtype_to_asdf_datatype(raw.dtype)
        entry = {
            "path": path,
            "datatype": fields(datatype),
            "shape": list(raw.shape),
            "byteorder": byteorder or native,
            "sha256": hashlib.sha256(little(raw)).hexdigest(),
            **numbers(raw),
        }
    if isinstance(array, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(array)
        entry["mask_sha256"] = hashlib.sha256(np.ascontiguousarray(mask).tobytes()).hexdigest()
        if mask.dtype == bool and raw.dtype != object:
            entry["masked_count"] = int(mask.sum())
    return entry


def numbers(raw):
    """Sum, minimum, maximum, number of NaN: of the raw data, whatever the mask."""
    kind = raw.dtype.kind
    if raw.size == 0:
        return {}
    if kind in "iu":
        if raw.size > 100_000 and raw.itemsize <= 4:
            return {"sum": int(raw.sum(dtype=np.int64)), "min": int(raw.min()), "max": int(raw.max())}
        flat = [int(v) for v in raw.ravel()]
        return {key: canonical(f(flat)) for key, f in (("sum", sum), ("min", min), ("max", max))}
    if kind == "b":
        return {"sum": int(np.count_nonzero(raw)), "min": bool(raw.min()), "max": bool(raw.max())}
    if kind == "f":
        flat = raw.ravel().astype(np.float64)
        good = flat[~np.isnan(flat)]
        found = {"sum": total(good)}
        if good.size:
            found |= {"min": canonical_float(float(good.min())), "max": canonical_float(float(good.max()))}
        return {**found, "nan_count": int(flat.size - good.size)}
    if kind == "c":
        flat = raw.ravel().astype(np.complex128)
        return {"sum": [total(part[~np.isnan(part)]) for part in (flat.real, flat.imag)]}
    return {}


def total(values):
    try:
        return canonical_float(math.fsum(values))
    except (ValueError, OverflowError):
        with np.errstate(all="ignore"):
            return canonical_float(float(np.sum(values)))


# ----------------------------------------------------------------------------------------------------- references


def resolve(file, reference):
    """One step of resolution on the tagged tree of the target file."""
    name, fragment = urldefrag(reference)
    target = File(file.path.parent / unquote(name)) if name else file
    node = target.tree
    for part in unquote(fragment).lstrip("/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if part == "":
            continue
        try:
            node = node[int(part)] if isinstance(strip_one(node), list) else node[part]
        except (KeyError, ValueError, IndexError, TypeError):
            raise ValueError(f"Unresolvable reference: '{fragment.lstrip('/')}'") from None
    return canonical(node)


def strip_one(node):
    return node.data if hasattr(node, "_tag") and hasattr(node, "data") else node


# -------------------------------------------------------------------------------------------------------- sidecar


def sidecar(path, arrays=None, note=None):
    """Everything a reader must find. `arrays` maps paths to numpy arrays that replace a wrong reading."""
    file = File(path)
    result = {
        "file": file.path.name,
        "size": len(file.bytes),
        "file_format_version": file.version,
        "standard_version": file.standard,
        "comments": file.comments,
    }
    if file.header_error:
        result["header_error"] = file.header_error
    result |= {"has_tree": file.has_tree, "tree": canonical(file.tree)}
    if file.tree_error:
        result["tree_error"] = file.tree_error
    found, references = [], []
    for kind, where, node in walk(file.tree):
        if kind == "array":
            found.append(array_entry(file, where, node, arrays or {}))
        else:
            references.append(reference_entry(file, where, node))
    result["arrays"] = found
    if references:
        result["refs"] = references
    result |= {"blocks": file.blocks, "index": file.index, "asdf_open": asdf_open(file.path)}
    if note:
        result["note"] = note
    return result


def array_entry(file, where, node, arrays):
    byteorder = node.data.get("byteorder") if isinstance(node.data, dict) else None
    if where in arrays:
        return describe(where, arrays[where], byteorder)
    try:
        return describe(where, load(file, node), byteorder)
    except Exception as error:
        return {"path": where, "error": message(error, file.path)}


def reference_entry(file, where, reference):
    try:
        return {"path": where, "ref": reference, "target": resolve(file, reference)}
    except Exception as error:
        return {"path": where, "ref": reference, "error": message(error, file.path)}


def message(error, path):
    return f"{type(error).__name__}: {error}".replace(str(path.parent), "<dir>")


def asdf_open(path):
    """What the reference did; for information."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with asdf.open(path, lazy_load=False, memmap=False):
                result = {"result": "ok"}
        except Exception as error:
            result = {"result": "error", "exception": type(error).__name__}
    texts = sorted({w.category.__name__ for w in caught})
    return {**result, "warnings": texts} if texts else result


def dump(result):
    """One line a part, so that changes can be read."""

    def text(value):
        return json.dumps(value, separators=(",", ":"))

    lines = []
    for key, value in result.items():
        if key in ("arrays", "blocks", "refs") and value:
            rows = ",\n".join(" " + text(row) for row in value)
            lines.append(f'"{key}":[\n{rows}]')
        else:
            lines.append(f'"{key}":{text(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    import sys

    for name in sys.argv[1:]:
        print(dump(sidecar(name)), end="")
