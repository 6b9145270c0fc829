"""Blocks: streams, codecs, checksums, the index, space between the parts."""

import bz2
import struct
import zlib

import blosc
import lz4.block
import lz4.frame
import numpy as np
import zstandard

import layout
from layout import block, index, join, ndarray, offsets, streamed, tree


def make(out):
    for area in (stream, codec, checksum, block_index, padding):
        out.area = {"block_index": "index", "padding": "layout"}.get(area.__name__, area.__name__)
        area(out)


def stream(out):
    rows = np.arange(24, dtype=">i2")

    def file(name, about, node, *blocks):
        out.add(name, join(tree(f"s: {node}"), *blocks), about)

    star = ndarray(-1, "int16", "['*']", "big")
    file("stream_one_dimension.asdf", "the length follows from the size of the file", star, streamed(rows.tobytes()))
    node = ndarray(-1, "int16", "['*', 8]", "big")
    file("stream_rows.asdf", "rows of eight", node, streamed(rows.tobytes()))
    file("stream_partial_row.asdf", "the writer was stopped in the middle of a row", node, streamed(rows.tobytes()[:-6]))
    file("stream_no_rows.asdf", "nothing has been written yet", node, streamed(b""))
    file("stream_fixed_shape.asdf", "a fixed shape on a streamed block", ndarray(0, "int16", [2, 8], "big"), streamed(rows.tobytes()))
    file(
        "stream_sizes_ignored.asdf",
        "the sizes in the header of a streamed block mean nothing",
        star,
        streamed(rows.tobytes(), allocated=7, used=5, data_size=3),
    )
    inside = rows.tobytes() + layout.BLOCK_MAGIC + b"\0\x30" + bytes(42)
    file("stream_contains_magic.asdf", "the data looks like a block", star, streamed(inside))
    body = f"a: {ndarray(0, 'uint8', [4])}\ns: {ndarray(-1, 'float64', '[' + chr(39) + '*' + chr(39) + ', 2]')}\n"
    out.add(
        "stream_after_blocks.asdf",
        join(tree(body), block(b"abcd"), streamed(np.arange(6.0).tobytes())),
        "an ordinary block, then the stream",
    )


def sky(count=20000):
    """Numbers that compress, but not to nothing."""
    at = np.arange(count)
    return ((at * 7919 % 251) + at // 64 * 3).astype("<i4")


def lz4_chunks(data, size):
    pieces = (lz4.block.compress(data[i : i + size]) for i in range(0, len(data), size))
    return b"".join(struct.pack(">I", len(p)) + p for p in pieces)


def blosc_chunks(data, size, **kwargs):
    pieces = (blosc.compress(data[i : i + size], **kwargs) for i in range(0, len(data), size))
    return b"".join(struct.pack(">I", len(p)) + p for p in pieces)


def codec(out):
    numbers = sky()
    data = numbers.tobytes()
    half = len(data) // 2

    def file(name, about, key, *stored, decoded=data, count=20000, **kwargs):
        """The same numbers, stored in one or several ways."""
        body = "".join(f"a{i}: {ndarray(i, 'int32', [count])}\n" for i in range(len(stored)))
        blocks = [block(s, codec=key, decoded=decoded) for s in stored]
        out.add(name, join(tree(body), *blocks, with_index=True), about, **kwargs)

    file("codec_zlib.asdf", "zlib: levels 0, 1 and 9", b"zlib", *(zlib.compress(data[:8000], v) for v in (0, 1, 9)), decoded=data[:8000], count=2000)
    file("codec_bzp2.asdf", "bzip2", b"bzp2", bz2.compress(data))
    file(
        "codec_bzp2_two_streams.asdf",
        "two bzip2 streams after one another, as parallel compressors write",
        b"bzp2",
        bz2.compress(data[:half]) + bz2.compress(data[half:]),
        note="the reference stops after the first stream",
    )
    file("codec_lz4.asdf", "lz4 in one chunk, as the reference writes", b"lz4", lz4_chunks(data, 1 << 22))
    file(
        "codec_lz4_chunk_sizes.asdf",
        "lz4 in chunks of 999 bytes, of 4096, of 65536",
        b"lz4",
        *(lz4_chunks(data, size) for size in (999, 4096, 65536)),
    )
    odd = b"".join(lz4_chunks(data[a:b], 1 << 22) for a, b in ((0, 1), (1, 4), (4, 30001), (30001, len(data))))
    file("codec_lz4_odd_chunks.asdf", "lz4 chunks of 1, 3, 29997 bytes and the rest", b"lz4", odd)
    file("codec_lz4_frame_inside.asdf", "an lz4 frame under the key lz4", b"lz4", lz4.frame.compress(data), note="no chunk framing: the reference cannot read this")
    linked = lz4.frame.compress(data, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=True, content_checksum=True)
    file("codec_lz4f.asdf", "lz4 frame: as usual, and with linked blocks and a checksum", b"lz4f", lz4.frame.compress(data), linked)
    compressor = zstandard.ZstdCompressor(level=3)
    file("codec_zstd.asdf", "zstd", b"zstd", compressor.compress(data))
    file(
        "codec_zstd_frames.asdf",
        "two zstd frames after one another; a skippable frame between them",
        b"zstd",
        compressor.compress(data[:half]) + compressor.compress(data[half:]),
        compressor.compress(data[:half]) + struct.pack("<II", 0x184D2A50, 5) + b"hello" + compressor.compress(data[half:]),
        note="the reference reads the first frame only",
    )
    bare = zstandard.ZstdCompressor(write_content_size=False, write_checksum=True).compress(data)
    file("codec_zstd_no_content_size.asdf", "zstd without the size, with a checksum", b"zstd", bare)

    blosc.set_nthreads(1)
    shuffles = {"plain": blosc.NOSHUFFLE, "bytes": blosc.SHUFFLE, "bits": blosc.BITSHUFFLE}
    for name in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
        stored = [blosc.compress(data, typesize=4, cname=name, shuffle=s) for s in shuffles.values()]
        file(f"codec_blsc_{name}.asdf", f"one Blosc buffer, {name}: unshuffled, bytes shuffled, bits shuffled", b"blsc", *stored)
    file(
        "codec_blsc_chunks.asdf",
        "Blosc buffers with a length each (Abacus), of 4096 and 50000 bytes",
        b"blsc",
        *(blosc_chunks(data, size, typesize=4, cname="zstd", shuffle=blosc.BITSHUFFLE) for size in (4096, 50000)),
        note="the reference's Blosc extension cannot read this framing",
    )
    noise = np.random.default_rng(1).bytes(4000)
    file("codec_blsc_incompressible.asdf", "Blosc that had to store bytes as they are", b"blsc", blosc.compress(noise, typesize=4), decoded=noise, count=1000)
    pair = zlib.compress(data), lz4_chunks(data, 1 << 22), bz2.compress(data), b"", lz4.frame.compress(b"")
    keys = b"zlib", b"lz4", b"bzp2", b"lz4", b"lz4f"
    sizes = 20000, 20000, 20000, 0, 0
    body = "".join(f"a{i}: {ndarray(i, 'int32', [n])}\n" for i, n in enumerate(sizes)) + f"view: {ndarray(1, 'int32', [10], offset=400, strides=[-40])}\n"
    blocks = [block(s, codec=k, decoded=data[: 4 * n], allocated=len(s) + 17) for s, k, n in zip(pair, keys, sizes)]
    out.add("codec_mixed.asdf", join(tree(body), *blocks, with_index=True), "several codecs, empty blocks, slack after each, a view")
    out.add(
        "codec_unknown.asdf",
        join(tree(f"known: {ndarray(0, 'uint8', [4])}\nunknown: {ndarray(1, 'uint8', [4])}"), block(b"abcd"), block(b"?!", codec=b"xyz9", decoded=b"abcd")),
        "a codec that nobody knows: everything else can be read",
    )


def checksum(out):
    data = sky(1000).tobytes()
    packed = zlib.compress(data)

    def file(name, about, *blocks):
        body = "".join(f"a{i}: {ndarray(i, 'int32', [1000])}\n" for i in range(len(blocks)))
        out.add(name, join(tree(body), *blocks, with_index=True), about)

    stored = {"codec": b"zlib", "decoded": data}
    file("checksum_match.asdf", "right checksums, raw and compressed", block(data), block(packed, **stored))
    file(
        "checksum_wrong.asdf",
        "the checksum of the second block is wrong, and that of the third, which is compressed",
        block(data),
        block(data, checksum=bytes(range(16))),
        block(packed, checksum=bytes(range(16)), **stored),
    )
    file("checksum_absent.asdf", "all zero: not checked", block(data, checksum="none"), block(packed, checksum="none", **stored))
    file("checksum_legacy.asdf", "the digest of the decoded data, as asdf wrote before 5.3", block(packed, checksum="decoded", **stored), block(data))
    file(
        "checksum_padding_left_out.asdf",
        "the digest is over the used bytes, not the allocated ones",
        block(data, allocated=len(data) + 100, padding=b"?"),
    )
    out.add(
        "checksum_empty_block.asdf",
        join(tree(f"a: {ndarray(0, 'uint8', [0])}"), block(b"")),
        "the digest of nothing",
    )


def block_index(out):
    pieces = [block(bytes([65 + i]) * (3 + i)) for i in range(4)]
    head = tree("".join(f"k{i}: {ndarray(i, 'uint8', [3])}\n" for i in range(4)))
    right = offsets(head, pieces)
    body = head + b"".join(pieces)

    def file(name, about, end=b"", start=body, **kwargs):
        out.add(name, start + end, about, **kwargs)

    file("index_none.asdf", "no index")
    file("index_valid.asdf", "block style", index(right))
    file("index_flow.asdf", "flow style", index(right, "flow"))
    file("index_crlf.asdf", "lines end in CR LF", index(right).replace(b"\n", b"\r\n"))
    file("index_no_end.asdf", "the end marker is missing", index(right)[:-4])
    file("index_stale.asdf", "every entry is off, as after an edit by a text editor", index([o + 5 for o in right]))
    file("index_wrong_second.asdf", "only the second entry is off", index([right[0], right[1] + 4, *right[2:]]))
    file("index_wrong_last.asdf", "only the last entry is off", index([*right[:3], right[3] + 1]))
    file("index_too_few.asdf", "the last block is missing", index(right[:3]))
    file("index_too_many.asdf", "one entry more than blocks", index([*right, len(body)]))
    file("index_unsorted.asdf", "the entries are not in order", index([right[0], right[2], right[1], right[3]]))
    file("index_no_list.asdf", "the index is a mapping", b"#ASDF BLOCK INDEX\n%YAML 1.1\n---\na: 1\n...\n")
    file("index_no_yaml.asdf", "the index is no YAML", b"#ASDF BLOCK INDEX\n%YAML 1.1\n--- [1, 2\n...\n")
    file("index_trailing_nul.asdf", "NUL bytes after the index", index(right) + bytes(500))
    old = index([100, 200])
    inner = block(old + b"xyz" + old)
    head_inside = tree(f"a: {ndarray(0, 'uint8', [len(old)])}")
    out.add("index_text_in_block.asdf", join(head_inside, inner, with_index=True), "the data of the block holds the text of an old index")
    out.add("index_text_in_last_block.asdf", join(head_inside, inner), "the same without an index of its own")
    many = [block(struct.pack("<H", i)) for i in range(300)]
    lines = "".join(f"- {ndarray(i, 'uint16', [1])}\n" for i in (0, 1, 150, 299))
    out.add("index_300_blocks.asdf", join(tree("some:\n" + lines), *many, with_index=True), "300 blocks")
    out.add("index_300_blocks_stale.asdf", join(tree("some:\n" + lines), *many) + index(range(1000, 1300)), "300 blocks and a stale index")
    out.add("index_without_blocks.asdf", tree("a: 1\n") + index([]), "an index, but no blocks")


def padding(out):
    data = np.arange(5, dtype="<i4").tobytes()
    head = tree(f"a: {ndarray(0, 'int32', [5])}\nb: {ndarray(1, 'int32', [5])}")

    def file(name, about, before=b"", after=b"", first=None, second=None):
        out.add(name, head + before + (first or block(data)) + (second or block(data)) + after, about)

    file("layout_nul_after_tree.asdf", "NUL bytes between tree and blocks", bytes(333))
    file("layout_spaces_after_tree.asdf", "spaces and newlines between tree and blocks", b"  \n\n   \r\n" * 20)
    file("layout_text_after_tree.asdf", "any text between tree and blocks", b"# not YAML: [}\n...\n--- nor this\n\xd3BL\xd3B")
    file("layout_nul_at_end.asdf", "NUL bytes after the last block", after=bytes(4096))
    for size in (49, 64, 248, 65535):
        wide = block(data, header_size=size, filler=b"\x55" * (size - 48))
        file(f"layout_header_{size}.asdf", f"a block header of {size} bytes", first=wide)
    tight = block(data, allocated=1000, padding=b"\xaa")
    file("layout_slack.asdf", "more allocated than used", first=tight)
    fake = block(b"not a block")
    file("layout_slack_with_magic.asdf", "the slack holds what looks like a block", first=block(data, allocated=400, padding=fake))
    file("layout_flags_reserved.asdf", "reserved flags are set", first=block(data, flags=0xFFFFFFFE))
    out.add(
        "layout_unused_block.asdf",
        join(tree(f"b: {ndarray(1, 'int32', [5])}"), block(data), block(data), with_index=True),
        "a block that no array uses",
    )


