"""A second image in another frame of the sky and a cube with wavelengths, with what reproject and numpy make of them:
image/matched.asdf.

Run alone with asdf, asdf-astropy, astropy, gwcs, numpy and reproject 0.21: python generate/matched.py
"""

from pathlib import Path

import asdf
import astropy.units as u
import gwcs
import numpy as np
from astropy import coordinates as coord
from astropy.modeling import models
from astropy.visualization import make_lupton_rgb
from gwcs import coordinate_frames as cf
from reproject import reproject_interp

OUT = Path(__file__).parents[1] / "image"
ROWS, COLUMNS = 50, 55


def second():
    """About the same place as image/sky.asdf, turned, with other pixels, in galactic coordinates."""
    center = coord.SkyCoord(80.5 * u.deg, -69.5 * u.deg).galactic
    shift = models.Shift(-(COLUMNS - 1) / 2 + 1.3) & models.Shift(-(ROWS - 1) / 2 - 0.7)
    angle = np.deg2rad(25.0)
    turn = np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turn = models.AffineTransformation2D(matrix=turn * 2.3 / 3600.0, translation=[0, 0])
    to_sky = models.Pix2Sky_TAN() | models.RotateNative2Celestial(
        float(center.l.deg), float(center.b.deg), 180
    )
    detector = cf.Frame2D(name="detector", unit=(u.pix, u.pix))
    world = cf.CelestialFrame(name="world", reference_frame=coord.Galactic())
    return gwcs.WCS([(detector, shift | turn | to_sky), (world, None)])


def cube_wcs():
    """Sky and wavelength, the latter with steps that grow."""
    sky = (
        models.Shift(-7.5) & models.Shift(-5.5)
        | models.Scale(-0.5 / 3600) & models.Scale(0.5 / 3600)
        | models.Pix2Sky_TAN()
        | models.RotateNative2Celestial(150.0, 2.0, 180)
    )
    wave = models.Polynomial1D(2, c0=5.0, c1=0.02, c2=0.001)
    detector = cf.CoordinateFrame(
        3, ["SPATIAL"] * 3, (0, 1, 2), name="detector", unit=(u.pix,) * 3
    )
    world = cf.CompositeFrame(
        [
            cf.CelestialFrame(reference_frame=coord.ICRS(), axes_order=(0, 1)),
            cf.SpectralFrame(name="wavelength", unit=u.um, axes_order=(2,), axes_names=("wavelength",)),
        ],
        name="world",
    )
    return gwcs.WCS([(detector, sky & wave), (world, None)])


def line_wcs():
    """Wavelengths alone."""
    detector = cf.CoordinateFrame(1, ["SPATIAL"], (0,), name="detector", unit=(u.pix,))
    world = cf.SpectralFrame(name="wavelength", unit=u.um, axes_names=("wavelength",))
    wave = models.Shift(10) | models.Scale(0.1)
    return gwcs.WCS([(detector, wave), (world, None)])


def main():
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    data = 2.0 + 0.02 * x - 0.01 * y + 5 * np.exp(-((x - 30) ** 2 + (y - 22) ** 2) / 30)
    data[10:13, 40:45] = np.nan
    data = data.astype("f4")
    wcs = second()
    with asdf.open(OUT / "sky.asdf") as file:
        first = file["roman"]["meta"]["wcs"]
        first.bounding_box = None
        shape = file["roman"]["data"].shape
        found = {}
        for name, order in [("nearest", "nearest-neighbor"), ("linear", "bilinear")]:
            values, _ = reproject_interp(
                (data.astype("f8"), wcs), first, shape_out=shape, order=order, roundtrip_coords=False
            )
            found[name] = values

    rng = np.random.default_rng(5)
    z, y, x = np.mgrid[0:7, 0:12, 0:16].astype(float)
    line = 10 * np.exp(-((z - 3 - 0.1 * (x - 8)) ** 2))
    cube = (1 + line + 0.1 * rng.random(z.shape)).astype(">f4")
    cube[2:4, 3, 5] = np.nan
    cube[:, 0, 0] = np.nan
    deep = cube.astype("f8")
    spectral = cube_wcs()
    wave = spectral(np.full(7, 8.0), np.full(7, 6.0), np.arange(7.0))[2]
    steps = np.abs(np.gradient(wave))[:, None, None]
    wave = wave[:, None, None]
    with np.errstate(all="ignore"):
        import warnings

        warnings.simplefilter("ignore")
        total = np.nansum(deep * steps, axis=0)
        center = np.nansum(deep * steps * wave, axis=0) / total
        collapsed = {
            "mean": np.nanmean(deep, axis=0),
            "median": np.nanmedian(deep, axis=0),
            "sum": np.nansum(deep, axis=0),
            "max": np.nanmax(deep, axis=0),
            "moment0": total,
            "moment1": center,
            "moment2": np.nansum(deep * steps * (wave - center) ** 2, axis=0) / total,
            "part": np.nanmean(deep[2:5], axis=0),
        }
        # A pixel that has no value on any plane has none.
        for name in collapsed:
            collapsed[name][0, 0] = np.nan
    bands = {name: rng.normal(1.5, 1.5, (12, 15)).astype("f4") for name in ("red", "green", "blue")}
    bands["red"][3, 4] = 80.0
    bands["colors"] = make_lupton_rgb(
        *(bands[name].astype("f8") for name in ("red", "green", "blue")),
        minimum=[0.1, 0.0, -0.1],
        stretch=2.0,
        Q=5.0,
    )
    tree = {
        "second": {"data": data, "meta": {"wcs": wcs, "bunit_data": "MJy/sr"}},
        "resampled": found,
        "cube": {"data": cube, "meta": {"wcs": spectral, "bunit_data": "MJy/sr"}},
        "collapsed": collapsed,
        "line": {
            "data": np.exp(-((np.arange(40.0) - 20) ** 2) / 20) + 0.01,
            "meta": {"wcs": line_wcs(), "bunit_data": "Jy"},
        },
        "rgb": bands,
        "spectra": {
            "wavelength": np.ravel(wave),
            "pixel": deep[:, 6, 8],
            "region": np.nanmean(deep[:, 2:6, 4:9], axis=(1, 2)),
        },
    }
    asdf.AsdfFile(tree).write_to(OUT / "matched.asdf", all_array_storage="internal")


if __name__ == "__main__":
    main()
