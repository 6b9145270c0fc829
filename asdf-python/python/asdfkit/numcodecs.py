"""The codec ``asdf`` of numcodecs: stored bytes of ASDF blocks as chunks of Zarr."""

from __future__ import annotations

import struct

import numpy
from numcodecs.abc import Codec
from numcodecs.compat import ensure_bytes, ensure_contiguous_ndarray_like

from . import _engine


def decoded_size(codec, stored):
    """The size of a block by its own framing, or None where it has none."""
    if codec != "lz4":
        return None
    size = at = 0
    while at + 8 <= len(stored):
        length = struct.unpack_from(">I", stored, at)[0]
        size += struct.unpack_from("<I", stored, at + 4)[0]
        at += 4 + length
    if at != len(stored):
        raise ValueError("these are not the chunks of an lz4 block of ASDF")
    return size


def decode(codec, stored, size=None, out=None):
    """The decoded bytes as an array of `numpy.uint8`."""
    stored = ensure_bytes(stored)
    found = decoded_size(codec, stored)
    if out is not None:
        target = ensure_contiguous_ndarray_like(out).view("u1").reshape(-1)
    else:
        if found is None and size is None:
            raise ValueError(f"a block of {codec} does not say how large its data are: give the codec their `size`")
        target = numpy.empty(found if size is None else size, "u1")
    if found is not None and found != target.nbytes:
        raise ValueError(f"the block has {found} bytes, expected {target.nbytes}")
    _engine.decompress(codec, [stored], target)
    return target


def encode(codec, data, level=None):
    """The stored bytes of a block."""
    data = ensure_contiguous_ndarray_like(data)
    itemsize = data.dtype.itemsize
    name = codec if level is None else f"{codec}:{level}"
    return _engine.compress(name, data.reshape(-1).view("u1"), itemsize)


class Asdf(Codec):
    """Stored bytes of a block of ASDF.

    Parameters
    ----------
    codec : str
        ``lz4``, ``zlib``, ``bzp2``, ``zstd``, ``blsc``, ``lz4f`` or ``bls2``.
    size : int, optional
        Bytes of the decoded block. Needed for all but ``lz4`` where nobody else says it.
    level : int, optional
        For encoding.
    """

    codec_id = "asdf"

    def __init__(self, codec="lz4", size=None, level=None):
        self.codec = codec
        self.size = size
        self.level = level

    def encode(self, buf):
        """Encodes a chunk."""
        return encode(self.codec, buf, self.level)

    def decode(self, buf, out=None):
        """Decodes a chunk."""
        return decode(self.codec, buf, self.size, out)

    def get_config(self):
        """What Zarr writes into its metadata."""
        config = {"id": self.codec_id, "codec": self.codec}
        for name in ("size", "level"):
            if getattr(self, name) is not None:
                config[name] = getattr(self, name)
        return config
