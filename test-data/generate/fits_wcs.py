"""FITS headers with a celestial WCS, and where astropy sees their pixels on the sky.

    venv/bin/python test-data/generate/fits_wcs.py          writes test-data/fits/wcs/
    venv/bin/python test-data/generate/fits_wcs.py --check  compares what is there

Needs astropy. Each HDU is a case of 8×6 pixels; `headers.json` has for each the pixels (from 0) with longitude and latitude in degrees,
null where there are none, or the reason why no WCS is to be made of it.
"""

import gzip
import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS, InvalidTransformError

FOLDER = Path(__file__).resolve().parent.parent / "fits" / "wcs"
PIXELS = [[0, 0], [7, 5], [2.25, 3.5], [-0.5, 5.5], [6.125, 0.75]]

PARAMETERS = {
    "AZP": {"PV2_1": 2.0, "PV2_2": 30.0},
    "SZP": {"PV2_1": 2.0, "PV2_2": 180.0, "PV2_3": 60.0},
    "SIN": {"PV2_1": 0.1, "PV2_2": -0.2},
    "AIR": {"PV2_1": 45.0},
    "CYP": {"PV2_1": 1.0, "PV2_2": 0.7071},
    "CEA": {"PV2_1": 0.75},
    "COP": {"PV2_1": 45.0, "PV2_2": 25.0},
    "COE": {"PV2_1": 45.0, "PV2_2": 25.0},
    "COD": {"PV2_1": -45.0, "PV2_2": 25.0},
    "COO": {"PV2_1": 45.0, "PV2_2": 25.0},
    "BON": {"PV2_1": 45.0},
    "HPX": {"PV2_1": 4.0, "PV2_2": 3.0},
}
ZENITHAL = ["AZP", "SZP", "TAN", "STG", "SIN", "ARC", "ZEA", "AIR", "XPH"]
OTHERS = ["CYP", "CEA", "CAR", "MER", "SFL", "PAR", "MOL", "AIT", "COP", "COE", "COD", "COO", "BON", "PCO", "TSC", "CSC", "QSC", "HPX"]


def base(code="TAN", crval=(150.1, 2.2), **more):
    """Cards of a case; what is given as None is left out."""
    cards = {
        "CTYPE1": f"RA---{code}",
        "CTYPE2": f"DEC--{code}",
        "CRPIX1": 4.5,
        "CRPIX2": 3.25,
        "CRVAL1": crval[0],
        "CRVAL2": crval[1],
        "CDELT1": -1.5,
        "CDELT2": 1.25,
        **PARAMETERS.get(code, {}),
        **more,
    }
    return {key: value for key, value in cards.items() if value is not None}


def cases():
    """Name, cards, reason why there is to be no WCS."""
    for code in ZENITHAL + OTHERS:
        yield code, base(code), None
        yield f"{code} south", base(code, (301.0, -42.5)), None
        yield f"{code} LONPOLE", base(code, (10.0, 12.0), LONPOLE=40.0), None
    yield "pole", base("TAN", (30.0, 90.0)), None
    yield "other pole", base("ARC", (30.0, -90.0)), None
    yield "origin", base("CAR", (0.0, 0.0)), None
    yield "LATPOLE up", base("CAR", (10.0, -5.0), LONPOLE=60.0, LATPOLE=80.0), None
    yield "LATPOLE down", base("AIT", (10.0, 5.0), LONPOLE=-20.0, LATPOLE=-80.0), None
    yield "pole of the cylinder", base("MER", (10.0, 90.0)), None
    yield "PV1_3 is LONPOLE", base("CAR", (10.0, 12.0), PV1_3=40.0, PV1_4=60.0), None
    yield "PC", base(PC1_1=0.8, PC1_2=-0.6, PC2_1=0.6, PC2_2=0.8), None
    yield "part of PC", base(PC1_2=0.1), None
    yield "CROTA2", base(CROTA2=30.0), None
    cd = {"CD1_1": -1.1, "CD1_2": 0.2, "CD2_1": 0.15, "CD2_2": 1.2}
    yield "CD", base(CDELT1=None, CDELT2=None, **cd), None
    yield "part of CD", base(CDELT1=None, CDELT2=None, CD1_1=-1.1, CD2_2=1.2), None
    swapped = {"CTYPE1": "DEC--TAN", "CTYPE2": "RA---TAN", "CRVAL1": 2.2, "CRVAL2": 150.1}
    yield "latitude first", base(**swapped, CDELT1=1.25, CDELT2=-1.5, PC1_2=0.2), None
    swapped = {"CTYPE1": "DEC--SIN", "CTYPE2": "RA---SIN", "CRVAL1": -32.2, "CRVAL2": 150.1, "PV1_1": 0.1, "PV1_2": 0.05}
    yield "latitude first with parameters", base(**swapped), None
    yield "arc seconds", base(CUNIT1="arcsec", CUNIT2="arcsec", CRVAL1=540000.0, CRVAL2=7200.0, CDELT1=-5400.0, CDELT2=4500.0), None
    yield "GLON", base(CTYPE1="GLON-CAR", CTYPE2="GLAT-CAR"), None
    yield "FK5", base(RADESYS="FK5", EQUINOX=1975.0), None
    yield "FK4", base(EQUINOX=1950.0), None
    yield "EQUINOX alone", base(EQUINOX=2000.0), None
    sip = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 3, "B_ORDER": 2}
    sip |= {"A_2_0": 1e-3, "A_1_1": -2e-3, "A_0_3": 5e-4, "A_1_0": 1e-3, "B_0_2": -1.5e-3, "B_1_1": 1e-3}
    yield "SIP", base(CDELT1=None, CDELT2=None, **cd, **sip), None
    third = {"NAXIS": 3, "CTYPE3": "FREQ", "CRVAL3": 1e9, "CRPIX3": 1.0, "CDELT3": 1e6}
    yield "cube", base(**third), None
    yield "coupled cube", base(**third, PC1_3=0.1), "the sky depends on the third axis"
    yield "TPV", base("TPV", PV1_1=1.0, PV2_1=1.0), "no transform"
    yield "ZPN", base("ZPN", PV2_1=1.0), "no transform"
    yield "TAN with parameters", base(PV1_0=0.0, PV1_1=1.0, PV2_1=1.0), "taken for TPV by some"
    yield "tables", base(CPDIS1="LOOKUP", CPDIS2="LOOKUP"), "distortion by tables"
    yield "ecliptic", base(CTYPE1="ELON-TAN", CTYPE2="ELAT-TAN"), "no frame"
    yield "linear", base(CTYPE1="LINEAR", CTYPE2="LINEAR"), "not on the sky"
    yield "two codes", base(CTYPE2="DEC--SIN"), "no pair"
    yield "no extent", base(CDELT1=0.0), "singular"
    yield "unit", base(CUNIT1="m", CUNIT2="m"), "unit"
    yield "reference point elsewhere", base("CAR", PV1_0=1.0, PV1_1=10.0, PV1_2=20.0), "not read"
    yield "impossible pole", base("CAR", (0.0, 80.0), LONPOLE=90.0), None
    yield "none", {}, "nothing"


def world(cards):
    # Of a cube the plane of its first two axes.
    cards = {key: value for key, value in cards.items() if key not in ("CTYPE3", "CRVAL3", "CRPIX3", "CDELT3")}
    header = fits.Header(cards)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wcs = WCS(header)
        columns = wcs.all_pix2world(*np.array(PIXELS, dtype=float).T, 0)
    longitude = wcs.wcs.lng
    rows = np.array([columns[longitude], columns[1 - longitude]]).T
    return [[None, None] if np.isnan(row).any() else [float(value) for value in row] for row in rows]


def build():
    hdus, expected = [], []
    for number, (name, cards, reason) in enumerate(cases()):
        shape = (2, 6, 8) if cards.pop("NAXIS", 2) == 3 else (6, 8)
        hdu = (fits.ImageHDU if number else fits.PrimaryHDU)(np.zeros(shape, np.uint8))
        hdu.header.update(cards)
        hdus.append(hdu)
        case = {"name": name}
        try:
            case |= {"none": reason} if reason else {"world": world(cards)}
        except InvalidTransformError:
            case["none"] = "astropy refuses it"
        expected.append(case)
    sink = io.BytesIO()
    fits.HDUList(hdus).writeto(sink)
    packed = gzip.compress(sink.getvalue(), 9, mtime=0)
    return packed, json.dumps({"pixels": PIXELS, "cases": expected}, indent=0).encode() + b"\n"


def main():
    packed, expected = build()
    made = {"headers.fits.gz": packed, "headers.json": expected}
    if "--check" in sys.argv:
        # Compressors differ, what they hold does not.
        found = {name: (FOLDER / name).read_bytes() for name in made}
        same = gzip.decompress(found["headers.fits.gz"]) == gzip.decompress(packed) and found["headers.json"] == expected
        print("the same" if same else "different")
        return 0 if same else 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    print(f"{len(json.loads(expected)['cases'])} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
