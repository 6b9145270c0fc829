"""A calibrated exposure of the Roman Wide Field Instrument, small but with all its parts; files by the reference writer.

Written through roman_datamodels, gwcs and asdf, with fixed values, dates and random numbers. All values are invented.
"""

import os
import warnings

import asdf
import gwcs
import numpy as np
import roman_datamodels.datamodels as rdm
from astropy import coordinates, units
from astropy.modeling import models
from astropy.time import Time
from gwcs import coordinate_frames
from gwcs.geometry import CartesianToSpherical, SphericalToCartesian

NAME = "r0003201001001001004_0001_wfi01_f158_cal.asdf"
START = "2027-03-14T15:09:26.535"
END = "2027-03-14T15:11:14.535"
RA, DEC, ROLL = 268.4981, -29.2047, 61.3
V2, V3, V3YANGLE = 1312.9491452484797, -1040.7853726755036, -60.0
SCALE = 0.11  # arcsec a pixel
META = {
    "": {
        "calibration_software_name": "RomanCAL",
        "calibration_software_version": "0.22.0",
        "product_type": "l2",
        "filename": NAME,
        "file_date": Time("2027-03-15T00:00:00.000", format="isot"),
        "origin": "STSCI/SOC",
        "prd_version": "1.3.0",
        "sdf_software_version": "7.7.7",
    },
    "ephemeris": {
        "ephemeris_reference_frame": "EME",
        "type": "DEFINITIVE",
        "time": 61478.6315571,
        "spatial_x": -146803482.7,
        "spatial_y": 17260937.4,
        "spatial_z": 7482019.3,
        "velocity_x": -4.0183,
        "velocity_y": -27.5529,
        "velocity_z": -11.9441,
    },
    "exposure": {
        "type": "WFI_IMAGE",
        "start_time": Time(START, format="isot"),
        "end_time": Time(END, format="isot"),
        "engineering_quality": "OK",
        "ma_table_id": "SCI0012",
        "nresultants": 6,
        "data_problem": None,
        "frame_time": 3.16247,
        "exposure_time": 107.52398,
        "effective_exposure_time": 104.36151,
        "ma_table_name": "IM_107_7",
        "ma_table_number": 12,
        "read_pattern": [[1], [2, 3], [4, 5, 6, 7], [8, 9, 10, 11, 12, 13], [14, 15, 16, 17], [18, 19, 20]],
    },
    "guide_star": {
        "guide_window_id": "GW-WFI01-17",
        "guide_mode": "WIM-ACQ",
        "window_xstart": 1012,
        "window_ystart": 998,
        "window_xstop": 1028,
        "window_ystop": 1014,
        "guide_star_id": "GS2027073",
        "epoch": "2016.0",
    },
    "instrument": {"detector": "WFI01", "optical_element": "F158"},
    "observation": {
        "observation_id": "00032010010010010040001",
        "visit_id": "0003201001001001004",
        "program": 32,
        "execution_plan": 1,
        "pass": 1,
        "segment": 1,
        "observation": 1,
        "visit": 4,
        "visit_file_group": 1,
        "visit_file_sequence": 1,
        "visit_file_activity": "01",
        "exposure": 1,
    },
    "pointing": {
        "pa_aperture": 1.3,
        "ra_v1": 268.9127,
        "dec_v1": -28.8241,
        "pa_v3": ROLL,
        "target_aperture": "WFI_CEN",
        "target_ra": 268.5,
        "target_dec": -29.2,
    },
    "program": {
        "title": "A survey of invented stars",
        "investigator_name": "A. N. Other",
        "category": "GO",
        "subcategory": "NONE",
        "science_category": "Stellar Populations",
    },
    "rcs": {"electronics": "A", "bank": "1", "led": "F158", "counts": 0},
    "velocity_aberration": {"ra_reference": RA + 0.0021, "dec_reference": DEC - 0.0008, "scale_factor": 1.0000321},
    "visit": {"type": "PRIME_TARGETED_FIXED", "start_time": Time("2027-03-14T15:00:00.000", format="isot"), "nexposures": 4},
    "wcsinfo": {
        "v2_ref": V2,
        "v3_ref": V3,
        "vparity": -1,
        "v3yangle": V3YANGLE,
        "ra_ref": RA,
        "dec_ref": DEC,
        "roll_ref": ROLL,
    },
    "photometry": {
        "conversion_megajanskys": 0.42137,
        "conversion_megajanskys_uncertainty": 0.00211,
        "pixel_area": 2.8443e-13,
    },
}


def make(out):
    out.area = "roman"
    os.environ["SOURCE_DATE_EPOCH"] = "1805068800"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        write(exposure(64), out.path("roman_exposure.asdf"))
        out.adopt("roman_exposure.asdf", "a calibrated Roman exposure: the whole tree, its WCS, small images, lz4")
        write(exposure(8), out.path("roman_exposure_zlib.asdf"), "zlib")
        out.adopt("roman_exposure_zlib.asdf", "the same, smaller, as zlib")
        written(out)


class Ordered(asdf.AsdfFile):
    """Lists the extensions in the order of their URIs; the reference has them in the order of a set."""

    def _update_extension_history(self, tree, serialization_context):
        super()._update_extension_history(tree, serialization_context)
        if "history" in tree:
            tree["history"]["extensions"].sort(key=lambda e: e.get("extension_uri", ""))


def write(tree, path, codec="lz4"):
    with Ordered(tree) as file:
        file.write_to(path, all_array_compression=codec)


def exposure(side):
    """The tree of an exposure with images of `side` × `side` pixels."""
    model = rdm.ImageModel.create_fake_data(shape=(side, side))
    node = model._instance
    for part, values in META.items():
        target = node["meta"] if part == "" else node["meta"][part]
        for key, value in values.items():
            target[key] = value
    steps = node["meta"]["visit"]["dither"]
    steps["primary_name"], steps["subpixel_name"] = "BOXGAP4_1", "SUB2"
    steps["executed_pattern"] = [0.0, 0.0, 1.2, -0.4]
    files = node["meta"]["ref_file"]
    files["crds"]["version"], files["crds"]["context"] = "13.0.6", "roman_0087.pmap"
    for number, key in enumerate(k for k in files if k != "crds"):
        files[key] = f"crds://roman_wfi_{key}_{number + 1:04d}.asdf"
    node["meta"]["wcs"] = wcs(side)
    corners = node["meta"]["wcs"].footprint(axis_type="spatial")
    region = " ".join(f"{v:.9f}" for v in np.asarray(corners).ravel())
    node["meta"]["wcsinfo"]["s_region"] = f"POLYGON ICRS {region}"
    node["meta"]["cal_step"] = cal_step()
    for key, value in images(side).items():
        node[key] = value
    return {"roman": node}


def cal_step():
    """What the pipeline has done."""
    done = "dq_init saturation refpix linearity dark_decay wfi18_transient dark ramp_fit assign_wcs flat_field photom"
    found = {name: "COMPLETE" for name in done.split()}
    return found | {name: "INCOMPLETE" for name in "flux skymatch outlier_detection source_catalog tweakreg".split()}


def images(side):
    """Stars on a sky, with what the detector does to them."""
    random = np.random.default_rng(20270314)
    y, x = np.mgrid[:side, :side].astype(np.float64)
    rate = np.full((side, side), 0.62)
    for _ in range(max(3, side * side // 100)):
        at_x, at_y, flux = random.uniform(0, side), random.uniform(0, side), 6 * random.pareto(1.4) + 1
        rate += flux * np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * 0.9**2))
    poisson = rate / 104.36
    data = rate + random.normal(0, np.sqrt(poisson + 0.003), rate.shape)
    dq = np.zeros((side, side), np.uint32)
    dq[random.random(dq.shape) < 0.01] = 1 | 1 << 10
    dq[random.random(dq.shape) < 0.02] |= 4
    dq[rate > 40] |= 2
    data[dq & 1 != 0] = np.nan
    resultants, full = 2, side + 8
    flat = {"left": (resultants, full, 4), "right": (resultants, full, 4), "top": (resultants, 4, full), "bottom": (resultants, 4, full)}
    found = {
        "data": data.astype(np.float32),
        "dq": dq,
        "dq2": np.where(rate > 60, 1, 0).astype(np.uint32),
        "err": np.sqrt(poisson + 0.003).astype(np.float16),
        "var_poisson": poisson.astype(np.float16),
        "chisq": random.chisquare(4, rate.shape).astype(np.float16),
        "dumo": random.normal(0, 0.05, rate.shape).astype(np.float16),
        "amp33": random.integers(2980, 3020, (resultants, full, 2)).astype(np.uint16),
    }
    for edge, shape in flat.items():
        found[f"border_ref_pix_{edge}"] = random.normal(3000, 4, shape).round(2).astype(np.float32)
        found[f"dq_border_ref_pix_{edge}"] = np.full(shape[1:], 1 << 31, np.uint32)
    return found


def wcs(side):
    """Detector pixels to the sky, through the telescope's own angles."""
    centre = (side - 1) / 2
    distortion = polynomial(SCALE, 7.1e-8) & polynomial(-4.2e-6, SCALE * 1.0031)
    tangent = (
        (models.Shift(-centre, name="x to centre") & models.Shift(-centre, name="y to centre"))
        | models.Mapping((0, 1, 0, 1))
        | distortion
        | models.Scale(-1 / 3600) & models.Scale(1 / 3600)
    )
    to_v2v3 = (
        tangent
        | models.Pix2Sky_TAN(name="tangent plane")
        | models.RotateNative2Celestial(V2 / 3600, V3 / 3600, 180 + V3YANGLE, name="to V2, V3")
        | models.Scale(3600) & models.Scale(3600)
    )
    to_v2v3.inverse = (
        models.Scale(1 / 3600) & models.Scale(1 / 3600)
        | models.RotateCelestial2Native(V2 / 3600, V3 / 3600, 180 + V3YANGLE)
        | models.Sky2Pix_TAN()
        | models.Scale(-3600) & models.Scale(3600)
        | models.Mapping((0, 1, 0, 1))
        | backward(distortion)
        | models.Shift(centre) & models.Shift(centre)
    )
    to_v2v3.bounding_box = ((-0.5, side - 0.5), (-0.5, side - 0.5))
    aberration = models.Scale(1.0000321, name="va scale v2") & models.Scale(1.0000321, name="va scale v3")
    angles = [V2 / 3600, -V3 / 3600, ROLL, DEC, -RA]
    to_sky = (
        models.Scale(1 / 3600) & models.Scale(1 / 3600)
        | SphericalToCartesian(wrap_lon_at=180)
        | models.RotationSequence3D(angles, "zyxyz", name="to the sky")
        | CartesianToSpherical(wrap_lon_at=360)
    )
    detector = coordinate_frames.Frame2D(name="detector", axes_order=(0, 1), unit=(units.pix, units.pix))
    arcsec = {"axes_order": (0, 1), "unit": (units.arcsec, units.arcsec), "axes_names": ("v2", "v3")}
    v2v3 = coordinate_frames.Frame2D(name="v2v3", **arcsec)
    corrected = coordinate_frames.Frame2D(name="v2v3vacorr", **arcsec)
    world = coordinate_frames.CelestialFrame(reference_frame=coordinates.ICRS(), name="world")
    found = gwcs.WCS([(detector, to_v2v3), (v2v3, aberration), (corrected, to_sky), (world, None)])
    found.pixel_shape = (side, side)
    return found


def polynomial(c1_0, c0_1):
    """A distortion of the fourth degree around a scale."""
    model = models.Polynomial2D(4, c1_0=c1_0, c0_1=c0_1)
    for i in range(5):
        for j in range(5 - i):
            if i + j > 1:
                setattr(model, f"c{i}_{j}", round((-1) ** (i + j) * 3.1e-6 / 97.0 ** (i + j - 2) / (1 + i + 2 * j), 15))
    return model


def backward(distortion):
    """The inverse of a distortion, fitted on a grid and rounded so that every machine gets the same digits."""
    y, x = (v.ravel() for v in np.mgrid[-40:41:4, -40:41:4].astype(np.float64))
    u, v = distortion(x, y, x, y)
    powers = [(i, j) for i in range(5) for j in range(5 - i)]
    matrix = np.stack([(u / 4) ** i * (v / 4) ** j for i, j in powers], axis=1)
    found = []
    for values in (x, y):
        fitted, *_ = np.linalg.lstsq(matrix, values, rcond=None)
        model = models.Polynomial2D(4)
        for (i, j), c in zip(powers, fitted):
            setattr(model, f"c{i}_{j}", round(float(c), 10) / 4 ** (i + j))
        found.append(model)
    return found[0] & found[1]


def written(out):
    """Files as the reference writes them: extensions, history, every option of a block."""
    grid = np.arange(12, dtype="<f8").reshape(3, 4)

    def file(name, about, tree, configure=None, **options):
        with Ordered(tree) as handle:
            if configure is not None:
                configure(handle)
            handle.write_to(out.path(name), **options)
        out.adopt(name, about)

    file("writer_plain.asdf", "as the reference writes it", {"a": grid, "meta": {"n": 1, "s": "text", "f": 2.5}})
    file(
        "writer_history.asdf",
        "two history entries with software",
        {"a": 1},
        lambda f: [f.add_history_entry(t, {"name": "tool", "version": "1.0"}) for t in ("first", "second")],
    )
    file(
        "writer_inline.asdf",
        "inline, masked",
        {"a": grid, "m": np.ma.array([1, 2, 3], mask=[0, 1, 0])},
        all_array_storage="inline",
    )
    file("writer_padded.asdf", "blocks with room to grow", {"a": grid, "b": grid[::2].copy()}, pad_blocks=True)
    shared = np.arange(20, dtype=">i2")
    views = {"all": shared, "some": shared[3:9], "every": shared[::-2]}

    def keep_base(handle):
        for array in views.values():
            handle.set_array_save_base(array, True)

    file("writer_views.asdf", "views that share a block", views, keep_base)
    file("writer_1.2.0.asdf", "standard 1.2.0 by today's writer", {"a": grid, "c": 1 + 2j}, None, version="1.2.0")
    table = np.array([(1, 2.5, b"x")], [("n", "<i4"), ("x", ">f8"), ("s", "S3")])
    file("writer_astropy.asdf", "units, times, a sky position, a record", {
        "q": 3.5 * units.km / units.s,
        "qs": np.arange(3.0) * units.Jy,
        "t": Time(START, format="isot", scale="tai"),
        "sky": coordinates.SkyCoord(10.5 * units.deg, -20.25 * units.deg, frame="icrs"),
        "table": table,
        "big": asdf.IntegerType(2**80),
    })
