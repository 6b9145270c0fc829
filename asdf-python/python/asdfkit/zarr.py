"""The codec ``asdf`` of Zarr 3, from bytes to bytes."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass

import numpy
from zarr.abc.codec import BytesBytesCodec
from zarr.core.common import parse_named_configuration

from .numcodecs import decode, encode


@dataclass(frozen=True)
class AsdfCodec(BytesBytesCodec):
    """Stored bytes of a block of ASDF; see `asdfkit.numcodecs.Asdf`."""

    is_fixed_size = False
    codec: str = "lz4"
    size: int | None = None
    level: int | None = None

    @classmethod
    def from_dict(cls, data):
        """Of the metadata of an array."""
        _, configuration = parse_named_configuration(data, "asdf", require_configuration=False)
        return cls(**(configuration or {}))

    def to_dict(self):
        """For the metadata of an array."""
        configuration = {"codec": self.codec, "size": self.size, "level": self.level}
        configuration = {key: value for key, value in configuration.items() if value is not None}
        return {"name": "asdf", "configuration": configuration}

    async def _decode_single(self, chunk_bytes, chunk_spec):
        stored = chunk_bytes.to_bytes()
        size = self.size
        if size is None:
            # The codec is the last one but for what is stored: a chunk has the bytes of its elements.
            size = math.prod(chunk_spec.shape) * chunk_spec.dtype.item_size
        data = await asyncio.to_thread(decode, self.codec, stored, size)
        return chunk_spec.prototype.buffer.from_bytes(data.tobytes())

    async def _encode_single(self, chunk_bytes, chunk_spec):
        data = numpy.frombuffer(chunk_bytes.to_bytes(), "u1")
        stored = await asyncio.to_thread(encode, self.codec, data, self.level)
        return chunk_spec.prototype.buffer.from_bytes(stored)

    def compute_encoded_size(self, input_byte_length, chunk_spec):
        """It is not known before."""
        raise NotImplementedError
