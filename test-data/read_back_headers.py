"""Lets Python's gwcs evaluate the WCS that `asdf convert --wcs` makes of FITS headers.

    venv/bin/python test-data/read_back_headers.py BINARY

All of `test-data/fits/wcs/`: each WCS that is written must be read by asdf and gwcs and give astropy's coordinates, forward, and
backward where gwcs has an inverse. Says which were not written.
"""

import json
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np

FOLDER = Path(__file__).resolve().parent / "fits" / "wcs"
TOLERANCE = 1e-10


def apart(found, wanted, sky):
    """Degrees on the sky, else relative differences, the worst of all."""
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    good = np.isfinite(wanted).all(axis=1)
    if not good.any():
        return 0.0
    found, wanted = found[good], wanted[good]
    others = [axis for axis in range(wanted.shape[1]) if axis not in sky]
    scale = np.where(wanted == 0, 1, np.abs(wanted))
    worst = np.abs((found - wanted) / scale)[:, others].max(initial=0)
    if sky:
        turn = (found - wanted)[:, sky[0]] % 360
        along = np.minimum(turn, 360 - turn) * np.cos(np.radians(wanted[:, sky[1]]))
        worst = max(worst, np.hypot(along, (found - wanted)[:, sky[1]]).max())
    return worst


def main():
    binary = sys.argv[1]
    counts, bad = {"same": 0, "not written": 0, "inverse": 0}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("headers", "tables"):
            target = Path(folder) / f"{name}.asdf"
            subprocess.run([binary, "convert", "--wcs", "--quiet", str(FOLDER / f"{name}.fits.gz"), str(target)], check=True)
            cases = json.loads((FOLDER / f"{name}.json").read_text())["cases"]
            # astropy has no FITS list converter for what is odd in headers: only the WCS are read.
            with asdf.open(target, memmap=False, _force_raw_types=True) as file:
                places = [number for number, hdu in enumerate(file.tree["fits"]) if "wcs" in hdu]
            with asdf.open(target, memmap=False) as file:
                for number, case in enumerate(cases):
                    if "world" not in case or "key" in case:
                        continue
                    if number not in places:
                        counts["not written"] += 1
                        print("not written:", case["name"])
                        continue
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        wcs = read(target, number)
                        pixels = np.array(case["pixels"], float).T
                        result = wcs(*pixels, with_bounding_box=False)
                    result = result if isinstance(result, tuple) else (result,)
                    wanted = [[np.nan if value is None else value for value in row] for row in case["world"]]
                    error = apart(np.array(result).T, wanted, case.get("sky", []))
                    if not error < TOLERANCE:
                        bad.append((case["name"], error))
                    else:
                        counts["same"] += 1
                    counts["inverse"] += has_inverse(wcs)
    print(counts)
    for name, error in bad:
        print(f"{name}: {error:.3g} off")
    return 1 if bad else 0


def has_inverse(wcs):
    try:
        return wcs.backward_transform is not None
    except NotImplementedError:
        return 0


_TREES = {}


def read(target, number):
    """The WCS of an HDU; the lists of HDUs around it become none of astropy."""
    if target not in _TREES:
        text = target.read_bytes().replace(b"tag:astropy.org:astropy/fits/fits-", b"tag:astropy.org:astropy/none/none-")
        plain = target.with_suffix(".plain.asdf")
        plain.write_bytes(text)
        _TREES[target] = asdf.open(plain, memmap=False)
    return _TREES[target].tree["fits"][number]["wcs"]


if __name__ == "__main__":
    sys.exit(main())
