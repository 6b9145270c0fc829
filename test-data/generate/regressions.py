"""Files on which another reader went wrong, one per bug.

6 and 9 are broken files and lie in `bad/`; 13 (memory and speed on 1 GiB) is `f64_1g.asdf` of bench.py; 14 is about
the options of a command, not about a file.
"""

import bz2
import struct
import zlib

import lz4.frame
import numpy as np
import zstandard

from layout import TAG, block, document, index, join, ndarray, prolog, streamed, tree


def make(out):
    out.area = "bug"
    reading(out)
    editing(out)
    masks_and_scalars(out)


def reading(out):
    grid = np.arange(24, dtype="<i4")
    body = f"part: {ndarray(0, 'int32', [2, 6])}\nall: {ndarray(0, 'int32', [4, 6])}\n"
    out.add("bug01_view_smaller_than_block.asdf", join(tree(body), block(grid.tobytes()), with_index=True), "bug 1: a view at offset 0 gave all elements of its block")
    pairs = np.zeros(2, [("pair", "<i4", (2,)), ("n", "<i4")])
    pairs["pair"], pairs["n"] = [[1, 2], [3, 4]], [5, 6]
    out.arrays("bug02_record_subarray.asdf", {"t": pairs}, "bug 2: a field of two int32 was read as one integer of 8 bytes")
    zeros = bytes(20_000_000)
    piece = block(bz2.compress(zeros), codec=b"bzp2", decoded=zeros)
    out.add("bug03_bzip2_zeros.asdf", join(tree(f"a: {ndarray(0, 'uint8', [20_000_000])}"), piece), "bug 3: 20 MB of zeros in 50 bytes were refused as a bomb")
    text = index([1, 2]) + b"\xd3BLK" + bytes(48)
    body = f"a: {ndarray(0, 'uint8', [len(text)])}\n"
    out.add("bug10_index_text_no_index.asdf", join(tree(body), block(text + bytes(5000), data_size=len(text) + 5000)), "bug 10: the index was searched for in the data; this file has none, its data does")


def editing(out):
    body = (
        "col: !core/column-1.0.0 {name: x, data: !core/ndarray-1.0.0 [1, 2]}\nunit: !unit/unit-1.0.0 m\n"
        "time: !time/time-1.1.0 '2020-01-01T00:00:00.000'\n"
    )
    out.add("bug04_standard_1.5.0.asdf", tree(body, "1.5.0"), "bug 4: an edit turned 1.5.0 into 1.6.0 and kept the tags of 1.5.0")
    handles = "%YAML 1.1\n" + TAG + "%TAG !x! tag:example.org,2020:\n"
    out.add("bug05_second_tag_handle.asdf", tree("a: !x!thing-1.0.0 {v: 1}\nb: 2\n", directives=handles), "bug 5: with a second %TAG an edit destroyed the tag of the root")
    data = np.arange(8, dtype="<i4").tobytes()
    body = (
        "# about this file\nlist: [1, 2, {three: 3}]   # in flow style\ntext: |\n  literal\n    text\nquoted: 'single'\n"
        f"a: {ndarray(0, 'int32', [8])}\nwrong: {ndarray(1, 'int32', [8])}\nbare: {ndarray(2, 'int32', [8])}\n"
        f"stream: {ndarray(-1, 'int32', chr(91) + chr(39) + '*' + chr(39) + chr(93))}\n"
    )
    pieces = block(data, allocated=100), block(data, checksum=b"\1" * 16), block(data, checksum="none"), streamed(data)
    head = prolog(comments=(" kept by an edit",)) + document(body)
    out.add("bug07_layout_to_keep.asdf", join(head, *pieces), "bug 7: an edit hid a wrong checksum, added others, dropped padding, comments, styles and the stream")
    stored = {
        b"zstd": zstandard.ZstdCompressor().compress(data),
        b"lz4f": lz4.frame.compress(data),
        b"zlib": zlib.compress(data),
    }
    pieces = [block(s, codec=k, decoded=data) for k, s in stored.items()] + [block(b"secret", codec=b"mine", decoded=data)]
    body = "".join(f"{k.decode()}: {ndarray(i, 'int32', [8])}\n" for i, k in enumerate([*stored, b"mine"]))
    out.add("bug08_unknown_codec.asdf", join(tree(body + "n: 1\n"), *pieces, with_index=True), "bug 8: a block of an unknown codec was in the way of a change to the tree")


def masks_and_scalars(out):
    data = np.array([1, -999, 3], "<i4")
    flags = "!core/ndarray-1.1.0 {data: [false, true, false], datatype: bool8, shape: [3]}"
    body = (
        "null: !core/ndarray-1.1.0 {data: [1, null, 3], datatype: int64, shape: [3]}\n"
        f"number: {ndarray(0, 'int32', [3], mask=-999)}\narray: {ndarray(0, 'int32', [3], mask=flags)}\n"
        f"from_the_end: {ndarray(-2, 'int32', [3])}\nwords: !core/ndarray-1.1.0 {{data: [one, two], shape: [2]}}\n"
    ).replace("null: !core", "nothing: !core")
    out.add("bug11_masks.asdf", join(tree(body), block(data.tobytes()), block(struct.pack("<3i", 7, 8, 9))), "bug 11: masks were ignored, sources below -1 and text without a datatype refused")
    body = (
        "exponent: 1e3\nmerged: {<<: {a: 1}, b: 2}\nm: &m {x: 1}\nalso: {<<: *m}\ndate: 2020-01-01\n"
        "twice: 1\ntwice: 2\n~: null key\n1.5: float key\n"
    )
    out.add("bug12_yaml_1.1.asdf", tree(body), "bug 12: 1e3 became a float, merge keys and dates were not understood, duplicates kept")
