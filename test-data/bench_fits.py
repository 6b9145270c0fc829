"""Times reading and converting FITS files: ours, astropy, cfitsio, in turn.

    cargo build --release -p asdfkit
    cargo bench --no-run -p asdfkit-core --bench read_fits    # names its PROGRAM
    venv/bin/python test-data/bench_fits.py target/release/asdf PROGRAM [ROUNDS]

Makes in a temporary folder: a 64 MiB float32 image, a 100 MB binary table, a quantised RICE-compressed image of 4096²
pixels, and a 300 MB product as JWST has them (two float32 images, one uint32 image, an ASDF tree). cfitsio is compiled
in from the system (`libcfitsio-dev`, `libssl-dev`); it has no ASDF, so that for the conversion it copies the pixels to a
file, without and with the MD5 that each block of an ASDF file has.
All have their values as native numbers in memory at the end; files are in the page cache.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import asdf
import numpy as np
from astropy.io import fits
from stdatamodels import asdf_in_fits

warnings.simplefilter("ignore")
HERE = Path(__file__).resolve().parent


def make(folder):
    numbers = np.random.default_rng(1)
    side = 4096
    image = numbers.normal(100, 5, (side, side)).astype("f4")
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(image)]).writeto(folder / "image.fits")
    fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(image, compression_type="RICE_1")]).writeto(folder / "rice.fits")
    rows = 100_000_000 // 38
    table = np.zeros(rows, dtype=[("A", "f8"), ("B", "f8"), ("C", "f4"), ("D", "f4"), ("E", "i4"), ("F", "i8"), ("G", "i2")])
    for name in table.dtype.names:
        table[name] = numbers.integers(0, 10_000, rows)
    fits.BinTableHDU(table).writeto(folder / "table.fits")
    side = 5000
    data = numbers.normal(100, 5, (side, side)).astype("f4")
    hdus = fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(data, name="SCI"), fits.ImageHDU(data / 10, name="ERR")])
    hdus.append(fits.ImageHDU(numbers.integers(0, 2**31, (side, side), dtype="u4"), name="DQ"))
    tree = {"data": hdus[1].data, "err": hdus[2].data, "dq": hdus[3].data, "meta": {"instrument": {"name": "NIRCAM"}}}
    asdf_in_fits.write(str(folder / "product.fits"), tree, hdus)


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def printed(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=True)
    return [tuple(map(float, line.split())) for line in done.stdout.splitlines()]


def astropy_image(path):
    with fits.open(path) as hdus:
        return hdus[1].data.astype("=f4").ravel()[::997].sum(dtype="f8")


def astropy_table(path):
    with fits.open(path) as hdus:
        data = hdus[1].data
        columns = [data[name].astype(data[name].dtype.newbyteorder("=")) for name in data.names]
        return columns[0][::997].sum()


def astropy_convert(path, out):
    with asdf_in_fits.open(str(path)) as file:
        tree = {key: np.asarray(value) if hasattr(value, "dtype") else value for key, value in file.tree.items()}
        asdf.AsdfFile(tree).write_to(out)


def main():
    asdf_command, read_fits, *rest = sys.argv[1:]
    rounds = int(rest[0]) if rest else 7
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        make(folder)
        reader = folder / "read"
        cfitsio = not subprocess.run(["cc", "-O3", "-o", reader, HERE / "bench_fits/read.c", "-lcfitsio", "-lcrypto", "-lm"], check=False).returncode
        print("cfitsio: none" if not cfitsio else "cfitsio: as installed")
        found = {}

        def note(job, who, seconds):
            found.setdefault(job, {}).setdefault(who, []).append(seconds)

        for turn in range(rounds):
            for job, theirs in (("image", astropy_image), ("rice", astropy_image), ("table", astropy_table)):
                path = folder / f"{job}.fits"
                ours, sum_ours = printed(read_fits, "table" if job == "table" else "image", path, 1)[0]
                note(job, "ours", ours)
                start = time.perf_counter()
                sum_theirs = theirs(path)
                note(job, "astropy", time.perf_counter() - start)
                assert abs(sum_ours - sum_theirs) <= 1e-6 * abs(sum_theirs), (job, sum_ours, sum_theirs)
                if cfitsio:
                    seconds, sum_c = printed(reader, job, path, 1)[0]
                    note(job, "cfitsio", seconds)
                    assert abs(sum_c - sum_theirs) <= 1e-6 * abs(sum_theirs), (job, sum_c, sum_theirs)
            path, out = folder / "product.fits", folder / "product.asdf"
            works = {
                "ours": lambda: subprocess.run([asdf_command, "convert", path, out], check=True),
                "astropy": lambda: astropy_convert(path, out),
                "cfitsio, copy": lambda: printed(reader, "copy", path, 1, out),
                "cfitsio, MD5": lambda: printed(reader, "sum", path, 1, out),
            }
            # In turns, as whoever writes first finds the disk idle.
            names = [name for name in works if cfitsio or not name.startswith("cfitsio")]
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                out.unlink(missing_ok=True)
                note("convert", name, timed(works[name]))
    for job, times in found.items():
        parts = [f"{who} {min(seconds) * 1e3:7.1f} / {statistics.median(seconds) * 1e3:7.1f} ms" for who, seconds in times.items()]
        print(f"{job:8} (fastest / median)  " + "   ".join(parts))


if __name__ == "__main__":
    main()
