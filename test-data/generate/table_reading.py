"""Holds `asdf table` against astropy and a script over the same files.

    python test-data/generate/table_reading.py path/to/asdf FOLDER

The VOTable and the ECSV must be read back by astropy with the values, types, units and masks that the files have by the
Python reference.
"""

import io
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.io.votable import parse_single_table
from astropy.table import Table

warnings.simplefilter("ignore")
COLUMNS = {
    "exptime": "roman.meta.exposure.exposure_time",
    "resultants": "roman.meta.exposure.nresultants",
    "truncated": "roman.meta.exposure.truncated",
    "type": "roman.meta.exposure.type",
    "start": "roman.meta.exposure.start_time",
    "extra": "roman.meta.extra",
}


def find(tree, path):
    for key in path.split("."):
        try:
            tree = tree[key]
        except (KeyError, TypeError):
            return None
    return tree


def main():
    command, folder = sys.argv[1], Path(sys.argv[2])
    files = sorted(folder.glob("*.asdf"))
    keys = ",".join(f"{name}={path}" for name, path in COLUMNS.items())
    rows = []
    for file in files:
        with asdf.open(file, lazy_load=True) as opened:
            rows.append([find(opened.tree, path) for path in COLUMNS.values()])
    read = {}
    for form in ["votable", "ecsv"]:
        done = subprocess.run([command, "table", "-k", keys, "--to", form, *map(str, files)], capture_output=True)
        assert done.returncode == 0, done.stderr
        if form == "ecsv":
            read[form] = Table.read(done.stdout.decode(), format="ascii.ecsv")
        else:
            with tempfile.NamedTemporaryFile(suffix=".xml") as file:
                file.write(done.stdout)
                file.flush()
                read[form] = parse_single_table(file.name).to_table()
    for form, table in read.items():
        assert len(table) == len(files), form
        assert list(table["file"]) == [str(file) for file in files], form
        for column, name in enumerate(COLUMNS):
            for row, values in enumerate(rows):
                value, cell = values[column], table[name][row]
                if value is None:
                    assert np.ma.is_masked(cell) or cell == "", (form, name, row, cell)
                elif isinstance(value, (bool, int, float)):
                    assert cell == value, (form, name, row, cell, value)
                elif name == "start":
                    assert str(cell).startswith(str(getattr(value, "isot", value))[:19]), (form, cell, value)
                else:
                    assert str(cell) == str(value), (form, name, row, cell, value)
        print(form, {name: str(table[name].dtype) for name in COLUMNS}, "as by the reference,", len(table), "rows")
    assert read["ecsv"]["exptime"].dtype == float and read["ecsv"]["resultants"].dtype == np.int64
    assert read["votable"]["exptime"].dtype == float and read["votable"]["resultants"].dtype == np.int64


main()
