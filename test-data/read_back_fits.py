"""Lets astropy, asdf and stdatamodels read FITS and ASDF files that the commands have written from FITS files with a tree.

    venv/bin/python test-data/read_back_fits.py BINARY FILE-or-FOLDER...

For each FITS file that carries an ASDF tree:
  convert   `asdf convert x.fits x.asdf`: the tree is that which `asdf_in_fits` gives, arrays and all
  embed     `asdf embed x.asdf y.fits`: the same tree again; astropy verifies the file
  set       `asdf set copy.fits PATH VALUE`: the tree has the value, all other HDUs are what they were byte for byte
  strip     `asdf strip x.fits y.fits`: the other HDUs byte for byte
  models    JWST products: `datamodels.open` reads what `embed x.fits y.fits` and `set` wrote, with the same contents
"""

import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.io import fits
from stdatamodels import asdf_in_fits
from stdatamodels.jwst import datamodels

warnings.simplefilter("ignore")


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}: {done.stderr.strip()}")


def spans(path):
    """The bytes of each HDU with its name: header and data with fill."""
    data = Path(path).read_bytes()
    with fits.open(path, disable_image_compression=True) as hdus:
        places = [(hdu.name, hdu.fileinfo()) for hdu in hdus]
    return [(name, data[place["hdrLoc"] : place["datLoc"] + place["datSpan"]]) for name, place in places]


def others(path):
    return [(name, data) for name, data in spans(path) if name != "ASDF"]


def verify(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*extension is not listed.*")
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("exception")


def same(one, two, path=""):
    """The first difference of two trees as text, or None."""
    if isinstance(one, (fits.FITS_rec, np.ndarray, asdf.tags.core.NDArrayType)) or hasattr(one, "__array_interface__"):
        first, second = np.asarray(one), np.asarray(two)
        if first.dtype.names:
            for name in first.dtype.names:
                found = same(one[name], two[name], f"{path}/{name}")
                if found:
                    return found
            return None
        if first.dtype.kind in "US":
            first, second = (np.char.rstrip(text.astype("U"), " \0").tolist() for text in (first, second))
            return None if first == second else f"{path}: {first} and {second}"
        if first.shape != second.shape or first.dtype.newbyteorder("=") != second.dtype.newbyteorder("="):
            return f"{path}: {first.dtype}{first.shape} and {second.dtype}{second.shape}"
        equal = np.array_equal(first, second, equal_nan=first.dtype.kind in "fc")
        return None if equal else f"{path}: elements differ"
    if hasattr(one, "items"):
        skipped = {"_fits_hash", "asdf_library", "history"}
        keys, more = set(one) - skipped, set(two) - skipped
        if keys != more:
            return f"{path}: keys {sorted(map(str, keys ^ more))}"
        return next(filter(None, (same(one[key], two[key], f"{path}/{key}") for key in keys)), None)
    if isinstance(one, (list, tuple)):
        if len(one) != len(two):
            return f"{path}: {len(one)} and {len(two)} items"
        pairs = enumerate(zip(one, two, strict=True))
        return next(filter(None, (same(a, b, f"{path}/{at}") for at, (a, b) in pairs)), None)
    if type(one).__name__ == "WCS":
        a, b = (wcs.footprint() if wcs.bounding_box is not None else repr(wcs) for wcs in (one, two))
        equal = np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b
        return None if equal else f"{path}: the WCS differ: {a} and {b}"
    if type(one).__module__.startswith(("astropy", "gwcs")):
        return None if repr(one) == repr(two) else f"{path}: {one!r} and {two!r}"
    return None if one == two or (one != one and two != two) else f"{path}: {one!r} and {two!r}"


def expect(found):
    if found:
        raise AssertionError(found)


# The reference does not look at offset and strides of such a node, the commands do.
VIEWS = {
    "offset_strides.fits": ("view", [[6, 7, 8], [11, 12, 13]]),
    "views.fits": ("part", [[0.75, 0.875, 1.0], [1.375, 1.5, 1.625]]),
}


def check(binary, path, folder):
    tree = asdf_in_fits.open(str(path))
    if path.name in VIEWS:
        with asdf.open(plain_of(binary, path, folder)) as found:
            key, wanted = VIEWS[path.name]
            if found.tree[key].tolist() != wanted:
                raise AssertionError("convert: the view has other elements")
        return
    plain, again, changed, bare, anew = (folder / name for name in ("x.asdf", "y.fits", "z.fits", "w.fits", "v.fits"))
    run(binary, "convert", "--force", path, plain)
    with asdf.open(plain, lazy_load=False, memmap=False) as found:
        added = [key for key in found.tree if key not in tree.tree and key.rstrip("_") == "fits"]
        hdus = [found.tree.pop(key) for key in added]
        expect(same(tree.tree, found.tree))
        if len(hdus) != 1:
            raise AssertionError("convert: no list of HDUs")
        same_hdus(path, hdus[0])
    run(binary, "embed", "--force", plain, again)
    verify(again)
    with asdf_in_fits.open(str(again)) as found:
        expect(same(tree.tree, found.tree))
    shutil.copy(path, changed)
    run(binary, "set", changed, "/added_here", "5")
    verify_like(path, changed)
    with asdf_in_fits.open(str(changed)) as found:
        if found.tree.pop("added_here") != 5:
            raise AssertionError("set: the value is not there")
        expect(same(tree.tree, found.tree))
    if others(path) != others(changed):
        raise AssertionError("set: other HDUs were changed")
    run(binary, "strip", "--force", path, bare)
    if others(path) != spans(bare):
        raise AssertionError("strip: other HDUs were changed")
    if "model_type" in str(tree.tree.get("meta", {})) and path.suffix != ".fz":
        run(binary, "embed", path, anew)
        models(path, anew, changed)
    tree.close()


def same_hdus(path, found):
    """All HDUs of the file but that of the tree, as astropy reads them, are in the list."""
    with fits.open(path) as hdus:
        wanted = [hdu for hdu in hdus if hdu.name != "ASDF"]
        expect(same([(hdu.name, hdu.ver) for hdu in wanted], [(hdu.name, hdu.ver) for hdu in found], "fits"))
        for one, two in zip(wanted, found, strict=True):
            if one.data is None:
                # An HDU of no elements may have an empty array.
                expect(None if two.data is None or two.data.size == 0 else f"fits/{one.name}: data where there are none")
            else:
                expect(same(one.data, two.data, f"fits/{one.name}"))


def plain_of(binary, path, folder):
    run(binary, "convert", "--force", path, folder / "view.asdf")
    return folder / "view.asdf"


def verify_like(path, changed):
    """A file whose original passes must pass as well."""
    try:
        verify(path)
    except Exception:  # noqa: BLE001: whatever is wrong with the original
        return
    verify(changed)


def models(path, anew, changed):
    with datamodels.open(path) as one:
        if type(one).__name__.startswith("Mask"):
            return
        for other in (anew, changed):
            with datamodels.open(other) as two:
                if type(one) is not type(two):
                    raise AssertionError(f"{other.name}: {type(one)} and {type(two)}")
                first, second = (model.to_flat_dict(include_arrays=False) for model in (one, two))
                first = {key: value for key, value in first.items() if not key.startswith(("extra_fits", "history", "meta.filename"))}
                second = {key: value for key, value in second.items() if not key.startswith(("extra_fits", "history", "added", "meta.filename"))}
                expect(same(first, second, other.name))


def main():
    binary, *places = sys.argv[1:]
    files = []
    for place in map(Path, places):
        files += sorted(place.rglob("*.fits*")) if place.is_dir() else [place]
    good = bad = skipped = 0
    for path in files:
        if path.suffix == ".json":
            continue
        try:
            if not any(name == "ASDF" for name, _ in spans(path)):
                raise ValueError("no tree")
            asdf_in_fits.open(str(path)).close()
        except Exception as error:  # noqa: BLE001: no tree, or one that the reference cannot read
            skipped += 1
            if "no tree" not in str(error):
                print(f"skipped {path.name}: {type(error).__name__}: {str(error)[:80]}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(binary, path, Path(folder))
                good += 1
            except Exception as error:  # noqa: BLE001: told below
                bad += 1
                print(f"wrong   {path.name}: {type(error).__name__}: {str(error)[:300]}")
    print(f"{good} files good, {bad} wrong, {skipped} without a tree that the reference reads")
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
