"""Makes `fits/ztable.fits`, tables compressed column by column, `fits/fpack.fits`, the same as cfitsio's fpack makes them, and
`fits/null_pixels.fits`, compressed images with masks of pixels without a value.

    python test-data/generate/ztable.py         # needs astropy, and fpack of cfitsio for fpack.fits

`ztable.json` and `fpack.json` have for each HDU what astropy reads of the table before it was compressed, `null_pixels.json` what the images
were, null where the mask is set. The bytes of the first file are put together here, by section 10.3 of FITS 4.0 and, for arrays of variable length,
as cfitsio lays them out: the descriptors of the table and then those of the compressed arrays, gzipped together.
"""

import gzip
import io
import json
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed import _codecs

sys.path.insert(0, str(Path(__file__).resolve().parent))
from fits import HERE, column, rng  # noqa: E402

ELEMENT = {"L": 1, "X": 1, "B": 1, "A": 1, "I": 2, "J": 4, "E": 4, "K": 8, "D": 8, "C": 8, "M": 16}


def packed(data):
    return gzip.compress(data, mtime=0)


def rice(data, width):
    """Rice codes of big-endian integers."""
    kind = {1: np.uint8, 2: np.dtype(">i2"), 4: np.dtype(">i4")}[width]
    numbers = np.frombuffer(data, kind).astype(kind.newbyteorder("=") if width > 1 else kind)
    return bytes(_codecs.Rice1(blocksize=32, bytepix=width, tilesize=numbers.size).encode(numbers))


def encoded(codec, data, width):
    if codec == "GZIP_1":
        return packed(data)
    if codec == "GZIP_2":
        return packed(np.frombuffer(data, np.uint8).reshape(-1, width).T.tobytes())
    return rice(data, width) if codec == "RICE_1" else data


def compress(hdu, codecs, rows):
    """The same table in tiles of so many rows, with a codec for each column."""
    raw = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(raw)
    with fits.open(io.BytesIO(raw.getvalue())) as file:
        start = file[1].fileinfo()["datLoc"]
        header = file[1].header.copy()
    data = raw.getvalue()[start:]
    count, width = header["NAXIS2"], header["NAXIS1"]
    table = np.frombuffer(data[: count * width], np.uint8).reshape(count, width)
    heap = data[count * width : count * width + header["PCOUNT"]]
    forms = [header[f"TFORM{number + 1}"] for number in range(header["TFIELDS"])]
    stored, descriptors = b"", []

    def put(content):
        nonlocal stored
        place = len(stored)
        stored += content
        return np.array([len(content), place], ">i8").tobytes()

    for first in range(0, count, rows):
        tile = table[first : first + rows]
        at = 0
        for form, codec in zip(forms, codecs):
            repeat = int("".join(c for c in form[: len(form) - len(form.lstrip("0123456789"))]) or 1)
            code = form.lstrip("0123456789")[0]
            if code in "PQ":
                size = 8 if code == "P" else 16
                cells = tile[:, at : at + size].tobytes()
                inner = form.lstrip("0123456789")[1]
                further = b""
                for length, offset in np.frombuffer(cells, ">i4" if code == "P" else ">i8").reshape(-1, 2):
                    plain = heap[offset : offset + length * ELEMENT[inner]]
                    own = encoded(codec, plain, ELEMENT[inner])
                    # What does not become smaller is stored as it is.
                    further += put(own if 0 < len(own) < len(plain) else plain)
                descriptors.append(put(packed(cells + further)))
            else:
                size = (repeat + 7) // 8 if code == "X" else repeat * ELEMENT[code]
                cells = tile[:, at : at + size].tobytes()
                descriptors.append(put(encoded(codec, cells, ELEMENT[code])) if size else np.zeros(2, ">i8").tobytes())
            at += size
    new = fits.Header()
    new["XTENSION"], new["BITPIX"], new["NAXIS"] = "BINTABLE", 8, 2
    new["NAXIS1"], new["NAXIS2"], new["PCOUNT"], new["GCOUNT"] = 16 * len(forms), -(-count // rows), len(stored), 1
    new["TFIELDS"] = len(forms)
    new["ZTABLE"], new["ZTILELEN"] = True, rows
    new["ZNAXIS1"], new["ZNAXIS2"], new["ZPCOUNT"] = width, count, header["PCOUNT"]
    for number, (form, codec) in enumerate(zip(forms, codecs), 1):
        new[f"TFORM{number}"] = "1QB"
        new[f"ZFORM{number}"], new[f"ZCTYP{number}"] = form, codec
    for card in header.cards:
        if card.keyword not in new and not card.keyword.startswith("TFORM"):
            new.append(card)
    content = b"".join(descriptors) + stored
    return new.tostring().encode() + content + bytes(-len(content) % 2880)


def tables(n=23):
    """Tables with names of codecs for their columns."""
    numbers = rng("ztable")
    cells = lambda dtype, sizes: np.array([np.sort(numbers.integers(0, 90, s)).astype(dtype) for s in sizes], dtype=object)
    new = fits.Column
    columns = [
        new("L", "L", array=numbers.integers(0, 2, n).astype(bool)),
        new("X", "11X", array=numbers.integers(0, 2, (n, 11)).astype(bool)),
        new("B", "B", array=np.arange(n).astype("u1"), unit="adu"),
        new("I", "I", array=np.arange(n, dtype="i2") * 3 - 20, null=-20),
        new("J", "J", array=np.arange(n, dtype="i4") * 1000 - 7),
        new("K", "K", array=np.arange(n) << 40),
        new("A", "8A", array=np.array([f"name {i % 7}" for i in range(n)])),
        new("E", "E", array=numbers.normal(size=n).astype("f4")),
        new("D", "D", array=numbers.normal(size=n)),
        new("C", "C", array=numbers.normal(size=n) + 1j),
        new("MAT", "6J", array=np.arange(n * 6, dtype="i4").reshape(n, 2, 3), dim="(3,2)"),
        new("U2", "I", array=(np.arange(n) + 65500).astype("u2"), bzero=2**15),
        new("ZERO", "0E", array=np.zeros((n, 0), "f4")),
        new("VEC", "3I", array=(np.arange(n * 3) - 30).reshape(n, 3).astype("i2")),
    ]
    plain = fits.BinTableHDU.from_columns(columns, name="ALL")
    plain.header["HELLO"] = (1.5, "[s] a card of its own")
    several = ["GZIP_1", "GZIP_1", "RICE_1", "RICE_1", "RICE_1", "GZIP_2", "GZIP_1", "GZIP_2", "GZIP_2", "GZIP_1", "RICE_1", "GZIP_2", "GZIP_1", "RICE_1"]
    yield plain, several, 10
    yield plain, ["GZIP_1"] * len(columns), n
    yield plain, ["NOCOMPRESS"] * len(columns), 7
    sizes = numbers.integers(0, 60, n)
    heap = [
        new("ID", "J", array=np.arange(n, dtype="i4")),
        new("PJ", "PJ()", array=cells("i4", sizes)),
        new("PI", "PI()", array=cells("i2", sizes[::-1])),
        new("QD", "QD()", array=cells("f8", sizes)),
        new("PB", "PB()", array=cells("u1", sizes)),
        new("QE", "QE()", array=cells("f4", sizes)),
    ]
    heap = fits.BinTableHDU.from_columns(heap, name="HEAP")
    yield heap, ["RICE_1", "RICE_1", "RICE_1", "GZIP_2", "RICE_1", "GZIP_2"], 9
    yield heap, ["GZIP_1"] * 6, n
    yield fits.BinTableHDU.from_columns([new("A", "J"), new("B", "3E")], nrows=0, name="NONE"), ["RICE_1", "GZIP_2"], 5


def described(content):
    """What astropy reads of the table in each HDU."""
    with fits.open(io.BytesIO(content)) as file:
        return [{"index": index, "table": {"rows": len(hdu.data), "columns": [column(hdu, c) for c in hdu.columns]}} for index, hdu in enumerate(file) if index]


def primary():
    sink = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU()]).writeto(sink)
    return sink.getvalue()


def fpack(content):
    """The file as fpack compresses its tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plain.fits"
        path.write_bytes(content)
        subprocess.run(["fpack", "-C", "-table", str(path)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path.with_name("plain.fits.fz").read_bytes()


def null_pixels():
    """Images with masks: a file, and the pixels that they were."""
    numbers = rng("null pixels")
    out, expected = primary(), []
    for dtype, codec, mask_codec in (("i2", "RICE_1", "PLIO_1"), ("i4", "GZIP_1", "GZIP_1"), ("f4", "HCOMPRESS_1", "RICE_1"), ("u1", "GZIP_2", "NOCOMPRESS"), ("f4", "GZIP_1", "GZIP_2")):
        shape, tile = (12, 20), (4, 20) if codec == "HCOMPRESS_1" else (5, 20)
        data = numbers.integers(10, 200, shape).astype(dtype)
        mask = numbers.integers(0, 6, shape) == 0
        # A tile without any, whose cell is empty.
        mask[: tile[0]] = False
        keywords = {"quantize_level": 0} if codec == "GZIP_1" and dtype == "f4" else {}
        compressed = fits.CompImageHDU(data, compression_type=codec, tile_shape=tile, name=f"{dtype}_{codec}", **keywords)
        sink = io.BytesIO()
        fits.HDUList([fits.PrimaryHDU(), compressed]).writeto(sink)
        with fits.open(io.BytesIO(sink.getvalue())) as file:
            read = file[1].data.copy()
        with fits.open(io.BytesIO(sink.getvalue()), disable_image_compression=True) as file:
            start, header = file[1].fileinfo()["datLoc"], file[1].header.copy()
        stored = sink.getvalue()[start:]
        count, width = header["NAXIS2"], header["NAXIS1"]
        heap = stored[count * width : count * width + header["PCOUNT"]]
        rows = b""
        for number in range(count):
            own = mask[number * tile[0] : (number + 1) * tile[0]].astype("u1")
            cell = masked(mask_codec, own) if own.any() else b""
            rows += stored[number * width : (number + 1) * width] + np.array([len(cell), len(heap)], ">i8").tobytes()
            heap += cell
        header["NAXIS1"], header["PCOUNT"], header["TFIELDS"] = width + 16, len(heap), header["TFIELDS"] + 1
        header[f"TTYPE{header['TFIELDS']}"], header[f"TFORM{header['TFIELDS']}"] = "NULL_PIXEL_MASK", "1QB"
        header["ZMASKCMP"] = mask_codec
        if dtype[0] in "iu":
            header["ZBLANK"] = 3
        out += header.tostring().encode() + rows + heap + bytes(-len(rows + heap) % 2880)
        values = read.astype(float).tolist()
        expected.append([[None if hit else value for value, hit in zip(row, hits)] for row, hits in zip(values, mask.tolist())])
    return out, expected


def masked(codec, mask):
    flat = np.ascontiguousarray(mask)
    if codec == "PLIO_1":
        words = bytes(_codecs.PLIO1(tilesize=flat.size).encode(flat.astype("i4")))
        return np.frombuffer(words, "i2").astype(">i2").tobytes()
    return encoded(codec, flat.tobytes(), 1)


def plain_of(hdus):
    plain = primary()
    for hdu in hdus:
        sink = io.BytesIO()
        fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(sink)
        plain += sink.getvalue()[len(primary()) :]
    return plain


def main():
    content = primary() + b"".join(compress(*one) for one in tables())
    plain = plain_of(one[0] for one in tables())
    (HERE / "ztable.fits").write_bytes(content)
    if shutil.which("fpack"):
        # Small tables it leaves as they are.
        large = plain_of([one[0] for one in tables(170)][2:4])
        (HERE / "fpack.fits").write_bytes(fpack(large))
        (HERE / "fpack.json").write_text(json.dumps(described(large), indent=0) + "\n")
    else:
        print("there is no fpack: fpack.fits stays as it is")
    (HERE / "ztable.json").write_text(json.dumps(described(plain), indent=0) + "\n")
    content, expected = null_pixels()
    (HERE / "null_pixels.fits").write_bytes(content)
    (HERE / "null_pixels.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
