"""FITS headers with a WCS, and where astropy sees their pixels in the world.

    venv/bin/python test-data/generate/fits_wcs.py          writes test-data/fits/wcs/
    venv/bin/python test-data/generate/fits_wcs.py --check  compares what is there

Needs astropy. Each HDU is a case of 8×6 pixels; `headers.json` has for each the pixels (from 0) with the coordinates of all axes, null
where there are none, the places of longitude and latitude among them, and the letter of an alternate description; or the reason why no
WCS is to be made of it. `tables.fits.gz` has distortions by tables with their HDUs,
`coordinates.fits.gz` coordinates in tables (-TAB).
"""

import gzip
import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS, InconsistentAxisTypesError, InvalidCoordinateError, InvalidTransformError

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
    yield "coupled cube", base(**third, PC1_3=0.1), None
    yield "TPV", base("TPV", PV1_1=1.0, PV2_1=1.0), None
    yield "ZPN", base("ZPN", PV2_1=1.0), None
    yield "TAN with parameters", base(PV1_0=0.0, PV1_1=1.0, PV2_1=1.0), None
    yield "TAN with more parameters", base(PV1_0=0.0, PV1_1=1.0, PV2_1=1.0, PV2_5=1e-5), None
    yield "tables", base(CPDIS1="LOOKUP", CPDIS2="LOOKUP"), "distortion by tables"
    yield "ecliptic", base(CTYPE1="ELON-TAN", CTYPE2="ELAT-TAN"), None
    yield "linear", base(CTYPE1="LINEAR", CTYPE2="LINEAR"), None
    yield "two codes", base(CTYPE2="DEC--SIN"), "no pair"
    yield "no extent", base(CDELT1=0.0), "singular"
    yield "unit", base(CUNIT1="m", CUNIT2="m"), "unit"
    yield "reference point elsewhere", base("CAR", PV1_0=1.0, PV1_1=10.0, PV1_2=20.0), None
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
    yield "an offset", base(PV1_0=1.0), None
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
    yield "RADESYS of another kind", base(RADESYS="GAPPT"), None
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
    yield "old table by name", base(D2IMEXT="x.fits"), None
    yield "old table", base(AXISCORR=1), "the table is not there"
    yield "table of the detector", base(D2IMDIS1="Lookup"), "distortion by a table"
    yield "polynomial", base(CQDIS1="TPD"), "distortion"
    yield "plate", base(AMDX1=67.2, AMDX2=0.02, AMDY1=67.2), "the rest of the plate solution is missing"
    yield "TNX", base("TNX"), None
    yield "small letters", base(CTYPE1="ra---tan", CTYPE2="dec--tan"), None
    yield "codes without a place", base(CTYPE1="RA--TAN", CTYPE2="DEC-TAN"), None
    yield "NCP", base("NCP"), None
    yield "number as text", base(CRVAL1="150.1"), "a number is expected"
    yield "none", {}, "nothing"
    yield from conventions()
    yield from further_axes()
    yield from spectra()
    yield from refused()
    yield from physical()
    yield from boundaries()
    yield from surplus()
    yield from faces()


def wat(axis, text):
    """`WATi_m` of a string, cut where no blank ends a card: wcslib would lose it, and all that follows."""
    while any(text[end - 1] == " " for end in range(68, len(text), 68)):
        text = text.replace("axtype=x", "axtype=xx", 1)
    parts = [text[start : start + 68] for start in range(0, len(text), 68)]
    return {f"WAT{axis}_{number + 1:03}": part for number, part in enumerate(parts)}


def surface(name, kind, orders, cross, rectangle, coefficients, more=""):
    numbers = [kind, *orders, cross, *rectangle, *coefficients]
    return f'wtype={name} axtype=x {more}{"%s"} = "{" ".join(f"{number:.17g}." if isinstance(number, int) else repr(number) for number in numbers)} "'


def conventions():
    """Projections and distortions with rules of their own."""
    small = {"CDELT1": -2e-3, "CDELT2": 2e-3}
    yield "ZPN of third order", base("ZPN", PV2_1=1.0, PV2_3=42.0), None
    yield "ZPN of second order", base("ZPN", PV2_0=0.05, PV2_1=0.9, PV2_2=0.2, CRPIX1=-8.0), None
    yield "ZPN that ends", base("ZPN", PV2_1=1.0, PV2_3=-20.0, CDELT1=-2.5, CDELT2=2.5), None
    yield "ZPN of fifth order", base("ZPN", PV2_1=1.0, PV2_3=-50.0, PV2_5=500.0, **small), None
    yield "ZPN with zeros", base("ZPN", PV2_0=0.0, PV2_1=1.0, PV2_2=0.0, PV2_3=0.5, LONPOLE=120.0), None
    tpv = {"PV1_0": 1e-3, "PV1_1": 1.01, "PV1_2": 0.02, "PV1_4": 0.03, "PV1_6": -0.02, "PV1_7": 0.01, "PV1_12": 2e-3, "PV1_38": 1e-4}
    tpv |= {"PV2_0": -2e-3, "PV2_1": 0.99, "PV2_2": -0.01, "PV2_5": 0.02, "PV2_10": 0.01, "PV2_21": 1e-3, "PV2_31": -1e-4}
    tpv |= {"CDELT1": -0.15, "CDELT2": 0.125}
    yield "TPV of seventh order", base("TPV", **tpv), None
    yield "TPV with distances", base("TPV", **(tpv | {"PV1_3": 0.01, "PV1_11": 0.02, "PV1_23": 1e-3, "PV2_3": -0.01, "PV2_39": 1e-4})), None
    yield "TPV under TAN", base("TAN", **tpv), None
    sip = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-3, "B_0_2": -1.5e-3}
    yield "TPV under TAN with SIP", base("TAN", **tpv, **sip), None
    yield "TPV with SIP", base("TPV", **tpv, **sip), None
    suffix = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    yield "SIP with parameters of TPV", base(**(tpv | sip | suffix)), None
    cheb = surface("tnx", 1, (3, 3), 2, (-10.5, 12.5, -8.5, 9.5), (0.01, 0.02, -3e-3, 0.015, 4e-3, 1e-3))
    lege = surface("tnx", 2, (3, 2), 1, (-10.5, 12.5, -8.5, 9.5), (0.02, -0.01, 2e-3, 0.011, 3e-3, -2e-3))
    mono = surface("tnx", 3, (2, 4), 0, (-10.5, 12.5, -8.5, 9.5), (0.01, 0.003, 2e-3, 1e-4, 1e-5))
    for name, first, second in (("Chebyshev", cheb, lege), ("Legendre", lege, mono), ("monomials", mono, cheb)):
        yield f"TNX of {name}", base("TNX", **wat(1, first % "lngcor"), **wat(2, second % "latcor")), None
    yield "TAN with the strings of TNX", base("TAN", **wat(1, cheb % "lngcor"), **wat(2, lege % "latcor")), None
    yield "TAN with other strings", base("TAN", **wat(1, "wtype=tan axtype=ra"), **wat(2, "wtype=tan axtype=dec")), None
    parameters = "projp0=0. projp1=1. projp2=0. projp3=37.5 "
    zpx = [text.replace("tnx", "zpx").replace("axtype=x ", f"axtype=x {parameters}") for text in (cheb, lege)]
    yield "ZPX", base("ZPX", **small, **wat(1, zpx[0] % "lngcor"), **wat(2, zpx[1] % "latcor")), None
    yield "NCP in the south", base("NCP", (150.1, -62.2), CDELT1=-0.15, CDELT2=0.15), None
    yield "GLS off the equator", base("GLS", (150.1, 42.2)), None
    yield "GLS on the equator", base("GLS", (150.1, 0.0)), None
    for code in ("TAN", "CAR", "ZEA", "COD"):
        yield f"{code} moved", base(code, (10.0, 12.0), PV1_0=1.0, PV1_1=10.0, PV1_2=60.0), None
    plate = {"PLTRAH": 14, "PLTRAM": 37, "PLTRAS": 46.88253, "PLTDECSN": "-", "PLTDECD": 60, "PLTDECM": 12, "PLTDECS": 59.28761}
    plate |= {"CNPIX1": 6980, "CNPIX2": 7000, "XPIXELSZ": 25.28445, "YPIXELSZ": 25.28445, "PPO3": 176616.98, "PPO6": 177193.56}
    x = [67.226, -0.23, 1.09, 1.2e-6, 5.6e-6, -3.8e-5, 1e-6, 2.3e-6, 1e-7, 2.3e-6, 1.9e-7, 1e-7, 2e-9]
    y = [67.233, 0.226, -0.527, -7.3e-6, 1.9e-5, -5.6e-6, 2e-6, 2.2e-6, 1e-8, 2.2e-6, -1.6e-8, 3e-7, -1e-9]
    plate |= {f"AMDX{n + 1}": value for n, value in enumerate(x)} | {f"AMDY{n + 1}": value for n, value in enumerate(y)}
    yield "plate solution", base(**plate), None
    for longitude, latitude in (("HPLN", "HPLT"), ("HGLN", "HGLT"), ("CRLN", "CRLT"), ("ELON", "ELAT"), ("HLON", "HLAT"), ("SLON", "SLAT"), ("XYLN", "XYLT")):
        types = {"CTYPE1": f"{longitude}-CAR", "CTYPE2": f"{latitude}-CAR", "CUNIT1": "arcsecs", "CUNIT2": "ARCSEC"}
        yield longitude, base("CAR", (300.0, -120.0), **types, DSUN_OBS=1.5e11, HGLN_OBS=0.0, HGLT_OBS=3.5), None
    for code in ("SIN", "SZP", "XPH"):
        yield f"{code} far below a pixel", base(code, CDELT1=-1e-7, CDELT2=1e-7), None


def further_axes():
    """Axes in every order, and of every kind."""
    def axes(*names, **more):
        known = {
            "ra": ("RA---TAN", 150.1, -1.5, 4.5, "deg"),
            "dec": ("DEC--TAN", 2.2, 1.25, 3.25, "deg"),
            "freq": ("FREQ", 1.4204, 1e-3, 2.0, "GHz"),
            "wave": ("WAVE", 6562.8, 1.25, 3.0, "Angstrom"),
            "vrad": ("VRAD", 12.5, -0.5, 1.0, "km/s"),
            "stokes": ("STOKES", 1.0, 1.0, 1.0, None),
            "time": ("TIME", 10.0, 2.0, 1.0, "s"),
            "utc": ("UTC", 100.0, 0.5, 1.0, "s"),
            "linear": ("LINEAR", 5.0, -2.0, 1.5, "mm"),
            "untyped": (None, 5.0, -2.0, 1.5, None),
            "plain ra": ("RA", 10.0, 2.0, 1.0, "deg"),
            "plain dec": ("DEC", 20.0, 3.0, 2.0, "deg"),
        }
        cards = {"NAXIS": max(2, len(names))}
        for number, name in enumerate(names, 1):
            values = zip(("CTYPE", "CRVAL", "CDELT", "CRPIX", "CUNIT"), known[name], strict=True)
            cards |= {f"{key}{number}": value for key, value in values if value is not None}
        return cards | more

    orders = [("ra", "dec", "freq"), ("freq", "ra", "dec"), ("wave", "dec", "ra"), ("dec", "vrad", "ra"), ("dec", "wave", "ra", "stokes")]
    orders += [("ra", "dec", "stokes", "freq"), ("ra", "dec", "wave", "utc"), ("ra", "dec", "time"), ("linear", "ra", "untyped", "dec")]
    orders += [("freq", "plain ra", "plain dec", "stokes"), ("freq", "linear"), ("wave",), ("linear", "untyped"), ("stokes", "time")]
    for order in orders:
        yield " ".join(order), axes(*order), None
    yield "slit", axes("wave", "dec", "ra", PC2_3=0.3, PC3_2=-0.2), None
    yield "all of three coupled", axes("ra", "dec", "wave", PC1_3=0.1, PC3_2=0.2, PC2_1=-0.3), None
    yield "four coupled", axes("ra", "dec", "wave", "utc", PC4_1=0.5, PC1_3=0.1, PC3_2=0.2, PC2_1=-0.3), None
    yield "time along the slit", axes("ra", "dec", "wave", "utc", PC4_1=0.5), None
    yield "more axes than the image", axes("ra", "dec", "freq", "stokes") | {"NAXIS": 2, "WCSAXES": 4}, None
    yield "fewer axes than the image", axes("ra", "dec") | {"NAXIS": 3, "WCSAXES": 2}, None
    yield "turned cube", axes("freq", "ra", "dec", CROTA3=30.0), None
    yield "units of AIPS", axes("ra", "dec", "freq", CUNIT3="HZ", CUNIT1="DEGREE"), None
    yield "reference in the frame", axes("ra", "dec", "vrad", RESTFRQ=1.420405752e9, SPECSYS="BARYCENT", **{"OBSGEO-X": 1.0e6, "OBSGEO-Y": 2.0e6, "OBSGEO-Z": 3.0e6}), None
    yield "reference of time", axes("ra", "dec", "time", MJDREF=55555.5, TIMESYS="TT"), None
    both = base() | {"CTYPE1A": "LINEAR", "CTYPE2A": "FREQ", "CRVAL1A": 3.0, "CRVAL2A": 1e9, "CDELT1A": 2.0, "CDELT2A": 1e6, "CRPIX1A": 1.0}
    yield "alternate A", both | {"key": "A"}, None
    sky = {f"{key}Z": value for key, value in base("ARC", (20.0, 30.0)).items()}
    yield "alternate Z", base() | sky | {"EQUINOXZ": 1950.0, "PC1_2Z": 0.2, "key": "Z"}, None
    yield "old longitude alone", axes("plain ra", "freq"), None


def spectra():
    """Spectral axes of every kind; of one axis, the second is empty."""
    def axis(kind, reference, step, **more):
        return {"CTYPE1": kind, "CRVAL1": reference, "CDELT1": step, "CRPIX1": 2.0, **more}

    rest = {"RESTFRQ": 1.420405752e9}
    light = {"RESTWAV": 6.5628e-7}
    for kind, reference, step in (("FREQ", 1.4e9, 1e7), ("AFRQ", 8.8e9, 1e7), ("ENER", 1e-24, 1e-26), ("WAVN", 4.7, 0.1), ("WAVE", 0.2, 1e-3), ("ZOPT", 0.3, 0.01), ("BETA", 0.1, 0.02), ("VELO", 1e6, 2e5), ("VOPT", 1e6, 2e5), ("VRAD", 1e6, 2e5), ("AWAV", 5e-7, 1e-9)):
        yield kind, axis(kind, reference, step), None
    for kind, reference, step in (("FREQ-W2F", 1.4e9, 1e7), ("AFRQ-W2F", 8.8e9, 1e7), ("ENER-W2F", 1e-24, 1e-26), ("WAVN-V2F", 4.7, 0.1), ("VRAD-W2F", 1e6, 2e5), ("VRAD-V2F", 1e6, 2e5), ("FREQ-V2F", 1.4e9, 1e7), ("WAVE-F2W", 0.2, 1e-3), ("WAVE-V2W", 0.2, 1e-3), ("VOPT-F2W", 1e6, 2e5), ("VOPT-V2W", 1e6, 2e5), ("ZOPT-F2W", 0.3, 0.01), ("VELO-F2V", 1e6, 2e5), ("VELO-W2V", 1e6, 2e5), ("BETA-F2V", 0.1, 0.02)):
        yield kind, axis(kind, reference, step, **rest), None
    for kind, reference, step in (("AWAV-W2A", 5e-7, 1e-8), ("AWAV-F2A", 5e-7, 1e-8), ("AWAV-V2A", 6.5e-7, 1e-8), ("WAVE-A2W", 5e-7, 1e-8), ("FREQ-A2F", 5e14, 1e12), ("VELO-A2V", 1e6, 2e5), ("VOPT-A2W", 1e6, 2e5)):
        yield kind, axis(kind, reference, step, **light), None
    yield "F2W without a rest frequency", axis("WAVE-F2W", 0.2, 1e-3), None
    grism = {"PV1_0": 316000.0, "PV1_1": 1.0, "PV1_2": 8.0, "PV1_3": 1.7, "PV1_4": -1e5, "PV1_5": 2.0, "PV1_6": 1.0}
    yield "WAVE-GRI", axis("WAVE-GRI", 5e-7, 1e-8, **grism), None
    yield "AWAV-GRA", axis("AWAV-GRA", 5e-7, 1e-8, PV1_0=600000.0, PV1_1=1.0), None
    yield "FREQ-GRI", axis("FREQ-GRI", 6e14, -1e12, **grism), None
    yield "VOPT-GRI", axis("VOPT-GRI", 9e5, 1e5, **grism, **light), None
    yield "FREQ-LOG", axis("FREQ-LOG", 1.4e9, 1e8), None
    yield "WAVE-LOG", axis("WAVE-LOG", 500.0, 5.0, CUNIT1="nm"), None
    yield "TIME-LOG", axis("TIME-LOG", 3.0, 0.1), None
    for kind in ("VELO-LSR", "VELO-HEL", "VELO-OBS", "FREQ-LSR", "FELO-HEL", "VELO", "FELO"):
        values = (1.4e9, 1e7) if kind.startswith("FREQ") else (1e6, 2e5)
        yield kind, axis(kind, *values, **rest), None
        yield f"{kind} with VELREF", axis(kind, *values, VELREF=258, **rest), None
    for unit, factor in (("nm", 1e9), ("Angstroms", 1e10), ("um", 1e6), ("MICRON", None), ("Ang", None)):
        if factor:
            yield f"WAVE in {unit}", axis("WAVE", 5e-7 * factor, 1e-9 * factor, CUNIT1=unit), None
    for unit, factor in (("eV", 1.0), ("keV", 1e-3), ("MeV", 1e-6), ("erg", 1.602e-12)):
        yield f"ENER in {unit}", axis("ENER", 2000.0 * factor, 5.0 * factor, CUNIT1=unit), None
    yield "ENER-W2F in keV", axis("ENER-W2F", 2.0, 0.05, CUNIT1="keV"), None
    yield "WAVE in a unit of frequency", axis("WAVE", 6.4, 0.1, CUNIT1="Hz"), None


def physical():
    """Sections of images: physical pixels by LTVi and LTMi_j, which astropy does not read, but reads as what they mean."""
    matrix = np.array([[0.5, 0.1], [-0.2, 0.25]])
    section = {"LTV1": -100.0, "LTV2": 20.0} | {f"LTM{i + 1}_{j + 1}": matrix[i, j] for i in range(2) for j in range(2)}
    inverse = np.linalg.inv(matrix)
    meaning = {"CRPIX1P": -100.0, "CRPIX2P": 20.0} | {f"CD{i + 1}_{j + 1}P": inverse[i, j] for i in range(2) for j in range(2)}
    yield "physical pixels", base(**section, key="P", meaning=meaning), None
    yield "shifted physical pixels", base(LTV1=-7.5, key="P", meaning={"CRPIX1P": -7.5, "CD1_1P": 1.0, "CRPIX2P": 0.0}), None
    yield "physical pixels by a description", base(LTV1=-7.5, CRPIX1P=3.0, CRVAL1P=8.0, CDELT1P=2.0, key="P"), None
    yield "physical pixels of a singular section", base(LTM1_1=0.0, key="P"), "singular"


def boundaries():
    """Planes that go on beyond the native sphere, with its poles and the meridian at 180 degrees among the pixels."""
    for code in ZENITHAL + OTHERS:
        if code in ("COBE", "BON"):
            continue
        for name, crval in (("origin", (0.0, 0.0)), ("south", (301.0, -42.5))):
            edge = {"CRPIX1": 1.0, "CRPIX2": 1.0}
            yield f"{code} to its edges, {name}", base(code, crval, **edge, CDELT1=-180.0 / 7, CDELT2=18.0), None
            yield f"{code} beyond its edges, {name}", base(code, crval, **edge, CDELT1=30.0, CDELT2=-23.0), None
    for parallel in (0.0, 45.0, -30.0):
        for name, crval in (("origin", (0.0, 0.0)), ("south", (301.0, -42.5))):
            yield f"BON {parallel} {name}", base("BON", crval, PV2_1=parallel, CRPIX1=1.0, CRPIX2=1.0, CDELT1=-30.0, CDELT2=18.0), None


def surplus():
    """Parameters that a projection does not have, and numbers in quotes."""
    sip = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-3, "B_0_2": -1.5e-3}
    for code in ("STG", "ARC", "ZEA", "CAR", "AIT", "SIN"):
        more = {"PV2_1": 0.3} if code != "SIN" else {}
        yield f"{code} with PV2_5", base(code, PV2_5=0.3, PV2_20=0.1, **more), None
        suffix = {"CTYPE1": f"RA---{code}-SIP", "CTYPE2": f"DEC--{code}-SIP"}
        yield f"{code} with PV2_5 and SIP", base(code, PV2_5=0.3, **more, **sip, **suffix), None
    suffix = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    yield "SIP in quotes", base(**(sip | suffix | {"A_2_0": "1e-3", "B_0_2": " -1.5e-3 "})), None
    yield "ENER-V2F", {"CTYPE1": "ENER-V2F", "CRVAL1": 1e-24, "CDELT1": 1e-26, "CRPIX1": 2.0, "RESTFRQ": 1.420405752e9}, None
    swapped = {"CTYPE1": "DEC--TAN-SIP", "CTYPE2": "RA---TAN-SIP", "CRVAL1": 2.2, "CRVAL2": 150.1, "CDELT1": 1.25, "CDELT2": -1.5, "PC1_2": 0.2}
    yield "SIP with the latitude first", base(**swapped, **sip), None


def faces():
    """The faces of a cube one upon the other."""
    axis = {"NAXIS": 3, "CTYPE3": "CUBEFACE", "CRPIX3": 1.0, "CDELT3": 1.0}
    side = {"CRPIX1": 4.5, "CRPIX2": 3.5, "CDELT1": -9.0, "CDELT2": 11.0}
    for code in ("TSC", "CSC", "QSC"):
        yield f"{code} faces", base(code, (0.0, 0.0), **side, **axis), None
        yield f"{code} upper faces", base(code, (40.0, 0.0), **side, **axis | {"CRPIX3": -2.0}), None
        yield f"{code} faces with CRVAL3", base(code, (40.0, -30.0), **side, **axis | {"CRVAL3": 1.0}), None
        yield f"{code} faces two apart", base(code, (301.0, 12.0), **side, **axis | {"CDELT3": 2.0}), None
    first = {"CTYPE1": "CUBEFACE", "CTYPE2": "DEC--QSC", "CTYPE3": "RA---QSC", "CRPIX1": 1.0, "CDELT1": 1.0, "CRPIX3": 3.0, "CDELT3": -9.0}
    yield "faces first", base("QSC", (0.0, 10.0), **first | {"NAXIS": 3, "CDELT2": 9.0, "CRVAL1": 0.0, "CRVAL2": 10.0, "CRVAL3": 20.0}), None
    yield "faces of a plane", base("TAN", (40.0, 12.0), **side | {"CDELT1": -1.0, "CDELT2": 1.0}, **axis), None
    yield "faces of a cylinder", base("CAR", (40.0, 0.0), **side, **axis), None
    yield "faces of nothing", {"CTYPE1": "CUBEFACE", "CTYPE2": "LINEAR", "CRPIX1": 1.0, "CDELT1": 1.0}, None
    yield "faces twice", base("QSC", (0.0, 0.0), **axis | {"NAXIS": 4}, CTYPE4="CUBEFACE", CRPIX4=1.0, CDELT4=1.0), "two axes of faces"


def refused():
    """What is told."""
    yield "unknown projection", base(CTYPE1="RA---XYZ", CTYPE2="DEC--XYZ"), None
    yield "no partner", base(CTYPE2="LINEAR"), None
    yield "wrong partner", base(CTYPE2="GLAT-TAN"), None
    yield "table", base(CTYPE1="WAVE-TAB", CTYPE2="LINEAR"), "the table is not there"
    yield "no rest frequency", base(CTYPE1="VOPT-F2W", CTYPE2="LINEAR"), None
    yield "logarithm of nothing", base(CTYPE1="FREQ-LOG", CTYPE2="LINEAR", CRVAL1=0.0), "no logarithm"
    yield "NCP on the equator", base("NCP", (150.1, 0.0)), None
    yield "ZPN that falls", base("ZPN", PV2_1=-1.0, PV2_3=1.0), "no polynomial that rises"
    yield "coupled and singular", base(NAXIS=3, CTYPE3="FREQ", PC1_1=0.0, PC1_3=1.0), "singular"


def world(cards, hdulist=None):
    """The pixels with the coordinates of all axes."""
    cards = dict(cards)
    key = cards.pop("key", " ")
    header = fits.Header(cards) if hdulist is None else cards["header"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wcs = WCS(header, key=key, fobj=hdulist)
        further = [[0.0, 1.0, 0.25, 2.0, 1.5]] * (wcs.naxis - 2)
        pixels = np.array([*np.array(PIXELS, dtype=float).T, *further][: wcs.naxis])
        columns = wcs.all_pix2world(*pixels, 0)
    rows = np.array(columns).reshape(wcs.naxis, -1).T
    rows = [[None] * wcs.naxis if np.isnan(row).any() else [float(value) for value in row] for row in rows]
    sky = [wcs.wcs.lng, wcs.wcs.lat]
    found = {"pixels": [[float(value) for value in pixel] for pixel in pixels.T], "world": rows}
    return found | ({"sky": sky} if min(sky) >= 0 else {}) | ({"key": key} if key != " " else {})


def build():
    hdus, expected = [], []
    for number, (name, cards, reason) in enumerate(cases()):
        axes = cards.pop("NAXIS", 2)
        cards = {"WCSAXES": cards.pop("WCSAXES"), **cards} if "WCSAXES" in cards else cards
        hdu = (fits.ImageHDU if number else fits.PrimaryHDU)(np.zeros(((2 if 'cube' in name else 1),) * (axes - 2) + (6, 8), np.uint8))
        meaning = cards.pop("meaning", {})
        hdu.header.update({key: value for key, value in cards.items() if key != "key"})
        hdus.append(hdu)
        case = {"name": name}
        # The axes of the image count, too.
        full = {"NAXIS": axes} | cards | meaning
        try:
            told = {"none": reason} | ({"key": cards["key"]} if "key" in cards else {})
            case |= told if reason else world(full)
        except (ValueError, MemoryError, InvalidTransformError, InconsistentAxisTypesError, InvalidCoordinateError):
            case["none"] = "astropy refuses it"
        expected.append(case)
    sink = io.BytesIO()
    fits.HDUList(hdus).writeto(sink)
    packed = gzip.compress(sink.getvalue(), 9, mtime=0)
    return packed, json.dumps({"cases": expected}, indent=0).encode() + b"\n"


def tables():
    """Images whose distortions are tables of other HDUs."""
    random = np.random.default_rng(5)
    def table(name, version, shape, **cards):
        hdu = fits.ImageHDU(random.uniform(-0.4, 0.4, shape).astype(np.float32), name=name, ver=version)
        hdu.header.update(cards)
        return hdu

    sip = {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-3, "A_1_1": -2e-3, "B_0_2": -1.5e-3}
    sip |= {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP"}
    prior = {"CPDIS1": "LOOKUP", "DP1.EXTVER": 1.0, "DP1.NAXES": 2.0, "DP1.AXIS.1": 1.0, "DP1.AXIS.2": 2.0}
    prior |= {"CPDIS2": "LOOKUP", "DP2.EXTVER": 2.0, "DP2.NAXES": 2.0, "DP2.AXIS.1": 1.0, "DP2.AXIS.2": 2.0}
    detector = {"D2IMDIS1": "Lookup", "D2IM1.EXTVER": 1.0, "D2IM1.NAXES": 2.0, "D2IM1.AXIS.1": 1.0, "D2IM1.AXIS.2": 2.0}
    cases = [("tables", prior), ("tables and SIP", prior | sip), ("detector", detector), ("all", detector | prior | sip)]
    hdus = []
    for number, (_, cards) in enumerate(cases):
        hdu = (fits.ImageHDU if number else fits.PrimaryHDU)(np.zeros((6, 8), np.uint8))
        hdu.header.update(base() | cards)
        for key, value in cards.items():
            if "." in key:
                del hdu.header[key]
                name, field = key.split(".", 1)
                hdu.header.append(fits.Card.fromstring(f"{name:8}= '{field}: {value}'"))
        hdus.append(hdu)
    grid = {"CRPIX1": 1.0, "CRPIX2": 1.0, "CRVAL1": 2.0, "CRVAL2": 1.5, "CDELT1": 1.5, "CDELT2": 2.25}
    hdus += [table("WCSDVARR", 1, (3, 4), **grid), table("WCSDVARR", 2, (3, 4), **grid)]
    hdus += [table("D2IMARR", 1, (1, 8), CRPIX1=0.0, CRPIX2=0.0, CRVAL1=0.0, CRVAL2=0.0, CDELT1=1.0, CDELT2=1.0)]
    sink = io.BytesIO()
    fits.HDUList(hdus).writeto(sink)
    expected = []
    with fits.open(io.BytesIO(sink.getvalue())) as hdulist:
        for number, (name, _) in enumerate(cases):
            expected.append({"name": name} | world({"header": hdulist[number].header}, hdulist))
    return gzip.compress(sink.getvalue(), 9, mtime=0), json.dumps({"cases": expected}, indent=0).encode() + b"\n"


def coordinates():
    """Images whose coordinates stand in the columns of tables."""
    random = np.random.default_rng(6)
    wave = np.array([5.0, 5.1, 5.3, 5.6, 6.0, 6.9, 7.1, 7.15]) * 1e-7
    plane = np.stack(np.meshgrid(np.arange(8.0) ** 1.5, np.arange(6.0) ** 1.2 + 60), axis=-1) + random.normal(0, 0.05, (6, 8, 2))

    def column(name, values):
        values = np.asarray(values, float)
        shape = "(" + ",".join(str(length) for length in values.shape[::-1]) + ")"
        return fits.Column(name, f"{values.size}D", dim=shape if values.ndim > 1 else None, array=values[np.newaxis])

    tab = {"CTYPE1": "WAVE-TAB", "CUNIT1": "m", "CRPIX1": 1.0, "CRVAL1": 1.0, "CDELT1": 1.0, "CTYPE2": "LINEAR", "PS1_0": "WCS-TAB", "PS1_1": "WAVE"}
    both = {"CRPIX1": 1.0, "CRPIX2": 1.0, "CRVAL1": 1.0, "CRVAL2": 1.0, "CDELT1": 1.0, "CDELT2": 1.0}
    both |= {"PS1_0": "WCS-TAB", "PS1_1": "PLANE", "PV1_1": 2, "PV1_3": 1, "PS2_0": "WCS-TAB", "PS2_1": "PLANE", "PV2_1": 2, "PV2_3": 2}
    cube = {"WCSAXES": 3, "CTYPE1": "FOO--TAB", "CTYPE2": "BAR--TAB", "CTYPE3": "WAVE-TAB", "CUNIT3": "m"}
    for axis in (1, 2, 3):
        cube |= {f"CRPIX{axis}": 1.0, f"CRVAL{axis}": 1.0, f"CDELT{axis}": 1.0, f"PS{axis}_0": "WCS-TAB", f"PS{axis}_1": "CUBE", f"PV{axis}_1": 3, f"PV{axis}_3": axis}
    cube |= {"CRVAL3": 0.0, "CDELT3": 2.0, "PS3_2": "DEPTH"}
    # Elements along three axes, the first one fastest, and three coordinates of each.
    solid = np.stack(np.meshgrid(np.arange(3.0) ** 1.5, np.arange(6.0), np.arange(8.0) * 2, indexing="ij")[::-1], axis=-1) + random.normal(0, 0.05, (3, 6, 8, 3))
    cases = [
        ("no index", tab),
        ("a vector", tab | {"PS1_1": "VECTOR"}),
        ("rising index", tab | {"PS1_2": "RISING", "CRVAL1": 0.0, "CDELT1": 1.5}),
        ("falling index", tab | {"PS1_2": "FALLING", "CRVAL1": 14.0, "CDELT1": -2.0}),
        ("nanometres", tab | {"CTYPE1": "AWAV-TAB", "CUNIT1": "nm", "PS1_1": "NANO"}),
        ("another kind", tab | {"CTYPE1": "HEIG-TAB", "CUNIT1": "km"}),
        ("one element", tab | {"CTYPE2": "TIME-TAB", "CUNIT2": "s", "CRPIX2": 3.0, "CRVAL2": 1.0, "CDELT2": 0.1, "PS2_0": "WCS-TAB", "PS2_1": "ONE"}),
        ("a plane", both | {"CTYPE1": "HPLN-TAB", "CTYPE2": "HPLT-TAB", "CUNIT1": "arcsec", "CUNIT2": "arcsec"}),
        ("a plane, turned", both | {"CTYPE1": "RA---TAB", "CTYPE2": "DEC--TAB", "CUNIT1": "deg", "CUNIT2": "deg", "PC1_2": 0.1, "CDELT2": 0.8}),
        ("a cube", cube),
        ("a cube, turned", cube | {"PV1_3": 3, "PV2_3": 1, "PV3_3": 2, "PS3_2": "SIX", "CRVAL1": 1.5, "CDELT1": 0.3, "PC1_2": 0.1}),
        ("a plane the other way", both | {"CTYPE1": "FOO--TAB", "CTYPE2": "BAR--TAB", "PV1_3": 2, "PV2_3": 1, "PS1_2": "SIX", "CRVAL1": 3.0}),
    ]
    hdus = []
    for number, (_, cards) in enumerate(cases):
        shape = (3, 6, 8) if "CTYPE3" in cards else (6, 8)
        hdu = (fits.ImageHDU if number else fits.PrimaryHDU)(np.zeros(shape, np.uint8))
        hdu.header.update(cards)
        hdus.append(hdu)
    columns = [column("WAVE", wave[:, np.newaxis]), column("VECTOR", wave), column("NANO", 1e9 * wave[:, np.newaxis])]
    columns += [column("RISING", [0, 1, 3, 4, 7, 9, 10, 12]), column("FALLING", [14, 12, 9, 7, 5, 3, 1, 0]), column("ONE", [[7.5]])]
    hdus += [fits.BinTableHDU.from_columns(columns, name="WCS-TAB", ver=1)]
    columns = [column("PLANE", plane), column("SIX", [1, 2, 3.5, 4, 6, 9])]
    hdus += [fits.BinTableHDU.from_columns(columns, name="WCS-TAB", ver=2)]
    hdus += [fits.BinTableHDU.from_columns([column("CUBE", solid), column("DEPTH", [0, 3, 5]), column("SIX", [0, 1, 2.5, 3, 6, 7])], name="WCS-TAB", ver=3)]
    sink = io.BytesIO()
    fits.HDUList(hdus).writeto(sink)
    expected = []
    with fits.open(io.BytesIO(sink.getvalue())) as hdulist:
        for number, (name, _) in enumerate(cases):
            expected.append({"name": name} | world({"header": hdulist[number].header}, hdulist))
    return gzip.compress(sink.getvalue(), 9, mtime=0), json.dumps({"cases": expected}, indent=0).encode() + b"\n"


def main():
    packed, expected = build()
    of_tables, expected_of_tables = tables()
    of_coordinates, expected_of_coordinates = coordinates()
    made = {"headers.fits.gz": packed, "headers.json": expected, "tables.fits.gz": of_tables, "tables.json": expected_of_tables}
    made |= {"coordinates.fits.gz": of_coordinates, "coordinates.json": expected_of_coordinates}
    if "--check" in sys.argv:
        # Compressors differ, what they hold does not.
        plain = lambda name, content: gzip.decompress(content) if name.endswith(".gz") else content
        same = all(plain(name, (FOLDER / name).read_bytes()) == plain(name, content) for name, content in made.items())
        print("the same" if same else "different")
        return 0 if same else 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    print(f"{len(json.loads(expected)['cases'])} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
