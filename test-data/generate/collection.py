"""The set of files being made: bytes, what each shows, and for good files what a reader must find."""

from pathlib import Path

import expected
import layout


class Collection:
    """Writes files into `made/` and `bad/` of a directory and remembers what the manifest says of each."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.made, self.bad = [], []
        self.area = ""
        for name in ("made", "bad"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)

    def path(self, name):
        return self.directory / "made" / name

    def add(self, name, data, about, *, arrays=None, note=None, part=False):
        """A readable file. `part`: a companion of another file (still readable)."""
        path = self.path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        self.made.append(
            {"file": name, "area": self.area, "about": about, "part": part, "arrays": arrays, "note": note}
        )

    def adopt(self, name, about, **kwargs):
        """A readable file that somebody else has written already."""
        self.add(name, self.path(name).read_bytes(), about, **kwargs)

    def arrays(self, name, arrays, about, *, before="", standard="1.6.0", with_index=True):
        """A readable file that holds one raw block per array."""
        lines, blocks = [before], []
        for key, array in arrays.items():
            number = len(blocks)
            lines.append(f"{key}: {layout.ndarray(number, *described(array))}\n")
            blocks.append(layout.block(array.tobytes()))
        head = layout.tree("".join(lines), standard)
        self.add(name, layout.join(head, *blocks, with_index=with_index), about)

    def reject(self, name, data, about, *, should="error", scope="access", kind="malformed", **where):
        """A broken file. `where`: offset and/or path of the error, and the command that shows it."""
        (self.directory / "bad" / name).write_bytes(data)
        kind = kind if should == "error" else None
        entry = {"file": name, "should": should, "scope": scope, "kind": kind, **where, "why": about}
        if scope == "access" and "command" not in where:
            entry["command"] = "ls --digest"
        self.bad.append({k: v for k, v in entry.items() if v is not None})

    def write_sidecars(self):
        """After all files are there: some refer to each other."""
        for entry in self.made:
            path = self.path(entry["file"])
            found = expected.sidecar(path, entry["arrays"], entry["note"])
            path.with_name(path.name + ".expected.json").write_text(expected.dump(found))


def described(array):
    """Datatype text, shape text and byte order of a numpy array, as a node wants them."""
    dtype = array.dtype
    byteorder = "big" if dtype.str[0] == ">" else "little"
    if dtype.names is not None:
        datatype = "[" + ", ".join(field(n, dtype.fields[n][0]) for n in dtype.names) + "]"
    else:
        datatype = scalar(dtype)
    return datatype, list(array.shape), byteorder


def scalar(dtype):
    match dtype.kind:
        case "b":
            return "bool8"
        case "S":
            return f"[ascii, {dtype.itemsize}]"
        case "U":
            return f"[ucs4, {dtype.itemsize // 4}]"
        case _:
            return dtype.name


def field(name, dtype):
    base, shape = (dtype.subdtype[0], dtype.shape) if dtype.subdtype else (dtype, ())
    if base.names is not None:
        inner = "[" + ", ".join(field(n, base.fields[n][0]) for n in base.names) + "]"
        text = f"name: {name}, datatype: {inner}"
    else:
        byteorder = "big" if base.str[0] == ">" else "little"
        text = f"name: {name}, datatype: {scalar(base)}, byteorder: {byteorder}"
    return "{" + text + (f", shape: {list(shape)}" if shape else "") + "}"
