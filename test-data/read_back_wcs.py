"""Lets Python's gwcs read WCS that the commands have written anew, and cutouts.

    venv/bin/python test-data/read_back_wcs.py BINARY FILE-or-FOLDER...

For each file with a WCS: `asdf convert` with all arrays moved into the tree, and through YAML, and `asdf cutout` of an image
must give a WCS that gwcs evaluates as before, forward and backward.
"""

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import asdf
import numpy as np
from gwcs import WCS

TOLERANCE = 1e-12


def find(tree):
    """The first WCS of a tree with its path."""
    found = []

    def look(path, value):
        if isinstance(value, WCS):
            found.append((path, value))
        elif isinstance(value, dict):
            for key, item in value.items():
                look([*path, key], item)
        elif hasattr(value, "items"):
            for key, item in value.items():
                look([*path, key], item)

    look([], tree)
    return found[0] if found else (None, None)


def load(path):
    with asdf.open(path, memmap=False, lazy_load=False) as file:
        place, wcs = find(file.tree)
        shape = None
        if wcs is not None and place and len(place) > 1:
            shape = None
    return place, wcs


def points(wcs):
    """Some pixels in the image, x first."""
    box = wcs.bounding_box
    sides = [(0.0, 60.0)] * wcs.pixel_n_dim
    if box is not None and hasattr(box, "bounding_box"):
        box = box.bounding_box(order="F")
        sides = [tuple(getattr(end, "value", end) for end in side) for side in (box if wcs.pixel_n_dim > 1 else [box])]
    random = np.random.default_rng(1)
    return [random.uniform(low, high, 25) for low, high in sides]


def values(result):
    result = result if isinstance(result, tuple) else (result,)
    return [np.asarray(getattr(column, "value", column), float) for column in result]


def same(name, what, ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        scale = np.maximum(1.0, np.abs(b))
        if not np.allclose(a / scale, b / scale, rtol=0, atol=TOLERANCE, equal_nan=True):
            print(f"{name}: {what}: differs by {np.nanmax(np.abs(a - b)):.3g}")
            return False
    return True


def run(binary, *arguments):
    return subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, check=False)


def compare(name, what, before, after, shift=()):
    """The same values at the same pixels; those of the second count from `shift`."""
    pixels = points(after)
    moved = [column + offset for column, offset in zip(pixels, shift or [0.0] * len(pixels), strict=True)]
    fine = same(name, what, values(after(*pixels, with_bounding_box=False)), values(before(*moved, with_bounding_box=False)))
    try:
        world = values(before(*moved, with_bounding_box=False))
        wanted = values(before.backward_transform(*world))
    except Exception:  # the reference has no inverse, or it wants units
        return fine
    back = values(after.backward_transform(*world))
    wanted = [column - offset for column, offset in zip(wanted, shift or [0.0] * len(pixels), strict=True)]
    scale = [np.round(column, 6) for column in back], [np.round(column, 6) for column in wanted]
    return same(name, f"{what}, backward", *scale) and fine


def check(binary, path, folder):
    """True when fine, None when there is nothing to check."""
    try:
        place, before = load(path)
    except Exception as error:  # what Python cannot read is not compared
        print(f"{path.name}: not read by Python: {type(error).__name__}")
        return None
    if before is None:
        return None
    fine = True
    again, text, back = folder / "again.asdf", folder / "tree.yaml", folder / "back.asdf"
    steps = [("rewritten", [("convert", "-f", "--inline-below", 10**7, path, again)], again)]
    steps.append(("through YAML", [("convert", "-f", path, text), ("convert", "-f", text, back)], back))
    for what, commands, result in steps:
        for command in commands:
            done = run(binary, *command)
            if done.returncode:
                print(f"{path.name}: {what}: {done.stderr.strip()}")
                return False
        fine = compare(path.name, what, before, load(result)[1]) and fine
    part = folder / "part.asdf"
    done = run(binary, "cutout", path, "--pixel", "31,20", "--size", "20x11px", "-o", part, "-f")
    if done.returncode == 0:
        _, after = load(part)
        fine = compare(path.name, "cutout", before, after, (21.0, 15.0)) and fine
        box = after.bounding_box.bounding_box(order="F")
        if [tuple(side) for side in box] != [(-0.5, 19.5), (-0.5, 10.5)]:
            print(f"{path.name}: cutout: the bounding box is {box}")
            fine = False
    return fine


def main():
    warnings.simplefilter("ignore")
    binary, *places = sys.argv[1:]
    files = []
    for place in map(Path, places):
        files += sorted(place.rglob("*.asdf")) if place.is_dir() else [place]
    count, wrong = 0, 0
    with tempfile.TemporaryDirectory() as name:
        for path in files:
            fine = check(binary, path, Path(name))
            count += fine is not None
            wrong += fine is False
    print(f"{count} files with a WCS, {wrong} wrong")
    return int(wrong > 0 or count == 0)


if __name__ == "__main__":
    sys.exit(main())
