"""The bytes of an ASDF file, put together by hand.

Every piece can be given a wrong value, so that the same few functions make good files and broken ones.
"""

import hashlib
import struct

BLOCK_MAGIC = b"\xd3BLK"
STREAMED = 1
TAG = "%TAG ! tag:stsci.edu:asdf/\n"


def prolog(standard="1.6.0", version="1.0.0", comments=(), newline="\n"):
    """The comment lines at the start of the file."""
    lines = [f"#ASDF {version}"]
    if standard is not None:
        lines.append(f"#ASDF_STANDARD {standard}")
    lines += [f"#{c}" for c in comments]
    return newline.join([*lines, ""]).encode()


def document(body, root="--- !core/asdf-1.1.0", directives="%YAML 1.1\n" + TAG, end="...\n"):
    """The YAML document: directives, root line, body, end marker. `body` may be bytes when it is no UTF-8."""
    if isinstance(body, str):
        body = body.encode()
    if body and not body.endswith(b"\n"):
        body += b"\n"
    return (directives + root + "\n").encode() + body + end.encode()


def tree(body, standard="1.6.0", **kwargs):
    """Prolog and document with the usual settings."""
    return prolog(standard) + document(body, **kwargs)


def block(
    stored,
    *,
    decoded=None,
    codec=b"",
    flags=0,
    header_size=48,
    allocated=None,
    used=None,
    data_size=None,
    checksum="stored",
    filler=b"",
    padding=b"\0",
    magic=BLOCK_MAGIC,
):
    """One block.

    `stored` are the bytes in the file, `decoded` what they decode to (only its length and digest matter here).
    `checksum`: "stored", "none", "decoded" (legacy) or 16 bytes. `filler` is what a longer header holds after
    its 48 known bytes; `padding` is repeated to fill the space between used and allocated.
    """
    used = len(stored) if used is None else used
    allocated = used if allocated is None else allocated
    decoded = stored if decoded is None else decoded
    data_size = len(decoded) if data_size is None else data_size
    digest = {
        "stored": lambda: hashlib.md5(stored).digest(),
        "decoded": lambda: hashlib.md5(decoded).digest(),
        "none": lambda: bytes(16),
    }.get(checksum, lambda: checksum)()
    known = struct.pack(">I4sQQQ16s", flags, codec.ljust(4, b"\0"), allocated, used, data_size, digest)
    header = (known + filler).ljust(header_size, b"\0")
    slack = max(0, allocated - len(stored)) if allocated < 1 << 24 else 0
    fill = (padding * (slack // len(padding) + 1))[:slack]
    return magic + struct.pack(">H", header_size) + header + stored + fill


def streamed(data, **kwargs):
    """The open-ended last block: all three sizes are zero."""
    zeros = {"allocated": 0, "used": 0, "data_size": 0, "checksum": "none"}
    return block(data, **{"flags": STREAMED, **zeros, **kwargs})


def index(offsets, style="block"):
    """The text of a block index."""
    if style == "flow":
        body = "--- [" + ", ".join(map(str, offsets)) + "]\n"
    else:
        body = "---\n" + "".join(f"- {o}\n" for o in offsets)
    return ("#ASDF BLOCK INDEX\n%YAML 1.1\n" + body + "...\n").encode()


def offsets(head, blocks):
    """Where each block starts when they follow `head` without gaps."""
    found, at = [], len(head)
    for b in blocks:
        found.append(at)
        at += len(b)
    return found


def join(head, *blocks, with_index=False):
    """A file of a head (prolog and tree) and blocks, with or without an index."""
    body = head + b"".join(blocks)
    return body + index(offsets(head, blocks)) if with_index else body


def ndarray(source, datatype, shape, byteorder="little", **more):
    """A flow-style ndarray node."""
    items = {"source": source, "datatype": datatype, "byteorder": byteorder, "shape": shape, **more}
    text = ", ".join(f"{k}: {v}" for k, v in items.items() if v is not None)
    return f"!core/ndarray-1.1.0 {{{text}}}"
