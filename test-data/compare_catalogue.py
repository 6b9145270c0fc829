"""Compares the rows of `asdf index` with what Python asdf, gwcs and astropy say of the same files.

    python test-data/compare_catalogue.py target/debug/asdf [COUNT]

Exposures of generate/archive.py: footprints with gwcs (its corners, their middle, the circle around them, the pixel scale), cells with
astropy-healpix, and 25 columns with Python asdf, astropy.time and the file system. Needs asdf, asdf-astropy, gwcs, astropy-healpix, pyarrow.
"""

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import astropy.units as u
import numpy as np
import pyarrow.dataset
from astropy.coordinates import SkyCoord
from astropy.time import Time
from astropy_healpix import HEALPix

warnings.simplefilter("ignore")
COMMAND = Path(sys.argv[1]).resolve()
HERE = Path(__file__).resolve().parent
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 100
LEVELS = {"l1": 1, "l2": 2, "l3": 3, "l4": 4}


def expected(path):
    """The columns of a file, by other programs."""
    with asdf.open(path) as file:
        meta = file["roman"]["meta"]
        exposure = meta["exposure"]
        library = file["asdf_library"]
        status = os.stat(path)
        out = {
            "access_url": str(path),
            "file_size": status.st_size,
            "file_etag": f"{status.st_mtime_ns}-{status.st_size}-{status.st_ino}",
            "status": "ok",
            "asdf_standard": str(file.version),
            "asdf_library": library["name"],
            "asdf_library_version": library["version"],
            "n_blocks": path.read_bytes().count(b"\xd3BLK"),
            "calib_level": LEVELS[meta["product_type"]],
            "obs_id": meta["observation"]["observation_id"],
            "obs_title": meta["program"]["title"],
            "facility_name": meta["telescope"],
            "instrument_name": meta["instrument"]["name"],
            "filters": meta["instrument"]["optical_element"],
            "t_min": Time(exposure["start_time"]).mjd,
            "t_max": Time(exposure["end_time"]).mjd,
            "t_exptime": exposure["exposure_time"],
            "m.roman.meta.exposure.type": exposure["type"],
            "m.roman.meta.exposure.hga_move": exposure["hga_move"],
            "m.roman.meta.exposure.nresultants": exposure["nresultants"],
            "m.roman.meta.exposure.effective_exposure_time": exposure["effective_exposure_time"],
            "m.roman.meta.pointing.target_ra": meta["pointing"]["target_ra"],
            "m.roman.meta.pointing.target_dec": meta["pointing"]["target_dec"],
            "m.roman.meta.observation.program": meta["observation"]["program"],
            "m.roman.meta.visit.dither.executed_pattern": list(meta["visit"]["dither"]["executed_pattern"]),
            "m.roman.meta.filename": meta["filename"],
            "m.roman.meta.ref_file.crds.context": meta["ref_file"]["crds"]["context"],
            "s_xel1": file["roman"]["data"].shape[1],
            "s_xel2": file["roman"]["data"].shape[0],
        }
        return out, sky(meta["wcs"])


def sky(wcs):
    """Corners, middle, diameter and scale of a footprint."""
    corners = np.array(wcs.footprint(center=False))
    points = SkyCoord(corners[:, 0], corners[:, 1], unit="deg")
    middle = points.cartesian.mean()
    middle = SkyCoord(middle, representation_type="cartesian").represent_as("unitspherical")
    centre = SkyCoord(middle.lon, middle.lat)
    (low, high), _ = wcs.bounding_box.bounding_box(order="F") if hasattr(wcs.bounding_box, "bounding_box") else wcs.bounding_box
    x = (low + high) / 2
    here = [SkyCoord(*wcs(x + dx, x + dy), unit="deg") for dx, dy in ((-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5))]
    scale = (here[0].separation(here[1]).arcsec + here[2].separation(here[3]).arcsec) / 2
    return corners, centre, 2 * centre.separation(points).max().deg, scale


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        archive = folder / "archive"
        command = [sys.executable, HERE / "generate/archive.py", archive, str(COUNT), "--fits", "0", "--broken", "0"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([COMMAND, "index", archive, "-o", folder / "cat"], check=True, stdout=subprocess.DEVNULL)
        rows = pyarrow.dataset.dataset(folder / "cat/files").to_table().to_pylist()
        found = {row["access_url"]: row for row in rows}
        files = sorted(archive.rglob("*.asdf"))
        assert len(rows) == len(files) == COUNT, (len(rows), len(files))
        worst = {"corner": 0.0, "centre": 0.0, "diameter": 0.0, "scale": 0.0}
        columns, cells = set(), 0
        finest, coarse = HEALPix(nside=2**29, order="nested"), HEALPix(nside=2**9, order="nested")
        for path in files:
            row = found[str(path)]
            values, (corners, centre, diameter, scale) = expected(path)
            columns |= set(values)
            for name, value in values.items():
                same = row[name] == value if not isinstance(value, float) else abs(row[name] - value) <= 1e-9
                assert same, (path, name, row[name], value)
            words = row["s_region"].split()
            assert words[:2] == ["POLYGON", "ICRS"], words
            polygon = np.array(words[2:], float).reshape(-1, 2)
            here = SkyCoord(*polygon.T, unit="deg")
            there = SkyCoord(*corners.T, unit="deg")
            worst["corner"] = max(worst["corner"], here.separation(there).deg.max())
            own = SkyCoord(row["s_ra"], row["s_dec"], unit="deg")
            worst["centre"] = max(worst["centre"], own.separation(centre).deg)
            worst["diameter"] = max(worst["diameter"], abs(row["s_fov"] - diameter))
            worst["scale"] = max(worst["scale"], abs(row["s_pixel_scale"] - scale) / scale)
            # At order 29 a cell is 0.4 mas: the place that the row itself gives.
            assert row["_healpix_29"] == finest.lonlat_to_healpix(row["s_ra"] * u.deg, row["s_dec"] * u.deg), path
            # Points of the image on a grid: their cells are all listed.
            parts = np.linspace(0, 1, 21)
            a, b = np.meshgrid(parts, parts)
            vectors = [there[number].cartesian.xyz.value for number in range(4)]
            inside = sum(
                weight[..., None] * vector
                for weight, vector in zip(((1 - a) * (1 - b), (1 - a) * b, a * b, a * (1 - b)), vectors)
            )
            inside /= np.linalg.norm(inside, axis=-1, keepdims=True)
            lon = np.arctan2(inside[..., 1], inside[..., 0]) * u.rad
            lat = np.arcsin(inside[..., 2]) * u.rad
            touched = set(coarse.lonlat_to_healpix(lon.ravel(), lat.ravel()).tolist())
            assert touched <= set(row["healpix_cells"]), path
            cells += len(touched)
        for name, limit in {"corner": 1e-9, "centre": 1e-9, "diameter": 1e-9, "scale": 1e-6}.items():
            assert worst[name] <= limit, (name, worst[name])
        print(f"{len(rows)} files: {len(columns)} columns equal; {cells} cells listed; greatest differences:", end=" ")
        print(", ".join(f"{name} {value:.1e}" for name, value in worst.items()))


if __name__ == "__main__":
    main()
