"""Makes `fits/astropy_table.fits` and `fits/astropy_table.asdf`: one table as astropy writes it to FITS and as asdf-astropy writes it to ASDF.

    python test-data/generate/astropy_tables.py [FOLDER]

The table has columns of every kind that both hold: numbers, units, masks, text, cells that are vectors, times of several scales and
places, positions in several frames, spans of time, places on the Earth, descriptions and `meta`. `fits/astropy_more.fits` has what only
FITS has: arrays of variable length, angles as columns, times that are counted in seconds from a date.
"""

import sys
import warnings
from pathlib import Path

import asdf
import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation, Longitude, SkyCoord
from astropy.io import fits
from astropy.table import Column, MaskedColumn, QTable, Table
from astropy.time import Time, TimeDelta

warnings.simplefilter("ignore")
ROWS = 4
MASK = [False, True, False, False]


def table():
    count = np.arange(ROWS)
    deg = count * u.deg
    out = QTable()
    out["i"] = count.astype("i4")
    out["flux"] = (count + 0.5).astype("f4") * u.Jy
    out["speed"] = count * 1.25 * u.km / u.s
    out["rate"] = count * 1.0 * u.electron / u.s
    out["short"] = MaskedColumn(count + 1, mask=MASK, dtype="i2", description="counts, some of them missing")
    out["unsigned"] = (count + 65000).astype("u2")
    out["double"] = MaskedColumn(count * 0.1, mask=MASK)
    out["text"] = MaskedColumn(["a", "", "ccc", "dd"], mask=MASK)
    out["vector"] = np.arange(2.0 * ROWS).reshape(ROWS, 2) * u.m
    out["flag"] = count % 2 == 0
    out["complex"] = count + 1j
    out["tdb"] = Time(2451545.0 + count * 1.1, format="jd", scale="tdb")
    out["utc"] = Time(["2016-12-31T23:59:60.250", "2017-01-01T00:00:00.001", "2020-02-29T12:34:56.789", "1999-01-01T00:00:00.000"],
                      scale="utc", location=EarthLocation.from_geocentric(1000.0, 2000.0, 6371000.0, unit="m"))
    out["icrs"] = SkyCoord(deg + 1 * u.deg, deg + 2 * u.deg, frame="icrs")
    out["fk5"] = SkyCoord(deg, deg, (count + 1) * u.kpc, frame="fk5", equinox="J1975")
    out["galactic"] = SkyCoord(l=deg, b=deg, frame="galactic")
    out["moving"] = SkyCoord(deg, deg, pm_ra_cosdec=count * u.mas / u.yr, pm_dec=-count * u.mas / u.yr,
                             obstime=Time(50000.25 + count, format="mjd"), frame="icrs")
    out["span"] = TimeDelta(count * u.day)
    out["place"] = EarthLocation.from_geocentric(count + 1.0, count + 2.0, count + 6371000.0, unit="m")
    out["told"] = Column(count, description="long " + "text \\ " * 20, meta={"a": {"b": [1, 2.5, None, True]}})
    out.meta.update({"NUMBER": 5, "LIST": [1, 2, 3], "comments": ["one", "two"], "TEXT": "it's"})
    return out


def more(path):
    cells = np.empty(ROWS, dtype=object)
    words = np.empty(ROWS, dtype=object)
    for row in range(ROWS):
        cells[row] = np.arange(row, dtype="f4") + row
        words[row] = "x" * row
    columns = [
        fits.Column("CELLS", "PE()", array=cells, unit="adu"),
        fits.Column("WORDS", "PA()", array=words),
        fits.Column("TIME", "D", unit="s", array=np.array([0.0, 5.25e8, 1e8 + 1e-6, 7.0])),
        fits.Column("MJD", "D", unit="d", array=55000 + np.arange(ROWS) * 1e-7),
    ]
    hdu = fits.BinTableHDU.from_columns(columns, name="EVENTS")
    hdu.header["TIMESYS"], hdu.header["MJDREF"] = "TT", 50814.0
    hdu.header["TELESCOP"] = "NONE"
    angle = QTable({"angle": Longitude(np.arange(3) * u.deg), "n": [1, 2, 3]})
    angle.write(path, overwrite=True)
    with fits.open(path) as file:
        first = file[1].copy()
        first.name = "ANGLES"
        fits.HDUList([fits.PrimaryHDU(), hdu, first]).writeto(path, overwrite=True)


def main():
    here = Path(__file__).resolve().parent.parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "fits"
    found = table()
    found.write(folder / "astropy_table.fits", overwrite=True)
    asdf.AsdfFile({"catalogue": found}).write_to(folder / "astropy_table.asdf")
    beside = {"catalogue": Table({"a": Column([1.0, 2.0], unit="km")}), "image": np.arange(12.0).reshape(3, 4), "name": "beside"}
    asdf.AsdfFile(beside).write_to(folder / "astropy_beside.asdf")
    more(folder / "astropy_more.fits")


main()
