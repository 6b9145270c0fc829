"""WCS, beside gwcs and its values in the cases."""

import json
import pathlib

import numpy
import pytest
from conftest import SHARED

import asdfkit

#: The package dkist adds 1 to the Stokes table of such old files when it reads them; here the file's own table counts.
DIFFERENT = {"dkist_test_old_wcs_BRMQY"}
FOLDER = SHARED / "wcs" / "cases"
CASES = [path for path in sorted(FOLDER.glob("*.expected.json")) if path.name.removesuffix(".expected.json") not in DIFFERENT]


def numbers(rows):
    """Rows of JSON as columns."""
    fix = {None: numpy.nan, "inf": numpy.inf, "-inf": -numpy.inf}
    # A row that gwcs cannot evaluate is a mapping with its error.
    width = next(len(row) for row in rows if isinstance(row, list))
    rows = [row if isinstance(row, list) else [None] * width for row in rows]
    rows = [[fix.get(value, value) if value is None or isinstance(value, str) else value for value in row] for row in rows]
    return numpy.array(rows, float).T


def test_a_pixel(roman):
    wcs = asdfkit.open(roman)["roman"]["meta"]["wcs"]
    ra, dec = wcs(10.0, 20.0)
    assert (ra, dec) == pytest.approx((268.4988401192674, -29.20508174282476), abs=1e-12)
    x, y = wcs.invert(ra, dec, numerical=True)
    assert (x, y) == pytest.approx((10, 20), abs=1e-7)
    assert wcs.invert(ra, dec) == pytest.approx((10, 20), abs=1e-3)
    assert wcs.available_frames == ["detector", "v2v3", "v2v3vacorr", "world"]
    assert wcs(10.0, 20.0, to_frame="v2v3") != (ra, dec)


def test_gwcs_gives_the_same(roman):
    asdf = pytest.importorskip("asdf")
    pytest.importorskip("gwcs")
    pytest.importorskip("asdf_astropy")
    with asdf.open(roman) as file:
        theirs = file["roman"]["meta"]["wcs"]
        wcs = asdfkit.open(roman)["roman/meta/wcs"]
        y, x = numpy.mgrid[-5:70, -3:66]
        for bounds in (True, False):
            expected = theirs(x, y, with_bounding_box=bounds)
            got = wcs(x, y, with_bounding_box=bounds)
            assert numpy.allclose(got, expected, rtol=0, atol=1e-11, equal_nan=True)
        assert numpy.allclose(wcs.footprint(), theirs.footprint(), rtol=0, atol=1e-11)
        assert wcs.world_axis_units == list(map(str, theirs.world_axis_units))
        assert wcs.world_axis_physical_types == list(theirs.world_axis_physical_types)
        assert wcs.pixel_n_dim == theirs.pixel_n_dim
        assert wcs.world_n_dim == theirs.world_n_dim
        assert numpy.array_equal(wcs.axis_correlation_matrix, theirs.axis_correlation_matrix)
        sky = wcs.pixel_to_world(10, 20)
        other = theirs.pixel_to_world(10, 20)
        assert sky.separation(other).arcsec < 1e-6
        back = wcs.world_to_pixel(sky)
        assert numpy.allclose(back, (10, 20), atol=1e-3)


def test_broadcasting(roman):
    wcs = asdfkit.open(roman)["roman/meta/wcs"]
    x, y = numpy.arange(8.0), numpy.arange(5.0)[:, None]
    ra, dec = wcs(x, y)
    assert ra.shape == (5, 8)
    assert ra[3, 2] == wcs(2.0, 3.0)[0]
    grid = wcs.grid((5, 8))
    assert numpy.array_equal(grid[0], ra)
    assert numpy.array_equal(grid[1], dec)
    ra[0, 0] = 1.0  # results belong to whoever asked for them
    assert wcs(numpy.array([]), numpy.array([]))[0].shape == (0,)
    with pytest.raises(asdfkit.Error):
        wcs(1.0)


@pytest.mark.parametrize("path", CASES, ids=[path.name.removesuffix(".expected.json") for path in CASES])
def test_cases(path):
    expected = json.loads(pathlib.Path(path).read_text())
    if "inputs" not in expected or "forward_no_bbox" not in expected or not expected.get("wcs_path"):
        pytest.skip("no values of gwcs")
    file = asdfkit.open(path.with_name(path.name.replace(".expected.json", ".asdf")))
    wcs = file.wcs(expected["wcs_path"])
    inputs = numbers(expected["inputs"])
    got = wcs(*inputs, with_bounding_box=False)
    got = numpy.array(got if isinstance(got, tuple) else (got,))
    wanted = numbers(expected["forward_no_bbox"])
    # A position at a pole has any longitude, and values beyond numbers are not compared.
    finite = numpy.isfinite(wanted) & numpy.isfinite(got)
    assert finite.sum() >= 0.9 * numpy.isfinite(wanted).sum()
    scale = numpy.nanmax(numpy.abs(numpy.where(finite, wanted, 0)), axis=1, keepdims=True) + 1e-300
    difference = numpy.where(finite, numpy.abs(got - numpy.where(finite, wanted, 0)), 0)
    turn = {"deg": 360.0, "arcsec": 360.0 * 3600, "rad": 2 * numpy.pi}
    types = [name or "" for name in wcs.world_axis_physical_types]
    for place, name in enumerate(types):
        if not name.endswith((".ra", ".lon")):
            continue
        # A longitude is one up to whole turns, and counts less towards the poles.
        whole = turn.get(wcs.world_axis_units[place], 360.0)
        latitude = next(other for other, name in enumerate(types) if name.endswith((".dec", ".lat")))
        near = numpy.minimum(difference[place] % whole, -difference[place] % whole)
        difference[place] = near * numpy.abs(numpy.cos(numpy.where(finite[latitude], wanted[latitude], 0) * 2 * numpy.pi / whole))
    assert (difference / scale < 1e-9).all()


def test_header(roman):
    wcs = asdfkit.open(roman)["roman/meta/wcs"]
    header = wcs.to_header()
    assert header["CTYPE1"].startswith("RA---TAN")
    astropy = pytest.importorskip("astropy.wcs")
    other = astropy.WCS(header)
    theirs = numpy.array(other.all_pix2world(10, 20, 0))
    ours = numpy.array(wcs(10.0, 20.0))
    assert numpy.allclose(theirs, ours, atol=0.25 * 0.11 / 3600 * 2)


def test_region_and_scale(roman):
    wcs = asdfkit.open(roman)["roman/meta/wcs"]
    words = wcs.s_region().split()
    assert words[:2] == ["POLYGON", "ICRS"]
    assert len(words) == 10


def test_the_wcs_of_an_array(roman):
    file = asdfkit.open(roman)
    assert file["roman/data"].wcs.path == "/roman/meta/wcs"
    assert file.wcs().path == "/roman/meta/wcs"


def test_astropy_takes_it(roman):
    wcsapi = pytest.importorskip("astropy.wcs.wcsapi")
    wcs = asdfkit.open(roman)["roman/meta/wcs"]
    assert isinstance(wcs, wcsapi.BaseLowLevelWCS)
    sliced = wcsapi.SlicedLowLevelWCS(wcs, numpy.s_[10:20, 5])
    assert sliced.pixel_n_dim == 1
    sky = wcsapi.HighLevelWCSWrapper(wcs).pixel_to_world(1, 2)
    assert sky.ra.deg == pytest.approx(wcs(1.0, 2.0)[0])


def test_wcsaxes_and_reproject(roman, tmp_path):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    reproject = pytest.importorskip("reproject")
    from astropy.wcs import WCS
    from matplotlib import pyplot

    file = asdfkit.open(roman)
    image, wcs = file["roman/data"].to_numpy().astype("f8"), file["roman/meta/wcs"]
    figure = pyplot.figure()
    axes = figure.add_subplot(projection=wcs)
    axes.imshow(image, origin="lower")
    axes.coords.grid()
    figure.savefig(tmp_path / "axes.png")
    assert (tmp_path / "axes.png").stat().st_size > 5000
    target = WCS(wcs.to_header())
    array, covered = reproject.reproject_interp((image, wcs), target, shape_out=image.shape)
    good = (covered > 0) & numpy.isfinite(array)
    assert good.mean() > 0.9
    assert numpy.nanmedian(numpy.abs(array[good] - image[good])) < 0.2
