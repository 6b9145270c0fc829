"""FITS files that carry an ASDF tree, with what is in their arrays; run alone.

    venv/bin/python test-data/generate/embedded.py [--check]      # writes ../fits/embedded/

`expected.json` lists for each file its arrays: path, type, shape, and the SHA-256 of the little-endian elements in C
order, records packed. The values are those that went into the file; `asdf_in_fits` of stdatamodels reads them back while
the files are made, where it can. Needs stdatamodels 6, asdf 6 and astropy 8.
"""

import argparse
import filecmp
import gzip
import hashlib
import io
import json
import sys
import tempfile
from pathlib import Path

import asdf
import numpy as np
from astropy.io import fits
from astropy.io.fits.hdu.compressed import _codecs
from stdatamodels import asdf_in_fits

HERE = Path(__file__).resolve().parent.parent / "fits" / "embedded"
# The time in a gzip header would make every run another file.
_codecs.gzip_compress = lambda data: gzip.compress(data, mtime=0)

IMAGE = np.arange(20, dtype="f4").reshape(4, 5) / 8
FLAGS = np.arange(20, dtype="u4").reshape(4, 5) * 214_000_000
COUNTS = np.arange(48, dtype="u2").reshape(2, 3, 2, 4) * 1300
TABLE = np.array(
    [(1, 2.5, b"one", True, [1, 2]), (2, -1.0, b"two", False, [3, 4]), (4_000_000_000, 0.0, b"", True, [5, 6])],
    dtype=[("ID", ">u4"), ("X", ">f8"), ("NAME", "S5"), ("OK", "?"), ("PAIR", ">i2", (2,))],
)


def little(array):
    array = np.asarray(array)
    return array.astype(array.dtype.newbyteorder("<"))


def entry(array):
    array = little(array)
    return {"shape": list(array.shape), "sha256": hashlib.sha256(array.tobytes()).hexdigest()}


def cell(tree_text, blocks=b""):
    return b"#ASDF 1.0.0\n#ASDF_STANDARD 1.5.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n" + tree_text.encode() + b"...\n" + blocks


def node(source, array, **more):
    array = np.asarray(array)
    keys = {"source": source, "datatype": array.dtype.name, "byteorder": "big", "shape": list(array.shape), **more}
    return "!core/ndarray-1.0.0 {" + ", ".join(f"{key}: {json.dumps(value)}" for key, value in keys.items()) + "}"


def with_tree(hdus, text, blocks=b""):
    """HDUs and a tree in a cell of a table, as stdatamodels writes it."""
    data = np.frombuffer(cell(text, blocks), dtype="u1")
    table = fits.BinTableHDU.from_columns([fits.Column(name="ASDF_METADATA", format=f"{data.size}B", array=data[None, :])], name="ASDF")
    return fits.HDUList([*hdus, table])


def image(array, name=None, **cards):
    hdu = fits.ImageHDU(array, name=name)
    hdu.header.update(cards)
    return hdu


def product(folder):
    """As asdf_in_fits writes it: links, a table, an internal block, a nested array."""
    hdus = fits.HDUList([fits.PrimaryHDU(), image(IMAGE, "SCI"), image(FLAGS, "DQ"), fits.BinTableHDU(TABLE, name="TAB"), image(COUNTS, "RAMP", EXTVER=2)])
    inside = np.linspace(0, 1, 7)
    tree = {"data": hdus[1].data, "again": {"data": hdus[1].data}, "dq": hdus[2].data, "tab": hdus[3].data, "ramp": hdus[4].data, "inside": inside, "meta": {"name": "embedded"}}
    buffer = folder / "raw.fits"
    asdf_in_fits.write(str(buffer), tree, hdus, overwrite=True)
    data = buffer.read_bytes()
    buffer.unlink()
    return data, {"/data": IMAGE, "/again/data": IMAGE, "/dq": FLAGS, "/tab": TABLE, "/ramp": COUNTS, "/inside": inside}


def edited(folder):
    """A card changed after the tree was written."""
    data, arrays = product(folder)
    with fits.open(io.BytesIO(data)) as hdus:
        hdus["SCI"].header["CRVAL1"] = 99.0
        out = io.BytesIO()
        hdus.writeto(out)
    return out.getvalue(), arrays


def compressed(folder):
    """As fpack leaves it: images in tiles, links by name."""
    data, arrays = product(folder)
    with fits.open(io.BytesIO(data)) as hdus:
        out = [hdus[0]]
        for hdu in hdus[1:]:
            if isinstance(hdu, fits.ImageHDU):
                kind = "GZIP_2" if hdu.data.dtype.kind == "f" else "RICE_1"
                hdu = fits.CompImageHDU(hdu.data, hdu.header, compression_type=kind, quantize_level=0)
            out.append(hdu)
        buffer = io.BytesIO()
        fits.HDUList(out).writeto(buffer)
    return buffer.getvalue(), arrays


def names(_):
    hdus = [fits.PrimaryHDU(np.arange(3, dtype="i2")), image(IMAGE, "SCI"), image(IMAGE * 2, "SCI", EXTVER=2), image(IMAGE * 3), image(IMAGE * 4, "A, B")]
    text = "".join(f"{key}: {node(source, array)}\n" for key, source, array in (("first", "fits:PRIMARY,1", np.arange(3, dtype="i2")), ("second", "fits:sci,2", IMAGE), ("third", "fits:3", IMAGE), ("fourth", "fits:A, B,1", IMAGE)))
    return with_tree(hdus, text), {"/first": np.arange(3, dtype="i2"), "/second": IMAGE * 2, "/third": IMAGE * 3, "/fourth": IMAGE * 4}


def views(_):
    whole = node("fits:SCI,1", IMAGE)
    part = node("fits:SCI,1", IMAGE[1:3, 1:4], offset=24, strides=[20, 4])
    return with_tree([fits.PrimaryHDU(), image(IMAGE, "SCI")], f"whole: {whole}\npart: {part}\n"), {"/whole": IMAGE, "/part": IMAGE[1:3, 1:4]}


def scaled(_):
    stored = np.array([[1, 2, -9], [4, 5, 6]], dtype="i2")
    hdu = fits.ImageHDU(stored, name="SCI", do_not_scale_image_data=True)
    hdu.header.update(BSCALE=0.5, BZERO=10.0, BLANK=-9)
    values = stored.astype("f4") * np.float32(0.5) + np.float32(10)
    values[0, 2] = np.nan
    return with_tree([fits.PrimaryHDU(), hdu], f"data: {node('fits:SCI,1', values)}\n"), {"/data": values}


def differs(_):
    text = f"data: {node('fits:SCI,1', IMAGE.astype('f8').reshape(5, 4))}\n"
    return with_tree([fits.PrimaryHDU(), image(IMAGE, "SCI")], text), {"/data": IMAGE}


def missing(_):
    return with_tree([fits.PrimaryHDU(), image(IMAGE, "SCI")], f"good: {node('fits:SCI,1', IMAGE)}\ndata: {node('fits:NOPE,1', IMAGE)}\n"), {"/good": IMAGE}


def bad_source(_):
    return with_tree([fits.PrimaryHDU(), image(IMAGE, "SCI")], f"data: {node('fits:SCI', IMAGE)}\n"), {}


def trailing(_):
    """NULs behind the tree, in the cell."""
    return with_tree([fits.PrimaryHDU(), image(IMAGE, "SCI")], f"data: {node('fits:SCI,1', IMAGE)}\n", bytes(100)), {"/data": IMAGE}


def in_heap(_):
    data = np.frombuffer(cell(f"data: {node('fits:SCI,1', IMAGE)}\n"), dtype="u1")
    column = fits.Column(name="ASDF_METADATA", format="1PB()", array=np.array([data], dtype=object))
    return fits.HDUList([fits.PrimaryHDU(), image(IMAGE, "SCI"), fits.BinTableHDU.from_columns([column], name="ASDF")]), {"/data": IMAGE}


def as_image(_):
    data = np.frombuffer(cell(f"data: {node('fits:SCI,1', IMAGE)}\n"), dtype="u1")
    return fits.HDUList([fits.PrimaryHDU(), image(IMAGE, "SCI"), fits.ImageHDU(data, name="ASDF")]), {"/data": IMAGE}


def as_extension(compress):
    """The extension type of asdf 2.0."""

    def make(_):
        data = cell(f"data: {node('fits:SCI,1', IMAGE)}\n")
        if compress:
            data = gzip.compress(data, mtime=0)
        cards = ["XTENSION= 'ASDF    '", f"BITPIX  = {8:20}", f"NAXIS   = {1:20}", f"NAXIS1  = {len(data):20}", f"PCOUNT  = {0:20}", f"GCOUNT  = {1:20}", f"COMPRESS= {'T' if compress else 'F':>20}", "EXTNAME = 'ASDF    '", "END"]
        header = "".join(card.ljust(80) for card in cards).encode()
        buffer = io.BytesIO()
        fits.HDUList([fits.PrimaryHDU(), image(IMAGE, "SCI")]).writeto(buffer)
        for part, fill in ((header, b" "), (data, b"\0")):
            buffer.write(part + fill * (-len(part) % 2880))
        return buffer.getvalue(), {"/data": IMAGE}

    return make


def inner_blocks(_):
    """Compressed blocks and a block index behind the tree."""
    buffer = io.BytesIO()
    inside = np.arange(500, dtype="i4") // 10
    asdf.AsdfFile({"inside": inside, "flags": FLAGS}).write_to(buffer, all_array_compression="zlib", version="1.5.0")
    data = np.frombuffer(buffer.getvalue(), dtype="u1")
    table = fits.BinTableHDU.from_columns([fits.Column(name="ASDF_METADATA", format=f"{data.size}B", array=data[None, :])], name="ASDF")
    return fits.HDUList([fits.PrimaryHDU(), table, image(IMAGE, "LATE")]), {"/inside": inside, "/flags": FLAGS}


def beside(_):
    """HDUs that the tree does not name, with checksums, odd cards and a WCS."""
    sky = dict(CTYPE1="RA---TAN", CTYPE2="DEC--TAN", CRPIX1=2.0, CRPIX2=3.0, CRVAL1=150.0, CRVAL2=2.5, CDELT1=-0.001, CDELT2=0.001)
    weight = image(FLAGS.astype("i8"), "WHT", EXTVER=3, **sky)
    weight.header.append(fits.Card.fromstring("ODD     = 1.50 / free format"))
    hdus = [fits.PrimaryHDU(), image(IMAGE, "SCI", EXPTIME=5.0), weight, fits.BinTableHDU(TABLE, name="CAT"), image(COUNTS)]
    hdus[0].header["TELESCOP"] = "here"
    for hdu in hdus:
        hdu.add_checksum(when="when it was made")
    return with_tree(hdus, f"sci: {node('fits:SCI,1', IMAGE)}\nmeta: {{name: beside}}\n"), {"/sci": IMAGE}


def own_key(_):
    """A tree with a root key `fits` of its own, and several small HDUs of one name."""
    hdus = [fits.PrimaryHDU(), *(image(IMAGE * version, "SCI", EXTVER=version) for version in (1, 2))]
    text = f"fits: {{mine: true}}\nslits:\n- data: {node('fits:SCI,1', IMAGE)}\n- data: {node('fits:SCI,2', IMAGE)}\n"
    return with_tree(hdus, text), {"/slits/0/data": IMAGE, "/slits/1/data": IMAGE * 2}


FILES = {
    "beside.fits": beside,
    "own_key.fits": own_key,
    "product.fits": product,
    "edited.fits": edited,
    "compressed.fits": compressed,
    "names.fits": names,
    "views.fits": views,
    "scaled.fits": scaled,
    "differs.fits": differs,
    "missing.fits": missing,
    "bad_source.fits": bad_source,
    "trailing.fits": trailing,
    "in_heap.fits": in_heap,
    "as_image.fits": as_image,
    "as_extension.fits": as_extension(False),
    "as_gzipped_extension.fits": as_extension(True),
    "inner_blocks.fits": inner_blocks,
}
# The reference takes the whole HDU, has no such file, or knows only tables.
NOT_READ = {"views.fits", "missing.fits", "bad_source.fits", "in_heap.fits", "as_image.fits", "as_extension.fits", "as_gzipped_extension.fits", "inner_blocks.fits", "trailing.fits"}


def read_back(path, arrays):
    with asdf_in_fits.open(str(path)) as found:
        for place, wanted in arrays.items():
            value = found.tree
            for key in place.split("/")[1:]:
                value = value[int(key) if isinstance(value, list) else key]
            if wanted.dtype.names:
                equal = all(np.array_equal(np.asarray(value[name]), wanted[name]) for name in ("ID", "X", "OK", "PAIR"))
            else:
                equal = np.array_equal(np.asarray(value), wanted, equal_nan=True)
            assert equal, f"{path.name}: {place}"


def write(folder):
    expected = {}
    for name, make in FILES.items():
        content = make(folder)
        data, arrays = content
        if isinstance(data, fits.HDUList):
            buffer = io.BytesIO()
            data.writeto(buffer)
            data = buffer.getvalue()
        (folder / name).write_bytes(data)
        if name not in NOT_READ:
            read_back(folder / name, arrays)
        expected[name] = {path: entry(array) for path, array in arrays.items()}
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files that are there")
    if not parser.parse_args().check:
        HERE.mkdir(exist_ok=True)
        write(HERE)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        names = sorted(path.name for path in Path(folder).iterdir())
        _, different, missing = filecmp.cmpfiles(folder, HERE, names, shallow=False)
    for name in different + missing:
        print(f"differs: {name}")
    return 1 if different or missing else 0


if __name__ == "__main__":
    sys.exit(main())
