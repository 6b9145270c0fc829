"""ASDF files (Advanced Scientific Data Format), fast: an engine in Rust for reading, writing, WCS and checks.

>>> import asdfkit
>>> file = asdfkit.open("exposure.asdf")  # doctest: +SKIP
>>> file["roman/meta/exposure/type"]  # doctest: +SKIP
>>> file["roman/data"][0:100, 0:100]  # doctest: +SKIP
>>> ra, dec = file["roman/meta/wcs"](10.0, 20.0)  # doctest: +SKIP
"""

from ._array import Array
from ._command import check, executable, info, table, validate, verify
from ._engine import __version__
from ._error import (
    AsdfWarning,
    Error,
    LimitError,
    MalformedError,
    MismatchError,
    NotFoundError,
    UnsupportedError,
    UsageError,
)
from ._file import OpenFile, open
from ._tree import Map, Seq, TaggedStr
from ._wcs import Wcs
from ._write import File, RowWriter, Stored, Tagged


def accelerate(codecs=None):
    """Makes the package ``asdf`` use the codecs of asdfkit in this process; see `asdfkit.codecs`."""
    from . import codecs as module

    if codecs is None:
        module.accelerate()
    else:
        module.accelerate(codecs)


__all__ = [
    "Array",
    "AsdfWarning",
    "Error",
    "File",
    "LimitError",
    "MalformedError",
    "Map",
    "MismatchError",
    "NotFoundError",
    "OpenFile",
    "RowWriter",
    "Seq",
    "Stored",
    "Tagged",
    "TaggedStr",
    "UnsupportedError",
    "UsageError",
    "Wcs",
    "__version__",
    "accelerate",
    "check",
    "executable",
    "info",
    "open",
    "table",
    "validate",
    "verify",
]
