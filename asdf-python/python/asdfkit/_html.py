"""What people see of a tree: text, and HTML that folds."""

from __future__ import annotations

import base64
import html as escape_html
import struct
import zlib

from ._tree import Map, Proxy, Seq

#: Lines of a summary, characters of a value, entries that are opened at once in HTML.
LINES = 40
WIDTH = 60
OPEN = 1
#: Levels of a tree that HTML shows.
DEPTH = 40
#: Pixels of a side of a thumbnail, and elements of an array up to which it is read for one.
SIDE = 128
ELEMENTS = 64 << 20


def _short(value):
    text = repr(value)
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def line(value):
    """A value in one line."""
    from ._array import Array
    from ._wcs import Wcs

    if isinstance(value, Array):
        try:
            shape = "×".join(map(str, value.shape)) or "scalar"
            facts = [f"{value._array.datatype} {shape}"]
        except OSError as error:
            return f"array: {error}"
        facts += [value.codec] if value.codec else []
        facts += ["inline"] if value.storage == "inline" else []
        facts += ["masked"] if value.is_masked else []
        return "array " + ", ".join(facts)
    if isinstance(value, Wcs):
        return f"WCS {value.tag.rsplit('/', 1)[-1] if value.tag else ''}".rstrip()
    if isinstance(value, Map):
        return f"mapping of {len(value)}"
    if isinstance(value, Seq):
        return f"list of {len(value)}"
    return _short(value)


def _children(value):
    if isinstance(value, Map):
        return list(value.items())
    if isinstance(value, Seq):
        return list(enumerate(value))
    return []


def _tag(value):
    tag = getattr(value, "tag", None)
    return f" ({tag.rsplit(':', 1)[-1]})" if tag and "core/ndarray" not in tag else ""


def summary(value):
    """A value and what is below it as lines, at most `LINES`."""
    if not isinstance(value, Map | Seq):
        return f"<asdfkit {line(value)}>" if isinstance(value, Proxy) else repr(value)
    lines = [f"<asdfkit {line(value)}>{_tag(value)}"]
    children = _children(value)
    room = LINES - len(children)
    for key, child in children[:LINES]:
        lines.append(f"{key}: {line(child)}{_tag(child)}")
        below = _children(child)
        # What is below is shown where all of it finds room.
        if 0 < len(below) <= room:
            room -= len(below)
            lines += [f"  {name}: {line(item)}{_tag(item)}" for name, item in below]
    if len(children) > LINES:
        lines.append(f"… {len(children) - LINES} more")
    return "\n".join(lines)


def _png(rows):
    """A grey picture; the first row is at the bottom, as images of the sky are shown."""
    height, width = rows.shape
    raw = b"".join(b"\0" + row.tobytes() for row in rows[::-1])

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def thumbnail(array):
    """A small picture of an array of two axes or more as a data URL, or None."""
    import numpy

    shape = array.shape
    if len(shape) < 2 or min(shape[-2:]) < 8 or array.size > ELEMENTS or array.dtype.kind not in "iuf":
        return None
    steps = tuple(slice(None, None, -(-length // SIDE)) for length in shape[-2:])
    plane = numpy.asarray(array[(0,) * (len(shape) - 2) + steps], "f8")
    good = plane[numpy.isfinite(plane)]
    if not good.size:
        return None
    low, high = numpy.percentile(good, [1, 99])
    scaled = numpy.clip((plane - low) / ((high - low) or 1), 0, 1)
    grey = (numpy.nan_to_num(scaled) * 255).astype("u1")
    return "data:image/png;base64," + base64.b64encode(_png(grey)).decode()


def _entry(key, value, above, budget):
    name = escape_html.escape(str(key))
    text = escape_html.escape(line(value) + _tag(value))
    budget[0] -= 1
    depth = len(above)
    identity = value._node.identity if isinstance(value, Map | Seq) else None
    if identity is not None and identity in above:
        return f"<li><b>{name}</b> {text}, which contains this</li>"
    children = _children(value) if budget[0] > 0 and depth < DEPTH else []
    from ._array import Array

    picture = None
    if isinstance(value, Array) and budget[1] > 0:
        try:
            picture = thumbnail(value)
        except OSError:
            picture = None
    if picture:
        budget[1] -= 1
        return f"<li><details><summary><b>{name}</b> {text}</summary><img src='{picture}' alt='{name}'></details></li>"
    if not children:
        return f"<li><b>{name}</b> {text}</li>"
    inner = "".join(_entry(key, child, (*above, identity), budget) for key, child in children)
    opened = " open" if depth < OPEN else ""
    return f"<li><details{opened}><summary><b>{name}</b> {text}</summary><ul>{inner}</ul></details></li>"


def html(value, title=None):
    """A tree that folds, with small pictures of its first arrays."""
    from ._array import Array

    if isinstance(value, Array):
        text = escape_html.escape(line(value))
        picture = thumbnail(value)
        return f"<div>{text}" + (f"<br><img src='{picture}'></div>" if picture else "</div>")
    head = escape_html.escape(title or "")
    budget = [1000, 8]
    return f"<div class='asdfkit'><ul>{_entry(head or 'tree', value, (), budget)}</ul></div>"
