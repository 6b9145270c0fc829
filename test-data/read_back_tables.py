"""Lets astropy and asdf-astropy read the tables that `asdf convert` makes, both ways.

    venv/bin/python test-data/read_back_tables.py BINARY [FILE...]

For each FITS file: `convert x.fits x.asdf --as tables` gives asdf-astropy the tables of `QTable.read(x.fits, astropy_native=True)`, and
`convert x.asdf y.fits` gives astropy the same again. For each ASDF file: `convert x.asdf x.fits` gives `QTable.read` the tables of the
tree, and `--as tables` those tables again. Columns are compared by type, unit, mask, description, `meta` and values; times to 0.2 ns.
Known differences, which astropy makes with its own files: NaN and empty text come back masked, signed bytes as doubles.

Each table of a tree, and each of a FITS file, is written as ECSV and as VOTable too. `QTable.read` of the ECSV gives the classes, formats, scales,
frames, units, descriptions, `meta` and values that the table had, and those that astropy gives for an ECSV of its own. The VOTable is parsed with
`verify="exception"`; its columns have the values of the table's, and the `COOSYS` and `TIMESYS` of their frames and scales. `kinds()` has columns
of kinds that the files do not have.
"""

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.io import fits, votable
from astropy.table import Column, MaskedColumn, QTable, Table
from astropy.table.ndarray_mixin import NdarrayMixin
from astropy.time import Time, TimeDelta
from astropy.utils.masked import Masked

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
            told = [{k: v for k, v in one.items() if k != "variable_lengths"} or None if isinstance(one, dict) else one for one in told]
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


def numbers_of_tables(path):
    with fits.open(path) as hdus:
        return [n for n, hdu in enumerate(hdus) if isinstance(hdu, (fits.BinTableHDU, fits.TableHDU)) and hdu.name != "ASDF"]


def tables_of_fits(path):
    return [QTable.read(path, hdu=number, astropy_native=True) for number in numbers_of_tables(path)]


def tables_of_asdf(path):
    file = asdf.open(path, lazy_load=False)
    return [value for value in file.tree.values() if isinstance(value, Table)]


def kinds():
    """Columns of kinds that the files do not have."""
    count = np.arange(3)
    dates = ["2016-12-31T23:59:60.250", "2020-02-29T12:34:56.789", "1999-01-01T00:00:00.000"]
    place = EarthLocation.from_geocentric(1.0, 2.0, 6371.0, unit="km")
    deg = count * u.deg
    out = QTable()
    out["masked"] = Masked(count * u.m, mask=[False, True, False])
    for form in ("isot", "iso", "yday", "fits", "mjd", "jd", "jyear", "jyear_str", "byear", "decimalyear", "unix", "cxcsec", "gps"):
        out[form] = Time(Time(dates, scale="utc"), format=form)
    for form in ("plot_date", "ymdhms", "datetime", "datetime64"):
        out[form] = Time(Time(dates[1:] + dates[1:2], scale="utc"), format=form)
    out["tai"] = Time([50000.25, 50001.5, 1e-3], format="mjd", scale="tai", location=place)
    out["places"] = Time(count + 50000.0, format="mjd", scale="tdb", location=EarthLocation.from_geocentric(count + 1.0, count, count, unit="km"))
    out["pairs"] = Time(np.arange(6.0).reshape(3, 2) + 50000, format="mjd", scale="tt")
    out["span"] = TimeDelta(count * u.day, scale="tai")
    out["seconds"] = TimeDelta(count * 1.5, format="sec")
    out["some"] = SkyCoord(Masked(deg, mask=[True, False, False]), deg)
    out["gcrs"] = SkyCoord(deg, deg, frame="gcrs", obstime="J2010")
    out["altaz"] = SkyCoord(deg, deg, frame="altaz", obstime=Time(count + 50000.0, format="mjd"), location=place)
    out["xyz"] = SkyCoord(count + 1.0, count + 2.0, count + 3.0, unit="kpc", representation_type="cartesian", frame="galactic")
    out["fk4"] = SkyCoord(deg, deg, frame="fk4", equinox="B1960", obstime="J1980.5")
    out["super"] = SkyCoord(sgl=deg, sgb=deg, frame="supergalactic")
    out["ecliptic"] = SkyCoord(deg, deg, frame="barycentricmeanecliptic", equinox="J2015.5")
    out["velocity"] = SkyCoord(deg, deg, 3 * u.pc + count * u.pc, radial_velocity=count * u.km / u.s, frame="icrs")
    out["record"] = np.array([(1, [2.0, 3.0], "a"), (3, [4.0, np.inf], "b c"), (5, [0.1, -1e-300], "z")], dtype=[("a", "i4"), ("b", "f8", (2,)), ("c", "U3")])
    out["mixin"] = np.array([(1, 2.0), (3, 4.0), (5, 6.0)], dtype=[("a", "i4"), ("b", "f8")]).view(NdarrayMixin)
    out["cube"] = Column(np.arange(18.0).reshape(3, 2, 3) * 0.1, description="a cube", unit="adu")
    out["missing"] = MaskedColumn(np.arange(6).reshape(3, 2), mask=[[0, 1], [0, 0], [1, 1]])
    out["words"] = np.array([["a", 'b"c'], ["", "d,e"], ["\u00e9", "]"]])
    out["truths"] = np.array([[True, False], [False, False], [True, True]])
    out["matrix"] = count[:, None] * u.m / u.s + [0.5, 1.5] * u.m / u.s
    out["complex"] = (count + 1e-7j).astype("c8")
    out["none"] = count * u.dimensionless_unscaled
    out["#1, \"odd\"\u00e9"] = Column(count.astype("u8") + 2**63, description="line 1\nline 2: {x}", meta={"k": "v", "n": [1, 2]})
    # Readers of ECSV take blanks at the end of a text off, and in records empty text for "0".
    out.meta = {"number": 5, "float": 1e20, "small": -2.5e-9, "text": "it's # \u00fc\n", "true": True, "none": None, "list": [1, 2.5, "x"],
                "comments": ["one", "two"], "sub": {"k": [1, None, True], "l": {"m": "n"}}, "quantity": 3.5 * u.m / u.s, "unit": u.km,
                "time": Time("2020-01-01T00:00:00.500", scale="tt"), "array": np.arange(3.0), "no": float("nan")}
    return out


def same_ecsv(one, two, place):
    """A table and what was read of its ECSV: all of `same`, and what FITS does not keep."""
    assert one.colnames == two.colnames, (place, one.colnames, two.colnames)
    for name in one.colnames:
        left, right = one[name], two[name]
        try:
            if getattr(getattr(right, "dtype", None), "kind", "") == "O":
                # Arrays of different lengths, which the tree has as masked rows of the longest.
                values, mask = parts(left)
                same_cells(right, values, mask)
                assert str(left.unit or "") == str(right.unit or "")
                continue
            kinds = [type(column).__name__.removeprefix("Masked") for column in (left, right)]
            assert kinds[0] == kinds[1], kinds
            if isinstance(left, (Time, TimeDelta)):
                assert left.format == right.format and left.scale == right.scale, (left, right)
            if isinstance(left, Time):
                same_times(left, right)
            elif isinstance(left, SkyCoord):
                assert left.frame.name == right.frame.name and left.representation_type is right.representation_type
                masks = [np.asarray(getattr(sky.data, "mask", False)) for sky in (left, right)]
                assert np.array_equal(np.broadcast_to(masks[0], left.shape), np.broadcast_to(masks[1], left.shape)), masks
                if not masks[0].any():
                    same_positions(left, right)
            elif isinstance(left, (Column, NdarrayMixin)) and left.dtype.names:
                assert left.dtype == right.dtype and all(np.array_equal(left[field], right[field]) for field in left.dtype.names), (left, right)
            else:
                same_columns(left, right)
        except AssertionError as error:
            raise AssertionError(f"{place}, column {name}: {error}") from error
    metas = [dict(table.meta) for table in (one, two)]
    assert list(map(str, metas[0])) == list(map(str, metas[1])), (place, metas)
    for key in metas[0]:
        left, right = (meta[key] for meta in metas)
        if isinstance(left, Time):
            same_times(left, right)
        else:
            assert type(left) is type(right) and (np.array_equal(left, right) or left != left), (place, key, left, right)


def own_ecsv(table, folder):
    """What astropy reads of its own ECSV; `None` of a table that it does not write."""
    path = folder / "own.ecsv"
    try:
        table.write(path, overwrite=True, delimiter=",")
        return type(table).read(path)
    except (TypeError, ValueError):
        return None


FRAMES = {"icrs": "ICRS", "fk5": "eq_FK5", "fk4": "eq_FK4", "galactic": "galactic", "supergalactic": "supergalactic"}
ORIGINS = {"jd": "JD-origin", "mjd": "MJD-origin", "unix": 2440587.5, "cxcsec": 2450814.5, "gps": 2444244.5 + 19 / 86400}


def same_votable(table, path, place):
    """The columns of a VOTable by name, and the systems that they refer to."""
    parsed = votable.parse(path, verify="exception")
    resource = parsed.resources[0]
    systems = {system.ID: system for system in list(resource.coordinate_systems) + list(resource.time_systems)}
    found = resource.tables[0]
    fields = {field.name: field for field in found.fields}
    columns = found.to_table(use_names_over_ids=True)
    for name in table.colnames:
        column = table[name]
        where = (place, name)
        if isinstance(column, SkyCoord):
            frame = column.frame.name
            longitude = name + "." + next(iter(column.representation_component_names))
            field = fields[longitude]
            assert (field.ref is None) == (frame not in FRAMES), where
            if field.ref:
                system = systems[field.ref]
                assert system.system == FRAMES[frame], where
                if hasattr(column, "equinox") and frame.startswith("fk"):
                    assert Time(system.equinox) == column.equinox, where
            values = getattr(column, longitude.rpartition(".")[2])
            there = ~np.asarray(getattr(values, "mask", np.zeros(len(column), bool)))
            values = np.asarray(getattr(values, "unmasked", values).value)
            # Astropy computes a longitude from other components where there are motions.
            assert np.allclose(np.ma.getdata(columns[longitude])[there], values[there], rtol=1e-14, atol=0), where
        elif isinstance(column, TimeDelta):
            gap = (columns[f"{name}.jd1"] - column.jd1) + (columns[f"{name}.jd2"] - column.jd2)
            assert np.all(gap == 0), where
        elif isinstance(column, Time):
            if fields[name].ref is None:
                assert column.format == "decimalyear", where
                continue
            system = systems[fields[name].ref]
            assert system.timescale == column.scale.upper(), where
            assert (system.refposition == "TOPOCENTER") == (column.location is not None), where
            if column.format in ORIGINS:
                origin = ORIGINS[column.format]
                assert system.timeorigin == origin or abs(system.timeorigin - origin) < 1e-9, where
                assert np.array_equal(np.ma.filled(columns[name], 0), np.ma.filled(column.value, 0)), where
            elif column.format in ("isot", "yday"):
                again = Time(np.asarray(columns[name], dtype=str), format=column.format, scale=column.scale)
                assert np.all(np.abs((again - Time(column, location=None)).to_value("s")) < 2e-10), where
        elif isinstance(column, EarthLocation):
            assert np.array_equal(columns[f"{name}.z"], column.z.value), where
        elif getattr(column, "dtype", None) is not None and not column.dtype.names and column.dtype.kind != "O":
            told = column.info.description
            if name not in fields:
                if column.size == 0:
                    continue
                values, mask = parts(column)
                assert np.array_equal(columns[f"{name}[1]"][~mask[:, 1]].astype(values.dtype), values[:, 1][~mask[:, 1]]), where
                continue
            assert (fields[name].description or "").split() == (told or "").split(), where
            if columns[name].dtype == object and column.ndim > 1:
                same_cells(np.ma.getdata(columns[name]), *parts(column))
                continue
            (values, mask), (others, other_mask) = parts(column), parts(columns[name])
            empty = np.isnan(values) if values.dtype.kind in "fc" else values == "" if values.dtype.kind in "U" else values == b"" if values.dtype.kind == "S" else mask
            assert np.array_equal(mask | empty, other_mask | empty), where
            if values.dtype.kind in "SU":
                values, others = values.astype("U"), others.astype("U")
            there = ~(mask | empty)
            assert np.array_equal(values[there], others[there].astype(values.dtype)), where
    params = {param.name: param.value for param in found.params}
    for key, value in table.meta.items():
        if isinstance(value, (int, float, str)) and value == value:
            assert params[str(key)] == value, (place, key, params)


def as_text(binary, path, key, table, place, folder):
    """A table of a tree, or of a FITS file, as ECSV and as VOTable."""
    ecsv, vot = folder / "t.ecsv", folder / "t.vot"
    choice = ["--path", key] if key else []
    run(binary, "convert", path, ecsv, "--force", *choice)
    found = type(table).read(ecsv)
    if not len(table):
        # Astropy reads no ECSV with arrays in the cells of no rows, also none of its own.
        assert len(found) == 0, place
        return
    same_ecsv(table, found, f"{place} as ECSV")
    reference = own_ecsv(table, folder)
    if reference is not None:
        for name in reference.colnames:
            if getattr(found[name], "dtype", None) == object:
                continue
            assert type(reference[name]) is type(found[name]), (place, name, type(reference[name]), type(found[name]))
            units = [getattr(one[name], "unit", None) for one in (reference, found)]
            assert isinstance(found[name], SkyCoord) or units[0] == units[1], (place, name, units)
    run(binary, "convert", path, vot, "--force", *choice)
    same_votable(table, vot, f"{place} as VOTable")


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
            written = one if is_fits else path
            tree = asdf.open(written, lazy_load=False).tree
            keys = [key for key, table in tree.items() if isinstance(table, Table)]
            numbers = numbers_of_tables(path) if is_fits else [None] * len(keys)
            for key, number in zip(keys, numbers, strict=True):
                as_text(binary, written, key, tree[key], f"{path.name}, table {key}", Path(folder))
                count += 2
                if is_fits:
                    direct = Path(folder) / "direct.ecsv"
                    run(binary, "convert", path, direct, "--force", "--path", f"fits/{number}/data")
                    assert direct.read_bytes() == (Path(folder) / "t.ecsv").read_bytes(), (path, number)
            print(f"{path.name}: {len(own)} tables are the same as ASDF, FITS, ECSV and VOTable")
        table = kinds()
        path = Path(folder) / "kinds.asdf"
        asdf.AsdfFile({"kinds": table}).write_to(path)
        as_text(binary, path, "kinds", asdf.open(path, lazy_load=False)["kinds"], "columns of many kinds", Path(folder))
        count += 2
    print(f"{count} comparisons, no difference")


main()
