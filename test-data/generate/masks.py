"""Makes `fits/masks.fits`: every form of column with values that stand for none, and `fits/masks.json` with what each means.

    python test-data/generate/masks.py [FOLDER]

The bytes of the rows are packed here; what they mean is computed from the definitions of sections 7.3.2 and 7.3.3 of FITS 4.0
(`TNULL` masks, truth values that are neither T nor F are masked), and astropy's values are compared with that where it has them.
HDU 1 has columns of fixed length, HDU 2 the same and columns of variable length, HDU 3 is a table of text.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
from astropy.io import fits

ROWS = 7
BIG = 1 << 63


def integers(code, values):
    return [struct.pack(">" + {"B": "B", "I": "h", "J": "i", "K": "q"}[code] * np.size(row), *np.ravel(row)) for row in values]


def floats(letter, values):
    return [struct.pack(">" + letter * np.size(row), *np.ravel(row)) for row in values]


def meaning(stored, null=None, scale=1.0, zero=0):
    """The value, None under the mask."""
    if isinstance(stored, (list, tuple)):
        return [meaning(one, null, scale, zero) for one in stored]
    if stored == null:
        return None
    if scale == 1.0 and isinstance(zero, int):
        value = stored + zero
        return value if abs(value) <= 1 << 53 else {"$int": str(value)}
    return stored * scale + zero


def truth(row):
    values = [{"T": True, "F": False}.get(letter) for letter in row]
    return values[0] if len(values) == 1 else values


def number_columns():
    """Name, form, other keywords, bytes of each row, meaning of each row."""
    cases = [
        ("B", [0, 255, 7, 255, 1, 2, 254], 255, 1.0, 0),
        ("B", [0, 255, 7, 128, 0, 2, 254], 0, 1.0, -128),
        ("B", [3, 255, 7, 128, 9, 3, 254], 3, 0.5, 10.0),
        ("I", [0, -32768, 7, 32767, -32768, 2, -1], -32768, 1.0, 0),
        ("I", [0, -32768, 7, 32767, -32768, 2, -1], 32767, 1.0, 32768),
        ("I", [0, -99, 7, 32767, -99, 2, -1], -99, 0.25, 0),
        ("J", [0, -(1 << 31), 7, 5, 4, -(1 << 31), -1], -(1 << 31), 1.0, 0),
        ("J", [0, -(1 << 31), 7, 5, 4, (1 << 31) - 1, -1], (1 << 31) - 1, 1.0, 1 << 31),
        ("J", [0, -1, 7, 5, 4, -1, 12], -1, 0.1, 5.0),
        ("K", [0, -BIG, 7, 5, BIG - 1, -BIG, -1], -BIG, 1.0, 0),
        ("K", [0, -BIG, 7, 5, BIG - 1, -BIG, -1], -BIG, 1.0, BIG),
        ("K", [0, -BIG, BIG - 1, 5, BIG - 1, 1, -1], BIG - 1, 1.0, BIG),
        ("K", [0, 77, 7, 5, 4, 77, 12], 77, 2.0, 0),
    ]
    for number, (code, stored, null, scale, zero) in enumerate(cases):
        keys = {"TNULL": null, "TSCAL": scale, "TZERO": zero}
        yield f"n{number}", code, keys, integers(code, stored), meaning(stored, null, scale, zero)
        pairs = [[stored[row], stored[(row + 3) % ROWS]] for row in range(ROWS)]
        yield f"v{number}", "2" + code, keys, integers(code, pairs), meaning(pairs, null, scale, zero)


def other_columns():
    letters = ["T", "F", "\0", "T", "\0", "F", "T"]
    yield "flag", "L", {}, [one.encode() for one in letters], [truth(one) for one in letters]
    triples = ["TF\0", "FFF", "\0\0\0", "TTT", "T\0F", "FTF", "x T"]
    yield "flags", "3L", {}, [one.encode() for one in triples], [truth(one) for one in triples]
    bits = [row * 37 % 2048 for row in range(ROWS)]
    texts = [format(one, "011b") for one in bits]
    yield "bits", "11X", {}, [(one << 5).to_bytes(2, "big") for one in bits], [[c == "1" for c in text] for text in texts]
    values = [0.5, -1.25, 3.0, 1e10, -0.0, 7.0, 2.5]
    yield "e", "E", {}, floats("f", values), values
    yield "d", "D", {"TSCAL": 2.0, "TZERO": 1.0}, floats("d", values), [value * 2 + 1 for value in values]
    words = ["a", "bc", "", "def", "gh", "", "z"]
    yield "word", "3A", {}, [word.encode().ljust(3, b"\0") for word in words], words


def variable_columns():
    """The same with the heap: arrays of different lengths."""
    lengths = [0, 1, 2, 0, 3, 1, 2]
    def split(values):
        values, out = list(values), []
        for length in lengths:
            out.append(values[:length])
            del values[:length]
        return out
    nine = [0, -99, 7, -99, 1, 2, -99, 3, 4]
    yield "pi", "PI(3)", {"TNULL": -99}, "I", split(nine), meaning(nine, -99)
    yield "ps", "PJ(3)", {"TNULL": -99, "TSCAL": 0.5}, "J", split(nine), meaning(nine, -99, 0.5)
    huge = [0, BIG - 1, 7, -BIG, 1, BIG - 1, -1, 3, 4]
    keys = {"TNULL": BIG - 1, "TZERO": BIG}
    yield "qk", "QK(3)", keys, "K", split(huge), meaning(huge, BIG - 1, 1.0, BIG)
    letters = "TF\0TT\0FFT"
    yield "pl", "PL(3)", {}, "L", split(letters), [truth(one) for one in letters]
    yield "pe", "PE(3)", {}, "E", split([value / 4 for value in range(9)]), [value / 4 for value in range(9)]


def hdu(name, columns, heap=b""):
    widths = [len(column[3][0]) for column in columns]
    data = b"".join(column[3][row] for row in range(ROWS) for column in columns)
    header = fits.Header()
    for key, value in [("XTENSION", "BINTABLE"), ("BITPIX", 8), ("NAXIS", 2), ("NAXIS1", sum(widths)), ("NAXIS2", ROWS),
                       ("PCOUNT", len(heap)), ("GCOUNT", 1), ("TFIELDS", len(columns)), ("EXTNAME", name)]:
        header[key] = value
    for number, (label, form, keys, *_) in enumerate(columns, 1):
        header[f"TTYPE{number}"] = label
        header[f"TFORM{number}"] = form
        for key, value in keys.items():
            if (key, value) not in (("TSCAL", 1.0), ("TZERO", 0)):
                header[f"{key}{number}"] = value
    body = data + heap
    return header.tostring().encode() + body + bytes(-len(body) % 2880)


def text_table():
    header = fits.Header()
    rows = ["   1 2.50 ab", "     ****   ", " -99      cd", "   4 1.00   ", "   5 **** ef", "     3.25 gh", " -99 4.00 ij"]
    for key, value in [("XTENSION", "TABLE"), ("BITPIX", 8), ("NAXIS", 2), ("NAXIS1", 12), ("NAXIS2", ROWS), ("PCOUNT", 0), ("GCOUNT", 1),
                       ("TFIELDS", 3), ("TTYPE1", "i"), ("TBCOL1", 1), ("TFORM1", "I4"), ("TNULL1", " -99"), ("TTYPE2", "f"),
                       ("TBCOL2", 6), ("TFORM2", "F4.2"), ("TNULL2", "****"), ("TTYPE3", "t"), ("TBCOL3", 11), ("TFORM3", "A2"), ("EXTNAME", "TEXT")]:
        header[key] = value
    body = "".join(rows).encode()
    def number(text, null, kind):
        return None if text.strip() in ("", null) else kind(text)
    expected = {"i": [number(row[:4], "-99", int) for row in rows], "f": [number(row[5:9], "****", float) for row in rows],
                "t": [row[10:].rstrip() for row in rows]}
    return header.tostring().encode() + body + b" " * (-len(body) % 2880), expected


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "fits"
    fixed = [*number_columns(), *other_columns()]
    heap, variable = b"", []
    for label, form, keys, code, cells, expected in variable_columns():
        descriptors = []
        for cell in cells:
            stored = "".join(cell).encode() if code == "L" else b"".join(floats("f", cell) if code == "E" else integers(code, cell))
            descriptors.append(struct.pack(">qq" if form[0] == "Q" else ">ii", len(cell), len(heap)))
            heap += stored
        variable.append((label, form, keys, descriptors, expected))
    text, in_text = text_table()
    primary = fits.Header([("SIMPLE", True), ("BITPIX", 8), ("NAXIS", 0), ("EXTEND", True)]).tostring().encode()
    (folder / "masks.fits").write_bytes(primary + hdu("FIXED", fixed) + hdu("BOTH", fixed + variable, heap) + text)
    expected = {"fixed": {column[0]: column[4] for column in fixed}, "variable": {column[0]: column[4] for column in variable}, "text": in_text}
    (folder / "masks.json").write_text(json.dumps(expected, indent=1) + "\n")
    with fits.open(folder / "masks.fits") as file:
        for label, values in expected["fixed"].items():
            own = file[1].data[label]
            for found, wanted in zip(own.tolist(), values):
                for one, value in zip(np.ravel(found), np.ravel(np.array(wanted, object))):
                    if isinstance(value, dict):
                        value = int(value["$int"])
                    assert value is None or isinstance(value, str) or one == value, (label, one, value)


main()
