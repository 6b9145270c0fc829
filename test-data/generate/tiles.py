"""Arrays that lie in many FITS files, as DKIST datasets name them; run alone.

    venv/bin/python test-data/generate/tiles.py [--check] [--dkist]      # writes ../fits/tiles/

`expected.json` has for each array its type, its shape, the SHA-256 of the little-endian elements in C order, those that a file is
missing for as NaN or 0, and how many these are. They are the arrays that the files were cut from. With `--dkist` the
package dkist reads every array, too, and must find the same. Needs asdf and astropy.
"""

import argparse
import filecmp
import gzip
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import asdf
import numpy as np
import yaml
from asdf.tagged import TaggedDict
from astropy.io import fits
from astropy.io.fits.hdu.compressed import _codecs

HERE = Path(__file__).resolve().parent.parent / "fits" / "tiles"
NEW = "asdf://dkist.nso.edu/tags/file_manager-1.0.0"
CUT = "asdf://dkist.nso.edu/tags/file_manager-1.1.0"
OLD = "tag:dkist.nso.edu:dkist/array_container-0.2.0"
# The time in a gzip header would make every run another file.
_codecs.gzip_compress = lambda data: gzip.compress(data, mtime=0)
EXTERNAL = "tag:stsci.edu:asdf/core/externalarray-1.0.0"


def manager(tag, names, target, datatype, shape, **more):
    return TaggedDict({"fileuris": names, "target": target, "datatype": datatype, "shape": shape, **more}, tag)


def image(data, path, compressed=False):
    if compressed:
        hdus = [fits.PrimaryHDU(), fits.CompImageHDU(data, name="SCI", compression_type="GZIP_1", quantize_level=0)]
    else:
        hdus = [fits.PrimaryHDU(data)]
    path.parent.mkdir(exist_ok=True)
    fits.HDUList(hdus).writeto(path)


def entry(array, missing=0):
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return {
        "datatype": array.dtype.name,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
        "missing": missing,
    }


def make(folder):
    tree, expected = {}, {}

    # Six files along two axes, whose first axis has one element.
    cube = np.arange(2 * 3 * 4 * 5, dtype="f8").reshape(2, 3, 4, 5) / 8
    names = [[f"cube/{a}_{b}.fits" for b in range(3)] for a in range(2)]
    for a in range(2):
        for b in range(3):
            image(cube[a, b][None], folder / names[a][b])
    tree["cube"] = manager(NEW, names, 0, "float64", [1, 4, 5])
    expected["cube"] = entry(cube)

    # Compressed, in the second HDU, which is called by its number or its name.
    stack = (np.arange(4 * 6 * 7, dtype="f4").reshape(4, 6, 7) - 50) / 4
    names = [f"stack/{a}.fits" for a in range(4)]
    for a in range(4):
        image(stack[a], folder / names[a], compressed=True)
    tree["stack"] = manager(OLD, names, 1, "float32", [6, 7])
    tree["called"] = manager(NEW, names, "SCI", "float32", [6, 7], chunksize=[3, 7])
    expected["stack"] = expected["called"] = entry(stack)

    # A part of it.
    tree["part"] = manager(CUT, names, 1, "float32", [6, 7], subslice=[[1, 6, 2], 3])
    expected["part"] = entry(stack[:, 1:6:2, 3])
    tree["back"] = manager(CUT, names, -1, "float32", [6, 7], subslice=[[None, None, -1], [2, None, None]])
    expected["back"] = entry(stack[:, ::-1, 2:])

    # One file.
    tree["single"] = manager(CUT, "stack/2.fits", 1, "float32", [6, 7])
    expected["single"] = entry(stack[2])

    # Files that are not there.
    holes = stack.copy()
    holes[[1, 3]] = np.nan
    names = ["stack/0.fits", "gone/1.fits", "stack/2.fits", "gone/3.fits"]
    tree["holes"] = manager(NEW, names, 1, "float32", [6, 7])
    expected["holes"] = entry(holes, 2 * 6 * 7)
    counts = np.arange(3 * 2 * 2, dtype="i2").reshape(3, 2, 2) - 4
    names = [f"counts/{a}.fits" for a in range(3)]
    for a in (0, 2):
        image(counts[a], folder / names[a])
    tree["counts"] = manager(NEW, names, 0, "int16", [2, 2])
    counts[1] = 0
    expected["counts"] = entry(counts, 4)

    # Single arrays in FITS files, as the class ExternalArrayReference of asdf names them.
    for name, target in (("by_number", 1), ("by_name", "SCI")):
        node = {"fileuri": "stack/3.fits", "target": target, "datatype": "float32", "shape": [6, 7]}
        tree[name] = TaggedDict(node, EXTERNAL)
        expected[name] = entry(stack[3])

    # What is not as the node says, and what must not be opened.
    names = ["cube/0_0.fits", "cube/0_1.fits"]
    wrong = {
        "shape": manager(NEW, names, 0, "float64", [4, 5]),
        "datatype": manager(NEW, names, 0, "float32", [1, 4, 5]),
        "target": manager(NEW, names, 3, "float64", [1, 4, 5]),
        "outside": manager(NEW, ["../secret.fits"], 0, "float64", [1, 4, 5]),
        "external": TaggedDict({"fileuri": "stack/3.fits", "target": 1, "datatype": "float64", "shape": [6, 7]}, EXTERNAL),
    }
    write(tree, folder / "tiles.asdf")
    write(wrong, folder / "wrong.asdf")
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def write(tree, path):
    """The tree as it is: asdf would ask the extension of the package for its tags."""
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data):
            return True

    def tagged(dumper, data):
        return dumper.represent_mapping(data._tag, dict(data), flow_style=False)

    Dumper.add_representer(TaggedDict, tagged)
    text = yaml.dump(tree, Dumper=Dumper, default_flow_style=None, sort_keys=False, explicit_start=False)
    head = "#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n"
    path.write_text(head + text + "...\n")


def read_with_dkist(folder):
    from dkist.io.dask.loaders import AstropyFITSLoader
    from dkist.io.dask.striped_array import FileManager

    expected = json.loads((folder / "expected.json").read_text())
    with asdf.open(folder / "tiles.asdf", _force_raw_types=True) as file:
        for name, wanted in expected.items():
            node = file.tree[name]
            if "fileuris" not in node:
                continue
            manager = FileManager.from_parts(
                node["fileuris"], node["target"], node["datatype"], node["shape"], loader=AstropyFITSLoader, basepath=folder
            )
            array = manager.dask_array
            if cut := node.get("subslice"):
                cut = [slice(*part) if isinstance(part, list) else part for part in cut]
                array = array[(*[slice(None)] * np.ndim(node["fileuris"]), *cut)]
            data = np.asarray(array.compute())
            if np.issubdtype(np.dtype(wanted["datatype"]), np.integer):
                assert np.isnan(data).sum() == wanted["missing"], name
                data = np.nan_to_num(data)
            found = entry(data.astype(wanted["datatype"]), wanted["missing"])
            assert found == wanted, (name, found, wanted)
            print(name, "as dkist reads it")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare with the files that are there")
    parser.add_argument("--dkist", action="store_true", help="read them with the package dkist")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        made = sorted(path for path in folder.rglob("*") if path.is_file())
        if args.dkist:
            read_with_dkist(folder)
        if args.check:
            other = [str(path) for path in made if not filecmp.cmp(path, HERE / path.relative_to(folder), shallow=False)]
            sys.exit(f"differ: {other}" if other else 0)
        for path in made:
            to = HERE / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
        print(len(made), "files")


if __name__ == "__main__":
    main()
