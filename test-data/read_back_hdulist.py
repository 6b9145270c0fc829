"""Lets astropy, asdf and asdf-astropy read what `asdf convert` makes of FITS files and of trees of HDUs.

    venv/bin/python test-data/read_back_hdulist.py BINARY FILE-or-FOLDER... [--verbose]

For each FITS file:
  tree      `convert --as fits x.fits x.asdf`: asdf-astropy gives an HDUList whose data and cards are those of astropy
  native    the same with `--native`, every array little-endian
  back      `convert x.asdf x.fits`: astropy verifies the file and its checksums; each HDU is byte for byte that of the
            original, or one of the kinds that come back as what they mean (told with --verbose), with the same values
  raw       the same of `--raw-hdu`: every HDU byte for byte
  theirs    what asdf-astropy itself wrote of the file, converted: the same values
  wcs       `convert --wcs --headers dict`: gwcs reads each WCS, with the positions that astropy makes of the header
"""

import collections
import io
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import gwcs
import numpy as np
from astropy import log
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter("ignore")
log.setLevel("ERROR")
STRUCTURE = ("XTENSION", "SIMPLE", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "EXTEND")
VERBOSE = "--verbose" in sys.argv


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words[1:]))}: {done.stderr.strip()}")


def spans(path):
    """The bytes of each HDU: header and data with fill."""
    data = Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        import gzip

        data = gzip.decompress(data)
    with fits.open(io.BytesIO(data), disable_image_compression=True) as hdus:
        places = [hdu.fileinfo() for hdu in hdus]
    found = [data[place["hdrLoc"] : place["datLoc"] + place["datSpan"]] for place in places]
    # A fill that is missing at the end of the file does not count.
    return [span + bytes(-len(span) % 2880) for span in found]


def headers(path):
    """The headers as they stand: astropy takes scales out of them when it reads the data."""
    with fits.open(path, do_not_scale_image_data=True) as hdus:
        return [hdu.header.copy() for hdu in hdus]


def scaled(hdu, header):
    if isinstance(hdu, fits.BinTableHDU):
        return any(key.startswith(("TSCAL", "TZERO")) and not unsigned(header, key[5:]) for key in header)
    ordinary = header.get("BSCALE", 1) == 1 and header.get("BZERO", 0) in (0, -128, 2**15, 2**31, 2**63)
    return not ordinary or "BLANK" in header


def unsigned(header, number):
    return header.get("TSCAL" + number, 1) == 1 and header.get("TZERO" + number) in (-128, 2**15, 2**31, 2**63)


def inexact(hdu, header):
    """Why an HDU need not come back byte for byte."""
    if isinstance(hdu, fits.CompImageHDU):
        return "compressed image comes back plain"
    if isinstance(hdu, fits.TableHDU):
        return "ASCII table comes back binary"
    if isinstance(hdu, fits.BinTableHDU) and any(column.format.lstrip("01")[:1] in ("P", "Q") for column in hdu.columns):
        return "heap may be laid out anew"
    if scaled(hdu, header):
        return "scaled values come back as floats"
    return None


def plain(values):
    return np.ma.getdata(values) if not isinstance(values, np.ndarray) or np.ma.isMaskedArray(values) else np.asarray(values)


def same_values(ours, theirs, what, masked=None):
    ours, theirs = plain(ours), plain(theirs)
    if theirs.dtype.kind in "SU":
        ours = np.char.rstrip(np.char.decode(ours, "latin-1") if ours.dtype.kind == "S" else ours)
        theirs = np.char.rstrip(np.char.decode(theirs, "latin-1") if theirs.dtype.kind == "S" else theirs)
    assert ours.shape == theirs.shape, f"{what}: shape {ours.shape}, expected {theirs.shape}"
    if theirs.dtype.kind not in "SU":
        # astropy makes doubles of signed bytes in tables.
        assert ours.dtype.kind == theirs.dtype.kind or ours.dtype == np.int8, f"{what}: {ours.dtype}, expected {theirs.dtype}"
        assert ours.dtype.itemsize == theirs.dtype.itemsize or ours.dtype == np.int8, f"{what}: {ours.dtype}, expected {theirs.dtype}"
    keep = np.ones(ours.shape, bool) if masked is None else ~np.broadcast_to(masked, ours.shape)
    equal = np.array_equal(ours[keep], theirs[keep], equal_nan=theirs.dtype.kind in "fc")
    assert equal, f"{what}: other values"


def same_data(ours, theirs, what, variables=False):
    """The data of two HDUs as astropy gives them."""
    if theirs.data is None:
        empty = ours.data is None or ours.data.size == 0
        assert empty, f"{what}: data where there are none"
        return
    if theirs.data.dtype.names is None:
        same_values(ours.data, theirs.data, what)
        return
    columns = {column.name: column for column in ours.columns}
    for column in theirs.columns:
        where = f"{what} {column.name}"
        cells = theirs.data[column.name]
        if cells.dtype.kind == "O" or column.format.lstrip("01")[:1] in ("P", "Q"):
            if variables:
                assert len(cells) == len(ours.data), f"{where}: other rows"
                for one, two in zip(ours.data[column.name], cells, strict=True):
                    one, two = np.asarray(one), np.asarray(two)
                    if one.size or two.size:
                        two = meant(two, column, one.dtype)
                        same_values(one, two, where, undefined(two, column))
            continue
        if cells.size == 0 and column.name not in columns:
            continue
        if column.bzero == -128 and ours.data[column.name].dtype == bool:
            # astropy takes signed bytes of records for truth values.
            continue
        if isinstance(theirs, fits.TableHDU):
            # Of blank fields astropy makes 0.
            own = plain(ours.data[column.name])
            null = undefined(own, columns[column.name])
            null = (own != own) & (cells == 0) if null is None and own.dtype.kind == "f" else null
        else:
            null = undefined(cells, column)
        same_values(ours.data[column.name], cells, where, null)


def same_name(one, two, header, what):
    # astropy has a name for compressed images that have none.
    if isinstance(two, fits.CompImageHDU) and "EXTNAME" not in header and not one.name:
        return
    assert (one.name, one.ver) == (two.name, two.ver), f"{what}: {one.name}, {one.ver}, expected {two.name}, {two.ver}"


def storable(value):
    """An integer that asdf can write: others are a float where one is exactly the same, else text."""
    if not isinstance(value, int) or abs(value) < 2**63:
        return value
    return float(value) if int(float(value)) == value else str(value)


def cards(header):
    """Keyword, value and comment of what is not about the structure."""
    out = []
    for card in header.cards:
        # The card as it stands: astropy makes a keyword of its own of each field of a record-valued card.
        keyword, value = card.rawkeyword, card.rawvalue
        value = None if isinstance(value, fits.card.Undefined) else value
        if not keyword.startswith(STRUCTURE) and (keyword, value) != ("", ""):
            out.append((keyword.upper(), storable(value), card.comment))
    return out


def same_cards(tree, theirs, header, what):
    """The triples of the tree are the cards that astropy reads."""
    ours = [tuple([*card, "", ""][:3]) for card in tree]
    ours = [(key, complex(value) if key == "CPLX" else value, comment) for key, value, comment in ours]
    ours = [(key.upper(), value, comment) for key, value, comment in ours if not key.startswith(STRUCTURE) and (key, value) != ("", "")]
    wanted = [(key, value, comment) for key, value, comment in cards(header)]
    if isinstance(theirs, fits.CompImageHDU):
        ours, wanted = ({(key, repr(value)) for key, value, _ in these} for these in (ours, wanted))
        # astropy invents and drops some of the structure.
        wanted = {card for card in wanted if card[0] not in ("CHECKSUM", "DATASUM", "EXTNAME")}
        assert wanted <= ours, f"{what}: cards missing: {sorted(wanted - ours)}"
        return
    # Blanks at the end of a text mean nothing.
    text = lambda card: tuple(part.rstrip(" ") if isinstance(part, str) else part for part in card)
    for one, two in zip(ours, wanted, strict=True):
        assert text(one) == text(two), f"{what}: card {one}, expected {two}"


def verify(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*unclosed.*", category=ResourceWarning)
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("exception")


def tree_of(path):
    return asdf.util.load_yaml(path, tagged=False)["fits"]


def arrays(value):
    """The ndarray nodes of a tree."""
    if isinstance(value, dict) and "datatype" in value:
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from arrays(item)


def check_tree(written, original, known):
    with asdf.open(written, memmap=False, lazy_load=False) as file, fits.open(original) as theirs:
        ours = file["fits"]
        if any(isinstance(hdu, fits.GroupsHDU) for hdu in theirs):
            known["asdf-astropy reads no random groups: a list of mappings"] += 1
            assert not isinstance(ours, fits.HDUList)
            for hdu in theirs[:1]:
                for name in hdu.parnames:
                    same_values(ours[0]["data"][name], hdu.data.par(name), f"group {name}")
                same_values(ours[0]["data"]["DATA"], hdu.data.data, "groups")
            return
        assert isinstance(ours, fits.HDUList), f"asdf-astropy gives a {type(ours).__name__}"
        assert len(ours) == len(theirs)
        tree = tree_of(written)
        for index, (one, two, header) in enumerate(zip(ours, theirs, headers(original), strict=True)):
            if isinstance(two, fits.hdu.nonstandard.NonstandardExtHDU) or "raw" in tree[index]:
                known["kept as bytes"] += 1
            if not isinstance(two, fits.hdu.nonstandard.NonstandardExtHDU):
                same_data(one, two, f"tree HDU {index}")
            same_cards(tree[index]["header"], two, header, f"tree HDU {index}")
            same_name(one, two, header, f"tree HDU {index}")
            for column in tree[index].get("variable_columns", []):
                known["columns of variable length stand beside the table"] += 1
                check_variable(file, index, column, two)


def check_variable(file, index, column, theirs):
    blocks = [block.data for block in file._blocks.blocks]
    read = lambda node: np.frombuffer(blocks[node["source"]], dtype(node))
    offsets, values = read(column["offsets"]), read(column["values"])
    name = theirs.columns[column["number"] - 1].name
    for row, cell in enumerate(theirs.data[name]):
        part = values[offsets[row] : offsets[row + 1]]
        if part.dtype.kind == "S":
            assert b"".join(part).decode() == "".join(np.ravel(cell)), f"HDU {index} {name}"
            continue
        what = f"HDU {index} {name} row {row}"
        cell = np.asarray(cell)
        if cell.size == 0:
            # astropy scales nothing, and so changes no type, where there are no elements.
            assert part.size == 0, f"{what}: {part.size} elements, expected none"
            continue
        own = theirs.columns[column["number"] - 1]
        cell = meant(cell, own, part.dtype)
        same_values(part, cell, what, undefined(cell, own))


def meant(cell, column, ours):
    """The values of a cell of variable length: astropy leaves them as they are stored. Python's integers are exact."""
    if cell.dtype.kind == "i" and ours.kind in "uf":
        return (cell.astype(object) * (column.bscale or 1) + (column.bzero or 0)).astype(ours)
    return cell


def undefined(cells, column):
    """Which elements stand for no value; astropy scales their number like any other."""
    if column.null in (None, "") or cells.dtype.kind not in "iuf":
        return None
    return cells == column.null * (column.bscale or 1) + (column.bzero or 0)


def dtype(node):
    name, order = node["datatype"], ">" if node["byteorder"] == "big" else "<"
    return np.dtype(f"S{name[1]}") if isinstance(name, list) else np.dtype(name.replace("bool8", "bool")).newbyteorder(order)


def check_back(written, original, known, exact):
    verify(written)
    with fits.open(written) as ours, fits.open(original) as theirs:
        assert len(ours) == len(theirs)
        pairs = zip(spans(written), spans(original), ours, theirs, headers(original), strict=True)
        for index, (bytes_ours, bytes_theirs, one, two, header) in enumerate(pairs):
            same_name(one, two, header, f"back HDU {index}")
            if bytes_ours == bytes_theirs:
                continue
            reason = None if exact else inexact(two, header)
            assert reason, f"back HDU {index}: bytes differ"
            known[reason] += 1
            same_data(one, two, f"back HDU {index}", variables=True)
            skip = ("T", "BSCALE", "BZERO", "BLANK", "CHECKSUM", "DATASUM", "Z")
            keep = lambda header: [card for card in cards(header) if not card[0].startswith(skip)]
            if not isinstance(two, fits.CompImageHDU):
                assert keep(one.header) == keep(header), f"back HDU {index}: other cards"


def beyond_astropy(path):
    """What astropy does not read of a file as it is meant; tests/fits/ztable.rs has its values."""
    with fits.open(path, disable_image_compression=True) as hdus:
        for hdu in hdus:
            if hdu.header.get("ZTABLE") is True:
                return "astropy reads no compressed tables"
            if "NULL_PIXEL_MASK" in hdu.header.values():
                return "astropy leaves masks of compressed pixels out"
    return None


def check(binary, path, folder, known):
    reason = beyond_astropy(path)
    if reason:
        known[reason] += 1
        return
    tree, back = folder / "tree.asdf", folder / "back.fits"
    run(binary, "convert", "-f", "--as", "fits", path, tree)
    check_tree(tree, path, known)
    run(binary, "convert", "-f", tree, back)
    check_back(back, path, known, False)
    run(binary, "convert", "-f", "--as", "fits", "--native", path, tree)
    check_tree(tree, path, collections.Counter())
    for node in arrays(tree_of(tree)):
        single = node["datatype"] in ("uint8", "int8", "bool8") or isinstance(node["datatype"], list)
        assert single or node["byteorder"] == "little", f"native: {node}"
    run(binary, "convert", "-f", tree, back)
    check_back(back, path, collections.Counter(), False)
    run(binary, "convert", "-f", "--as", "fits", "--raw-hdu", path, tree)
    run(binary, "convert", "-f", tree, back)
    check_back(back, path, known, True)
    run(binary, "convert", "-f", "--as", "fits", "--wcs", path, tree)
    run(binary, "convert", "-f", tree, back)
    check_back(back, path, collections.Counter(), False)
    run(binary, "convert", "-f", "--as", "fits", "--headers", "dict", "--wcs", path, tree)
    check_wcs(tree, path, known)
    check_theirs(binary, path, folder, known)


def check_theirs(binary, path, folder, known):
    theirs, back = folder / "theirs.asdf", folder / "theirs.fits"
    try:
        with fits.open(path) as hdus:
            asdf.AsdfFile({"fits": hdus}).write_to(theirs)
    except Exception:
        known["asdf-astropy cannot write the file"] += 1
        return
    with fits.open(path) as original:
        if any(isinstance(hdu, fits.GroupsHDU) for hdu in original):
            return
        run(binary, "convert", "-f", theirs, back)
        verify(back)
        with fits.open(back) as ours:
            for index, (one, two) in enumerate(zip(ours, original, strict=True)):
                same_data(one, two, f"theirs HDU {index}")


def check_wcs(written, original, known):
    """The WCS of headers, by gwcs and by astropy; of a cube that of its first two axes."""
    pixels = np.array([[0.0, 1.0, 3.25, 5.5], [0.0, 2.0, 4.75, 1.5]])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        opened = asdf.open(written, memmap=False, lazy_load=False)
    unknown = any("tabular models with ndim > 2 are not supported" in str(warning.message) for warning in told)
    with opened as file:
        for index, (hdu, header) in enumerate(zip(file["fits"], headers(original), strict=True)):
            if "wcs" not in hdu:
                continue
            known["a WCS on the sky"] += 1
            wcs = hdu["wcs"]
            if not isinstance(wcs, gwcs.WCS) and unknown:
                known["asdf-astropy has no tables of more than two axes"] += 1
                continue
            assert isinstance(wcs, gwcs.WCS), f"HDU {index}: gwcs does not read the WCS"
            types = [str(header[key]) for key in header if key.startswith("CTYPE")]
            tables = any(key.startswith(("CPDIS", "D2IM", "AXISCORR")) for key in header)
            tables = tables or any(value.endswith("-TAB") for value in types)
            sky = None if tables or not header.get("NAXIS") else WCS(header).wcs
            if wcs.world_n_dim != 2 or sky is None or {sky.lng, sky.lat} != {0, 1}:
                known["a WCS of more than the sky, or with tables: read_back_headers.py compares it"] += 1
                continue
            third = [f"{name}3" for name in ("NAXIS", "CTYPE", "CRVAL", "CRPIX", "CDELT", "CUNIT")]
            header = fits.Header([card for card in header.cards if card.keyword not in third])
            header["NAXIS"] = 2
            theirs = WCS(header)
            # CD3_3 alone makes a third axis, which the sky does not depend on.
            theirs = theirs.celestial if theirs.naxis > 2 else theirs
            wanted = np.array(theirs.all_pix2world(*pixels, 0))
            order = (theirs.wcs.lng, theirs.wcs.lat)
            assert wcs.output_frame.axes_order == order, f"HDU {index}: axes {wcs.output_frame.axes_order}, expected {order}"
            found = np.array(wcs(*pixels, with_bounding_box=False))
            off = np.abs((found - wanted + 180.0) % 360.0 - 180.0)
            off[order[0]] *= np.cos(np.radians(wanted[order[1]]))
            # The plate carrée of astropy's models, which gwcs takes, knows no end of the sphere.
            endless = any(value.endswith("-CAR") for value in types)
            nowhere = np.isnan(wanted) & (np.isnan(found) | endless)
            assert np.array_equal(np.isnan(found) | nowhere, np.isnan(wanted)), f"HDU {index}: other pixels are on the sky"
            assert np.nanmax(off, initial=0.0) < 1e-10, f"HDU {index}: the sky is {np.nanmax(off)} degrees off"


def main():
    binary, *places = [word for word in sys.argv[1:] if not word.startswith("--")]
    files = []
    for place in map(Path, places):
        found = [place] if place.is_file() else sorted(place.rglob("*.fits*")) + sorted(place.rglob("*.fz"))
        files += [path for path in found if path.name.endswith((".fits", ".fits.gz", ".fz"))]
    bad, known = 0, collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for path in dict.fromkeys(files):
            here = collections.Counter()
            try:
                check(binary, path.resolve(), Path(folder), here)
            except (AssertionError, ValueError, OSError) as error:
                print(f"{path.name}: {error}")
                bad += 1
            if VERBOSE and here:
                print(f"-- {path.name}: {', '.join(here)}")
            known.update(here)
    for reason, count in sorted(known.items()):
        print(f"   {count:4} × {reason}")
    print(f"{len(files)} files: {bad} different")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
