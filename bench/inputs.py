"""Makes the files that are measured: inputs.py FOLDER. Needs asdf, astropy and numpy; what is there already is left alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import asdf
import numpy
from astropy.io import fits

DATA = Path(__file__).resolve().parent.parent / "test-data"


def image(shape, seed):
    """Sky, stars and noise, as float32: what compresses as real exposures do."""
    random = numpy.random.default_rng(seed)
    data = random.normal(100.0, 5.0, shape).astype("f4")
    spots = random.integers(0, data.size, data.size // 500)
    data.ravel()[spots] += random.exponential(3000.0, spots.size).astype("f4")
    return numpy.round(data * 8) / numpy.float32(8)


def arrays(path, count, shape, codec=None):
    tree = {f"data{number}": image(shape, number) for number in range(count)}
    asdf.AsdfFile(tree).write_to(path, all_array_compression=codec)


def mappings(path, count=100_000):
    lines = ["#ASDF 1.0.0", "#ASDF_STANDARD 1.5.0", "%YAML 1.1", "%TAG ! tag:stsci.edu:asdf/", "--- !core/asdf-1.1.0", "items:"]
    lines += [f"- {{id: {number}, name: source_{number}, flux: {number * 0.25}, flag: false}}" for number in range(count)]
    path.write_text("\n".join([*lines, "...", ""]))


def many(folder, count=500):
    folder.mkdir(exist_ok=True)
    content = (DATA / "made" / "roman_exposure.asdf").read_bytes()
    for number in range(count):
        (folder / f"r{number:06}.asdf").write_bytes(content)


def big_json(path, size=68_000_000):
    rows, length = [], 0
    while length < size:
        number = len(rows)
        rows.append({"id": number, "name": f"source {number}", "ra": number * 0.001, "dec": -number * 0.0005, "flags": [1, 2, number % 7], "ok": number % 2 == 0, "meta": {"filter": "F158", "exptime": 139.8}})
        length += 160
    path.write_text(json.dumps({"rows": rows}))


def columns(count=1_000_000):
    random = numpy.random.default_rng(7)
    return {
        "id": numpy.arange(count, dtype="i8"),
        "ra": random.uniform(0, 360, count),
        "dec": random.uniform(-90, 90, count),
        "mag": random.normal(20, 2, count).astype("f4"),
        "flag": random.integers(0, 2, count).astype(bool),
        "band": random.choice(["F062", "F087", "F106", "F158"], count),
    }


def table(path):
    from astropy.table import Table

    Table(columns()).write(path, format="fits")


def big_csv(path):
    from astropy.table import Table

    Table(columns()).write(path, format="ascii.csv")


def sip(path):
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN-SIP", "DEC--TAN-SIP"
    header["CRPIX1"], header["CRPIX2"] = 2048.0, 2048.0
    header["CRVAL1"], header["CRVAL2"] = 150.1, 2.2
    header["CD1_1"], header["CD1_2"], header["CD2_1"], header["CD2_2"] = -1.1e-5, 2e-7, 2e-7, 1.1e-5
    header["A_ORDER"] = header["B_ORDER"] = 4
    for name, scale in (("A", 1.0), ("B", -0.7)):
        for p in range(5):
            for q in range(5 - p):
                if p + q > 1:
                    header[f"{name}_{p}_{q}"] = scale * 3e-6 * 10.0 ** (-4 * (p + q - 2))
    fits.PrimaryHDU(numpy.zeros((8, 8), "f4"), header).writeto(path)


MADE = {
    "roman.asdf": lambda path: shutil.copy(DATA / "made" / "roman_exposure.asdf", path),
    "detector.asdf": lambda path: shutil.copy(DATA / "wcs" / "detector.asdf", path),
    "mappings.asdf": mappings,
    "many": many,
    "raw6.asdf": lambda path: arrays(path, 6, (3535, 3535)),
    "raw64.asdf": lambda path: arrays(path, 64, (1024, 1024)),
    "lz4.asdf": lambda path: arrays(path, 6, (3535, 3535), "lz4"),
    "raw6.lz4": lambda path: subprocess.run(["lz4", "-q", path.parent / "raw6.asdf", path], check=True),
    "big.json": big_json,
    "big.csv": big_csv,
    "table.fits": table,
    "image.fits": lambda path: fits.PrimaryHDU(image((8192, 8192), 3)).writeto(path),
    "sip.fits": sip,
}


def make(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, maker in MADE.items():
        path = folder / name
        if path.exists():
            continue
        part = path.with_name("part-" + name)
        if part.is_dir():
            shutil.rmtree(part)
        part.unlink(missing_ok=True)
        maker(part)
        os.replace(part, path)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
