"""What the Python packages do in the comparison, one job a call: python_jobs.py JOB FILE... [OUT]. `--asdfkit JOB` does it with ours."""

import sys


def opened(names):
    import asdf

    for name in names:
        with asdf.open(name) as file:
            yield file


def open_all(*names):
    count = sum(1 for _ in opened(names))
    print(count)


def info(name):
    import asdf

    asdf.info(name)


def table(*names):
    import csv

    out = csv.writer(sys.stdout)
    for file in opened(names):
        meta = file["roman"]["meta"]
        out.writerow([meta["exposure"]["exposure_time"], meta["instrument"]["detector"], meta["filename"]])


def validate(*names):
    for file in opened(names):
        file.validate()


def checksums(name):
    import asdf

    with asdf.open(name, validate_checksums=True, lazy_load=False) as file:
        print(len(file.tree))


def load(name):
    import asdf
    import numpy

    with asdf.open(name) as file:
        print(sum(numpy.asarray(value).nbytes for value in file.tree.values() if hasattr(value, "dtype")))


def write(name, out, codec):
    import asdf

    with asdf.open(name) as file:
        if codec == "input":
            tree = {key: value[:] if hasattr(value, "dtype") else value for key, value in file.tree.items()}
            asdf.AsdfFile(tree).write_to(out, all_array_compression=None)
        else:
            file.write_to(out, all_array_compression=codec)


def window(name):
    import asdf

    with asdf.open(name) as file:
        print(file["data0"][2000:2100, 2000:2100])


def stats(name):
    import numpy

    for file in opened([name]):
        for key, value in file.tree.items():
            if hasattr(value, "dtype"):
                values = numpy.asarray(value)
                parts = numpy.percentile(values, [1, 5, 25, 50, 75, 95, 99])
                print(key, values.min(), values.max(), values.mean(dtype="f8"), values.std(dtype="f8"), parts)


def json_to_asdf(name, out):
    import json

    import asdf

    with open(name) as text:
        asdf.AsdfFile(json.load(text)).write_to(out)


def csv_to_asdf(name, out):
    import asdf
    from astropy.table import Table

    asdf.AsdfFile({"table": Table.read(name, format="ascii.csv")}).write_to(out)


def fits_csv(name, out):
    from astropy.table import Table

    Table.read(name, hdu=1).write(out, format="ascii.csv", overwrite=True)


def fitsio_csv(name, out):
    import csv

    import fitsio

    rows = fitsio.read(name, ext=1)
    with open(out, "w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(rows.dtype.names)
        writer.writerows(row.tolist() for row in rows)


def fits_to_asdf(name, out):
    import asdf
    from astropy.io import fits

    with fits.open(name) as hdus:
        asdf.AsdfFile({"fits": hdus}).write_to(out)


def preview(name, out):
    import matplotlib

    matplotlib.use("Agg")
    from astropy.io import fits
    from astropy.visualization import ZScaleInterval
    from matplotlib import pyplot

    data = fits.getdata(name)
    low, high = ZScaleInterval().get_limits(data)
    pyplot.imsave(out, data[::8, ::8], vmin=low, vmax=high, origin="lower")


def grid(name, side):
    import asdf
    import numpy

    with asdf.open(name) as file:
        y, x = numpy.mgrid[: int(side), : int(side)].astype(float)
        ra, dec = file["wcs"](x, y)
        print(ra[-1, -1], dec[-1, -1])


def our_grid(name, side):
    import asdfkit

    ra, dec = asdfkit.open(name).wcs("wcs").grid((int(side), int(side)))
    print(ra[-1, -1], dec[-1, -1])


def fits_grid(name, side):
    import numpy
    from astropy.io import fits
    from astropy.wcs import WCS

    y, x = numpy.mgrid[: int(side), : int(side)].astype(float)
    ra, dec = WCS(fits.getheader(name)).all_pix2world(x, y, 0)
    print(ra[-1, -1], dec[-1, -1])


def our_fits_grid(name, side):
    import asdfkit

    ra, dec = asdfkit.open(name).wcs("fits/0/wcs").grid((int(side), int(side)))
    print(ra[-1, -1], dec[-1, -1])


JOBS = {
    "open": open_all,
    "info": info,
    "table": table,
    "validate": validate,
    "checksums": checksums,
    "load": load,
    "write": write,
    "window": window,
    "stats": stats,
    "json": json_to_asdf,
    "csv": csv_to_asdf,
    "fits-csv": fits_csv,
    "fitsio-csv": fitsio_csv,
    "fits-asdf": fits_to_asdf,
    "preview": preview,
    "grid": grid,
    "fits-grid": fits_grid,
}
OURS = {"grid": our_grid, "fits-grid": our_fits_grid}

if __name__ == "__main__":
    words = sys.argv[1:]
    jobs = JOBS
    if words[0] == "--asdfkit":
        jobs, words = OURS, words[1:]
    jobs[words[0]](*words[1:])
