"""Lets astropy read the headers that `asdf wcs to-fits` writes.

    venv/bin/python test-data/read_back_to_fits.py BINARY [headers.jsonl]

Each header of `test-data/fits/wcs/`, or of a collection of one JSON line each (`cards`, `pixels`, `world`), becomes a file; the cards that
the command gives of its WCS must give astropy the coordinates that the header itself gives, and lead back to the pixels. Then the header is written as a GWCS
without cards beside it (`convert --wcs --path`), of which the command makes a header of its own: what it calls exact must say the same, and so must gwcs.
The headers of `test-data/wcs/wrapped.asdf` are compared with what the reference makes of those WCS.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

import asdf
import numpy as np
from astropy.io import fits
from astropy.units import Unit
from astropy.wcs import WCS

FOLDER = Path(__file__).resolve().parent / "fits" / "wcs"
TOLERANCE = 1e-10
STRUCTURE = ("SIMPLE", "XTENSION", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "GROUPS", "EXTEND", "BSCALE", "BZERO", "ZIMAGE", "END")
warnings.simplefilter("ignore")


def headers(path):
    """Name, cards, lengths of the axes."""
    if path is None:
        cases = json.loads((FOLDER / "headers.json").read_text())["cases"]
        with fits.open(FOLDER / "headers.fits.gz") as file:
            for case, hdu in zip(cases, file):
                if "world" in case and "key" not in case:
                    yield case["name"], [str(card) for card in hdu.header.cards], list(hdu.shape[::-1])
        return
    for line in Path(path).read_text().splitlines():
        row = json.loads(line)
        header = fits.Header.fromstring("".join(card[:80].ljust(80) for card in row["cards"]))
        prefix = "Z" if "ZIMAGE" in header else ""
        count = header.get(prefix + "NAXIS", 0)
        yield row["id"], row["cards"], [header.get(f"{prefix}NAXIS{axis + 1}", 1) for axis in range(count)]


def write(cards, lengths, path):
    """A file of that header; its data are a hole."""
    head = ["SIMPLE  =                    T", "BITPIX  =                    8", f"NAXIS   = {len(lengths):20d}"]
    head += [f"NAXIS{axis + 1:<3d}= {length:20d}" for axis, length in enumerate(lengths)]
    head += [card for card in cards if not card[:8].strip().startswith(STRUCTURE)] + ["END"]
    raw = "".join(card[:80].ljust(80) for card in head)
    raw += " " * (-len(raw) % 2880)
    size = int(np.prod(lengths)) if lengths else 0
    with open(path, "wb") as file:
        file.write(raw.encode("latin-1"))
        file.truncate(len(raw) + size + -size % 2880)


def run(*arguments):
    try:
        return subprocess.run(arguments, capture_output=True, text=True, timeout=300)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(arguments, -1, "", f"{arguments[1]}: more than 300 seconds")


class TooLong(Exception):
    """An iteration of astropy that does not end in time."""


def ring(number, frame):
    raise TooLong


def within(seconds, work):
    """What some work gives; an exception where it takes longer, of the processor's time. Astropy's iteration may go on for minutes where a position has no pixel."""
    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return work()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def apart(found, wanted, sky):
    found, wanted = np.asarray(found, float), np.asarray(wanted, float)
    good = np.isfinite(wanted).all(axis=1)
    if not good.any():
        return 0.0
    if not np.isfinite(found[good]).all():
        return np.inf
    found, wanted = found[good], wanted[good]
    others = [axis for axis in range(wanted.shape[1]) if axis not in sky]
    worst = 0.0
    for axis in others:
        scale = np.abs(wanted[:, axis]).max() or 1.0
        worst = max(worst, np.abs(found[:, axis] - wanted[:, axis]).max() / scale)
    if sky[0] >= 0:
        (a, b), (c, d) = np.radians(found[:, sky]).T, np.radians(wanted[:, sky]).T
        vectors = [np.array([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)]) for a, b in ((a, b), (c, d))]
        worst = max(worst, np.degrees(np.linalg.norm(vectors[0] - vectors[1], axis=0)).max())
    return worst


def compare(text, original, lengths):
    """How far the coordinates of written cards are from those of the header they came from, and how far their inverse is off."""
    lines = text.splitlines()
    header = fits.Header.fromstring("".join(line.ljust(80) for line in lines))
    one, two = WCS(original), WCS(header)
    rng = np.random.default_rng(1)
    lengths = (lengths + [1] * one.naxis)[: one.naxis]
    pixels = rng.uniform(-0.5, 0.5, (40, one.naxis)) * np.array(lengths) + np.array(lengths) / 2 - 0.5
    wanted = within(20, lambda: one.all_pix2world(pixels, 0))
    found = within(20, lambda: two.all_pix2world(pixels, 0))
    units = [1.0] * one.naxis
    for axis in range(one.naxis):
        if str(one.wcs.cunit[axis]) != str(two.wcs.cunit[axis]):
            units[axis] = two.wcs.cunit[axis].to(one.wcs.cunit[axis])
    sky = [one.wcs.lng, one.wcs.lat]
    error = apart(found * np.array(units), wanted, sky)
    try:
        back = within(5, lambda: two.all_world2pix(found, 0))
        inverse = np.nanmax(np.abs(back - pixels))
    except Exception:
        inverse = np.nan
    return error, inverse


class Faults(list):
    """What differs, told as it is found: the whole takes minutes."""

    def append(self, pair):
        super().append(pair)
        print(": ".join(pair), flush=True)


def by_gwcs(tree, original, lengths):
    """How far gwcs is off with what was written, forth; and back, in pixels."""
    with asdf.open(tree) as file:
        wcs = file["wcs"]
        one = WCS(original)
        rng = np.random.default_rng(2)
        lengths = (lengths + [1] * one.naxis)[: one.naxis]
        pixels = rng.uniform(-0.4, 0.4, (25, one.naxis)) * np.array(lengths) + np.array(lengths) / 2 - 0.5
        wanted = one.all_pix2world(pixels, 0)
        found = np.array(wcs(*pixels.T, with_bounding_box=False)).reshape(one.naxis, -1).T
        return apart(found, wanted, [one.wcs.lng, one.wcs.lat])


def wrapped(binary, counts, bad):
    """The headers of WCS that wrap others, where the command calls them exact."""
    folder = FOLDER.parent.parent / "wcs"
    for name, case in json.loads((folder / "wrapped.json").read_text()).items():
        made = run(binary, "wcs", "to-fits", folder / "wrapped.asdf", f"{name}/wcs", "-v")
        if made.returncode or not ("gives the same" in made.stderr or "cards that it was read from" in made.stderr):
            counts["wrapped: fitted or none"] += 1
            continue
        counts["wrapped: exact"] += 1
        header = fits.Header.fromstring("".join(line.ljust(80) for line in made.stdout.splitlines()))
        wcs = WCS(header)
        pixels = np.array([row["pixel"] + [0.0] * (wcs.naxis - len(row["pixel"])) for row in case["points"]])
        wanted = np.array([row["world"] for row in case["points"]])
        factors = [own.to(Unit(unit)) for own, unit in zip(wcs.wcs.cunit, case["units"])]
        error = apart(wcs.all_pix2world(pixels, 0) * np.array(factors), wanted, [wcs.wcs.lng, wcs.wcs.lat])
        if error > TOLERANCE:
            bad.append((f"wrapped {name}", f"{error:.3g} off"))


def main():
    binary, collection = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    counts, bad = Counter(), Faults()
    wrapped(binary, counts, bad)
    with tempfile.TemporaryDirectory() as folder:
        last = time.monotonic()
        image, tree = Path(folder) / "x.fits", Path(folder) / "x.asdf"
        for name, cards, lengths in headers(collection):
            if time.monotonic() - last > 30:
                last = time.monotonic()
                print(f"{sum(counts.values())} …", file=sys.stderr)
            write(cards, lengths, image)
            given = run(binary, "wcs", "to-fits", image, "fits/0/wcs", "-v")
            if given.returncode:
                counts["no header: " + given.stderr.strip()[-60:]] += 1
                continue
            with fits.open(image) as file:
                original = file[0].header.copy()
            try:
                error, inverse = compare(given.stdout, original, lengths)
            except Exception as fault:
                bad.append((name, f"{type(fault).__name__} {str(fault)[:90]}"))
                continue
            counts["given"] += 1
            counts["given, leads back" if inverse < 1e-5 else "given, astropy does not lead back"] += 1
            if error > TOLERANCE:
                bad.append((name, f"given, {error:.3g} off"))
            # The WCS alone: some images are as large as a disk.
            if run(binary, "convert", "--wcs", "-f", "--path", "fits/0/wcs", image, tree).returncode:
                counts["GWCS: not written"] += 1
                continue
            try:
                error = within(20, lambda: by_gwcs(tree, original, lengths))
                counts["GWCS: read by gwcs"] += 1
                if error > TOLERANCE:
                    bad.append((name, f"gwcs: {error:.3g} off"))
            except Exception as fault:
                bad.append((name, f"gwcs: {type(fault).__name__} {str(fault)[:90]}"))
            made = run(binary, "wcs", "to-fits", tree, "-v")
            if made.returncode or "the header gives the same" not in made.stderr:
                counts["GWCS: fitted or none"] += 1
                continue
            counts["GWCS: exact"] += 1
            try:
                error, _ = compare(made.stdout, original, lengths)
            except Exception as fault:
                bad.append((name, f"GWCS: {type(fault).__name__} {str(fault)[:90]}"))
                continue
            if error > TOLERANCE:
                bad.append((name, f"GWCS: {error:.3g} off"))
    for key, count in sorted(counts.items()):
        print(f"{count:5d}  {key}")
    return 1 if bad else 0


sys.exit(main())
