"""FITS files with what astropy reads from them; run alone.

    venv/bin/python test-data/generate/fits.py [--check]      # writes ../fits/

`NAME.expected.json` lists the HDUs: header cards, and for images, columns and groups the type, the shape and a
SHA-256 of the little-endian elements in C order, scaled as astropy does. Needs astropy 8.
"""

import argparse
import filecmp
import gzip
import hashlib
import json
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed import _codecs

HERE = Path(__file__).resolve().parent.parent / "fits"
# The time in a gzip header would make every run another file.
_codecs.gzip_compress = lambda data: gzip.compress(data, mtime=0)


def rng(name):
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"))


def sky(name, shape, dtype):
    """A noisy field with stars."""
    numbers = rng(name)
    data = numbers.normal(100, 8, shape)
    flat = data.reshape(-1)
    flat[numbers.integers(0, flat.size, max(1, flat.size // 100))] += 900
    return np.clip(data, 0, 250).astype(dtype) if np.dtype(dtype) == np.uint8 else data.astype(dtype)


def primary():
    return fits.PrimaryHDU()


def images():
    hdus = [fits.PrimaryHDU(np.arange(6, dtype=">i2").reshape(2, 3))]
    for dtype in ("u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"):
        info = np.iinfo(dtype) if dtype[0] in "iu" else np.finfo(dtype)
        data = np.array([[info.min, 0, 1], [info.max, 7, 100]], dtype=dtype)
        hdus.append(fits.ImageHDU(data, name=dtype))
    for dims in range(1, 6):
        hdus.append(fits.ImageHDU(np.arange(np.prod(range(2, dims + 2)), dtype="i4").reshape(range(2, dims + 2)), name="DIMS", ver=dims))
    hdus.append(fits.ImageHDU(np.zeros((0, 4), "f4"), name="EMPTY"))
    return hdus


def scaled():
    def raw(dtype, values, **cards):
        hdu = fits.ImageHDU(np.array(values, dtype=dtype), do_not_scale_image_data=True)
        hdu.header.update(cards)
        return hdu

    return [
        primary(),
        raw("i2", [1, 2, -3, 4], BSCALE=0.1, BZERO=10.5),
        raw("u1", [1, 2, 3, 255], BSCALE=0.5),
        raw("i4", [1, 2, -3, 2**31 - 1], BSCALE=0.1, BZERO=-1.0),
        raw("i8", [1, 2, -3, 2**62 + 1], BSCALE=1.0, BZERO=1.0),
        raw("f4", [1.5, np.nan, -np.inf, 4], BSCALE=0.1, BZERO=10.5),
        raw("f8", [1.5, np.nan, -np.inf, 4], BZERO=10.5),
        raw("i2", [1, 2, -32768, 4], BLANK=-32768),
        raw("i4", [1, 2, -7, 4], BLANK=-7, BSCALE=2.0, BZERO=1.0),
        raw("i2", [1, 2, -1, 4], BLANK=-1, BSCALE=1, BZERO=32768),
    ]


def header():
    hdu = fits.PrimaryHDU(np.zeros((2, 2), "u1"))
    head = hdu.header
    head["STR"] = ("it's 'quoted'", "comment")
    head["EMPTY"] = ""
    head["LOGT"], head["LOGF"] = True, False
    head["INT"] = (-123456789, "an int")
    head["BIGINT"] = 12345678901234567890
    head["FLT"] = (1.5e-300, "float")
    head["CPLX"] = 1.5 - 2j
    head["UNDEF"] = (fits.card.Undefined(), "no value")
    head["LONG"] = "abcdefghij'" * 15
    head["LONGC"] = ("short", "c" * 47)
    head["LONGBOTH"] = ("v" * 90, "a comment")
    head["HIERARCH ESO DET CHIP1 NAME"] = ("chip", "hierarch")
    head["LEAD"] = "   a"
    head["AMP"] = "a & b&"
    head["SLASH"] = "a / b"
    head.append(("DUP", 1), end=True)
    head.append(("DUP", 2), end=True)
    head.add_comment("a comment = 'x'")
    head.add_history("h" * 150)
    head.add_blank("blank card text")
    return [hdu]


def tables():
    n = 4
    numbers = rng("tables")
    column = fits.Column
    cols = [
        column("L", "L", array=np.array([True, False, True, False])),
        column("X", "11X", array=numbers.integers(0, 2, (n, 11)).astype(bool)),
        column("B", "B", array=np.arange(n, dtype="u1"), unit="adu"),
        column("I", "I", array=np.array([1, -99, 3, 4], "i2"), null=-99),
        column("J", "J", array=np.arange(n, dtype="i4"), disp="I8"),
        column("K", "K", array=np.arange(n) << 40),
        column("A", "8A", array=np.array(["a", "bb", "", "trail  "])),
        column("E", "E", array=numbers.normal(size=n).astype("f4")),
        column("D", "D", array=numbers.normal(size=n)),
        column("C", "C", array=numbers.normal(size=n) + 1j),
        column("M", "M", array=numbers.normal(size=n) - 2j),
        column("VEC", "4E", array=numbers.normal(size=(n, 4))),
        column("MAT", "6J", array=np.arange(n * 6).reshape(n, 2, 3), dim="(3,2)"),
        column("SARR", "12A", array=np.array([["ab", "cd", "ef"]] * n), dim="(4,3)"),
        column("U2", "I", array=np.array([0, 1, 65535, 7], "u2"), bzero=2**15),
        column("U4", "J", array=np.array([0, 1, 2**32 - 1, 7], "u4"), bzero=2**31),
        column("U8", "K", array=np.array([0, 1, 2**64 - 1, 7], "u8"), bzero=2**63),
        column("ZERO", "0E", array=np.zeros((n, 0), "f4")),
        column("SC", "I", array=np.array([1, 2, 3, -4], "i2")),
    ]
    binary = fits.BinTableHDU.from_columns(cols, name="ALL")
    binary.header["TSCAL19"], binary.header["TZERO19"] = 0.25, 5.0
    cells = lambda dtype, sizes: np.array([numbers.integers(0, 99, s).astype(dtype) for s in sizes], dtype=object)
    heap = fits.BinTableHDU.from_columns(
        [
            column("ID", "J", array=np.arange(n)),
            column("PJ", "PJ()", array=cells("i4", (3, 0, 10, 1))),
            column("PI", "PI()", array=cells("i2", (1, 2, 0, 3))),
            column("QD", "QD()", array=cells("f8", (2, 1, 0, 3))),
            column("PB", "PB()", array=cells("u1", (2, 1, 7, 3))),
        ],
        name="VLA",
    )
    text = fits.TableHDU.from_columns(
        [
            column("N", "A10", array=np.array(["ab", "cde"])),
            column("I", "I11", array=np.array([1, -20])),
            column("S", "I4", array=np.array([1, -20])),
            column("F", "F12.3", array=np.array([1.5, -2.25])),
            column("E", "E15.7", array=np.array([1.5e10, -2.25e-10])),
            column("D", "D25.17", array=np.array([1e100, -1e-100])),
        ],
        name="TEXT",
    )
    none = fits.BinTableHDU.from_columns([column("A", "J"), column("B", "3E")], nrows=0, name="NONE")
    return [primary(), binary, heap, text, none]


def groups():
    data = sky("groups", (3, 1, 1, 4), "f4")
    hdu = fits.GroupsHDU(fits.GroupData(data, bitpix=-32, parnames=["U", "V"], pardata=[[1.0, 2, 3], [4.5, 5, 6]]))
    return [hdu]


def compressed(algorithm):
    quantised = [("NO_DITHER", -1), ("DITHER_1", 1), ("DITHER_2", 2)]
    out = [primary()]
    shape, tile = (21, 30), (8, 11)

    def add(name, data, **keywords):
        keywords.setdefault("tile_shape", tile if data.ndim == 2 else None)
        out.append(fits.CompImageHDU(data, name=name, compression_type=algorithm, **keywords))

    add("I2", sky(algorithm + "i2", shape, "i2"))
    add("I4", sky(algorithm + "i4", shape, "i4"))
    add("U1", sky(algorithm + "u1", shape, "u1"))
    if algorithm != "PLIO_1":
        add("U2", sky(algorithm + "u2", shape, "u2") * 60)
        add("NEG", (sky(algorithm + "neg", shape, "i4") - 100) * 1000)
        for name, method in quantised:
            data = sky(algorithm + name, shape, "f4")
            data[3, 4] = 0
            if algorithm != "HCOMPRESS_1":
                data[5, 6] = np.nan
            add(name, data, quantize_method=method, dither_seed=100 + method, quantize_level=16)
        add("F8", sky(algorithm + "f8", shape, "f8"), quantize_method=1, dither_seed=9999, quantize_level=4)
    if algorithm.startswith("GZIP"):
        add("LOSSLESS4", sky(algorithm + "l4", shape, "f4"), quantize_level=0)
        add("LOSSLESS8", sky(algorithm + "l8", shape, "f8"), quantize_level=0)
        add("I8", sky(algorithm + "i8", shape, "i8") << 40)
    if algorithm == "HCOMPRESS_1":
        for scale, smooth in ((2, 0), (16, 0), (16, 1)):
            add(f"LOSSY{scale}_{smooth}", sky(algorithm + "lossy", (40, 37), "i4"), hcomp_scale=scale, hcomp_smooth=smooth, tile_shape=(40, 37))
    else:
        add("CUBE", sky(algorithm + "cube", (3, 5, 7), "i2"), tile_shape=(2, 3, 4))
        add("ROW", sky(algorithm + "row", (50,), "i2"), tile_shape=(20,))
    if algorithm == "RICE_1":
        noise = rng("noise").integers(-(2**31), 2**31, shape).astype("i4")
        add("NOISE", noise)
        add("FLAT", np.full(shape, -5, "i2"))
    return out


def encoded(hdus, checksum=False):
    hdulist = fits.HDUList(hdus)
    if checksum:
        for hdu in hdulist:
            hdu.add_checksum(when="computed")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "one.fits"
        hdulist.writeto(path)
        return path.read_bytes()


def files():
    out = {f"{make.__name__}.fits": encoded(make()) for make in (images, scaled, header, tables, groups)}
    for algorithm in ("RICE_1", "GZIP_1", "GZIP_2", "HCOMPRESS_1", "PLIO_1", "NOCOMPRESS"):
        out[f"compressed_{algorithm.lower()}.fits"] = encoded(compressed(algorithm))
    counts = fits.BinTableHDU.from_columns([fits.Column("N", "I", array=np.arange(5, dtype="i2"))])
    simple = encoded([fits.PrimaryHDU(np.arange(12, dtype="f4").reshape(3, 4))])
    out["checksum.fits"] = encoded([primary(), fits.ImageHDU(np.arange(7, dtype="u1"), name="ODD"), counts], True)
    out["whole.fits.gz"] = gzip.compress(encoded(images()), mtime=0)
    out["junk_after.fits"] = simple + b"junk" * 50
    out["short_pad.fits"] = simple[: 2880 + 50]
    out["truncated.fits.bad"] = simple[: 2880 + 40]
    return out


def array(data):
    data = np.asarray(data)
    little = np.ascontiguousarray(data).astype(data.dtype.newbyteorder("<"))
    return {"dtype": data.dtype.str[1:], "shape": list(data.shape), "sha256": hashlib.sha256(little.tobytes()).hexdigest()}


def value(card):
    if isinstance(card, fits.card.Undefined):
        return {"!undefined": True}
    return {"!complex": [card.real, card.imag]} if isinstance(card, complex) else card


def column(hdu, col):
    out = {"name": col.name, "format": str(col.format), "unit": col.unit, "null": col.null, "disp": col.disp}
    data = hdu.data[col.name] if len(hdu.data) else None
    if data is None:
        return out
    if data.dtype == object or isinstance(data, fits.column._VLF):
        return out | {"vla": [array(cell) for cell in data]}
    if data.dtype.kind in "SU":
        return out | {"strings": np.char.rstrip(np.asarray(data)).tolist(), "shape": list(data.shape)}
    return out | {"array": array(data)}


def expected(path):
    hdus = []
    with fits.open(path) as hdulist:
        for index, hdu in enumerate(hdulist):
            cards = [[c.keyword, value(c.value), c.comment] for c in hdu.header.cards]
            out = {"index": index, "name": hdu.name, "ver": hdu.ver, "type": type(hdu).__name__, "header": cards}
            if isinstance(hdu, fits.GroupsHDU):
                names = hdu.data.parnames
                pars = [array(hdu.data.par(i)) for i in range(len(names))]
                out["groups"] = {"n": len(hdu.data), "parnames": names, "pars": pars, "data": array(hdu.data.data)}
            elif isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)):
                out["table"] = {"rows": len(hdu.data), "columns": [column(hdu, c) for c in hdu.columns]}
            elif hdu.data is not None:
                out["image"] = array(hdu.data)
            hdus.append(out)
    return {"kind": "fits", "hdus": hdus}


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / name).write_bytes(content)
        if not name.endswith(".bad"):
            text = json.dumps(expected(folder / name), indent=1)
            (folder / f"{name}.expected.json").write_text(text + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a fresh run gives other files")
    if not parser.parse_args().check:
        make(HERE)
        return 0
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        make(fresh)
        names = sorted({p.name for folder in (fresh, HERE) for p in folder.iterdir() if p.is_file()})
        _, differ, missing = filecmp.cmpfiles(fresh, HERE, names, shallow=False)
    print(*(f"differs: {n}" for n in differ), *(f"missing: {n}" for n in missing), f"{len(names)} files", sep="\n")
    return 1 if differ or missing else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
