"""Makes a catalogue of many rows from one of few, to be merged and asked: python catalogue.py SOURCE FOLDER [COUNT] [--arrays]

Each part of FOLDER has the rows of SOURCE, a catalogue of one part that `asdf index` made, with places on the sky, times and names of their
own; `asdf index --merge -o FOLDER` then makes one part of them. Without --arrays files have no arrays. Needs pyarrow, numpy and
astropy-healpix. A million rows are some hundred MB: never committed.
"""

import argparse
from pathlib import Path

import astropy.units as u
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from astropy_healpix import HEALPix

FINEST = HEALPix(nside=2**29, order="nested")
COARSE = HEALPix(nside=2**9, order="nested")


def replaced(table, name, values):
    place = table.schema.get_field_index(name)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(values, field.type))


def part(table, arrays, number):
    """The rows with other places, and the rows of their arrays in the same order."""
    rng = np.random.default_rng(number)
    count = len(table)
    ra, dec = rng.uniform(0, 360, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))
    half = 0.06
    wide = half / np.cos(np.radians(np.clip(dec, -89, 89)))
    regions = [
        f"POLYGON ICRS {(a - w) % 360} {d - half} {(a - w) % 360} {d + half} {(a + w) % 360} {d + half} {(a + w) % 360} {d - half}"
        for a, d, w in zip(ra, np.clip(dec, -89.9, 89.9), wide)
    ]
    urls = np.array([f"/archive/{number:04d}/{row:06d}.asdf" for row in range(count)], object)
    cells = FINEST.lonlat_to_healpix(ra * u.deg, dec * u.deg)
    coarse = COARSE.lonlat_to_healpix(ra * u.deg, dec * u.deg)
    t_min = rng.uniform(61_400, 63_200, count)
    new = {
        "access_url": urls, "s_ra": ra, "s_dec": dec, "s_fov": np.full(count, 2 * half * 2**0.5), "s_region": regions,
        "_healpix_29": cells, "healpix_cells": [[cell] for cell in coarse.tolist()], "t_min": t_min, "t_max": t_min + 0.002,
        "obs_id": [f"{number:05d}{row:018d}" for row in range(count)],
        "m.roman.meta.pointing.target_ra": ra, "m.roman.meta.pointing.target_dec": dec,
        "m.roman.meta.exposure.exposure_time": rng.uniform(10, 400, count),
    }
    for name, values in new.items():
        table = replaced(table, name, values)
    starts = np.concatenate([[0], np.cumsum(table["n_arrays"].to_numpy())])
    if arrays is None:
        table = replaced(table, "n_arrays", np.zeros(count, "i4"))
    order = np.lexsort((urls.astype(str), cells))
    if arrays is not None:
        lengths = np.diff(starts)
        arrays = replaced(arrays, "access_url", np.repeat(urls, lengths))
        arrays = arrays.take(np.concatenate([np.arange(starts[row], starts[row + 1]) for row in order]))
    return table.take(order), arrays


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--arrays", action="store_true")
    args = parser.parse_args()
    tables = [pq.read_table(next((args.source / name).glob("part-*.parquet"))) for name in ("files", "arrays")]
    files, arrays = tables
    parts = -(-args.count // len(files))
    for name in ("files", "arrays"):
        (args.folder / name).mkdir(parents=True, exist_ok=True)
    left = args.count
    for number in range(parts):
        rows = files.slice(0, min(left, len(files)))
        own = arrays.slice(0, int(np.sum(rows["n_arrays"].to_numpy()))) if args.arrays else None
        rows, own = part(rows, own, number)
        own = arrays.slice(0, 0) if own is None else own
        for name, table in (("files", rows), ("arrays", own)):
            path = args.folder / name / f"part-{number + 1:04d}-of-{parts:04d}.parquet"
            # Items of lists have the name that Arrow gives them by itself.
            pq.write_table(table, path, compression="zstd", row_group_size=16_384, use_compliant_nested_type=False)
        left -= len(rows)
    print(f"{args.folder}: {args.count} rows in {parts} parts")


if __name__ == "__main__":
    main()
