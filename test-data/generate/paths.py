#!/usr/bin/env python3
"""Makes paths.asdf, the file of docs/paths.md, and holds the tables of that page against Python and numpy.

    python test-data/generate/paths.py            # the file
    python test-data/generate/paths.py --check    # the tables: what the second column says in Python is the third one
"""

import json
import pathlib
import re
import sys

import asdf
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
FILE = ROOT / "test-data" / "paths.asdf"
PAGE = ROOT / "docs" / "paths.md"


def tree():
    cat = np.zeros(4, dtype=[("id", "<i4"), ("ra", "<f8"), ("xy", "<i2", (2,))])
    cat["id"] = np.arange(4) + 101
    cat["ra"] = np.arange(4) * 0.5
    cat["xy"] = np.arange(8).reshape(4, 2)
    return {
        "data": np.arange(12, dtype="<i4").reshape(3, 4),
        "cube": np.arange(24, dtype="<i2").reshape(2, 3, 4),
        "cat": cat,
        "meta": {
            "date": "2027-03-14",
            "exposure": {"type": "DARK", "start_time": 10.5, "end_time": 20.5},
            "a.b": 7,
            "*": "star",
        },
        "items": [
            {"name": "first", "date": "2027-03-15", "values": [1, 2, 3]},
            {"name": "second", "values": [4, 5]},
            {"name": "third", "date": "2027-03-17", "values": [6]},
        ],
    }


def plain(value):
    """A value as JSON has it: arrays as lists, records as mappings."""
    if isinstance(value, np.void):
        return {name: plain(value[name]) for name in value.dtype.names}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (np.ndarray, list)) and getattr(value, "shape", True) != ():
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return value


def check():
    names = tree()
    rows = 0
    for line in PAGE.read_text().splitlines():
        row = re.fullmatch(r"\| `(.+?)` \| `(.+?)` \| `(.+?)` \|", line)
        if not row:
            continue
        path, python, wanted = row.groups()
        found = plain(eval(python, {"np": np, **names}))  # noqa: S307 - our own page
        assert found == json.loads(wanted), (path, python, found, wanted)
        rows += 1
    assert rows > 20, rows
    print(f"{rows} examples of {PAGE.name} are as Python and numpy have them")


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        asdf.AsdfFile(tree()).write_to(FILE)
