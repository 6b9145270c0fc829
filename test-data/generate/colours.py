"""Arrays whose elements are colours, arrays that look as if they were, and three bands with what astropy makes of them:
image/colours.asdf.

Run alone with asdf, astropy and numpy: python generate/colours.py
"""

from pathlib import Path

import asdf
import numpy as np
from astropy.visualization import make_lupton_rgb

OUT = Path(__file__).parents[1] / "image"
ROWS, COLUMNS = 48, 64


def bands():
    """A reddish galaxy, blue stars and noise, each band with a sky of its own."""
    rng = np.random.default_rng(9)
    y, x = np.mgrid[0:ROWS, 0:COLUMNS].astype("f8")
    along, across = (x - 40) * 0.8 + (y - 26) * 0.6, (x - 40) * -0.6 + (y - 26) * 0.8
    galaxy = np.exp(-np.sqrt(along**2 / 60 + across**2 / 14))
    found = {}
    for name, sky, red, blue in (("red", 0.3, 9.0, 2.0), ("green", 0.2, 6.0, 4.0), ("blue", 0.1, 3.0, 9.0)):
        data = rng.normal(sky, 0.03, (ROWS, COLUMNS)) + red * galaxy
        for px, py, peak in ((10, 10, 1.0), (18, 36, 0.5), (55, 8, 2.0)):
            data += peak * blue * np.exp(-((x - px) ** 2 + (y - py) ** 2) / 4)
        found[name] = data.astype("f4")
    found["green"][5, 50] = np.nan
    return found


def main():
    y, x = np.mgrid[0:24, 0:32]
    colours = np.stack([x * 8, y * 10, 255 - x * 8], axis=-1).astype("u1")
    opacity = np.where(x < 16, 255, y * 10)[..., None].astype("u1")
    three = bands()
    made = make_lupton_rgb(
        *(three[name].astype("f8") for name in ("red", "green", "blue")),
        minimum=[0.3, 0.2, 0.1],
        stretch=1.5,
        Q=8.0,
    )
    tree = {
        "last": colours,
        "opacity": np.concatenate([colours, opacity], axis=-1),
        "first": np.ascontiguousarray(np.moveaxis(colours, -1, 0)),
        "cube": np.moveaxis(colours, -1, 0).astype("f4"),
        "flags": {"data": three["red"][:24, :32], "dq": np.ascontiguousarray(np.moveaxis(colours, -1, 0))},
        "bands": three | {"lupton": made},
    }
    asdf.AsdfFile(tree).write_to(OUT / "colours.asdf", all_array_storage="internal")


if __name__ == "__main__":
    main()
