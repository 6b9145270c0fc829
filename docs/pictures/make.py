"""The pictures of the guide: a made-up field of stars with a galaxy, and what `asdf preview` makes of it and of files in test-data.

    venv/bin/python docs/pictures/make.py target/release/asdf

Needs asdf, asdf-astropy, gwcs and numpy (`test-data/generate/requirements.txt`).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import asdf
import gwcs
import numpy as np
from astropy import coordinates as coord
from astropy import units as u
from astropy.modeling import models
from gwcs import coordinate_frames as cf

HERE = Path(__file__).resolve().parent
SIDE = 600
DATA = HERE.parent.parent / "test-data"
# The options are those of docs/preview.md.
FIELD = {
    "galaxy.png": ["--grid", "--compass", "--colorbar", "--limits", "0.9,40", "--stretch", "log", "--size", "360"],
    "viridis.png": ["--cmap", "viridis", "--limits", "pct:99", "--stretch", "asinh", "--size", "360", "--colorbar"],
}
REGIONS = """icrs
circle(05:21:55.7,-69:29:37.9,14") # text={a star}
image
circle(16,11,6)
"""
FILES = {
    "roman.png": ["made/roman_exposure.asdf", "--zoom", "6", "--grid", "--compass", "--colorbar"],
    "regions.png": ["image/sky.asdf", "--zoom", "8", "--regions", "stars.reg"],
    "contours.png": ["image/sky.asdf", "--zoom", "8", "--contours", "auto", "--colorbar"],
    "colors.png": ["image/colours.asdf", "--zoom", "6", "--rgb", "bands.red,bands.green,bands.blue", "--rgb-minimum", "0.3,0.2,0.1", "--rgb-stretch", "1.5"],
    "line.png": ["image/matched.asdf", "line.data", "--size", "500"],
}


def field():
    numbers = np.random.default_rng(5)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype("f4")
    data = numbers.normal(1, 0.02, (SIDE, SIDE)).astype("f4")
    for _ in range(160):
        px, py = numbers.uniform(0, SIDE, 2)
        peak, width = 10 ** numbers.uniform(-0.6, 2.2), numbers.uniform(1.3, 1.7)
        data += (peak * np.exp(-((x - px) ** 2 + (y - py) ** 2) / (2 * width**2))).astype("f4")
    along, across = (x - 390) * 0.6 + (y - 250) * 0.8, (x - 390) * -0.8 + (y - 250) * 0.6
    data += (20 * np.exp(-2.2 * np.sqrt(along**2 / 3600 + across**2 / 700))).astype("f4")
    data[:, 401] = np.nan
    return data


def wcs():
    turn = models.AffineTransformation2D(matrix=np.array([[-1, 0.3], [0.3, 1]]) * 0.11 / 3600, translation=[0, 0])
    to_sky = models.Pix2Sky_TAN() | models.RotateNative2Celestial(150.1, 2.2, 180)
    centre = models.Shift(-SIDE / 2) & models.Shift(-SIDE / 2)
    detector = cf.Frame2D(name="detector", unit=(u.pix, u.pix))
    world = cf.CelestialFrame(name="world", reference_frame=coord.ICRS())
    found = gwcs.WCS([(detector, centre | turn | to_sky), (world, None)])
    found.bounding_box = ((-0.5, SIDE - 0.5), (-0.5, SIDE - 0.5))
    return found


def main():
    binary = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        asdf.AsdfFile({"roman": {"meta": {"wcs": wcs()}, "data": field()}}).write_to(Path(folder) / "field.asdf")
        (Path(folder) / "stars.reg").write_text(REGIONS)
        runs = {name: ["field.asdf", *options] for name, options in FIELD.items()}
        runs |= {name: [DATA / file, *options] for name, (file, *options) in FILES.items()}
        for name, arguments in runs.items():
            command = [binary, "preview", *arguments, "--force", "-o", HERE / name]
            subprocess.run(command, check=True, cwd=folder)


if __name__ == "__main__":
    main()
