"""WCS that wrap others, with what the reference makes of some points; run alone, with ndcube 2.4 beside the other packages.

    venv/bin/python test-data/generate/wrapped_wcs.py      # writes ../wcs/wrapped.asdf, ../wcs/wrapped.json

Each name of the tree is a cube with `data` and `wcs`; the sidecar has pixels, world coordinates, and the pixels that come
back, a list for each point. `unknown` has a wrapper that nobody knows.
"""

import json
import warnings
from pathlib import Path

import asdf
import gwcs
import numpy as np
from asdf.tagged import TaggedDict
from astropy import coordinates
from astropy import units as u
from astropy.modeling import models
from astropy.wcs import WCS
from astropy.wcs.wcsapi import HighLevelWCSWrapper
from astropy.wcs.wcsapi.wrappers.sliced_wcs import SlicedLowLevelWCS
from gwcs import coordinate_frames as frames
from ndcube.wcs.wrappers import CompoundLowLevelWCS, ReorderedLowLevelWCS, ResampledLowLevelWCS

HERE = Path(__file__).resolve().parent.parent / "wcs"
NDCUBE = "tag:sunpy.org:ndcube/"


def image(shape, box):
    transform = models.Shift(-5) & models.Shift(-6) | models.Scale(1e-3) & models.Scale(2e-3) | models.Pix2Sky_TAN() | models.RotateNative2Celestial(10, 20, 180)
    sky = frames.CelestialFrame(reference_frame=coordinates.ICRS(), unit=(u.deg, u.deg))
    wcs = gwcs.WCS([(frames.Frame2D(unit=(u.pix, u.pix), name="detector"), transform), (sky, None)])
    wcs.pixel_shape = shape
    if box:
        wcs.bounding_box = ((-0.5, shape[0] - 0.5), (-0.5, shape[1] - 0.5))
    return wcs


def spectrum(length):
    wave = frames.SpectralFrame(axes_order=(0,), unit=u.um, axes_names=("wavelength",), name="wave")
    pixel = frames.CoordinateFrame(1, "PIXEL", (0,), unit=(u.pix,), name="slit")
    wcs = gwcs.WCS([(pixel, models.Scale(0.25) | models.Shift(1.5)), (wave, None)])
    wcs.pixel_shape = (length,)
    return wcs


def cube(shape):
    transform = models.Shift(-5) & models.Shift(-6) & models.Scale(0.25) | models.Scale(1e-3) & models.Scale(2e-3) & models.Shift(1.5) | models.Pix2Sky_TAN() & models.Identity(1) | models.RotateNative2Celestial(10, 20, 180) & models.Identity(1)
    sky = frames.CelestialFrame(axes_order=(0, 1), reference_frame=coordinates.ICRS(), unit=(u.deg, u.deg))
    wave = frames.SpectralFrame(axes_order=(2,), unit=u.um, name="wave")
    pixels = frames.CoordinateFrame(3, ["PIXEL"] * 3, (0, 1, 2), unit=(u.pix,) * 3, name="detector")
    wcs = gwcs.WCS([(pixels, transform), (frames.CompositeFrame([sky, wave]), None)])
    wcs.pixel_shape = shape
    return wcs


def header(key):
    wcs = WCS(naxis=3)
    wcs.wcs.ctype = {"radio": ["RA---SIN", "DEC--SIN", "FREQ"], "first": ["WAVE", "DEC--TAN", "RA---TAN"], "sun": ["HPLN-TAN", "HPLT-TAN", "WAVE"]}[key]
    wcs.wcs.crpix = [5, 6, 2]
    wcs.wcs.cdelt = {"radio": [-0.001, 0.001, 2e6], "first": [0.5, 0.001, -0.001], "sun": [2, 2, 0.1]}[key]
    wcs.wcs.crval = {"radio": [83.5, -5.25, 1.42e9], "first": [500, -5.25, 83.5], "sun": [10, -20, 17.1]}[key]
    wcs.wcs.cunit = {"radio": ["deg", "deg", "Hz"], "first": ["nm", "deg", "deg"], "sun": ["arcsec", "arcsec", "nm"]}[key]
    wcs.pixel_shape = (8, 7, 4)
    return wcs


def wrappers():
    """Names, WCS, and the trees of those that asdf-astropy does not write."""
    deep = cube((8, 7, 4))
    yield "sliced_image", SlicedLowLevelWCS(image((20, 24), True), (slice(4, 11), slice(6, 14))), None
    yield "sliced_plane", SlicedLowLevelWCS(deep, (2, slice(1, 5), slice(2, 8))), None
    yield "sliced_spectrum", SlicedLowLevelWCS(deep, (slice(1, 4), 3, 2)), None
    yield "sliced_slit", SlicedLowLevelWCS(deep, (slice(0, 4), slice(2, 6), 3)), None
    yield "header_radio", header("radio"), None
    yield "header_first", header("first"), None
    yield "header_sun", header("sun"), None
    yield "sliced_header", SlicedLowLevelWCS(header("radio"), (slice(0, 3), slice(1, 6), slice(2, 7))), None
    factor, offset = np.array([2, 3, 1]), np.array([0.5, 0.0, 1.0])
    yield "resampled", ResampledLowLevelWCS(deep, factor, offset), TaggedDict({"factor": factor, "offset": offset, "wcs": deep}, NDCUBE + "resampledwcs-1.0.0")
    order = {"pixel_order": [2, 0, 1], "world_order": [1, 2, 0]}
    yield "reordered", ReorderedLowLevelWCS(deep, **order), TaggedDict({"wcs": deep, **order}, NDCUBE + "reorderedwcs-1.0.0")
    parts = [image((8, 7), False), spectrum(4)]
    yield "compound", CompoundLowLevelWCS(*parts, mapping=[1, 2, 0]), TaggedDict({"wcs": parts, "mapping": [1, 2, 0], "atol": 1e-8}, NDCUBE + "compoundwcs-1.0.0")
    parts = [image((4, 7), False), spectrum(4)]
    yield "shared_pixels", CompoundLowLevelWCS(*parts, mapping=[0, 1, 0]), TaggedDict({"wcs": parts, "mapping": [0, 1, 0], "atol": 1e-8}, NDCUBE + "compoundwcs-1.0.0")
    radio, sun = header("radio"), header("sun")
    yield "sliced_radio_plane", SlicedLowLevelWCS(radio, (2, slice(1, 6), slice(2, 7))), None
    yield "sliced_radio_spectrum", SlicedLowLevelWCS(radio, (slice(1, 4), 3, 2)), None
    yield "sliced_sun_slit", SlicedLowLevelWCS(sun, (slice(0, 4), slice(2, 6), 3)), None
    yield "sliced_twice", SlicedLowLevelWCS(SlicedLowLevelWCS(deep, (slice(1, 4), 2, slice(1, 8))), (1, slice(0, 5))), None
    yield "high_level", HighLevelWCSWrapper(SlicedLowLevelWCS(radio, (slice(1, 4), slice(1, 6), slice(2, 7)))), None
    yield "resampled_header", ResampledLowLevelWCS(sun, [2, 1, 4], [0.0, 0.0, 0.5]), TaggedDict({"factor": np.array([2, 1, 4]), "offset": np.array([0.0, 0.0, 0.5]), "wcs": sun}, NDCUBE + "resampledwcs-1.0.0")
    yield "reordered_header", ReorderedLowLevelWCS(radio, **order), TaggedDict({"wcs": radio, **order}, NDCUBE + "reorderedwcs-1.0.0")
    sliced = SlicedLowLevelWCS(radio, (slice(1, 4), slice(1, 6), slice(2, 8)))
    # The schemas of 1.0.0 want WCS that wrap no other here.
    yield "reordered_slice", ReorderedLowLevelWCS(sliced, **order), TaggedDict({"wcs": sliced, **order}, NDCUBE + "reorderedwcs-0.1.0")
    parts = [SlicedLowLevelWCS(sun, (0, slice(0, 7), slice(0, 8))), spectrum(4)]
    yield "compound_of_slices", CompoundLowLevelWCS(*parts), TaggedDict({"wcs": parts, "mapping": [0, 1, 2], "atol": 1e-8}, NDCUBE + "compoundwcs-0.1.0")
    once = SlicedLowLevelWCS(deep, (slice(0, 4), slice(1, 7), slice(2, 8)))
    yield "nested", ResampledLowLevelWCS(once, [2, 2, 1], [0, 0, 0]), TaggedDict({"factor": np.array([2, 2, 1]), "offset": np.array([0, 0, 0]), "wcs": once}, NDCUBE + "resampledwcs-1.0.0")


def main():
    warnings.simplefilter("ignore")
    tree, expected = {}, {}
    points = [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0], [2.5, 0.25, 1.0]]
    for name, wcs, node in wrappers():
        low = getattr(wcs, "low_level_wcs", wcs)
        count = low.pixel_n_dim
        rows = []
        for point in points:
            pixel = point[:count]
            world = np.atleast_1d(low.pixel_to_world_values(*pixel)).astype(float)
            back = np.atleast_1d(low.world_to_pixel_values(*world)).astype(float)
            rows.append({"pixel": pixel, "world": [float(value) for value in world], "back": [float(value) for value in back]})
        shape = [int(length) for length in (low.pixel_shape or ())]
        gone = getattr(low, "dropped_world_dimensions", {})
        texts = lambda key: [str(text or "") for text in gone.get(key, [])]
        dropped = [list(row) for row in zip(map(float, gone.get("value", [])), texts("world_axis_units"), texts("world_axis_physical_types"))]
        expected[name] = {"dropped": dropped, "units": [str(unit) for unit in low.world_axis_units], "points": rows, "pixel_shape": shape if all(length == int(length) for length in (low.pixel_shape or ())) else None}
        tree[name] = {"data": np.zeros(shape[::-1], "u1"), "wcs": wcs if node is None else node}
    tree["unknown"] = {"data": np.zeros((7, 8), "u1"), "wcs": TaggedDict({"wcs": image((8, 7), True), "turn": 3}, "tag:example.org:wrap/turned-1.0.0")}
    asdf.AsdfFile(tree).write_to(HERE / "wrapped.asdf", all_array_storage="inline")
    (HERE / "wrapped.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
