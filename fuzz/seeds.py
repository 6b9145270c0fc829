"""Cuts the seeds of a fuzz target out of test-data: python3 seeds.py TARGET FOLDER"""

import gzip
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "test-data"
LABELS = [b"\0\0\0\0", b"zlib", b"bzp2", b"lz4\0", b"lz4f", b"zstd", b"blsc", b"bls2"]
MAGIC = b"\xd3BLK"
LARGEST = 16384


def pieces(target, content):
    """The parts of one file that the target takes."""
    start = content.find(MAGIC)
    if target in ("file", "salvage", "reopen"):
        yield content
    elif target in ("edit", "update"):
        yield from scripts(target, content)
    elif target == "journal":
        yield from journals(content)
    elif target in ("tree", "direct", "transform"):
        tree = content.find(b"%YAML")
        yield content[tree : start if start > tree else None] if tree >= 0 else b""
    elif target == "header":
        yield content[start:] if start >= 0 else b""
    else:
        while 0 <= start and start + 54 <= len(content):
            size, _, label, _, used, data = struct.unpack_from(">HI4sQQQ", content, start + 4)
            begin = start + 6 + size
            if label in LABELS and used <= LARGEST and data < 65536:
                yield bytes([LABELS.index(label), data >> 8, data & 255]) + content[begin : begin + used]
            start = content.find(MAGIC, start + 4)


def scripts(target, content):
    """The file behind scripts that change what it has at its root."""
    keys = re.findall(rb"^([A-Za-z]\w*):", content, re.M)[:2]
    keys = [key.decode() for key in keys] or ["a"]
    lines = []
    for key in keys:
        lines += [f"set {key}/x 1", f"elements {key} 0 1", f"copy {key} copied", f"array {key} zlib 9", f"remove {key}"]
    for number, script in enumerate(["set note [1, 2.5, text]", *lines[::2], "\n".join(lines)]):
        stop = struct.pack(">I", number * 0x12345677 & 0xFFFFFFFF) if target == "update" else b""
        yield stop + struct.pack(">H", len(script)) + script.encode() + content


def journals(content):
    """A file in the middle of a change of its last bytes, with the journal (spec-notes/journal.md)."""
    if len(content) < 64:
        return
    head, length, number = content[:32], len(content), 0x0123456789ABCDEF
    mark = f"~changing {number:016x} ~asdf".ljust(32).encode()
    for choices, more in ((0, b""), (4, b"more"), (2, None)):
        old = content[-8:]
        new = b"" if more is None else old[::-1] + more
        out = b"asdf-journal 2\r\n" + struct.pack("<QQQQ", number, length, length - 8 + len(new), 1)
        out += struct.pack("<QQQ", 0, 32, 32) + head + head
        out += struct.pack("<QQQ", length - 8, len(old), len(new)) + old + new
        for bytes_now in (content, mark + content[32:], mark + content[32:-8] + new):
            yield bytes([choices]) + struct.pack(">H", len(out)) + out + bytes_now
            digest = hashlib.md5(out).digest()
            yield bytes([choices | 1]) + struct.pack(">H", len(out) + 16) + out + digest + bytes_now


TABLES = [
    "a,b,c\n1,2.5,x\n-3,nan,\"y,\"\"z\"\n",
    "1,2\n3,4\n",
    "flag,n\nTrue,\nfalse,18446744073709551615\n",
    "name\r\n\"two\nlines\"\r\n\"\"\r\n",
    "\ufeffé,ü\nα,β\n1e400,99999999999999999999\n",
    "a, b ,\n 1 , -0 ,\n2,1e5,\n",
]
PATHS = [
    "roman.meta.x", "/roman/meta/x", "items[3].a", '["a.b"]', "a['3']", "/a.b/c~1d/m~0n/", "data[0:4, ::2]", "data[-1]",
    "data[1][2]", "list/1[::-1]", "3.a~1b", "3['a/b'][:0]", "::3", "-3:,5", "5:2:-1", "zlib:9", "zstd:22", "**/x*", "/data/1", "",
    "list[-1].again", "list[*].x", "list[1:3]", "**.x", "cube[..., None, 0]", "cube[0][::-1]", "cat.xy[:, 1]", 'cat["id"][0:1]', "/list[-1]/x",
]


def schemas():
    """Schemas of single keywords, each with a tree; the texts of published schemas with a tree of theirs."""
    cases = json.loads((DATA / "mutants" / "keywords.json").read_text())
    for schema, node, _ in cases[::5]:
        yield f"{{properties: {{node: {schema}}}}}", f"%YAML 1.1\n--- {{node: {node}}}\n...\n"
    bases = json.loads((DATA / "mutants" / "cases.json").read_text(encoding="utf-8"))["bases"]
    for base in bases:
        yield "{type: object}", f"%YAML 1.1\n--- {base['text']}...\n"


def hdus(content):
    """HDUs one by one behind the primary one: whole files are too large."""
    starts = [m for m in range(2880, len(content), 2880) if content[m : m + 9] == b"XTENSION="] + [len(content)]
    yield content[: starts[0]]
    yield from (content[: starts[0]] + content[a:b] for a, b in zip(starts, starts[1:]))


def fits(target):
    """Whole small files, or the tiles of the compressed images with their compression, type and shape."""
    if target == "fits_wcs":
        for hdu in hdus(gzip.decompress((DATA / "fits" / "wcs" / "headers.fits.gz").read_bytes())):
            cards = [hdu[at : at + 80].rstrip() for at in range(2880 if len(hdu) > 2880 else 0, len(hdu), 80)]
            yield b"\n".join(card for card in cards if b" " < card[:1] <= b"~" and not card.startswith((b"XTENSION", b"END")))
        return
    kinds = ["RICE_1", "GZIP_1", "GZIP_2", "PLIO_1", "HCOMPRESS_1", "NOCOMPRESS"]
    if target in ("fits_tree", "fits_round"):
        yield from (path.read_bytes() for path in sorted((DATA / "fits" / "embedded").glob("*.fits")))
        # Without a tree: headers with a WCS, and data of all kinds.
        yield from hdus(gzip.decompress((DATA / "fits" / "wcs" / "headers.fits.gz").read_bytes()))
    for path in sorted((DATA / "fits").glob("*.fits*")):
        content = path.read_bytes()
        if target in ("fits", "fits_tree", "fits_round") and path.suffix != ".json":
            yield from hdus(content)
        if target == "fits_tile" and path.stem.startswith("compressed"):
            cut = [m for m in range(2880, len(content), 2880) if content[m : m + 9] == b"XTENSION="]
            for start in cut:
                end = next(e for e in range(start, len(content), 80) if content[e : e + 8] == b"END     ")
                cards = {content[c : c + 8].decode().strip(): content[c + 10 : c + 80].decode().split("/")[0].strip(" '") for c in range(start, end, 80)}
                data = end - end % 2880 + 2880
                heap = data + int(cards["NAXIS1"]) * int(cards["NAXIS2"])
                count, offset = struct.unpack_from(">II", content, data)
                size = count * (2 if "PI" in cards["TFORM1"] else 1)
                kind = ["8", "16", "32", "64", "-32", "-64"].index(cards["ZBITPIX"]) + 18 * 2
                shape = [int(cards.get(f"ZTILE{axis}", 1)) for axis in (1, 2)]
                yield bytes([kinds.index(cards["ZCMPTYPE"]), kind, *shape]) + content[heap + offset : heap + offset + size]


def main():
    target, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    files = [p for part in ("made", "bad", "wcs") for p in sorted((DATA / part).rglob("*.asdf"))]
    count = 0
    for schema, tree in schemas() if target == "schema" else ():
        schema, tree = schema.encode(), tree.encode()
        if len(schema) + len(tree) <= LARGEST:
            (folder / f"seed_{count}").write_bytes(struct.pack(">H", len(schema)) + schema + tree)
            count += 1
    for number, piece in enumerate(fits(target) if target.startswith("fits") else ()):
        if target == "fits_round":
            piece = bytes([number % 2]) + piece
        if len(piece) <= LARGEST:
            (folder / f"seed_{number}").write_bytes(piece)
            count += 1
    for number, text in enumerate({"table": TABLES, "paths": PATHS}.get(target, ())):
        (folder / f"seed_{number}").write_text(text, encoding="utf-8", newline="")
        count += 1
    others = target in ("schema", "table", "paths") or target.startswith("fits")
    # What a script or a journal is put to needs not be every file.
    step = {"edit": 3, "update": 3, "journal": 9}.get(target, 1)
    for path in () if others else files[::step]:
        for number, piece in enumerate(pieces(target, path.read_bytes())):
            if piece and len(piece) <= LARGEST and number < 20:
                (folder / f"seed_{path.stem}_{number}").write_bytes(piece)
                count += 1
    print(f"{count} seeds in {folder}")


main()
