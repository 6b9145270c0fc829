"""Arrays for the picture pane, and what numpy and gwcs say of them: image/*.asdf, image/expected.json.

Run with asdf, asdf-astropy, astropy, gwcs and numpy: python generate/image.py
"""

import json
from pathlib import Path

import asdf
import astropy.units as u
import gwcs
import numpy as np
from astropy import coordinates as coord
from astropy.modeling import models
from gwcs import coordinate_frames as cf

OUT = Path(__file__).parents[1] / "image"
ROWS, COLUMNS = 40, 60


def sky():
    """A tangential projection with a detector that is shifted and turned on the way."""
    shift = models.Shift(-29.5) & models.Shift(-19.5)
    turn = models.AffineTransformation2D(
        matrix=np.array([[-2.0, 0.25], [0.25, 2.0]]) / 3600.0, translation=[0, 0]
    )
    to_sky = models.Pix2Sky_TAN() | models.RotateNative2Celestial(80.5, -69.5, 180)
    detector = cf.Frame2D(name="detector", unit=(u.pix, u.pix))
    plane = cf.Frame2D(name="plane", unit=(u.deg, u.deg))
    world = cf.CelestialFrame(name="world", reference_frame=coord.ICRS())
    wcs = gwcs.WCS([(detector, shift | turn), (plane, to_sky), (world, None)])
    wcs.bounding_box = ((-0.5, 54.5), (-0.5, ROWS - 0.5))
    return wcs


def image():
    """Two stars on a slope, with a hole and a bad column."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype(float)
    data = 1.0 + 0.01 * x + 0.005 * y
    for px, py, peak, width in [(15, 10, 40.0, 1.5), (42, 28, 15.0, 2.5)]:
        data += peak * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * width**2))
    data = data.astype("f4")
    data[30:34, 8:14] = np.nan
    flags = np.zeros((ROWS, COLUMNS), "u4")
    flags[:, 50] = 1 | 1 << 10
    flags[10, 15] = 1 << 2
    flags[30:34, 8:14] |= 1 | 1 << 14
    return data, flags


def cube():
    """A line that drifts through the planes."""
    z, y, x = np.mgrid[0:9, 0:12, 0:16].astype(float)
    return (z * 100 + y * 10 + x + 50 * np.exp(-((z - x / 2) ** 2))).astype(">f4")


def stats(part):
    finite = part[np.isfinite(part)].astype("f8")
    peak = np.unravel_index(np.nanargmax(part), part.shape)
    return {
        "count": int(finite.size),
        "sum": float(finite.sum()),
        "mean": float(finite.mean()),
        "median": float(np.median(part[np.isfinite(part)])),
        "std": float(finite.std()),
        "min": float(finite.min()),
        "max": float(finite.max()),
        "peak": [int(peak[1]), int(peak[0])],
    }


def plain(values):
    return [None if not np.isfinite(value) else float(value) for value in np.ravel(values)]


def main():
    OUT.mkdir(exist_ok=True)
    data, flags = image()
    wcs = sky()
    tree = {"roman": {"data": data, "dq": flags, "err": np.sqrt(data), "meta": {"wcs": wcs}}}
    tree["roman"]["meta"]["bunit_data"] = "MJy/sr"
    asdf.AsdfFile(tree).write_to(OUT / "sky.asdf")
    planes = cube()
    tree = {"meta": {"telescope": "JWST"}, "data": planes, "dq": np.full((12, 16), 1 << 14, "u4")}
    asdf.AsdfFile(tree).write_to(OUT / "cube.asdf", all_array_compression="zlib")
    odd = {
        "none": np.zeros((0, 7)),
        "nan": np.full((9, 9), np.nan),
        "one": np.array([[3]], "i2"),
        "big": np.arange(12, dtype=">i4").reshape(3, 4),
        "bool": np.eye(8, dtype=bool),
        "complex": np.array([[3 + 4j, 1j], [0, 1]]),
        "half": np.arange(20, dtype="f2").reshape(4, 5),
        "line": np.arange(5),
        "text": np.array([["a", "b"]]),
        "infinite": np.array([[np.inf, 1.0], [-np.inf, 2.0]]),
        "huge": np.array([[-1.7e308, 1.7e308], [0.0, 1e308]]),
        "same": np.full((5, 5), 7.0),
        "wide": np.arange(3000, dtype="u1").reshape(1, 3000),
    }
    asdf.AsdfFile(odd).write_to(OUT / "odd.asdf")

    forward = wcs.forward_transform
    pixel = (15.0, 10.0)
    outside = wcs(57.0, 3.0, with_bounding_box=False)
    expected = {
        "region": {"window": [5, 25, 8, 36], "stats": stats(data[5:25, 8:36])},
        "row": plain(data[10]),
        "column": plain(data[:, 15]),
        "diagonal": plain([data[k, 5 + k] for k in range(ROWS) if 5 + k < COLUMNS]),
        "along": plain(planes[:, 4, 6]),
        "pixel": list(pixel),
        "plane": plain(wcs.get_transform("detector", "plane")(*pixel)),
        "world": plain(forward(*pixel)),
        "outside": plain(outside),
        "text": coord.SkyCoord(*forward(*pixel), unit="deg").to_string(
            "hmsdms", sep=":", precision=2
        ),
    }
    (OUT / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
