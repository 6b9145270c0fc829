"""Writes zscale/: small images, and what astropy makes of them: limits, block means, stretched pictures, compass.

    python test-data/generate/zscale.py

Needs astropy, asdf, gwcs, asdf-astropy and numpy; run alone, not by all.py.
"""

import json
import math
from pathlib import Path

import asdf
import numpy as np
from astropy.visualization import (
    AsinhStretch,
    AsymmetricPercentileInterval,
    LinearStretch,
    LogStretch,
    MinMaxInterval,
    PercentileInterval,
    PowerDistStretch,
    PowerStretch,
    SinhStretch,
    SqrtStretch,
    SquaredStretch,
    ZScaleInterval,
)

FOLDER = Path(__file__).resolve().parent.parent / "zscale"
MADE = FOLDER.parent / "made"
PARAMETERS = {
    "default": {},
    "contrast_1": {"contrast": 1.0},
    "n_300_krej3": {"n_samples": 300, "krej": 3.0},
}
X = [-0.5, 0.0, 1e-6, 0.001, 0.1, 0.25, 0.5, 0.9, 0.99, 1.0, 1.5]


def stars(rng, shape, noise=2.0):
    """A sky of 100 with noise and some stars."""
    image = rng.normal(100.0, noise, shape)
    y, x = np.indices(shape)
    for _ in range(12):
        cy, cx = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        image += rng.exponential(3000) * np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 4.5)
    return image


def arrays():
    """The images, by name."""
    rng = np.random.default_rng(20270314)
    image = stars(rng, (60, 60))
    holes = stars(rng, (57, 64))
    holes[rng.random(holes.shape) < 0.1] = np.nan
    holes[12:20, 8:24] = np.nan
    holes[3, 5], holes[40, 41] = np.inf, -np.inf
    zero = np.zeros((48, 48), "f4")
    zero[rng.random(zero.shape) < 0.05] = 7.5
    return {
        "stars_f4": image.astype("<f4"),
        "stars_f8_be": stars(rng, (50, 52)).astype(">f8"),
        "holes_f4_be": holes.astype(">f4"),
        "stars_f2": stars(rng, (40, 45)).astype("<f2"),
        "stars_u2": np.clip(image, 0, 65535).astype("<u2"),
        "signed_i2_be": rng.normal(-20, 30, (51, 43)).astype(">i2"),
        "large_i8": (stars(rng, (40, 40)) * 1e12).astype("<i8"),
        "bool": rng.random((33, 40)) < 0.3,
        "constant_f4": np.full((20, 30), 3.25, "<f4"),
        "mostly_zero_f4": zero,
        "all_nan_f4": np.full((6, 9), np.nan, "<f4"),
        "one_f4": np.array([[42.0]], "<f4"),
        "even_f4": rng.normal(0, 1, (2, 5)).astype("<f4"),
        "wide_f4": rng.normal(5, 1, (3, 400)).astype("<f4"),
        "cube_f4": np.stack([stars(rng, (20, 24)) + plane for plane in range(5)]).astype("<f4"),
        "dq_u4": rng.choice([0, 0, 0, 1, 4, 1025], (60, 60)).astype("<u4"),
    }


def pair(limits):
    return [float(limit) for limit in limits]


def mean(image, factor):
    """Means of the finite elements of each block; None where there is none."""
    image = image.astype("f8")
    image = np.where(np.isfinite(image), image, np.nan)
    out = []
    for row in range(0, image.shape[0], factor[0]):
        for column in range(0, image.shape[1], factor[1]):
            block = image[row : row + factor[0], column : column + factor[1]]
            block = block[np.isfinite(block)]
            out.append(float(block.mean()) if block.size else None)
    return out


def levels(values, limits, stretch):
    """What matplotlib makes of a normalised value: int(x * 256), at most 255; None stays."""
    known = np.array([math.nan if value is None else value for value in values], "f8")
    part = stretch((known - limits[0]) / (limits[1] - limits[0]), clip=True)
    return [
        None if math.isnan(value) else min(int(x * 256), 255)
        for value, x in zip(known, part)
    ]


def entry(image):
    image = image[image.shape[0] // 2] if image.ndim == 3 else image
    number = image.astype("u1") if image.dtype == bool else image
    finite = number[np.isfinite(number)]
    out = {"means": [], "picture": None}
    for factor in ([1, 1], [4, 4], [5, 7]):
        if factor != [1, 1]:
            out["means"].append({"factor": factor, "values": mean(number, factor)})
    if finite.size == 0:
        return out
    out["zscale"] = {
        name: {"parameters": kw, "limits": pair(ZScaleInterval(**kw).get_limits(number))}
        for name, kw in PARAMETERS.items()
        # Float16 has no line fit in numpy.
        if number.dtype != np.dtype("f2")
    }
    wide = finite.astype("f8") if number.dtype == np.dtype("f2") else finite
    out["minmax"] = pair(MinMaxInterval().get_limits(wide))
    out["percentiles"] = {
        "90": pair(PercentileInterval(90).get_limits(wide)),
        "99.5": pair(PercentileInterval(99.5).get_limits(wide)),
        "1,99.9": pair(AsymmetricPercentileInterval(1, 99.9).get_limits(wide)),
    }
    low, high = out["zscale"].get("default", {"limits": out["minmax"]})["limits"]
    if low >= high:
        low, high = out["minmax"]
    if low >= high:
        low, high = low - 0.5, low + 0.5
    size = 16
    factor = max(1, -(-max(image.shape) // size))
    values = mean(number, [factor, factor])
    width = -(-image.shape[1] // factor)
    out["picture"] = {
        "size": size,
        "width": width,
        "limits": [low, high],
        # With the first row at the bottom, so that the last comes first.
        "asinh": flipped(levels(values, (low, high), AsinhStretch(0.1)), width),
        "log": flipped(levels(values, (low, high), LogStretch(1000)), width),
    }
    return out


def flipped(values, width):
    rows = [values[start : start + width] for start in range(0, len(values), width)]
    return [value for row in reversed(rows) for value in row]


def stretches():
    named = {
        "linear": LinearStretch(),
        "sqrt": SqrtStretch(),
        "squared": SquaredStretch(),
        "power:3": PowerStretch(3),
        "log": LogStretch(1000),
        "log:100": LogStretch(100),
        "asinh": AsinhStretch(0.1),
        "asinh:0.01": AsinhStretch(0.01),
        "sinh": SinhStretch(1 / 3),
        "exp": PowerDistStretch(1000),
    }
    return {
        name: [float(value) for value in stretch(np.array(X), clip=True)]
        for name, stretch in named.items()
    }


def compass():
    """North and east as steps along x and y, at the middle of an exposure."""
    with asdf.open(MADE / "roman_exposure.asdf") as file:
        wcs = file["roman"]["meta"]["wcs"]
        place = (31.5, 31.5)
        step = 1e-3
        steps = ((step, 0), (-step, 0), (0, step), (0, -step))
        sky = [wcs(place[0] + dx, place[1] + dy, with_bounding_box=False) for dx, dy in steps]
        _, declination = wcs(*place, with_bounding_box=False)
        across = np.subtract(sky[0], sky[1]) * [np.cos(np.radians(declination)), 1]
        along = np.subtract(sky[2], sky[3]) * [np.cos(np.radians(declination)), 1]
    # (east, north) of a step along x and along y; the inverse gives steps in pixels.
    inverse = np.linalg.inv(np.array([across, along]).T)
    unit = lambda vector: [float(part) for part in vector / np.hypot(*vector)]
    return {"north": unit(inverse[:, 1]), "east": unit(inverse[:, 0])}


def main():
    FOLDER.mkdir(exist_ok=True)
    images = arrays()
    asdf.AsdfFile({name: image for name, image in images.items()}).write_to(FOLDER / "images.asdf")
    expected = {
        "images": {name: entry(image) for name, image in images.items()},
        "stretch": {"x": X, "values": stretches()},
        "compass": compass(),
    }
    text = json.dumps(expected, separators=(",", ":"))
    # A line for each image, so that changes can be seen.
    (FOLDER / "expected.json").write_text(text.replace('},"', '},\n"') + "\n")


if __name__ == "__main__":
    main()
