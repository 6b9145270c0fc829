"""Makes `blosc/`: what the two Blosc libraries write, without an ASDF file around it.

Each file is a row of cases; a case is seven little-endian 32-bit numbers (pattern, element size and size of the
plain bytes, two numbers of the case, framing, size of what follows) and a compressed payload. The patterns are simple
enough for the test to compute the plain bytes itself:

    0 count   element e is the number e, little-endian, cut off or filled with zeros
    1 noise   x = x * 1664525 + 1013904223 mod 2**32 from x = 1; each byte is the upper byte of the next x
    2 mixed   stretches of 512 bytes of count and of noise in turn, each of the bytes at its own place
    3 floats  element e is the 32-bit float with the bits 0x3f800000 + 9973 * e; the lower bits are cut off (first number:
              bits of the mantissa that stay)
    4 zeros
    5 nans    elements are the quiet NaN
    6 ones    every byte is 1
    7 cycle   bytes 1 to 12 again and again
    8 far     500 bytes of noise, 9000 zeros, the same again and again

Framings: 0 bare, 1 length and buffer again and again.

    python test-data/generate/blosc_streams.py    # needs blosc==1.11.4 and blosc2==4.14.1
"""

import struct
from pathlib import Path

import blosc
import blosc2
import numpy as np

OUT = Path(__file__).resolve().parent.parent / "blosc"
CODECS = ("blosclz", "lz4", "lz4hc", "zlib", "zstd")
COUNT, NOISE, MIXED, FLOATS, ZEROS, NANS, ONES, CYCLE, FAR = range(9)
BARE, LENGTHS = range(2)


def count(width, size):
    elements = -(-size // width)
    rows = np.zeros((elements, max(width, 8)), np.uint8)
    rows[:, :8] = np.arange(elements, dtype="<u8").view(np.uint8).reshape(-1, 8)
    return rows[:, :width].tobytes()[:size]


def noise(size):
    out, x = bytearray(), 1
    for _ in range(size):
        x = (x * 1664525 + 1013904223) % 2**32
        out.append(x >> 24)
    return bytes(out)


def plain(pattern, width, size, keep=0):
    if pattern == COUNT:
        return count(width, size)
    if pattern == NOISE:
        return noise(size)
    if pattern == MIXED:
        both = count(width, size), noise(size)
        return b"".join(both[at // 512 % 2][at : at + 512] for at in range(0, size, 512))
    if pattern == FLOATS:
        return (0x3F800000 + 9973 * np.arange(size // 4)).astype("<u4").tobytes()
    if pattern == NANS:
        return np.full(size // width, np.nan, f"<f{width}").tobytes()
    if pattern == CYCLE:
        return (bytes(range(1, 13)) * (size // 12 + 1))[:size]
    if pattern == FAR:
        return ((noise(500) + bytes(9000)) * (size // 9500 + 1))[:size]
    return bytes([pattern == ONES]) * size


class Cases:
    def __init__(self):
        self.out = bytearray()
        self.number = 0

    def add(self, pattern, width, size, payload, keep=0, framing=BARE):
        self.out += struct.pack("<7I", pattern, width, size, keep, 0, framing, len(payload)) + payload
        self.number += 1

    def write(self, name):
        (OUT / name).write_bytes(self.out)
        print(f"{name}: {self.number} cases, {len(self.out)} bytes")


def lengths(parts):
    return b"".join(struct.pack(">I", len(p)) + p for p in parts)


# ---- Blosc 1 ----


def blosc1(pattern, width, size, codec, shuffle, block=512, level=9):
    blosc.set_blocksize(block)
    data = plain(pattern, width, size)
    out = blosc.compress(data, typesize=min(width, 255), clevel=level, shuffle=shuffle, cname=codec)
    assert blosc.decompress(out) == data
    return out


def make_blosc1():
    blosc.set_nthreads(1)
    for codec in CODECS:
        cases = Cases()
        for shuffle in (blosc.NOSHUFFLE, blosc.SHUFFLE, blosc.BITSHUFFLE):
            for width in (1, 2, 3, 4, 8, 16, 17, 255):
                for pattern, size, block in ((COUNT, 133, 512), (COUNT, 2001, 640), (MIXED, 1100, 512)):
                    cases.add(pattern, width, size, blosc1(pattern, width, size, codec, shuffle, block))
            if shuffle:
                cases.add(COUNT, 4, 70_016, blosc1(COUNT, 4, 70_016, codec, shuffle, 0))
                cases.add(COUNT, 8, 300_032, blosc1(COUNT, 8, 300_032, codec, shuffle, 1 << 16))
        cases.write(f"blosc1_{codec}.bin")

    cases = Cases()
    for size in (0, 1, 15, 16, 17, 127, 128, 129):
        for width in (1, 4, 300):
            cases.add(COUNT, width, size, blosc1(COUNT, width, size, "lz4", blosc.SHUFFLE))
            cases.add(COUNT, width, size, blosc1(COUNT, width, size, "lz4", blosc.SHUFFLE, level=0))
    cases.add(NOISE, 4, 3001, blosc1(NOISE, 4, 3001, "zstd", blosc.BITSHUFFLE))
    cases.add(CYCLE, 4, 3000, blosc1(CYCLE, 4, 3000, "blosclz", blosc.NOSHUFFLE, 0))
    cases.add(CYCLE, 4, 60_000, blosc1(CYCLE, 4, 60_000, "blosclz", blosc.NOSHUFFLE, 0, 1))
    for pattern in (ZEROS, ONES):
        cases.add(pattern, 8, 40_003, blosc1(pattern, 8, 40_003, "blosclz", blosc.SHUFFLE, 0))
    # Matches farther back than 13 bits reach.
    cases.add(FAR, 1, 76_000, blosc1(FAR, 1, 76_000, "blosclz", blosc.NOSHUFFLE, 0))
    cases.write("blosc1_edges.bin")

    cases = Cases()
    for codec in CODECS:
        parts = []
        for at in range(0, 9_000, 4_000):
            blosc.set_blocksize(1024)
            parts.append(blosc.compress(plain(MIXED, 4, 9_000)[at : at + 4_000], 4, 5, blosc.SHUFFLE, codec))
        cases.add(MIXED, 4, 9_000, lengths(parts), framing=LENGTHS)
        if codec == "zstd":
            cases.add(MIXED, 4, 9_000, b"".join(parts))
    cases.write("blosc1_framings.bin")


# ---- Blosc 2 ----


def parameters(codec, width, filters, block, **more):
    codes = [f if isinstance(f, tuple) else (f, 0) for f in filters]
    return {
        "codec": blosc2.Codec[codec.upper()],
        "typesize": width,
        "clevel": 9,
        "nthreads": 1,
        "blocksize": block,
        "filters": [f for f, _ in codes],
        "filters_meta": [m for _, m in codes],
        **more,
    }


def chunk(data, checked=True, **params):
    out = blosc2.compress2(data, **params)
    assert not checked or blosc2.decompress2(out) == data
    return out


NONE, SHUFFLE, BITSHUFFLE, DELTA, TRUNC = (
    blosc2.Filter[n] for n in ("NOFILTER", "SHUFFLE", "BITSHUFFLE", "DELTA", "TRUNC_PREC")
)


def make_blosc2_chunks():
    pipelines = ([NONE], [SHUFFLE], [BITSHUFFLE], [DELTA], [DELTA, SHUFFLE], [DELTA, BITSHUFFLE], [SHUFFLE, BITSHUFFLE])
    for codec in CODECS:
        cases = Cases()
        for filters in pipelines:
            for width in (1, 2, 4, 8, 12, 17):
                for pattern, size, block in ((COUNT, 133, 0), (COUNT, 1999, 576), (MIXED, 1100, 512)):
                    block -= block % width
                    if DELTA in filters:
                        # Bytes behind the last whole element of a block get lost when delta is applied.
                        size -= size % width
                    params = parameters(codec, width, filters, block)
                    cases.add(pattern, width, size, chunk(plain(pattern, width, size), **params))
            if filters != [NONE]:
                params = parameters(codec, 8, filters, 1 << 16)
                cases.add(COUNT, 8, 300_032, chunk(plain(COUNT, 8, 300_032), **params))
        cases.write(f"blosc2_{codec}.bin")

    cases = Cases()
    for keep in (5, 16):
        filters = [(TRUNC, keep), SHUFFLE]
        params = parameters("zstd", 4, filters, 1024)
        cases.add(FLOATS, 4, 8000, chunk(plain(FLOATS, 4, 8000), checked=False, **params), keep)
    for codec in ("zstd", "lz4", "lz4hc"):
        params = parameters(codec, 4, [SHUFFLE], 4096, use_dict=True)
        cases.add(COUNT, 4, 40_000, chunk(plain(COUNT, 4, 40_000), **params))
    for size in (0, 1, 3, 4, 31, 32, 33, 1001):
        for pattern in (ZEROS, ONES, NOISE):
            cases.add(pattern, 4, size, chunk(plain(pattern, 4, size), **parameters("lz4", 4, [SHUFFLE], 0)))
    # One byte of each element differs, so that some streams are runs.
    cases.add(COUNT, 8, 2000, chunk(plain(COUNT, 8, 2000), **parameters("lz4", 8, [SHUFFLE], 512)))
    cases.add(CYCLE, 12, 6000, chunk(plain(CYCLE, 12, 6000), **parameters("zstd", 12, [SHUFFLE], 600)))
    # The parameter of shuffle: the size to use instead of that of the element.
    grouped = parameters("lz4", 8, [(SHUFFLE, 2)], 512)
    cases.add(COUNT, 2, 5000, chunk(plain(COUNT, 2, 5000), **grouped))
    cases.write("blosc2_edges.bin")


def frame(chunksize, params, *parts):
    schunk = blosc2.SChunk(chunksize=chunksize, contiguous=True, cparams=params)
    for part in parts:
        schunk.append_data(part)
    # The library loses bytes behind the last whole element of a block that is split.
    assert all(schunk.decompress_chunk(i) == part for i, part in enumerate(parts))
    return schunk.to_cframe()


def split(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)]


def make_frames():
    cases = Cases()
    for codec in CODECS:
        for filters in ([SHUFFLE], [BITSHUFFLE], [DELTA, SHUFFLE]):
            params = parameters(codec, 4, filters, 1024)
            data = plain(MIXED, 4, 7_004)
            cases.add(MIXED, 4, 7_004, frame(3_000, params, *split(data, 3_000)))
            data = plain(COUNT, 4, 30_000)
            cases.add(COUNT, 4, 30_000, frame(1 << 20, params, data))
    # As asdf-cxx writes it: BloscLZ, bit shuffle, all data in one buffer.
    for width in (1, 2, 4, 8):
        params = parameters("blosclz", width, [NONE] * 5 + [BITSHUFFLE], 0)
        data = plain(COUNT, width, 50_000)
        cases.add(COUNT, width, 50_000, frame(2**31 - 64, params, data))
    # As abacusutils writes it: Zstandard, level 1, blocks of whole records.
    params = parameters("zstd", 12, [SHUFFLE], 12_000, clevel=1)
    data = plain(COUNT, 12, 99_996)
    cases.add(COUNT, 12, 99_996, frame(48_000, params, *split(data, 48_000)))
    # Buffers of different sizes.
    params = parameters("lz4", 4, [SHUFFLE], 1024)
    data = plain(COUNT, 4, 9100)
    cases.add(COUNT, 4, 9100, frame(4000, params, data[:4000], data[4000:4100], data[4100:8100], data[8100:]))
    # Many buffers, so that the index has blocks.
    params = parameters("lz4", 4, [SHUFFLE], 0)
    data = plain(COUNT, 4, 12_000)
    cases.add(COUNT, 4, 12_000, frame(60, params, *split(data, 60)))
    # Buffers that only the index knows of.
    cases.add(ZEROS, 4, 100_000, frame(10_000, params, *[bytes(10_000)] * 10))
    for value, pattern, widths in (("NAN", NANS, (4, 8)), ("ZERO", ZEROS, (2, 8)), ("UNINIT", ZEROS, (4,))):
        for width in widths:
            schunk = blosc2.SChunk(chunksize=8000, contiguous=True, cparams=parameters("lz4", width, [SHUFFLE], 0))
            schunk.fill_special(40_000 // width + 3, blosc2.SpecialValue[value])
            cases.add(pattern, width, 40_000 + 3 * width, schunk.to_cframe())
    schunk = blosc2.SChunk(chunksize=8004, contiguous=True, cparams=parameters("lz4", 4, [SHUFFLE], 0))
    schunk.fill_special(10_000, blosc2.SpecialValue.VALUE, 0x01010101)
    cases.add(ONES, 4, 40_000, schunk.to_cframe())
    # Nothing at all.
    cases.add(COUNT, 4, 0, frame(1000, params))
    # A frame behind its length.
    data = plain(COUNT, 4, 9000)
    cases.add(COUNT, 4, 9000, lengths([frame(4000, params, *split(data, 4000))]), framing=LENGTHS)
    cases.write("blosc2_frames.bin")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    make_blosc1()
    make_blosc2_chunks()
    make_frames()
