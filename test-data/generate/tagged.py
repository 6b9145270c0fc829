"""tagged/objects.asdf: times, quantities, positions and tables as asdf-astropy writes them, and objects.json: what astropy says they are.

Run alone; it writes beside the other test data. The order of the extensions in the history is another one in each run.
"""

import json
import os
from pathlib import Path

import asdf
import numpy as np
from astropy import units as u
from astropy.coordinates import FK5, ICRS, EarthLocation, SkyCoord
from astropy.table import QTable, Table
from astropy.time import Time

OUT = Path(__file__).resolve().parent.parent / "tagged"

TIMES = {
    "iso": Time("2020-01-01T06:30:00.25"),
    "leap": Time("2016-12-31T23:59:60"),
    "mjd_tai": Time(51544.5, format="mjd", scale="tai"),
    "jyear": Time(2015.5, format="jyear"),
    "byear_str": Time("B1950", format="byear_str"),
    "gps": Time(1e9, format="gps"),
    "unix": Time(1.2e9, format="unix"),
    "cxcsec": Time(3e8, format="cxcsec"),
    "many": Time([50000.25, 50001.5], format="mjd", scale="tdb"),
    "jd": Time(2450000.5, format="jd"),
    "yday": Time("2020:100:12:00:00.500"),
    "fits": Time("2020-03-01T00:00:00", format="fits"),
    "placed": Time(50000, format="mjd", location=EarthLocation.from_geocentric(1, 2, 3, unit="m")),
}
QUANTITIES = {
    "speed": 3.5 * u.km / u.s,
    "lengths": [1.0, 2.5] * u.m,
    "whole": u.Quantity(5, "m", dtype=int),
}
SKY = {
    "icrs": SkyCoord(10.5, -20.25, unit="deg"),
    "fk5": SkyCoord([10.0, 20.0], [1.0, 2.0], unit="deg", frame="fk5", equinox="J1975"),
    "galactic": SkyCoord(l=30 * u.deg, b=2 * u.deg, frame="galactic", distance=3 * u.kpc),
    "moving": SkyCoord(1.5 * u.deg, 2.5 * u.deg, pm_ra_cosdec=1 * u.mas / u.yr, pm_dec=2 * u.mas / u.yr),
    "fk4": SkyCoord(1 * u.deg, 2 * u.deg, frame="fk4", obstime="J1980"),
    "frame": ICRS(1 * u.deg, 2 * u.deg),
    "frame_fk5": FK5(1 * u.deg, 2 * u.deg, equinox="J1975"),
}
QTABLE = QTable({"ra": [10.0, 20.0] * u.deg, "n": np.array([1, 2], dtype="i2"), "name": ["x", "yy"]})
QTABLE["seen"] = Time([1.0, 2.5], format="mjd")
QTABLE["sky"] = SkyCoord([10, 20], [1, 2], unit="deg")
TABLE = Table({"flux": [1.5, 2.5]}, meta={"origin": "invented"})
TABLE["flux"].unit = "nJy"
TABLE["flux"].description = "flux density"
TABLES = {"qtable": QTABLE, "table": TABLE}


def numbers(value):
    return np.atleast_1d(np.asarray(value)).tolist()


def time(value):
    return {"mjd": numbers(value.mjd), "scale": value.scale}


def sky(value):
    longitude, latitude = value.spherical.lon, value.spherical.lat
    out = {"frame": value.name, "degrees": [list(p) for p in zip(numbers(longitude.deg), numbers(latitude.deg))]}
    distance = value.spherical.distance
    if distance.unit.is_equivalent(u.m):
        out["parsecs"] = numbers(distance.to_value("pc"))
    for name in ("equinox", "obstime"):
        moment = getattr(value, name, None)
        if moment is not None:
            out[name] = time(moment)
    return out


def column(value):
    if isinstance(value, SkyCoord):
        return {"kind": "sky"}
    if isinstance(value, Time):
        return {"kind": "time", "values": numbers(value.value)}
    out = {"kind": "text" if value.dtype.kind == "U" else "numbers"}
    out["values"] = numbers(value.value if isinstance(value, u.Quantity) else value)
    unit = getattr(value, "unit", None)
    description = getattr(value, "description", None)
    return out | ({"unit": str(unit)} if unit else {}) | ({"description": description} if description else {})


def main():
    OUT.mkdir(exist_ok=True)
    tree = {"times": TIMES, "quantities": QUANTITIES, "sky": SKY, "tables": TABLES}
    file = asdf.AsdfFile(tree)
    file.add_history_entry("made", {"name": "tool", "version": "1.0", "author": "nobody", "homepage": "http://example.org"})
    file["history"]["entries"][0]["time"] = np.datetime64("2026-11-23T08:15:00").item()
    file.write_to(OUT / "objects.asdf")
    with asdf.open(OUT / "objects.asdf") as back:
        expected = {
            "times": {name: time(value) for name, value in back["times"].items()},
            "quantities": {
                name: {"unit": value.unit.to_string(), "values": numbers(value.value)}
                for name, value in back["quantities"].items()
            },
            "sky": {name: sky(value) for name, value in back["sky"].items()},
            "tables": {
                name: {key: column(value[key]) for key in value.colnames} for name, value in back["tables"].items()
            },
        }
    (OUT / "objects.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    main()
