"""Malformed and hostile files, byte by byte. Names say what is wrong.

The place of an error is an offset (the span starts there or contains it), or a range from `offset` to `until` in which
the span starts, and/or the path of the tree node.
"""

import bz2
import struct
import zlib

import blosc
import lz4.block
import numpy as np
import zstandard

from blocks import lz4_chunks
from layout import BLOCK_MAGIC, TAG, block, document, index, join, ndarray, offsets, prolog, streamed, tree

FILE = {"scope": "file"}
NUMBERS = np.arange(16, dtype="<i4").tobytes()
NODE = ndarray(0, "int32", [16])


def make(out):
    for group in (truncated, blocks, codecs, bombs, header, block_index, arrays, references, external, yaml, utf8, other):
        group(out)


def one(piece, node=NODE):
    """A file of one array and one block, and where the block starts."""
    head = tree(f"a: {node}")
    return head + piece, len(head)


def truncated(out):
    head = tree(f"a: {NODE}\nb: {ndarray(1, 'int32', [16])}")
    pieces = [block(NUMBERS), block(NUMBERS[::-1])]
    whole = join(head, *pieces, with_index=True)
    first, second = offsets(head, pieces)
    flow = head.index(b"{", head.index(b"b: "))
    end = head.index(b"...")

    def cut(name, at, about, **where):
        out.reject(f"trunc_{name}.asdf", whole[:at], about, **where)

    cut("in_first_line", 8, "the file ends in its first line", **FILE, offset=0)
    cut("in_directive", whole.index(b"YAML") + 2, "the file ends in the %YAML line", **FILE, offset=whole.index(b"%YAML"), until=whole.index(b"YAML") + 2)
    cut("in_tree", flow + 20, "the file ends inside of a flow mapping", **FILE, offset=flow, until=flow + 20)
    cut("before_end_marker", end, "the tree has no end marker", **FILE, offset=end - 1, until=end)
    cut("in_end_marker", end + 2, "two dots where three end the tree", **FILE, offset=end - 1, until=end + 2)
    cut("after_tree", first, "arrays, but no block", path="/a")
    cut("in_block_header", first + 30, "the file ends in a block header", offset=first, until=first + 30, **FILE)
    cut("in_block_data", first + 54 + 20, "the file ends in the data of the first block", offset=first, until=first + 74, path="/a")
    cut("after_first_block", second, "the second block is missing", path="/b")
    cut("in_second_block", second + 54 + 63, "the last byte of the last block is missing", offset=second, until=second + 117, path="/b")
    at = whole.index(b"#ASDF BLOCK INDEX")
    cut("in_index", at + 38, "the file ends in the index; the blocks can be found", should="warn", **FILE, offset=at, until=at + 38)
    cut("after_blocks", at, "complete without its index", should="ok", kind=None, **FILE)


def blocks(out):
    def file(name, piece, about, node=NODE, **where):
        data, at = one(piece, node)
        out.reject(f"block_{name}.asdf", data, about, **{"offset": at, "until": len(data), **where})

    for size in (0, 47):
        file(f"header_size_{size}", block(NUMBERS, header_size=48).replace(b"\0\x30", struct.pack(">H", size), 1), f"header size {size}, 48 at least")
    piece = block(NUMBERS)
    file("header_size_too_large", piece[:4] + b"\xff\xff" + piece[6:], "the header reaches beyond the end of the file")
    file("used_beyond_end", block(NUMBERS, used=1000, data_size=1000)[:-500], "more bytes used than the file has")
    file("sizes_2e40", block(NUMBERS, allocated=1 << 40, used=1 << 40, data_size=1 << 40), "1 TiB promised: no memory for that")
    file("sizes_all_ones", block(NUMBERS, allocated=2**64 - 1, used=2**64 - 1, data_size=2**64 - 1), "position plus size overflows")
    file("allocated_below_used", block(NUMBERS, allocated=10, used=64), "allocated less than used")
    data, at = one(block(NUMBERS, allocated=2**64 - 54))
    out.reject("block_allocated_wraps.asdf", data, "the next block would be at this one: an endless loop", offset=at, until=len(data))
    file("data_size_differs", block(NUMBERS, data_size=100), "not compressed, but data_size is not used_size")
    file("shorter_than_array", block(NUMBERS[:60]), "the array needs 64 bytes, the block has 60", path="/a")
    file("codec_unknown", block(NUMBERS, codec=b"what"), "a codec that nobody knows", kind="unsupported", path="/a")
    file("codec_upper_case", block(zlib.compress(NUMBERS), codec=b"ZLIB", decoded=NUMBERS), "codec names are lower case", kind="unsupported", path="/a")
    file("streamed_compressed", streamed(zlib.compress(NUMBERS), codec=b"zlib"), "a streamed block cannot be compressed")
    file("checksum_wrong", block(NUMBERS, checksum=b"\1" * 16), "the checksum does not match", should="warn", command="verify")
    flipped = bytearray(block(NUMBERS))
    flipped[-1] ^= 0x40
    file("bit_flipped", bytes(flipped), "one bit of the data is wrong, the checksum tells", should="warn", command="verify")
    packed = bytearray(block(zlib.compress(NUMBERS), codec=b"zlib", decoded=NUMBERS))
    packed[-1] ^= 1
    file("bit_flipped_zlib", bytes(packed), "one bit of the compressed data is wrong", path="/a")
    data, at = one(b"\xd4BLK" + piece[4:])
    out.reject("block_magic_wrong.asdf", data, "the block does not start with its magic", path="/a", offset=at)
    head = tree(f"a: {NODE}\nb: {ndarray(1, 'int32', [16])}")
    data = head + piece + b"garbage" + piece
    at = len(head) + len(piece)
    out.reject("block_garbage_between.asdf", data, "garbage between the blocks: the second cannot be found", path="/b", offset=at)
    data = head + streamed(NUMBERS) + piece
    out.reject("block_streamed_not_last.asdf", data, "the streamed block takes all that follows; there is no second", path="/b", offset=len(head))
    data, at = one(piece + b"\0\0garbage\0")
    out.reject("block_trailing_garbage.asdf", data, "bytes after the last block that are no index", **FILE, should="warn", offset=at + len(piece), until=len(data))
    data, at = one(piece + BLOCK_MAGIC)
    out.reject("block_trailing_magic.asdf", data, "a second block that was cut after its magic", **FILE, should="warn", offset=at + len(piece), until=len(data))


def codecs(out):
    decoded = np.tile(np.arange(250, dtype="<i4"), 4).tobytes()
    node = ndarray(0, "int32", [1000])
    plain = {
        "zlib": zlib.compress(decoded),
        "bzp2": bz2.compress(decoded),
        "lz4": lz4_chunks(decoded, 1000),
        "zstd": zstandard.ZstdCompressor().compress(decoded),
        "blsc": blosc.compress(decoded, typesize=4, cname="lz4"),
    }

    def file(name, codec, stored, about, **kwargs):
        where = {k: kwargs.pop(k) for k in ("should", "kind") if k in kwargs}
        data, at = one(block(stored, codec=codec.encode(), decoded=decoded, **kwargs), node)
        out.reject(f"comp_{name}.asdf", data, about, offset=at, until=len(data), path="/a", **where)

    for codec, stored in plain.items():
        file(f"{codec}_truncated", codec, stored[: len(stored) // 2], f"{codec}: half of the data is missing")
        file(f"{codec}_start_damaged", codec, b"\xff\xfe\xfd\xfc" + stored[4:], f"{codec}: the first bytes are wrong")
        file(f"{codec}_more_than_promised", codec, stored, f"{codec}: decodes to more than data_size", data_size=3999)
        file(f"{codec}_less_than_promised", codec, stored, f"{codec}: decodes to less than data_size", data_size=1 << 40)
    file("zlib_empty", "zlib", b"", "zlib: no data at all")
    file("zlib_trailing", "zlib", plain["zlib"] + b"more", "zlib: bytes after the end of the data", should="warn")
    file("zlib_named_bzp2", "bzp2", plain["zlib"], "the label says bzp2, the data is zlib")
    file("lz4_chunk_too_long", "lz4", struct.pack(">I", 1 << 31) + plain["lz4"][4:], "lz4: a chunk longer than the block")
    file("lz4_chunks_of_zero", "lz4", bytes(4000), "lz4: chunks of length zero, for ever")
    lie = struct.pack("<I", 0x7FFFFFFF) + lz4.block.compress(decoded, store_size=False)
    file("lz4_size_lie", "lz4", struct.pack(">I", len(lie)) + lie, "lz4: a chunk that claims 2 GiB")
    file("blsc_chunk_too_long", "blsc", struct.pack(">I", 1 << 30) + plain["blsc"], "blsc chunks: longer than the block")


def bombs(out):
    zeros = bytes(40_000_000)

    def file(name, codec, stored, about):
        data, at = one(block(stored, codec=codec, data_size=64))
        out.reject(f"bomb_{name}.asdf", data, about, offset=at, until=len(data), path="/a")

    file("zlib", b"zlib", zlib.compress(zeros, 9), "40 MB where 64 bytes are promised")
    file("bzp2", b"bzp2", bz2.compress(zeros), "40 MB where 64 bytes are promised")
    file("zstd", b"zstd", zstandard.ZstdCompressor().compress(zeros), "40 MB where 64 bytes are promised")
    chunk = lz4_chunks(bytes(4_000_000), 1 << 22)
    file("lz4", b"lz4", chunk * 10, "40 MB where 64 bytes are promised")
    lines = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    lines += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
    out.reject("bomb_aliases.asdf", tree(lines), "9^10 nodes when aliases are expanded, 100 when they are shared", should="ok", kind=None, **FILE)
    merges = "a0: &a0 {k: 1}\n" + "".join(
        f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9)}], k{i}: 1}}\n" for i in range(1, 12)
    )
    # Which of the mappings is the first to cost too much depends on how a reader counts.
    data = tree(merges)
    out.reject("bomb_merge.asdf", data, "merge keys that grow ninefold eleven times", kind="limit", offset=data.index(b"<<"), **FILE, **{"until": len(data)})
    strides = ndarray(0, "int32", [1000000, 1000000, 1000000], strides=[0, 0, 0])
    data, at = one(block(NUMBERS), strides)
    out.reject("bomb_strides.asdf", data, "64 bytes that a view makes 4 EB of", kind="limit", path="/a")
    depth = 20_000
    data = tree("a: " + "[" * depth + "]" * depth)
    at = data.index(b"[")
    out.reject("bomb_depth.asdf", data, "20,000 levels", kind="limit", offset=at, until=at + depth, **FILE)


def header(out):
    rest = tree("a: 1").split(b"\n", 1)[1]

    def file(name, data, about, offset=0, **where):
        out.reject(f"head_{name}.asdf", data, about, offset=offset, **FILE, **where)

    file("leading_space", b" #ASDF 1.0.0\n" + rest, "a space before the first line")
    file("byte_order_mark", b"\xef\xbb\xbf#ASDF 1.0.0\n" + rest, "a byte order mark")
    file("version_2", b"#ASDF 2.0.0\n" + rest, "a file format that does not exist", until=12)
    file("version_text", b"#ASDF one\n" + rest, "the version is no version", until=12)
    file("no_version", b"#ASDF\n" + rest, "no version")
    file("lower_case", b"#asdf 1.0.0\n" + rest, "the first line in lower case")
    start = prolog()
    file("garbage_before_tree", start + b"garbage\n" + document("a: 1"), "a line that is no comment before the tree", offset=len(start))
    file("no_yaml_directive", start + b"--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>\na: 1\n...\n", "the tree does not begin with %YAML", offset=len(start))


def block_index(out):
    pieces = [block(bytes([i]) * 8) for i in range(3)]
    head = tree("".join(f"k{i}: {ndarray(i, 'uint8', [8])}\n" for i in range(3)))
    right = offsets(head, pieces)
    body = head + b"".join(pieces)

    def file(name, text, about):
        data = body + text
        out.reject(f"index_{name}.asdf", data, about + "; the blocks are all there", should="warn", offset=len(body), until=len(data), command="verify")

    file("beyond_end", index([*right[:2], 1 << 40]), "an entry beyond the end of the file")
    file("negative", index([-right[0], *right[1:]]), "a negative entry")
    file("repeated", index([right[0], right[0], right[2]]), "the same entry twice")
    file("too_big_a_number", index([*right[:2], 1 << 64]), "an entry of 65 bits")
    file("deep", b"#ASDF BLOCK INDEX\n%YAML 1.1\n--- " + b"[" * 5000 + b"]" * 5000 + b"\n...\n", "5000 levels")
    file("many_entries", index([right[0]] * 5_000), "5,000 entries for three blocks")
    file("no_utf8", b"#ASDF BLOCK INDEX\n%YAML 1.1\n--- [\xff\xfe]\n...\n", "no UTF-8")


def arrays(out):
    def file(name, node, about, **where):
        data, _ = one(block(NUMBERS), node)
        out.reject(f"nd_{name}.asdf", data, about, **{"path": "/a", **where})

    file("datatype_unknown", ndarray(0, "int31", [16]), "there is no int31")
    file("datatype_number", ndarray(0, 5, [16]), "the datatype is a number")
    file("datatype_text_negative", ndarray(0, "[ascii, -1]", [16]), "text of length -1")
    file("datatype_text_huge", ndarray(0, f"[ucs4, {2**62}]", [16]), "text of 2^64 bytes", kind="limit")
    file("datatype_empty", ndarray(0, "[]", [16]), "a record without fields")
    file("datatype_no_type", ndarray(0, "[{name: x}]", [16]), "a field without a type")
    file("datatype_repeated_name", ndarray(0, "[{name: x, datatype: int32}, {name: x, datatype: int32}]", [8]), "two fields of one name")
    deep = ndarray(0, "[{datatype: " * 2000 + "int8" + "}]" * 2000, [16])
    file("datatype_deep", deep, "records 2000 levels deep", kind="limit", path=None, offset=tree("a: ").index(b"a: "), until=len(tree(deep)), **FILE)
    file("byteorder_unknown", ndarray(0, "int32", [16], "middle"), "there is no such byte order")
    file("byteorder_missing", ndarray(0, "int32", [16], None), "no byte order")
    file("shape_negative", ndarray(0, "int32", [-4]), "a negative length")
    file("shape_overflows", ndarray(0, "int32", [2**32, 2**32, 16]), "the product overflows")
    file("shape_text", ndarray(0, "int32", "[many]"), "a length that is text")
    file("shape_star_inside", ndarray(0, "int32", "[2, '*']"), "* in the second place")
    file("shape_missing", ndarray(0, "int32", None), "no shape")
    file("offset_beyond_end", ndarray(0, "int32", [1], offset=64), "the offset is where the block ends")
    file("offset_negative", ndarray(0, "int32", [1], offset=-4), "a negative offset")
    file("offset_huge", ndarray(0, "int32", [1], offset=2**63 - 1), "offset plus size overflows")
    file("strides_beyond_end", ndarray(0, "int32", [4], strides=[21]), "the last element is half outside of the block")
    file("strides_before_start", ndarray(0, "int32", [4], offset=8, strides=[-4]), "the last element is before the block")
    file("strides_overflow", ndarray(0, "int32", [4, 4], strides=[2**62, -(2**63)]), "position arithmetic overflows")
    file("strides_count", ndarray(0, "int32", [4, 4], strides=[4]), "one stride for two dimensions")
    file("source_missing_block", ndarray(5, "int32", [16]), "there is no block 5")
    file("source_minus_9", ndarray(-9, "int32", [16]), "there is no block -9")
    file("source_boolean", ndarray("true", "int32", [16]), "the source is true")
    file("source_and_data", ndarray(0, "int32", [1], data="[1]"), "source and data exclude each other")
    file("nothing", "!core/ndarray-1.1.0 {datatype: int32, shape: [1]}", "neither source nor data")
    file("scalar", "!core/ndarray-1.1.0 text", "an array that is text")
    file("mask_shape", ndarray(0, "int32", [16], mask="!core/ndarray-1.1.0 {data: [true, false], datatype: bool8, shape: [2]}"), "the mask has another shape")
    file("mask_text", ndarray(0, "int32", [16], mask="hidden"), "the mask is text")
    file("mask_itself", "&a " + ndarray(0, "int32", [16], mask="*a"), "the mask is the array itself", kind=None, path="/a")
    file("inline_ragged", "!core/ndarray-1.1.0 {data: [[1, 2], [3]], datatype: int32, shape: [2, 2]}", "rows of different length")
    file("inline_out_of_range", "!core/ndarray-1.1.0 {data: [1, 300], datatype: uint8, shape: [2]}", "300 is no uint8")
    file("inline_text", "!core/ndarray-1.1.0 {data: [1, two], datatype: int32, shape: [2]}", "text among integers")
    file("inline_shape", "!core/ndarray-1.1.0 {data: [1, 2, 3], datatype: int32, shape: [4]}", "three numbers for a shape of four")
    file("inline_recursive", "!core/ndarray-1.1.0 &a [1, *a]", "inline data that contains itself", kind=None, path="/a")
    bad_text = np.array([65, 0x110000], "<u4").tobytes()
    data, _ = one(block(bad_text), ndarray(0, "[ucs4, 1]", [2]))
    out.reject("nd_ucs4_no_character.asdf", data, "0x110000 is no character: an error wherever it is shown as text", path="/a", command="get /a --json")


def references(out):
    def file(name, body, about, path, **where):
        out.reject(f"ref_{name}.asdf", tree(body), about, **{"path": path, "command": "get / --resolve --json", **where})

    file("self", "a: {$ref: '#/a'}", "a reference to itself", "/a")
    file("cycle", "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {$ref: '#/a'}", "a circle of three", "/a")
    file("cycle_by_name", "a: {$ref: 'ref_cycle_by_name.asdf#/a'}", "a circle through the name of the file", "/a")
    file("dangling", "a: {$ref: '#/nope'}", "no such key", "/a")
    file("no_number", "a: [1, 2]\nb: {$ref: '#/a/01'}", "an index with a leading zero", "/b")
    file("into_text", "a: text\nb: {$ref: '#/a/0'}", "into a scalar", "/b")
    file("not_text", "a: {$ref: 5}", "the reference is a number", "/a")
    file("no_slash", "a: {$ref: '#a'}\nb: 1", "a pointer without its first slash", "/a")
    file("missing_file", "a: {$ref: 'there_is_no_such_file.asdf#/a'}", "no such file", "/a", kind="io")
    file("outside", "a: {$ref: '../../MANIFEST.toml#/a'}", "out of the directory", "/a", kind=None)
    file("network", "a: {$ref: 'http://example.org/x.asdf#/a'}", "a network address", "/a", kind="unsupported")


def external(out):
    def file(name, source, about, **where):
        out.reject(f"ext_{name}.asdf", tree(f"a: {ndarray(source, 'int32', [16])}"), about, **{"path": "/a", **where})

    file("missing", "there_is_no_such_file.asdf", "no such file", kind="io")
    file("outside", "../made/stream_rows.asdf", "out of the directory", kind=None)
    file("outside_encoded", "'%2e%2e/made/stream_rows.asdf'", "out of the directory, percent-encoded", kind=None)
    file("absolute", "/etc/hostname", "an absolute path", kind=None)
    file("device", "file:///dev/zero", "a device", kind=None)
    file("network", "http://example.org/x.asdf", "a network address", kind="unsupported")
    file("itself", "ext_itself.asdf", "itself, but it has no block")
    file("no_asdf", "../bad/not_text.asdf", "a file that is no ASDF", kind=None)
    file("no_name", '"\\0"', "a NUL as the name", kind=None)


def yaml(out):
    def file(name, body, about, needle, until=None, **where):
        data = tree(body, **{k: where.pop(k) for k in ("root", "directives", "end") if k in where})
        at = data.index(needle)
        end = data.index(b"\n...") + 4 if until is None else data.index(until, at) + len(until)
        out.reject(f"yaml_{name}.asdf", data, about, **{**FILE, "offset": at, "until": end, **where})

    file("unclosed_quote", "a: 'text\nb: 1", "a quote that does not end", b"'text")
    file("unclosed_flow", "a: [1, 2\nb: 1", "a list that does not end", b"[1")
    file("tab_indent", "a:\n\tb: 1", "a tab as indentation", b"\tb")
    file("bad_indent", "a:\n    b: 1\n  c: 2", "less indented than its sibling", b"  c", b"c: 2")
    file("undefined_alias", "a: *nope", "no such anchor", b"*nope", b"nope")
    file("undefined_handle", "a: !nope!x 1", "no such tag handle", b"!nope!", b"!x")
    file("two_values", "a: 'x' 'y'", "two values", b"'x'")
    file("two_documents", "a: 1\n--- \nb: 2", "a second document before the end marker", b"--- \n")
    file("at_sign", "a: @x", "@ begins nothing", b"@x", b"@x")
    file("bad_escape", 'a: "\\z"', "no such escape", b'"\\z', b"z")
    file("bad_integer", "a: !!int x", "!!int on text", b"!!int", b"x\n")
    file("bad_float", "a: !!float x", "!!float on text", b"!!float", b"x\n")
    file("bad_binary", "a: !!binary 'abc'", "no base 64: a character is missing", b"!!binary", b"abc'")
    file("bad_timestamp", "a: 2001-13-41", "a 13th month", b"2001", b"41")
    file("bad_merge", "a: {<<: 5}", "a number merged into a mapping", b"{<<", b"}")
    file("nul", b"a: x\0y", "a NUL character", b"x\0", b"\0")
    file("control_character", b"a: x\x01y", "a control character", b"x\x01", b"\x01")
    file("two_directives", "a: 1", "%YAML twice", b"%YAML", b"--- !", directives="%YAML 1.1\n%YAML 1.1\n" + TAG)
    file("version_9", "a: 1", "YAML 9.9", b"%YAML", b"--- !", directives="%YAML 9.9\n" + TAG)
    data = prolog() + b"%YAML 1.1\na: 1\n...\n"
    at = data.index(b"%YAML")
    out.reject("yaml_no_start.asdf", data, "a directive without ---", **FILE, offset=at, until=len(data))
    file("duplicate_key", "a: 1\nb: 2\na: 3", "a key twice: the last one counts", b"a: 3", b"a: 3", should="warn")
    file("python_object", "a: !!python/object/apply:os.system ['true']", "a tag that Python could execute: a tagged node", b"!!python", should="ok", kind=None)
    file("key_mapping", "? {a: 1}\n: value", "a mapping as a key: legal YAML, not legal ASDF", b"{a: 1}", b"}", should="warn")


def utf8(out):
    for name, raw, about in (
        ("latin1", b"caf\xe9 x", "Latin-1"),
        ("overlong", b"\xc0\xaf", "an overlong sequence"),
        ("surrogate", b"\xed\xa0\x80", "half of a surrogate pair"),
        ("cut", b"\xf0\x9f\x94'", "a sequence that is cut short"),
    ):
        data = tree(b"a: 1\nb: '" + raw + b"'\n")
        at = next(i for i, byte in enumerate(data) if byte >= 0x80)
        out.reject(f"utf8_{name}.asdf", data, f"{about} in the tree", **FILE, offset=at, until=at + 3)
    data = tree(b"a: 1\nb: '\xff'\n")
    out.reject("bug06_invalid_utf8.asdf", data, "bug 6: invalid UTF-8 gave an empty answer and exit code 0", **FILE, offset=data.index(b"\xff"))


def other(out):
    for name, data, about in (
        ("empty", b"", "nothing"),
        ("text", b"just some text\n", "text"),
        ("fits", b"SIMPLE  =                    T / no ASDF inside".ljust(80) + b"END".ljust(2800), "a FITS file without a tree"),
        ("png", b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture"),
        ("hdf5", b"\x89HDF\r\n\x1a\n" + bytes(64), "an HDF5 file"),
        ("gzip", b"\x1f\x8b\x08\0" + bytes(64), "a gzip file"),
        ("zeros", bytes(512), "zeros"),
        ("utf16", tree("a: 1").decode().encode("utf-16"), "UTF-16"),
    ):
        out.reject(f"not_{name}.asdf", data, about, **FILE, offset=0)
    head = tree(f"good: {NODE}\nlost: {ndarray(1, 'int32', [1000])}\nmeta: {{n: 1}}")
    data = head + block(NUMBERS) + block(bytes(4000))[:1500]
    at = len(head) + len(block(NUMBERS))
    out.reject("bug09_truncated.asdf", data, "bug 9: a truncated file could not be opened; its tree and its first block are good", offset=at, until=len(data), path="/lost")
