"""Codecs for the package ``asdf``: a faster `asdf.open` without a change of code.

The entry point ``asdf.extensions`` brings ``zstd``, ``blsc``, ``lz4f`` and ``bls2``, less those that the package
``asdf-compression`` brings. The built-in ones, ``lz4``, ``zlib`` and ``bzp2``, are replaced when the environment variable
``ASDFKIT_CODECS`` names them (``ASDFKIT_CODECS=lz4,zlib`` or ``all``), or by `accelerate`.
"""

from __future__ import annotations

import os
import warnings

from . import _engine

_MISSING = ("zstd", "blsc", "lz4f", "bls2")
_BUILT_IN = ("lz4", "zlib", "bzp2")
_READ_ONLY = ("bls2",)
#: Codecs that are there twice because somebody asked for it.
_on_purpose = set()


class Codec:
    """One codec, as `asdf.extension.Compressor` has it."""

    def __init__(self, name):
        self.name = name

    @property
    def label(self):
        """The label in the header of a block."""
        # asdf asks for all labels before it warns of one that it finds twice; entry points are loaded in a context whose
        # filters do not last.
        if _on_purpose:
            _quiet()
        return self.name.encode()

    def compress(self, data, **options):
        """Yields the stored bytes of a block."""
        if self.name in _READ_ONLY:
            raise ValueError(f"{self.name} can be read and not be written")
        level = options.pop("level", options.pop("compresslevel", None))
        name = self.name if level is None or self.name not in ("zlib", "bzp2", "zstd") else f"{self.name}:{level}"
        data = memoryview(data)
        yield _engine.compress(name, data.cast("B"), data.itemsize)

    def decompress(self, data, out, **_):
        """Decodes the stored bytes, which come in pieces, into `out`; says how many there are."""
        pieces = [memoryview(piece).cast("B") for piece in data]
        return _engine.decompress(self.name, pieces, memoryview(out).cast("B"))


def _extension(names):
    from asdf.extension import Compressor, Extension

    Compressor.register(Codec)

    class AsdfkitExtension(Extension):
        extension_uri = "asdf://asdfkit/extensions/codecs-1.0.0"
        compressors = [Codec(name) for name in names]

    return AsdfkitExtension()


def _of_compression():
    """The codecs that the package ``asdf-compression`` brings, which depend on what is installed beside it."""
    try:
        from asdf_compression.extensions import get_extensions
    except ImportError:
        return set()
    found = (compressor for extension in get_extensions() for compressor in extension.compressors)
    return {compressor.label.decode("ascii") for compressor in found}


def _quiet():
    """asdf warns at every use of a label that two extensions have, on purpose or not."""
    labels = "|".join(sorted(_on_purpose))
    warnings.filterwarnings("ignore", f'Found more than one compressor for "({labels})"')


def names():
    """The codecs that the entry point registers."""
    asked = os.environ.get("ASDFKIT_CODECS", "").lower().replace(" ", "").split(",")
    if "all" in asked:
        return [*_MISSING, *_BUILT_IN]
    taken = _of_compression()
    return [*(name for name in _MISSING if name not in taken or name in asked), *(name for name in _BUILT_IN if name in asked)]


def extensions():
    """The entry point of ``asdf.extensions``."""
    found = names()
    _on_purpose.update(set(found) & {*_BUILT_IN, *_of_compression()})
    return [_extension(found)]


def accelerate(codecs=_MISSING + _BUILT_IN):
    """Makes the package ``asdf`` use the codecs of asdfkit in this process.

    Parameters
    ----------
    codecs : list of str, optional
        Which ones; all by default.
    """
    import asdf

    unknown = [name for name in codecs if name not in _MISSING + _BUILT_IN]
    if unknown:
        raise ValueError(f"no codecs of asdfkit: {', '.join(unknown)}")
    _on_purpose.update(codecs)
    asdf.get_config().add_extension(_extension(codecs))
