"""Makes flags.txt: the names of the bits of the flag arrays of Roman and JWST, from what the missions' packages publish.

Run it with a Python that has roman_datamodels and stdatamodels installed:  python asdf-cli/profiles/flags.py
A line has the mission, the number of the bit and its name. The flags of single reads (JWST group, Roman group) that have a name in
common with those of pixels are the same bits, which is checked here; the others are flags of reads alone, and are left out.
"""

from pathlib import Path

from roman_datamodels import dqflags as roman
from stdatamodels.jwst.datamodels import dqflags as jwst

HERE = Path(__file__).parent


def bits(flags):
    return {name: value.bit_length() - 1 for name, value in flags if value and not name.startswith("RESERVED")}


def main():
    lines = []
    for mission, pixel, group in [
        ("jwst", jwst.pixel.items(), jwst.group.items()),
        ("roman", [(flag.name, int(flag)) for flag in roman.pixel], [(flag.name, int(flag)) for flag in roman.group]),
    ]:
        pixel, group = bits(pixel), bits(group)
        assert all(pixel.get(name, bit) == bit for name, bit in group.items()), mission
        lines += [f"{mission} {bit} {name}\n" for name, bit in sorted(pixel.items(), key=lambda item: item[1])]
    (HERE / "flags.txt").write_text("".join(lines))


main()
