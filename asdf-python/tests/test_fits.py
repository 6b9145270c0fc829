"""FITS files: their HDUs stand in the tree, as the command shows them."""

import io
import shutil

import asdfkit
import numpy
import pytest

fits = pytest.importorskip("astropy.io.fits")
from astropy.wcs import WCS  # noqa: E402


def image():
    """A picture with a WCS, a table, a compressed picture."""
    header = WCS(naxis=2)
    header.wcs.ctype, header.wcs.crpix, header.wcs.crval, header.wcs.cdelt = ["RA---TAN", "DEC--TAN"], [4, 3], [10, 41], [-1e-3, 1e-3]
    picture = fits.ImageHDU(numpy.arange(48, dtype="f4").reshape(6, 8), header.to_header(), name="SCI")
    table = fits.BinTableHDU.from_columns([fits.Column("FLUX", "D", array=[1.5, 2.5]), fits.Column("NAME", "4A", array=["a", "bc"])])
    tiles = fits.CompImageHDU(numpy.arange(100, dtype="i2").reshape(10, 10))
    return fits.HDUList([fits.PrimaryHDU(), picture, table, tiles])


@pytest.fixture
def path(tmp_path):
    image().writeto(tmp_path / "x.fits")
    return tmp_path / "x.fits"


def test_hdus_are_in_the_tree(path):
    file = asdfkit.open(path)
    with fits.open(path) as hdus:
        assert file["fits/1/header"]["EXTNAME"] == "SCI"
        assert numpy.array_equal(file["fits/1/data"][1:3, 2:4], hdus[1].data[1:3, 2:4])
        assert numpy.array_equal(file["fits/2/data"][...]["FLUX"], hdus[2].data["FLUX"])
        assert numpy.array_equal(file["fits/3/data"], hdus[3].data)
        found = file.wcs("fits/1/wcs")(numpy.arange(5.0), numpy.arange(5.0))
        assert numpy.allclose(found, WCS(hdus[1].header).all_pix2world(numpy.arange(5.0), numpy.arange(5.0), 0), rtol=0, atol=1e-12)


def test_bytes_and_streams_too(path):
    data = path.read_bytes()
    for source in (data, io.BytesIO(data)):
        assert asdfkit.open(source)["fits/1/data"].shape == (6, 8)


def test_no_tree_without_them(path):
    assert asdfkit.open(path, hdus=False).tree is None


def test_update_leaves_the_hdus(data, tmp_path):
    """What changes is the tree that the file carries: it gets no HDUs."""
    path = tmp_path / "product.fits"
    shutil.copy(data / "fits" / "embedded" / "product.fits", path)
    before = list(asdfkit.open(path, hdus=False).keys())
    edit = asdfkit.File(path)
    edit["extra"] = 3
    edit.update()
    after = asdfkit.open(path, hdus=False)
    assert set(after.keys()) == {*before, "extra"}
    assert after["extra"] == 3
    with fits.open(path) as hdus:
        hdus.verify("exception")
