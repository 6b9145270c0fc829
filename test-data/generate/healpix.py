"""Writes healpix.json: positions with their nested HEALPix cells, and polygons with the cells that they touch.

    python test-data/generate/healpix.py

Needs astropy-healpix and numpy; run alone, not by all.py.
"""

import json
from pathlib import Path

import astropy.units as u
import numpy as np
from astropy_healpix import HEALPix

OUT = Path(__file__).resolve().parent.parent / "healpix.json"
ORDERS = [0, 1, 5, 9, 13, 29]
STEPS = 200  # along each side of a polygon, and inwards


def positions(random):
    longitudes = random.uniform(0, 360, 160)
    latitudes = np.degrees(np.arcsin(random.uniform(-1, 1, 160)))
    # The poles, their surroundings and the borders of the equatorial region.
    longitudes = np.concatenate([longitudes, random.uniform(0, 360, 40), [0, 0, 359.99999]])
    near = np.concatenate([90 - 10 ** random.uniform(-7, 0, 20), 41.8 + random.uniform(-0.1, 0.1, 20)])
    return longitudes, np.concatenate([latitudes, near, [89.0, -89.0, 1e-9]])


def vectors(lon, lat):
    lon, lat = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], -1)


def angles(points):
    x, y, z = points.T
    return np.degrees(np.arctan2(y, x)) % 360, np.degrees(np.arctan2(z, np.hypot(x, y)))


def inside(corners):
    """Points all over a convex polygon, its edge with them."""
    corner = vectors(*np.array(corners).T)
    centre = corner.mean(0)
    part = np.linspace(0, 1, STEPS)
    points = []
    for a, b in zip(corner, np.roll(corner, -1, 0)):
        edge = a + (b - a) * part[:, None]
        points.append((centre + (edge[:, None] - centre) * part[None, :, None]).reshape(-1, 3))
    return angles(np.concatenate(points))


def polygon(random, size):
    """Four corners around a position, as those of a camera that is turned."""
    lon, lat = random.uniform(0, 360), np.degrees(np.arcsin(random.uniform(-0.999, 0.999)))
    turn = random.uniform(0, 360)
    around = turn + np.array([0, 90, 180, 270]) + random.uniform(-10, 10, 4)
    distance, angle = np.radians(size), np.radians(around)
    centre = vectors(lon, lat)
    east = np.cross([0, 0, 1], centre)
    east /= np.linalg.norm(east)
    north = np.cross(centre, east)
    corner = (
        np.cos(distance) * centre
        + np.sin(distance) * (np.sin(angle)[:, None] * east + np.cos(angle)[:, None] * north)
    )
    return [[float(a), float(b)] for a, b in zip(*angles(corner))]


def main():
    random = np.random.default_rng(20261128)
    longitudes, latitudes = positions(random)
    cells = {}
    for order in ORDERS:
        grid = HEALPix(nside=2**order, order="nested")
        cells[order] = grid.lonlat_to_healpix(longitudes * u.deg, latitudes * u.deg).tolist()
    grid = HEALPix(nside=2**9, order="nested")
    polygons = []
    for size in [0.01, 0.09, 0.09, 0.09, 0.3, 0.3, 1.0, 1.0, 2.5]:
        corners = polygon(random, size)
        lon, lat = inside(corners)
        touched = np.unique(grid.lonlat_to_healpix(lon * u.deg, lat * u.deg))
        around = np.unique(grid.neighbours(touched))
        centre = angles(vectors(*np.array(corners).T).mean(0)[None])
        polygons.append(
            {
                "corners": corners,
                "centre": [float(centre[0][0]), float(centre[1][0])],
                "touched": touched.tolist(),
                "around": sorted(set(around.tolist()) - set(touched.tolist()) - {-1}),
                "inside": [[float(lon[i]), float(lat[i])] for i in random.integers(0, len(lon), 20) if i % STEPS < 190],
            }
        )
    document = {
        "longitudes": longitudes.tolist(),
        "latitudes": latitudes.tolist(),
        "cells": {str(order): numbers for order, numbers in cells.items()},
        "polygons": polygons,
    }
    OUT.write_text(json.dumps(document, separators=(",", ":")).replace("],", "],\n") + "\n")


if __name__ == "__main__":
    main()
