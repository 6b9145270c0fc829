"""Makes a delivery of Roman-like exposures with twelve planted faults, and holds `asdf check` against it.

    python test-data/generate/delivery.py FOLDER path/to/asdf [COUNT]

The files are made with the Python reference from made/roman_exposure.asdf: other data and another filename in each. What
was planted where is written to FOLDER/planted.json; the report must name exactly that.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

import asdf
import numpy as np

warnings.simplefilter("ignore")
HERE = Path(__file__).parent.parent
FILES = {
    "cut": 11, "flipped": 37, "shape": 58, "nan": 101, "zero": 140, "no array": 177,
    "value": 230, "duplicate": 260, "missing": 301, "extra": 333, "invalid": 402, "checksum": 444,
}


NAME = b"r00000_wfi00_cal.asdf"
MARK = np.arange(64 * 64, dtype="float32").reshape(64, 64)


def template(path, shape):
    """A file of the reference, whose data and name are then replaced: each with its checksum, of the same length."""
    with asdf.open(HERE / "made/roman_exposure.asdf", lazy_load=False, memmap=False) as base:
        roman = base.tree["roman"]
        roman["meta"]["filename"] = NAME.decode()
        roman["meta"]["note"] = asdf.tags.core.Software(name="planted", version="1")
        roman["data"] = MARK[: shape[0], : shape[1]].copy()
        asdf.AsdfFile(base.tree).write_to(path, all_array_compression=None)
    return path.read_bytes()


def save(path, fault, rng, templates):
    shape = (64, 63) if fault == "shape" else (64, 64)
    mark = MARK[: shape[0], : shape[1]].tobytes()
    data = rng.normal(1, 0.2, shape).astype("float32")
    if fault == "nan":
        data[:] = np.nan
    if fault == "zero":
        data[:] = 0
    content = bytearray(templates[shape])
    at = content.index(mark)
    content[at : at + len(mark)] = data.tobytes()
    content[at - 16 : at] = hashlib.md5(data.tobytes()).digest()
    content = bytes(content).replace(b"filename: " + NAME, b"filename: " + path.name.encode().ljust(len(NAME)))
    # What the reference would not write.
    for name, old, new in [
        ("no array", b"\n  dq: ", b"\n  qd: "),
        ("value", b"telescope: ROMAN", b"telescope: HUBBL"),
        ("invalid", b"name: planted", b"nome: planted"),
    ]:
        if fault == name:
            assert content.count(old) == 1, name
            content = content.replace(old, new)
    path.write_bytes(content)


def damage(path, fault):
    data = bytearray(path.read_bytes())
    if fault == "cut":
        path.write_bytes(data[: len(data) * 2 // 3])
    if fault == "flipped":
        # In the data of the second block, not in a header.
        at = data.index(b"\xd3BLK", data.index(b"\xd3BLK") + 4) + 54 + 10
        data[at] ^= 0x10
        path.write_bytes(data)
    if fault == "checksum":
        at = data.index(b"\xd3BLK") + 38
        data[at : at + 16] = bytes(range(16))
        path.write_bytes(data)


def main():
    folder, command = Path(sys.argv[1]), sys.argv[2]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 500
    night = folder / "night"
    shutil.rmtree(night, ignore_errors=True)
    night.mkdir(parents=True)
    faults = {number * count // 500: fault for fault, number in FILES.items()}
    rng = np.random.default_rng(7)
    templates = {shape: template(folder / "template.asdf", shape) for shape in [(64, 64), (64, 63)]}
    names, planted = [], {}
    sums = {}
    for number in range(count):
        fault = faults.get(number)
        path = night / f"r{number:05}_wfi{number % 18 + 1:02}_cal.asdf"
        if fault == "duplicate":
            shutil.copy(night / f"r{number - 1:05}_wfi{(number - 1) % 18 + 1:02}_cal.asdf", path)
        elif fault == "extra":
            path = night / f"notes{number:05}.asdf"
            save(path, None, rng, templates)
        else:
            save(path, fault, rng, templates)
        sums[path.name] = (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        damage(path, fault)
        if fault:
            planted[f"night/{path.name}"] = fault
        if fault == "missing":
            path.unlink()
            planted[path.name] = planted.pop(f"night/{path.name}")
        names.append(path.name)
    rows = [f"{name},{size},{sum}" for name, (size, sum) in sums.items() if not name.startswith("notes")]
    (folder / "manifest.csv").write_text("name,size,sha256\n" + "\n".join(rows) + "\n")
    (folder / "sizes.csv").write_text("name\n" + "\n".join(row.split(",")[0] for row in rows) + "\n")
    (folder / "planted.json").write_text(json.dumps(planted, indent=1))
    (folder / "profile.toml").write_text('[[node]]\npath = "roman.meta.telescope"\nequals = "ROMAN"\n')
    print("made", len(names), "files")
    check(folder, command, planted)


# The kinds that each fault may have, and the path of those that are at one.
WANTED = {
    "cut": ({"truncated", "missing-block", "size", "sha256"}, None),
    "flipped": ({"checksum", "sha256"}, None),
    "shape": ({"shape"}, "/roman/data"),
    "nan": ({"all-nan"}, "/roman/data"),
    "zero": ({"all-zero"}, "/roman/data"),
    "no array": ({"missing-path"}, "/roman/dq"),
    "value": ({"value"}, "/roman/meta/telescope"),
    "duplicate": ({"duplicate"}, None),
    "missing": ({"missing"}, None),
    "extra": ({"extra", "name"}, None),
    "invalid": ({"invalid"}, "/roman/meta/note"),
    "checksum": ({"checksum", "sha256"}, None),
}


def check(folder, command, planted):
    reference = next(path for path in sorted((folder / "night").iterdir()) if f"night/{path.name}" not in planted)
    words = [
        "check", "night", "--like", f"night/{reference.name}", "--profile", "profile.toml", "--expect", "manifest.csv",
        "--name-pattern", r"r\d{5}_wfi\d\d_cal\.asdf", "--id", "roman.meta.filename", "--jsonl", "--junit", "report.xml", "--force",
    ]
    started = time.time()
    done = subprocess.run([command, *words], cwd=folder, capture_output=True, text=True)
    print(f"exit {done.returncode}, {time.time() - started:.2f} s")
    *lines, summary = map(json.loads, done.stdout.splitlines())
    print(summary)
    found = {line["file"]: line["problems"] for line in lines if not line["ok"]}
    wrong = []
    for file in sorted(found.keys() | planted.keys()):
        fault = planted.get(file)
        problems = found.get(file, [])
        kinds = {problem["kind"] for problem in problems}
        paths = {problem["path"] for problem in problems}
        print(f"{file}: planted {fault}, found {[(p['kind'], p['path']) for p in problems][:4]}")
        allowed, path = WANTED.get(fault, (set(), None))
        if not kinds or not kinds <= allowed or (path and path not in paths):
            wrong.append(file)
    print("wrong:", wrong or "none")
    for words in (["verify", "night", "-q"], ["check", "night", "--no-blocks", "--expect", "sizes.csv"]):
        started = time.time()
        subprocess.run([command, *words], cwd=folder, capture_output=True)
        print(" ".join(words), f"{time.time() - started:.2f} s")
    sys.exit(1 if wrong else 0)


main()
