"""Transforms and a WCS with what the reference makes of some points; run alone, after `all.py`.

    venv/bin/python test-data/generate/wcs.py [--check]      # writes ../wcs/

`models/NAME.asdf` holds one transform under `model`; its sidecar has the points, the results and those of the
inverse, null for NaN, "inf" for infinity. `roman_exposure.json` has the same for the WCS of `made/roman_exposure.asdf`.
"""

import argparse
import json
import math
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.modeling import models
from astropy.modeling.rotations import RotationSequence3D
from gwcs import geometry, selector

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
        "table_linear": models.Tabular1D(points=[0.0, 1.0, 2.5, 4.0], lookup_table=[1.0, 3.0, 4.0, 8.0], bounds_error=False, fill_value=None),
        "table_nearest": models.Tabular1D(points=[0.0, 1.0, 2.0], lookup_table=[1.0, 3.0, 4.0], method="nearest", bounds_error=False),
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


def expectations(model):
    inputs = points(model.n_inputs)
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


def write(folder):
    (folder / "models").mkdir(parents=True)
    for name, model in transforms().items():
        asdf.AsdfFile({"model": model}).write_to(folder / "models" / f"{name}.asdf", all_array_storage="inline")
        # Without the extensions, which stand in the order of a set.
        text = (folder / "models" / f"{name}.asdf").read_text()
        start = text.index("history:")
        text = text[:start] + text[text.index("model: ") :]
        (folder / "models" / f"{name}.asdf").write_text(text)
        (folder / "models" / f"{name}.json").write_text(json.dumps(expectations(model)) + "\n")
    with asdf.open(HERE / "made" / "roman_exposure.asdf") as file:
        wcs = file["roman"]["meta"]["wcs"]
    grid = np.meshgrid([0.0, 7.5, 31.5, 63.0, 70.0], [0.0, 20.25, 63.5])
    x, y = (values.ravel() for values in grid)
    world = wcs(x, y, with_bounding_box=False)
    found = {
        "path": "roman/meta/wcs",
        "frames": wcs.available_frames,
        "pixels": [x.tolist(), y.tolist()],
        "world": plain(wcs(x, y)),
        "world_unbounded": [c.tolist() for c in world],
        "back": [c.tolist() for c in wcs.backward_transform(*world)],
    }
    (folder / "roman_exposure.json").write_text(json.dumps(found) + "\n")


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
