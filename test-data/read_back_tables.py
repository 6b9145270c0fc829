"""Lets astropy and asdf-astropy read the tables that `asdf convert` makes, both ways.

    venv/bin/python test-data/read_back_tables.py BINARY [FILE...]

For each FITS file: `convert x.fits x.asdf --as tables` gives asdf-astropy the tables of `QTable.read(x.fits, astropy_native=True)`, and
`convert x.asdf y.fits` gives astropy the same again. For each ASDF file: `convert x.asdf x.fits` gives `QTable.read` the tables of the
tree, and `--as tables` those tables again. Columns are compared by type, unit, mask, description, `meta` and values; times to 0.2 ns.
Known differences, which astropy makes with its own files: NaN and empty text come back masked, signed bytes as doubles.
"""

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.io import fits
from astropy.table import QTable, Table
from astropy.time import Time, TimeDelta

warnings.simplefilter("ignore")
HERE = Path(__file__).parent / "fits"
FILES = ["astropy_table.fits", "astropy_more.fits", "astropy_table.asdf", "astropy_beside.asdf", "tables.fits"]


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words[1:]))}: {done.stderr.strip()}")


def same_times(one, two):
    assert one.scale == two.scale and one.shape == two.shape, (one, two)
    assert (one.location is None) == (two.location is None)
    assert one.location is None or np.all(one.location == two.location)
    masks = [np.broadcast_to(np.asarray(time.mask), time.shape) for time in (one, two)]
    assert np.array_equal(*masks)
    gap = (one.jd1 - two.jd1) + (one.jd2 - two.jd2)
    gap = np.asarray(getattr(gap, "unmasked", gap))[~masks[0]]
    assert np.all(np.abs(gap) * 86400 < 2e-10), gap


def same_positions(one, two):
    assert one.is_equivalent_frame(two)
    for name in one.info._represent_as_dict():
        left, right = getattr(one, name), getattr(two, name)
        if isinstance(left, Time):
            same_times(left, right)
        elif name not in ("frame", "representation_type", "differential_type"):
            assert np.all(left == right), name


def parts(column):
    """Values and mask."""
    values = getattr(column, "unmasked", column)
    values = np.ma.getdata(np.asarray(getattr(values, "value", values)))
    mask = np.asarray(getattr(column, "mask", False))
    return values, np.broadcast_to(mask, np.shape(values))


def same_cells(values, others, mask):
    """Arrays of different lengths as rows of the longest, masked beyond their end."""
    for value, other, masked in zip(values, others, mask):
        other = other.decode() if isinstance(other, bytes) else other
        if isinstance(other, str):
            value = "".join(np.atleast_1d(value))
        else:
            other = np.asarray(other)
            other = other[~masked] if np.ndim(masked) else other
        assert np.array_equal(value, other), (value, other)


def same_columns(one, two):
    if isinstance(one, TimeDelta) or isinstance(one, EarthLocation):
        assert type(one) is type(two) and np.all(one == two)
    elif isinstance(one, Time):
        same_times(one, two)
    elif isinstance(one, SkyCoord):
        same_positions(one, two)
    else:
        units = [str(getattr(column, "unit", None) or "") for column in (one, two)]
        assert units[0] == units[1] and getattr(one, "unit", None) == getattr(two, "unit", None), units
        for name in ("description", "meta"):
            told = [getattr(column.info, name, None) or None for column in (one, two)]
            told[1] = {k: v for k, v in told[1].items() if k != "variable_lengths"} or None if isinstance(told[1], dict) else told[1]
            assert told[0] == told[1], told
        (values, mask), (others, other_mask) = parts(one), parts(two)
        if values.dtype == object:
            return same_cells(values, others, other_mask)
        known = values.dtype.kind in "SUfc"
        empty = (values == "") if values.dtype.kind == "U" else (values == b"") if values.dtype.kind == "S" else np.isnan(values) if known else mask
        assert np.array_equal(mask | empty, other_mask | empty), (mask, other_mask)
        if values.dtype.kind in "SU":
            values, others = values.astype("U"), others.astype("U")
        elif values.dtype != np.int8:
            assert values.dtype.newbyteorder("=") == others.dtype.newbyteorder("="), (values.dtype, others.dtype)
        assert values.shape == others.shape
        there = ~(mask | empty)
        assert np.array_equal(values[there], others[there])
    return None


def same(one, two, place):
    assert one.colnames == two.colnames, (place, one.colnames, two.colnames)
    for name in one.colnames:
        try:
            same_columns(one[name], two[name])
        except AssertionError as error:
            raise AssertionError(f"{place}, column {name}: {error}") from error
    metas = [{k: v for k, v in table.meta.items() if k not in ("EXTNAME", "EXTVER") and not isinstance(v, Time)} for table in (one, two)]
    assert metas[0] == metas[1], (place, metas)


def tables_of_fits(path):
    with fits.open(path) as hdus:
        numbers = [n for n, hdu in enumerate(hdus) if isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)) and hdu.name != "ASDF"]
    return [QTable.read(path, hdu=number, astropy_native=True) for number in numbers]


def tables_of_asdf(path):
    file = asdf.open(path, lazy_load=False)
    return [value for value in file.tree.values() if isinstance(value, Table)]


def main():
    binary = Path(sys.argv[1]).resolve()
    files = [Path(name) for name in sys.argv[2:]] or [HERE / name for name in FILES]
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        one, two = Path(folder) / "one.asdf", Path(folder) / "two.fits"
        for path in files:
            is_fits = path.suffix == ".fits"
            own = tables_of_fits(path) if is_fits else tables_of_asdf(path)
            if is_fits:
                run(binary, "convert", path, one, "--as", "tables", "--force")
                run(binary, "convert", one, two, "--force")
            else:
                run(binary, "convert", path, two, "--force")
                run(binary, "convert", two, one, "--as", "tables", "--force")
            for found, kind in ((tables_of_asdf(one), "ASDF"), (tables_of_fits(two), "FITS")):
                if not is_fits and kind == "ASDF":
                    found = [table for table in found if "ASDF_METADATA" not in table.colnames]
                assert len(found) == len(own), (path, kind, len(found), len(own))
                for number, (left, right) in enumerate(zip(own, found)):
                    same(left, right, f"{path.name}, table {number} as {kind}")
                    count += 1
            print(f"{path.name}: {len(own)} tables are the same as ASDF and as FITS")
    print(f"{count} comparisons, no difference")


main()
