"""Contours of `image/sky.asdf` and of a grid with saddles and missing values, as contourpy has them.

    venv/bin/python test-data/generate/contours.py

Needs asdf, contourpy and numpy. Cells with a missing corner are left out (`corner_mask=False`).
"""

import json
from pathlib import Path

import asdf
import contourpy
import numpy as np

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "image" / "contours.json"


def segments(values, level):
    values = np.ma.masked_invalid(np.asarray(values, dtype="f8"))
    made = contourpy.contour_generator(z=values, corner_mask=False, line_type="Separate")
    lines = made.lines(level)
    return [[a.tolist(), b.tolist()] for line in lines for a, b in zip(line[:-1], line[1:])]


def main():
    with asdf.open(HERE / "image" / "sky.asdf") as file:
        sky = np.array(file["roman"]["data"], dtype="f8")
    grid = np.random.default_rng(3).integers(0, 9, (9, 11)).astype("f8") / 2
    grid[4, 5] = grid[0, 0] = np.nan
    found = {
        "sky": {str(level): segments(sky, level) for level in (1.25, 1.5, 2.5)},
        "grid": {str(level): segments(grid, level) for level in (0.5, 1.7, 2.0, 3.1)},
        "values": [[None if np.isnan(value) else value for value in row] for row in grid],
    }
    OUT.write_text(json.dumps(found, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
