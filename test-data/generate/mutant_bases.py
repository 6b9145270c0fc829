"""The valid trees that `mutants.py` puts faults into. All values are invented."""

import datetime
import io
import warnings
from pathlib import Path

import asdf
import numpy as np
import roman_datamodels.datamodels as rdm
from astropy import coordinates, table, time, units
from astropy.modeling import models
from asdf.tags.core import IntegerType
from gwcs import coordinate_frames, wcs
from stdatamodels.jwst.transforms import models as jwst

HERE = Path(__file__).resolve().parent


def all():
    """Name, version of the standard, packages needed besides the built-in schemas, number of mutants, tree as YAML."""
    exposure = yaml_of((HERE.parent / "made" / "roman_exposure.asdf").read_bytes())
    return [
        ("core", "1.6.0", [], 260, written(core(), "1.6.0")),
        ("core_old", "1.3.0", [], 140, written(core_old(), "1.3.0")),
        ("transforms", "1.6.0", [], 340, written(transforms(), "1.6.0")),
        ("transforms_old", "1.4.0", [], 140, written(transforms(old=True), "1.4.0")),
        ("gwcs", "1.6.0", [], 380, written({"wcs": imaging()}, "1.6.0")),
        ("gwcs_old", "1.5.0", [], 160, written({"wcs": imaging(boxed=False)}, "1.5.0")),
        ("astronomy", "1.6.0", [], 340, written(astronomy(), "1.6.0")),
        ("roman", "1.6.0", ["rad"], 560, exposure),
        ("roman_catalog", "1.6.0", ["rad"], 160, written(catalog(), "1.6.0")),
        ("jwst", "1.6.0", ["stdatamodels"], 240, written(jwst_transforms(), "1.6.0")),
    ]


def yaml_of(data):
    """The text of the tree, between the header's last line and the end marker."""
    return data[data.index(b"%YAML") : data.index(b"\n...") + 1].decode()


def written(tree, version):
    """The tree as the reference writes it, arrays as block 0, 1, …"""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = asdf.AsdfFile(tree, version=version)
        file["history"] = {"entries": [entry()]}
        file.write_to(buffer)
    text = yaml_of(buffer.getvalue())
    history = text.index("\nhistory:")
    # The extensions stand in the order of a set.
    start, end = text.index("\n  extensions:", history), text.index("\n  entries:", history)
    if start < end:
        return text[:start] + text[end:]
    rest = start + 1
    while rest < len(text) and (text.startswith("  ", rest) or text.startswith("\n", rest)):
        rest = text.index("\n", rest) + 1
    return text[: start + 1] + text[rest:]


def entry():
    return asdf.tags.core.HistoryEntry(
        {
            "description": "made",
            "time": datetime.datetime(2027, 3, 15, 1, 2, 3),
            "software": asdf.tags.core.Software({"name": "maker", "version": "1.2.3", "author": "A. N. Other"}),
        }
    )


def core():
    masked = np.ma.masked_array(np.arange(4.0), mask=[False, True, False, False])
    records = np.array([(1, 2.5, b"ab"), (2, 3.5, b"cd")], dtype=[("id", "<i4"), ("flux", ">f8"), ("name", "S2")])
    return {
        "data": np.zeros((3, 4), np.float32),
        "masked": masked,
        "records": records,
        "complex": 1 + 2j,
        "large": IntegerType(2**70 + 1),
        "quantity": 3.5 * units.m / units.s,
        "quantities": np.arange(6.0).reshape(2, 3) * units.Jy,
        "unit": units.Unit("km s-1"),
        "nested": {"list": [1, "two", 3.0, None, True, {"deep": [np.arange(3)]}]},
    }


def core_old():
    return {
        "data": np.zeros((3, 4), np.float32),
        "complex": 1 + 2j,
        "quantity": 3.5 * units.m / units.s,
        "time": time.Time("2027-03-14T15:09:26.535", format="isot"),
        "rotate": models.Rotation2D(30.0),
        "chain": models.Shift(1.0) | models.Scale(2.0),
    }


def transforms(old=False):
    inverted = models.Polynomial2D(2, c0_0=1, c1_0=2, c0_1=3)
    inverted.inverse = models.Polynomial2D(1, c0_0=-1)
    boxed = models.Polynomial1D(2, c0=1, c1=2)
    boxed.bounding_box = (-1, 5)
    plane = models.Shift(1) & models.Shift(2)
    plane.bounding_box = ((-0.5, 10.5), (-0.5, 20.5))
    found = {
        "inverted": inverted,
        "boxed": boxed,
        "plane": plane,
        "affine": models.AffineTransformation2D(matrix=[[1.0, 2.0], [3.0, 4.0]], translation=[5.0, 6.0]),
        "mapping": models.Mapping((0, 1, 0)) | models.Identity(3),
        "sum": models.Shift(1) + models.Const1D(2),
        "fixed": models.fix_inputs(models.Gaussian2D(), {"x": 1.5}),
        "rotation": models.EulerAngleRotation(1, 2, 3, "zxz"),
        "sequence": models.RotateNative2Celestial(5.6, -72.05, 180),
        "tangent": models.Pix2Sky_TAN(),
        "conic": models.Pix2Sky_COE(sigma=50, delta=5),
        "cylindrical": models.Sky2Pix_CYP(mu=1, lam=1),
        "table": models.Tabular1D(points=np.arange(5.0), lookup_table=np.arange(5.0) ** 2, method="linear"),
        "chebyshev": models.Chebyshev2D(1, 1, c0_0=1, c1_1=2),
        "gaussian": models.Gaussian1D(10 * units.Jy, 5 * units.um, 1 * units.um),
        "multiply": models.Multiply(3 * units.m),
    }
    if old:
        # The reference does not write boxes for old versions of the standard.
        del found["boxed"], found["plane"]
    else:
        found["spline"] = models.Spline1D(knots=np.arange(8.0), degree=3)
    return found


def imaging(boxed=True):
    detector = coordinate_frames.Frame2D(name="detector", unit=(units.pix, units.pix))
    focal = coordinate_frames.Frame2D(name="v2v3", unit=(units.arcsec, units.arcsec), axes_names=("v2", "v3"))
    sky = coordinate_frames.CelestialFrame(reference_frame=coordinates.ICRS(), name="world", unit=(units.deg, units.deg))
    distortion = models.Polynomial2D(2, c0_0=0.1, c1_0=0.11, c0_1=-0.01) & models.Polynomial2D(2, c0_1=0.11)
    optics = models.Shift(-512) & models.Shift(-512) | models.Mapping((0, 1, 0, 1)) | distortion
    if boxed:
        optics.bounding_box = ((-0.5, 1023.5), (-0.5, 1023.5))
    attitude = models.Scale(1 / 3600) & models.Scale(1 / 3600) | models.Pix2Sky_TAN() | models.RotateNative2Celestial(268.5, -29.2, 180)
    pipeline = [(detector, optics), (focal, attitude), (sky, None)]
    found = wcs.WCS(pipeline, name="imaging")
    found.pixel_shape = (1024, 1024)
    return found


def astronomy():
    where = coordinates.EarthLocation(lon=-17.88 * units.deg, lat=28.76 * units.deg, height=2327 * units.m)
    when = time.Time("2027-03-14T15:09:26.535", format="isot", scale="utc")
    columns = table.QTable({"id": [1, 2, 3], "flux": [1.0, 2.0, 3.0] * units.Jy, "name": ["a", "b", "c"]})
    return {
        "table": columns,
        "time": when,
        "times": time.Time([61113.5, 61114.5], format="mjd", scale="tdb"),
        "delta": time.TimeDelta(3.5, format="jd"),
        "place": where,
        "icrs": coordinates.ICRS(ra=10 * units.deg, dec=20 * units.deg),
        "galactic": coordinates.Galactic(l=[1, 2] * units.deg, b=[3, 4] * units.deg),
        "fk5": coordinates.FK5(ra=1 * units.deg, dec=2 * units.deg, equinox="J1975"),
        "star": coordinates.SkyCoord(10 * units.deg, 20 * units.deg, frame="icrs"),
        "angle": coordinates.Angle(1.5 * units.rad),
        "longitude": coordinates.Longitude(15 * units.deg),
        "latitude": coordinates.Latitude(15 * units.deg),
        "point": coordinates.CartesianRepresentation(1 * units.kpc, 2 * units.kpc, 3 * units.kpc),
        "line": coordinates.SpectralCoord(5 * units.um),
        "magnitude": units.mag(units.ct / units.s),
        "equivalency": units.spectral(),
    }


def catalog():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = rdm.MosaicSourceCatalogModel.create_fake_data()
    # Most of the columns say the same as the others.
    return {"roman": model._instance}


def jwst_transforms():
    lines = models.Polynomial1D(1, c0=1, c1=2)
    plane = models.Polynomial2D(1, c0_0=1)
    return {
        "slits": jwst.Gwa2Slit([jwst.Slit(name="S1", shutter_id=1, quadrant=2, source_id=3)], [models.Shift(1) & models.Shift(2)]),
        "grism": jwst.NIRCAMForwardRowGrismDispersion([1, 2], [[lines], [lines]], [[plane, plane]], [[plane, plane]]),
        "niriss": jwst.NIRISSForwardColumnGrismDispersion([1], [lines], [[plane, plane]], [[plane, plane]], theta=1.5),
        "cosines": jwst.AngleFromGratingEquation(20000.0, -1),
        "index": jwst.RefractionIndexFromPrism(0.3),
        "logical": jwst.Logical("GT", 5.0, 10.0),
        "prism": jwst.Rotation3DToGWA([0.1, 0.2, 0.3], "xyz"),
        "miri": jwst.MIRI_AB2Slice(),
    }
