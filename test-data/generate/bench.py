"""Makes the large inputs of the benchmarks: python bench.py OUTDIR [NAME...]. About 2 GB; never committed."""

import sys
import time
import warnings
import zlib
from pathlib import Path

import numpy as np
import roman
import zstandard

from blocks import lz4_chunks
from layout import block, document, index, join, ndarray, prolog, tree

RANDOM = np.random.default_rng(2027)


def roman220(path):
    """A full-size Roman exposure: the whole tree, eight large arrays and the borders, lz4."""
    side = 4088
    node = roman.exposure(64)["roman"]
    shape = (side, side)
    node["meta"]["wcs"] = roman.wcs(side)
    node["data"] = noise(shape).astype(np.float32)
    node["dq"] = np.where(RANDOM.random(shape) < 0.1, RANDOM.integers(0, 1 << 12, shape), 0).astype(np.uint32)
    node["dq2"] = np.where(RANDOM.random(shape) < 0.01, 1, 0).astype(np.uint32)
    for key in ("err", "var_poisson", "chisq", "dumo"):
        node[key] = noise(shape).astype(np.float16)
    node["amp33"] = RANDOM.integers(2980, 3020, (6, 4096, 128)).astype(np.uint16)
    roman.write({"roman": node}, path)


def noise(shape):
    return RANDOM.standard_normal(shape, np.float32) * np.float32(0.08) + np.float32(0.62)


def mappings100k(path):
    """100,000 small mappings."""
    rows = (
        f"- {{dec: {-29.2 + i / 1e6:.4f}, id: {i}, name: s{i:06d}, ra: {268.4 + i / 1e6:.3f}}}\n" for i in range(100_000)
    )
    path.write_bytes(tree("sources:\n" + "".join(rows)))


def blocks10k(path):
    """10,000 blocks and an index."""
    pieces = [block(np.arange(i, i + 16, dtype="<i4").tobytes()) for i in range(10_000)]
    rows = "".join(f"- {ndarray(i, 'int32', [16])}\n" for i in range(len(pieces)))
    path.write_bytes(join(tree("arrays:\n" + rows), *pieces, with_index=True))


def write_blocks(path, count, shape, datatype, make, **options):
    """A file of `count` arrays, one block in memory at a time."""
    body = "".join(f"a{i}: {ndarray(i, datatype, list(shape))}\n" for i in range(count))
    head = prolog() + document(body)
    offsets, at = [], len(head)
    with open(path, "wb") as file:
        file.write(head)
        for _ in range(count):
            decoded = make()
            stored = options["encode"](decoded) if "encode" in options else decoded
            piece = block(stored, decoded=decoded, codec=options.get("codec", b""))
            offsets.append(at)
            at += file.write(piece)
        file.write(index(offsets))


def raw300(path):
    """300 MB in eight float32 arrays with checksums."""
    write_blocks(path, 8, (3062, 3062), "float32", lambda: noise((3062, 3062)).tobytes())


def f64_1g(path):
    """1 GiB of float64 in one block."""
    write_blocks(path, 1, (1 << 27,), "float64", lambda: RANDOM.standard_normal(1 << 27).tobytes())


def compressed(codec, encode):
    """256 MB of float32 in four blocks that compress about as images do."""

    def make(path):
        def data():
            return RANDOM.normal(600, 40, 1 << 24).astype(np.int32).astype("<f4").tobytes()

        write_blocks(path, 4, (4096, 4096), "float32", data, codec=codec, encode=encode)

    return make


FILES = {
    "roman220": roman220,
    "mappings100k": mappings100k,
    "blocks10k": blocks10k,
    "raw300": raw300,
    "f64_1g": f64_1g,
    "lz4_256": compressed(b"lz4", lambda data: lz4_chunks(data, 1 << 22)),
    "zlib_256": compressed(b"zlib", lambda data: zlib.compress(data, 6)),
    "zstd_256": compressed(b"zstd", zstandard.ZstdCompressor(level=3).compress),
}


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    warnings.simplefilter("ignore")
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[2:] or FILES:
        path, start = directory / f"{name}.asdf", time.perf_counter()
        FILES[name](path)
        print(f"{path}: {path.stat().st_size:,} bytes, {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
