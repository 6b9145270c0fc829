"""Makes an archive for `asdf index`: Roman-like exposures with values of their own, FITS files, files that cannot be read.

    python test-data/generate/archive.py FOLDER [COUNT] [--fits N] [--broken N] [--faults]

Without options 20,000 files, of which 50 are FITS and 50 broken, in folders of 100, and `manifest.csv` with the name and the size of each.
With `--faults` twelve things are wrong with the archive that are not in the manifest; `planted.csv` says which, as `asdf index --check` must.
The exposures are made/roman_exposure.asdf with another tree: place on the sky and roll (also of the WCS), time, element, detector, names.
The same numbers give the same bytes. Needs nothing but Python; 20,000 files are 1.5 GB, so that they are never committed.
"""

import argparse
import csv
import datetime
import math
import random
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
ELEMENTS = ["F062", "F087", "F106", "F129", "F146", "F158", "F184", "F213", "GRISM", "PRISM"]
TYPES = ["WFI_IMAGE"] * 7 + ["WFI_SPECTRAL", "WFI_DARK", "WFI_FLAT"]
START = datetime.datetime(2027, 3, 1)
# Files of test-data/fits, which stand for all others.
FITS = ["images.fits", "tables.fits", "scaled.fits", "header.fits", "checksum.fits", "whole.fits.gz"]


class Template:
    """An exposure whose tree is made anew; the blocks stay, and the index follows them."""

    def __init__(self, path):
        data = path.read_bytes()
        self.end = data.index(b"\n...\n") + 5
        start = data.rindex(b"#ASDF BLOCK INDEX")
        self.tree, self.blocks = data[: self.end].decode(), data[self.end : start]
        self.offsets = [int(number) for number in re.findall(rb"^- (\d+)$", data[start:], re.M)]

    def file(self, changes):
        tree = self.tree
        for old, new in changes:
            if old not in tree:
                raise SystemExit(f"the template has no {old!r} any more")
            tree = tree.replace(old, new)
        tree = tree.encode()
        shift = len(tree) - self.end
        index = "".join(f"- {offset + shift}\n" for offset in self.offsets)
        return tree + self.blocks + f"#ASDF BLOCK INDEX\n%YAML 1.1\n---\n{index}...\n".encode()


def exposure(number):
    """What is changed in the tree, of the exposure of that number."""
    rng = random.Random(number)
    ra = rng.uniform(0, 360)
    dec = math.degrees(math.asin(rng.uniform(-1, 1)))
    roll = rng.uniform(0, 360)
    start = START + datetime.timedelta(milliseconds=108_000 * number + rng.randrange(50_000))
    seconds = rng.choice([33.98, 64.25, 107.52, 193.38]) + number % 1000 * 1e-5
    end = start + datetime.timedelta(seconds=seconds)
    detector, element = number % 18 + 1, rng.choice(ELEMENTS)
    observation = f"{number + 1:023d}"
    kind = rng.choice(TYPES)

    def moment(time):
        return time.isoformat(timespec="milliseconds")

    return [
        ("exposure_time: 107.52398", f"exposure_time: {seconds:.5f}"),
        ("effective_exposure_time: 104.36151", f"effective_exposure_time: {seconds - 3.16247:.5f}"),
        ("end_time: !time/time-1.4.0 2027-03-14T15:11:14.535", f"end_time: !time/time-1.4.0 {moment(end)}"),
        ("start_time: !time/time-1.4.0 2027-03-14T15:09:26.535", f"start_time: !time/time-1.4.0 {moment(start)}"),
        ("type: WFI_IMAGE", f"type: {kind}"),
        ("hga_move: false", f"hga_move: {'true' if rng.random() < 0.1 else 'false'}"),
        ("r0003201001001001004_0001_wfi01_f158_cal.asdf", f"r{number:019d}_0001_wfi{detector:02d}_{element.lower()}_cal.asdf"),
        ("detector: WFI01", f"detector: WFI{detector:02d}"),
        ("optical_element: F158", f"optical_element: {element}"),
        ("'00032010010010010040001'", f"'{observation}'"),
        ("program: 32", f"program: {number % 400 + 1}"),
        ("ra_v1: 268.9127", f"ra_v1: {ra:.6f}"),
        ("dec_v1: -28.8241", f"dec_v1: {dec:.6f}"),
        ("target_dec: -29.2,", f"target_dec: {dec:.6f},"),
        ("target_ra: 268.5}", f"target_ra: {ra:.6f}}}"),
        ("ra_reference: 268.5002", f"ra_reference: {ra:.6f}"),
        ("dec_reference: -29.2055", f"dec_reference: {dec:.6f}"),
        ("61.300000000000004,", f"{roll:.8f},"),
        ("-29.2047, -268.4981]", f"{dec:.8f}, {-ra:.8f}]"),
        ("dec_ref: -29.2047, ra_ref: 268.4981, roll_ref: 61.3,", f"dec_ref: {dec:.8f}, ra_ref: {ra:.8f}, roll_ref: {roll:.8f},"),
        # Numbers that are whole in most files and not in all: the type of a column widens.
        ("wfi_acm_z_defocus_size: -999999.0", f"wfi_acm_z_defocus_size: {'0.5' if number % 500 == 7 else '-999999'}"),
    ]


def fits(number):
    """A FITS file, with a card of its own where its header is not compressed."""
    name = FITS[number % len(FITS)]
    data = (HERE / "fits" / name).read_bytes()
    end = data.find(b"END".ljust(80))
    # The rest of the first header is blank; where there is no room the file stays as it is.
    if 0 < end < 2640:
        card = f"SEQUENCE= {number:20d}".ljust(80).encode()
        data = data[:end] + card + b"END".ljust(80) + data[end + 160 :]
    return name.partition(".")[2], data


def broken(number, whole):
    """Bytes that cannot be read as a file, of four kinds."""
    rng = random.Random(number)
    return [
        lambda: whole[: rng.randrange(2000, 20000)],
        lambda: whole[:1500] + b"\xff\xfe" + whole[1502:],
        lambda: b"",
        lambda: rng.randbytes(5000),
    ][number % 4]()


def plant(folder, entries, faults):
    """Twelve things that are wrong; each is told as the check tells it."""
    names = [name for name in entries if "/r" in name]
    step = len(names) // 13
    chosen = [names[step * (number + 1)] for number in range(12)]
    for name in chosen[:3]:
        (folder / name).unlink()
        faults.append(("missing", name))
    for name in chosen[3:5]:
        # Not in the manifest.
        del entries[name]
        faults.append(("extra", name))
    for name, more in zip(chosen[5:8], (-1, 1, 500)):
        data = (folder / name).read_bytes()
        # One byte of the index less, and bytes after its end: both can be read.
        (folder / name).write_bytes(data[:-1] if more < 0 else data + b" " * more)
        faults.append(("size", name))
    for name, at in zip(chosen[8:10], (0, 3000)):
        data = bytearray((folder / name).read_bytes())
        data[at : at + 4] = b"\xff\xff\xff\xff"
        (folder / name).write_bytes(data)
        faults.append(("unreadable", name))
    for name in chosen[10:]:
        data = (folder / name).read_bytes()
        own = re.search(rb"observation_id: '(\d{23})'", data)[1]
        first = re.search(rb"observation_id: '(\d{23})'", (folder / names[step // 2]).read_bytes())[1]
        (folder / name).write_bytes(data.replace(own, first))
        faults.append(("duplicate", name))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("--fits", type=int, default=50)
    parser.add_argument("--broken", type=int, default=50)
    parser.add_argument("--faults", action="store_true")
    args = parser.parse_args()
    template = Template(HERE / "made/roman_exposure.asdf")
    entries, romans = {}, args.count - args.fits - args.broken
    for number in range(args.count):
        if number < romans:
            name, data = f"r{number:06d}.asdf", template.file(exposure(number))
        elif number < romans + args.fits:
            ending, data = fits(number - romans)
            name = f"f{number:06d}.{ending}"
        else:
            name, data = f"x{number:06d}.asdf", broken(number, template.file(exposure(number)))
        path = f"{number // 100:04d}/{name}"
        (args.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (args.folder / path).write_bytes(data)
        entries[path] = len(data)
    faults = [("unreadable", name) for name in entries if "/x" in name]
    if args.faults:
        plant(args.folder, entries, faults)
        write(args.folder / "planted.csv", ("kind", "name"), sorted(faults))
    write(args.folder / "manifest.csv", ("name", "size"), entries.items())
    print(f"{args.folder}: {args.count} files, {romans} exposures, {args.fits} FITS, {args.broken} broken, {len(faults)} faults")


def write(path, head, rows):
    with open(path, "w", newline="") as out:
        csv.writer(out).writerows([head, *rows])


if __name__ == "__main__":
    main()
