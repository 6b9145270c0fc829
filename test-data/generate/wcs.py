"""Transforms and a WCS with what the reference makes of some points; run alone, after `all.py`.

    venv/bin/python test-data/generate/wcs.py [--check]      # writes ../wcs/

`models/NAME.asdf` holds one transform under `model`; its sidecar has the points, the results and those of the
inverse, null for NaN, "inf" for infinity. `roman_exposure.json` has the same for the WCS of `made/roman_exposure.asdf`,
`detector.json` for that of `detector.asdf`, which has the steps of a detector of Roman.
"""

import argparse
import json
import math
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import gwcs
import numpy as np
from astropy import coordinates
from astropy import units as u
from astropy.modeling import models
from astropy.modeling.rotations import RotationSequence3D
from gwcs import coordinate_frames as frames
from gwcs import geometry, selector, spectroscopy
from stdatamodels.jwst.transforms import models as jwst

HERE = Path(__file__).resolve().parent.parent


def transforms():
    """Names and models; together they have each kind of transform that is evaluated."""
    user = models.Polynomial1D(1, c0=1, c1=2)
    user.inverse = models.Polynomial1D(1, c0=-0.5, c1=0.5)
    boxed = models.Shift(1.5) & models.Scale(2.5)
    boxed.bounding_box = ((-1.0, 4.0), (0.0, 2.5))
    regions = selector.LabelMapperRange(
        ("x", "y"),
        {(0.5, 1.5): models.Mapping((0,), n_inputs=2) | models.Const1D(1), (2.0, 3.5): models.Mapping((0,), n_inputs=2) | models.Const1D(2)},
        models.Mapping((0,), n_inputs=2),
    )
    return {
        "affine": models.AffineTransformation2D(matrix=[[1.0, 2.0], [-3.0, 4.5]], translation=[5.0, 6.0]),
        "bounding_box": boxed,
        "compound": (models.Shift(1.0) & models.Shift(-2.0)) | models.Mapping((1, 0, 1)) | models.Identity(2) & models.Scale(3.0),
        "arithmetic": (models.Shift(1.0) + models.Scale(2.0)) * models.Shift(3.0) / models.Shift(10.0) - models.Const1D(0.25),
        "fix_inputs": models.fix_inputs(models.Gaussian2D(2.0, 1.0, 0.5, 1.5, 2.5, theta=0.3), {"x": 1.5}),
        "user_inverse": user,
        "polynomial2d": models.Polynomial2D(3, c0_0=0.5, c1_0=1, c2_0=-0.25, c0_1=2, c1_1=0.125, c0_3=0.5),
        "polynomial_domain": models.Polynomial1D(2, c0=1, c1=2, c2=3, domain=(-4, 6), window=(-1, 2)),
        "chebyshev": models.Chebyshev2D(2, 1, c0_0=1, c1_0=0.5, c2_1=0.25, c0_1=-1),
        "legendre": models.Legendre1D(3, c0=1, c2=0.5, c3=-0.25),
        "rotate2d": models.Rotation2D(33.0),
        "euler": models.EulerAngleRotation(10, 20, 30, "zxz"),
        "native2celestial": models.RotateNative2Celestial(268.5, -29.2, 180),
        "sequence": RotationSequence3D([10.0, -20.0, 30.0, 5.0], "zyxz"),
        "spherical_cartesian": geometry.SphericalToCartesian(wrap_lon_at=360),
        "tangent": models.Pix2Sky_TAN(),
        "orthographic": models.Sky2Pix_SIN(),
        "hammer_aitoff": models.Pix2Sky_AIT(),
        "mollweide": models.Pix2Sky_MOL(),
        "mercator": models.Pix2Sky_MER(),
        "conic": models.Pix2Sky_COE(sigma=50, delta=5),
        "bonne": models.Pix2Sky_BON(theta1=40),
        "polyconic": models.Pix2Sky_PCO(),
        "cube": models.Pix2Sky_QSC(),
        "healpix": models.Pix2Sky_HPX(),
        "perspective": models.Pix2Sky_AZP(mu=2, gamma=30),
        "airy": models.Pix2Sky_AIR(theta_b=45),
        "cobe": models.Pix2Sky_COBEQuadSphericalCube(),
        "table_linear": models.Tabular1D(points=[0.0, 1.0, 2.5, 4.0], lookup_table=[1.0, 3.0, 4.0, 8.0], bounds_error=False, fill_value=None),
        "table_nearest": models.Tabular1D(points=[0.0, 1.0, 2.0], lookup_table=[1.0, 3.0, 4.0], method="nearest", bounds_error=False),
        "table_spline": models.Tabular2D(
            points=([-1.0, 0.0, 0.5, 2.0, 3.5, 6.0], [-2.0, -1.0, 1.0, 2.5, 5.0]),
            lookup_table=np.round(np.random.default_rng(7).uniform(-2, 2, (6, 5)), 2),
            method="splinef2d",
            bounds_error=False,
            fill_value=-5.0,
        ),
        "spline": models.Spline1D(knots=[0.0, 0, 0, 0.5, 1.5, 1.5, 3, 4, 4, 4], coeffs=[1.0, -2, 0.5, 3, 1, -1, 2, 0, 0, 0], degree=2),
        "sellmeier_zemax": spectroscopy.SellmeierZemax(
            65, 35, 0, 0, [0.58339748, 0.46085267, 3.8915394], [0.00252643, 0.010078333, 1200.556], [-2.66e-05, 1e-8, 0], [3e-7, 1e-9, 0.25]
        ),
        "gaussian": models.Gaussian1D(2.0, 0.5, 1.25),
        "voigt": models.Voigt1D(0.5, 2.0, 0.75, 1.25),
        "sersic": models.Sersic1D(amplitude=1.5, r_eff=2.0, n=3.5),
        "airy_disk": models.AiryDisk2D(2.0, 0.5, 0.25, 1.75),
        "sine": models.Sine1D(1.5, 0.2, 0.1),
        "power_law": models.SmoothlyBrokenPowerLaw1D(2.0, 1.5, 0.5, 2.5, 0.3),
        "regions": selector.RegionsSelector(
            ("x", "y"), ("x", "y"), {1: models.Shift(1) & models.Scale(2), 2: models.Rotation2D(12.0)}, regions, undefined_transform_value=np.nan
        ),
    }


def plane(*coefficients):
    return models.Polynomial2D(1, c0_0=coefficients[0], c1_0=coefficients[1], c0_1=coefficients[2])


def line(*coefficients):
    return models.Polynomial1D(len(coefficients) - 1, **{f"c{power}": value for power, value in enumerate(coefficients)})


def directions():
    """Those of JWST that take no slit and no order; small inputs keep direction cosines within 1."""
    glass = [0.58339748, 0.46085267, 3.8915394], [0.00252643, 0.010078333, 1200.556], [-2.66e-05, 1e-8, 0, 3e-7, 1e-9, 0.25]
    return {
        "jwst_coords": jwst.Unitless2DirCos(),
        "jwst_rotation": jwst.Rotation3DToGWA([-1.5, 4.5, 20.0], "xyz"),
        "jwst_grating": jwst.AngleFromGratingEquation(0.25, -1),
        "jwst_wavelength": jwst.WavelengthFromGratingEquation(60744.0, -1),
        "jwst_prism": jwst.RefractionIndexFromPrism(16.5),
        "jwst_snell": jwst.Snell(-16.5, *glass, 35.0, 0.5, 36.0, 0.1),
        "jwst_snell_warm": jwst.Snell(-16.5, *glass, 35.0, 0.5, 65.0, 0.1),
        "jwst_logical": jwst.Logical("LT", 0.1, 7.0),
        "jwst_slice": jwst.MIRI_AB2Slice(-0.177, 0.0177, 2),
    }


def keyed():
    """Those of JWST with a slit or an order: models, the place of the slit, and what it may be."""
    slits = [jwst.Slit("S200A1", slit_id=-101), jwst.Slit(7), jwst.Slit("12", slit_id=0)]
    three = [models.Shift(i) & models.Scale(i + 0.5) & models.Shift(-i) for i in range(3)]
    two = [models.Shift(i) & models.Scale(i + 0.5) for i in range(3)]
    bent = [line(0.5, i, 0.25) & models.Shift(1.0) for i in range(3)]
    sky = [models.Mapping((0, 1, 0)) | models.Rotation2D(10 * i) & line(0.5, 0.1 * i) for i in range(1, 4)]
    ids = [-101, 7, 0]
    row = [[plane(-3.0, 0.2, 0.1), plane(6.0, 0.1, 0.3), plane(0.5, 0.1, 0.0)], [plane(4.0, 0.1, 0.2), plane(-9.0, 0.3, 0.2)]]
    column = [[plane(0.5, 0.01, 0.02), plane(0.25, 0.0, 0.01)], [plane(0.125, 0.0, 0.5), plane(-0.5, 0.25, 0.1), plane(0.1, 0.0, 0.1)]]
    length = [[plane(1.0, 0.01, 0.02), plane(4.0, 0.0, 0.1)], [plane(0.5, 0.01, 0.0), plane(3.0, 0.1, 0.0), plane(1.5, 0.0, 0.2)]]
    flat = [line(-2.0, 5.0), line(3.0, -7.0)]
    waves = [line(0.5, 4.0, 0.5), line(0.25, 5.0)]
    return {
        "jwst_gwa_to_slit": (jwst.Gwa2Slit(slits, three), 0, ids),
        "jwst_slit_to_gwa": (jwst.Slit2Gwa(ids, [one & models.Shift(2.0) for one in bent]), 0, ids),
        "jwst_slit_to_msa": (jwst.Slit2Msa(ids, two), 0, ids),
        "jwst_msa_to_slit": (jwst.Msa2Slit(ids, bent), 2, ids),
        "jwst_soss": (jwst.NirissSOSSModel([1, 2, 3], sky), 2, [1, 2, 3]),
        "jwst_nircam_row": (jwst.NIRCAMForwardRowGrismDispersion([1, 2], length, row, column), 4, [1, 2]),
        "jwst_nircam_column": (jwst.NIRCAMForwardColumnGrismDispersion([1, 2], length, column, row), 4, [1, 2]),
        "jwst_nircam_back": (jwst.NIRCAMBackwardGrismDispersion([1, 2], length, row, column), 3, [1, 2]),
        "jwst_nircam_flat": (jwst.NIRCAMForwardRowGrismDispersion([1, 2], waves, flat, flat), 4, [1, 2]),
        "jwst_nircam_flat_back": (jwst.NIRCAMBackwardGrismDispersion([1, 2], waves, flat, waves), 3, [1, 2]),
        "jwst_niriss_row": (jwst.NIRISSForwardRowGrismDispersion([0, 1], waves, row, column, theta=12.0), 4, [0, 1]),
        "jwst_niriss_column": (jwst.NIRISSForwardColumnGrismDispersion([0, 1], waves, column, row, theta=-3.0), 4, [0, 1]),
        "jwst_niriss_back": (jwst.NIRISSBackwardGrismDispersion([-1, 1], waves, row, column, theta=12.0), 3, [-1, 1]),
        "jwst_miri": (jwst.MIRIWFSSForwardDispersion([1], waves[:1], column[:1], row[:1]), 4, [1]),
        "jwst_miri_back": (jwst.MIRIWFSSBackwardDispersion([1], waves[:1], column[:1], row[:1]), 3, [1]),
    }


def points(count):
    """A spread of points, the last with a NaN."""
    random = np.random.default_rng(20270314 + count)
    found = [np.round(random.uniform(-1.5, 5.0, 12), 3) for _ in range(count)]
    for column in found:
        column[0] = 0.0
    found[0][-1] = np.nan
    return found


def plain(columns):
    columns = [np.broadcast_to(np.asarray(column, float), np.shape(column) or (12,)) for column in columns]
    return [[number(v) for v in column.tolist()] for column in columns]


def number(value):
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else "inf" if value > 0 else "-inf"


def evaluate(model, columns, **options):
    found = model(*columns, **options)
    return [found] if model.n_outputs == 1 else list(found)


def one_by_one(model, columns):
    """Evaluates each point alone: the reference takes the slit or order of the first for all."""
    rows = [[np.ravel(value)[0] for value in evaluate(model, [np.atleast_1d(value) for value in row])] for row in zip(*columns)]
    return [np.array(column, float) for column in zip(*rows)]


def keyed_expectations(model, place, keys):
    inputs = points(model.n_inputs)
    inputs[0][-1], inputs[1][-1] = 1.5, np.nan
    # Wavelengths, which must not be negative, and the like.
    inputs[2] = np.abs(inputs[2])
    inputs[place] = np.array([keys[number % len(keys)] for number in range(12)], float)
    forward = one_by_one(model, inputs)
    found = {"inputs": plain(inputs), "forward": plain(forward)}
    try:
        found["back"] = plain(one_by_one(model.inverse, forward))
    except NotImplementedError:
        pass
    return found


def expectations(model, scale=1.0):
    inputs = list(np.array(points(model.n_inputs)) * scale)
    forward = evaluate(model, inputs)
    found = {"inputs": plain(inputs), "forward": plain(forward)}
    # Some models have a box by themselves, which is not written.
    if model._user_bounding_box is not None:
        found["bounded"] = plain(evaluate(model, inputs, with_bounding_box=True))
    try:
        found["back"] = plain(evaluate(model.inverse, forward))
    except NotImplementedError:
        pass
    return found


def write_tree(path, key, value):
    asdf.AsdfFile({key: value}).write_to(path, all_array_storage="inline")
    # Without the extensions, which stand in the order of a set.
    text = path.read_text()
    start = text.index("history:")
    path.write_text(text[:start] + text[text.index(f"{key}: ") :])


def write_model(folder, name, model, expected):
    write_tree(folder / "models" / f"{name}.asdf", "model", model)
    (folder / "models" / f"{name}.json").write_text(json.dumps(expected) + "\n")


def write(folder):
    (folder / "models").mkdir(parents=True)
    for name, model in transforms().items():
        write_model(folder, name, model, expectations(model))
    for name, model in directions().items():
        scale = [[2e-6], [0.02], [0.02], [0.02]] if "snell" in name else 0.1
        write_model(folder, name, model, expectations(model, scale))
    for name, (model, place, keys) in keyed().items():
        write_model(folder, name, model, keyed_expectations(model, place, keys))
    with asdf.open(HERE / "made" / "roman_exposure.asdf") as file:
        wcs = file["roman"]["meta"]["wcs"]
        found = expected_wcs(wcs, "roman/meta/wcs", [0.0, 7.5, 31.5, 63.0, 70.0], [0.0, 20.25, 63.5])
    (folder / "roman_exposure.json").write_text(json.dumps(found) + "\n")
    wcs = detector()
    write_tree(folder / "detector.asdf", "wcs", wcs)
    found = expected_wcs(wcs, "wcs", [-0.5, 0.0, 1000.25, 3000.0, 4087.5, 4100.0], [0.0, 2043.5, 4087.0])
    (folder / "detector.json").write_text(json.dumps(found) + "\n")


def expected_wcs(wcs, path, columns, rows):
    """What the reference finds at the points of a grid."""
    x, y = (values.ravel() for values in np.meshgrid(columns, rows))
    world = wcs(x, y, with_bounding_box=False)
    return {
        "path": path,
        "frames": wcs.available_frames,
        "pixels": [x.tolist(), y.tolist()],
        "world": plain(wcs(x, y)),
        "world_unbounded": [c.tolist() for c in world],
        "back": [c.tolist() for c in wcs.backward_transform(*world)],
        "footprint": [c.tolist() for c in wcs.footprint().T],
    }


def distortion():
    """A pair of polynomials of degree 5 for 4088 pixels, and the pair that fits the way back."""
    degree, half = 5, 2044.0
    numbers = np.random.default_rng(20261123)
    forth = []
    for axis in range(2):
        terms = {}
        for i in range(degree + 1):
            for j in range(degree + 1 - i):
                if i + j > 1:
                    terms[f"c{i}_{j}"] = float(numbers.normal() * 3.0 / half ** (i + j) / (i + j) ** 3)
        terms["c1_0"], terms["c0_1"] = (0.1093, 0.0021) if axis == 0 else (-0.0019, 0.1088)
        forth.append(models.Polynomial2D(degree, **terms))
    along, across = (values.ravel() for values in np.meshgrid(np.linspace(-half, half, 80), np.linspace(-half, half, 80)))
    x, y = forth[0](along, across), forth[1](along, across)
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    scale = np.abs(x).max()
    matrix = np.stack([(x / scale) ** i * (y / scale) ** j for i, j in powers], axis=1)
    back = []
    for wanted in (along, across):
        found = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
        # Rounded, so that every machine writes the same file.
        terms = {f"c{i}_{j}": float(f"{c / scale ** (i + j):.12e}") for (i, j), c in zip(powers, found, strict=True)}
        back.append(models.Polynomial2D(degree, **terms))
    both = models.Mapping((0, 1, 0, 1)) | forth[0] & forth[1]
    both.inverse = models.Mapping((0, 1, 0, 1)) | back[0] & back[1]
    return both


def detector():
    """The steps of a detector of Roman: distortion, velocity, a correction, the sky."""
    shift, scale = models.Shift, models.Scale
    to_degrees = scale(1 / 3600) & scale(1 / 3600)
    focal = shift(-2043.5) & shift(-2043.5) | distortion() | shift(1312.9) & shift(-1040.8)
    focal.bounding_box = ((-0.5, 4087.5), (-0.5, 4087.5))
    velocity = scale(1.00002) & scale(1.00002) | shift(-0.0043) & shift(0.0051)
    aside = RotationSequence3D([0.365, 0.289, 59.85], "zyx")
    plane = models.Mapping((1, 2)) | models.AffineTransformation2D(
        [[1.0000013, 7.8e-7], [2.6e-7, 0.9999997]], [1.5e-6, 2.0e-6]
    )
    to_plane = models.Mapping((0, 1, 2)) / models.Mapping((0, 0, 0), n_inputs=3) | plane

    def correction(middle):
        from_plane = models.Mapping((0, 0, 1)) | models.Const1D(1.0) & models.Identity(2)
        return (
            to_degrees
            | geometry.SphericalToCartesian(wrap_lon_at=180)
            | aside
            | middle
            | from_plane
            | RotationSequence3D([-59.85, -0.289, -0.365], "xyz")
            | geometry.CartesianToSpherical(wrap_lon_at=180)
            | scale(3600.0) & scale(3600.0)
        )

    tweak = correction(to_plane)
    back = models.AffineTransformation2D([[1.0000013, 7.8e-7], [2.6e-7, 0.9999997]], [1.5e-6, 2.0e-6]).inverse
    tweak.inverse = correction(
        models.Mapping((0, 1, 2)) / models.Mapping((0, 0, 0), n_inputs=3) | models.Mapping((1, 2)) | back
    )
    sky = (
        to_degrees
        | geometry.SphericalToCartesian(wrap_lon_at=180)
        | RotationSequence3D([0.365, 0.289, 59.85, 66.03, -269.83], "zyxyz")
        | geometry.CartesianToSpherical(wrap_lon_at=360)
    )
    plane_frame = lambda name: frames.Frame2D(name=name, axes_names=("v2", "v3"), unit=(u.arcsec, u.arcsec))
    steps = [
        (frames.Frame2D(name="detector", axes_names=("x", "y"), unit=(u.pix, u.pix)), focal),
        (plane_frame("v2v3"), velocity),
        (plane_frame("v2v3vacorr"), tweak),
        (plane_frame("v2v3corr"), sky),
        (frames.CelestialFrame(name="world", reference_frame=coordinates.ICRS()), None),
    ]
    return gwcs.WCS(steps)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    target = HERE / "wcs"
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name) / "wcs"
        write(fresh)
        files = {path.relative_to(fresh): path.read_bytes() for path in fresh.rglob("*") if path.is_file()}
    if options.check:
        there = {path.relative_to(target): path.read_bytes() for path in target.rglob("*") if path.is_file()}
        return int(files != there)
    for path, data in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(data)
    print(f"{len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
