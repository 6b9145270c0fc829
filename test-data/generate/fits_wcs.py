"""FITS headers with a celestial WCS, and where astropy sees their pixels on the sky.

    venv/bin/python test-data/generate/fits_wcs.py          writes test-data/fits/wcs/
    venv/bin/python test-data/generate/fits_wcs.py --check  compares what is there

Needs astropy. Each HDU is a case of 8×6 pixels; `headers.json` has for each the pixels (from 0) with the two coordinates in degrees,
in the order of the header's axes, null where there are none, or the reason why no WCS is to be made of it.
"""

import gzip
import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS, InconsistentAxisTypesError, InvalidTransformError

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
    yield "TAN with parameters", base(PV1_0=0.0, PV1_1=1.0, PV2_1=1.0), None
    yield "TAN with more parameters", base(PV1_0=0.0, PV1_1=1.0, PV2_1=1.0, PV2_5=1e-5), "a TPV"
    yield "tables", base(CPDIS1="LOOKUP", CPDIS2="LOOKUP"), "distortion by tables"
    yield "ecliptic", base(CTYPE1="ELON-TAN", CTYPE2="ELAT-TAN"), "no frame"
    yield "linear", base(CTYPE1="LINEAR", CTYPE2="LINEAR"), "not on the sky"
    yield "two codes", base(CTYPE2="DEC--SIN"), "no pair"
    yield "no extent", base(CDELT1=0.0), "singular"
    yield "unit", base(CUNIT1="m", CUNIT2="m"), "unit"
    yield "reference point elsewhere", base("CAR", PV1_0=1.0, PV1_1=10.0, PV1_2=20.0), "not read"
    yield "impossible pole", base("CAR", (0.0, 80.0), LONPOLE=90.0), None
    old = {"CD001001": -1.1, "CD001002": 0.2, "CD002001": 0.15, "CD002002": 1.2}
    yield "CD of six digits", base(**old), None
    yield "PC of six digits", base(PC001001=0.8, PC001002=-0.6, PC002001=0.6, PC002002=0.8), None
    yield "CD01_02", base(CD01_01=-1.1, CD01_02=0.2, CD02_01=0.15, CD02_02=1.2), None
    yield "PC01_02", base(PC01_01=0.8, PC01_02=-0.6, PC02_01=0.6, PC02_02=0.8), None
    yield "CD and PC", base(**cd, PC1_1=0.8, PC1_2=-0.6, PC2_1=0.6, PC2_2=0.8), None
    yield "CD and PC of six digits", base(**cd, PC001001=0.8, PC001002=-0.6), None
    yield "CD and CROTA", base(**cd, CROTA2=30.0), None
    yield "PC and CROTA", base(PC1_2=0.1, CROTA2=30.0), None
    yield "CROTA1", base(CROTA1=30.0), None
    yield "one element of CD", base(CD1_1=-1.1), None
    yield "CD of a third axis", base(CD3_3=1.0), None
    yield "PROJP", base("SIN", PV2_1=None, PV2_2=None, PROJP1=0.1, PROJP2=-0.2), None
    yield "PV02_01", base("SIN", PV2_1=None, PV2_2=None, PV02_01=0.1, PV02_02=-0.2), None
    for code, crval in (("TAN", (150.1, 2.2)), ("CAR", (10.0, 12.0)), ("COD", (10.0, -12.0)), ("ZEA", (10.0, 70.0))):
        yield f"{code} PV1_1", base(code, crval, PV1_1=10.0), None
        yield f"{code} PV1_2", base(code, crval, PV1_2=60.0), None
        yield f"{code} PV1_1 and PV1_2", base(code, crval, PV1_1=-10.0, PV1_2=30.0, PV1_0=0.0), None
        yield f"{code} all of PV1", base(code, crval, PV1_1=10.0, PV1_2=60.0, PV1_3=150.0, PV1_4=-20.0), None
    yield "zeros of PV1", base(PV1_1=0.0, PV1_2=0.0), None
    yield "an offset", base(PV1_0=1.0), "PV1_0 is not read"
    for latitude in (0.0, 12.0, -12.0):
        for lonpole in (None, 0.0, 45.0, 90.0, 180.0):
            for latpole in (0.0, 30.0, -90.0):
                name = f"pole {latitude} {lonpole} {latpole}"
                yield name, base("CAR", (10.0, latitude), LONPOLE=lonpole, LATPOLE=latpole), None
    yield "conic with LATPOLE 0", base("COD", (10.0, -12.0), LATPOLE=0.0), None
    yield "poles of 999", base("CAR", (10.0, 12.0), LONPOLE=999.0, LATPOLE=999.0), None
    for code in ("SIN", "SZP"):
        yield f"{code} close to its centre", base(code, CDELT1=-2e-5, CDELT2=1e-5), None
        yield f"{code} at its centre", base(code, CRPIX1=1.0, CRPIX2=1.0, CDELT1=-2e-3, CDELT2=1e-3), None
    yield "EQUINOX as text", base(EQUINOX="J2000"), None
    yield "EQUINOX as quoted number", base(EQUINOX="2000.0", RADESYS="FK5"), None
    yield "EPOCH behind text", base(EQUINOX="J2000", EPOCH=1950.0), None
    yield "RADESYS in small letters", base(RADESYS="fk5"), None
    yield "RADECSYS", base(RADECSYS="FK4"), None
    yield "RADESYS of another kind", base(RADESYS="GAPPT"), "no frame"
    bare = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    yield "SIP without coefficients", base(**bare), None
    yield "SIP with orders alone", base(**bare, A_ORDER=2, B_ORDER=2), None
    yield "SIP of first order", base(**bare, A_ORDER=1, B_ORDER=1, A_1_0=0.1, B_0_1=0.1), None
    yield "SIP of one axis", base(**bare, A_ORDER=2, A_2_0=1e-3, B_ORDER=1), None
    yield "SIP without orders", base(**bare, A_2_0=1e-3), None
    without = {key: value for key, value in sip.items() if not key.startswith("CTYPE")}
    yield "SIP without suffix", base(**without), None
    yield "SIP with one suffix", base(**without, CTYPE1="RA---TAN-SIP"), None
    yield "SIP with SIN", base("SIN", **(sip | {"CTYPE1": "RA---SIN-SIP", "CTYPE2": "DEC--SIN-SIP"})), None
    yield "SIP without B", base(**bare, A_ORDER=2, A_2_0=1e-3), None
    yield "SIP without A", base(**bare, B_ORDER=2, B_2_0=1e-3), None
    yield "SIP without CRPIX", base(**sip, CRPIX1=None), None
    yield "units in capitals", base(CUNIT1="ARCSEC", CUNIT2="ARCSEC", CRVAL1=540000.0, CRVAL2=7200.0, CDELT1=-5400.0, CDELT2=4500.0), None
    yield "one unit", base(CUNIT1="arcsec", CRVAL1=540000.0, CDELT1=-5400.0), None
    yield "hours", base(CUNIT1="h"), None
    yield "old correction", base(AXISCORR=1), "distortion by a table"
    yield "old table", base(D2IMEXT="x.fits"), "distortion by a table"
    yield "table of the detector", base(D2IMDIS1="Lookup"), "distortion by a table"
    yield "polynomial", base(CQDIS1="TPD"), "distortion"
    yield "plate", base(AMDX1=67.2, AMDX2=0.02), "plate"
    yield "TNX", base("TNX"), "no transform"
    yield "small letters", base(CTYPE1="ra---tan", CTYPE2="dec--tan"), None
    yield "codes without a place", base(CTYPE1="RA--TAN", CTYPE2="DEC-TAN"), "linear"
    yield "NCP", base("NCP"), "no transform"
    yield "number as text", base(CRVAL1="150.1"), "a number is expected"
    yield "none", {}, "nothing"


def world(cards):
    # Of a cube the plane of its first two axes.
    cards = {key: value for key, value in cards.items() if key not in ("CTYPE3", "CRVAL3", "CRPIX3", "CDELT3")}
    header = fits.Header(cards)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wcs = WCS(header)
        # CD3_3 alone makes a third axis, which the sky does not depend on.
        wcs = wcs.celestial if wcs.naxis > 2 else wcs
        columns = wcs.all_pix2world(*np.array(PIXELS, dtype=float).T, 0)
    rows = np.array(columns).T
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
        except (ValueError, InvalidTransformError, InconsistentAxisTypesError):
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
