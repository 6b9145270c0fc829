"""MANIFEST.toml: what each file shows; for a broken one, what a reader must say about it."""

import json

HEAD = """\
# Made by generate/all.py: do not edit.
#
# [[made]]  file below made/, area, about; part = true for a companion of another file
# [[bad]]   file below bad/; should = error | warn | ok; scope = file (opening fails) or access (the command fails);
#           kind of the error = malformed | unsupported | limit | mismatch | io;
#           offset (absolute: the span of the error starts there or contains it; with until: it starts between both)
#           and/or path (of the tree node);
#           command that shows it; why
"""


def text(out):
    lines = [HEAD]
    for entry in sorted(out.made, key=lambda e: e["file"]):
        kept = {k: entry[k] for k in ("file", "area", "about", "note") if entry[k]}
        lines.append(table("made", kept | ({"part": True} if entry["part"] else {})))
    for entry in sorted(out.bad, key=lambda e: e["file"]):
        lines.append(table("bad", entry))
    return "\n".join(lines)


def table(name, entry):
    return f"[[{name}]]\n" + "".join(f"{k} = {value(k, v)}\n" for k, v in entry.items())


def value(key, item):
    if key in ("offset", "until"):
        return f"0x{item:x}"
    return json.dumps(item, ensure_ascii=False)
