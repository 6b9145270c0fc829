"""FITS files and ASDF files of trees whose values are header cards as well, as stdatamodels writes both; run alone.

    venv/bin/python test-data/generate/jwst_keywords.py [--check]      # writes ../fits/jwst/

The schemas in `../fits/jwst/schemas` are made for these tests; they have the URIs of those of the mission, few keys, and titles of
their own. Needs stdatamodels 6, asdf 6 and astropy 8.
"""

import argparse
import filecmp
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.utils.exceptions import AstropyWarning
from stdatamodels import DataModel

HERE = Path(__file__).resolve().parent.parent / "fits" / "jwst"
BASE = "http://stsci.edu/schemas/jwst_datamodel/"
asdf.get_config().add_resource_mapping(
    {BASE + path.stem: path.read_bytes() for path in sorted((HERE / "schemas").glob("*.yaml"))}
)


class ImageModel(DataModel):
    schema_url = BASE + "image.schema"


class MultiSlitModel(DataModel):
    schema_url = BASE + "multislit.schema"


def common(model):
    meta = model.meta
    meta.telescope = "JWST"
    meta.date = "2027-03-14T15:09:26.535"
    meta.instrument.name = "NIRCAM"
    meta.instrument.filter = "O'Brien''s"
    meta.instrument.is_ready = True
    meta.exposure.count = 3
    meta.exposure.time = 107.5
    meta.exposure.mid = -1.2345678901234567e-05
    meta.exposure.note = "text that goes on and on " * 5
    meta.unknown = None
    meta.plain = "NIRCAM"


def image():
    model = ImageModel()
    common(model)
    model.data = np.arange(20, dtype="f4").reshape(4, 5) / 8
    model.dq = np.arange(20, dtype="u4").reshape(4, 5)
    model.meta.bunit_data = "MJy/sr"
    model.meta.target.ra = 83.633083
    model.meta.target.dec = -22.0145
    model.meta.order = 2
    model.extra_fits = {
        "PRIMARY": {"header": [["OTHER", 4.5, "a card that no schema knows"], ["AGAIN", 1, ""], ["AGAIN", 2, ""]]},
        "MORE": {"data": np.arange(6, dtype="i2").reshape(2, 3), "header": [["UNIT", "s", "unit of MORE"]]},
    }
    return model


def slits():
    model = MultiSlitModel()
    common(model)
    for number in range(3):
        model.slits.append(
            {
                "name": f"S{200 + number}A1",
                "number": number + 1,
                "data": np.full((2, 3), number, dtype="f4"),
                "meta": {"ra": 10.25 + number},
            }
        )
    return model


def make(folder):
    warnings.simplefilter("ignore", AstropyWarning)
    for name, model in (("image", image()), ("slits", slits())):
        # Under a path that is not text the name of the file stays.
        model.meta.filename = f"{name}.fits"
        model.to_fits(folder / f"{name}.fits")
        model.to_asdf(folder / f"{name}.asdf")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true", help="compare with the files that are there")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder)
        made = sorted(folder.iterdir())
        if check:
            other = [path.name for path in made if not filecmp.cmp(path, HERE / path.name, shallow=False)]
            sys.exit(f"differ: {other}" if other else 0)
        for path in made:
            (HERE / path.name).write_bytes(path.read_bytes())
            print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
