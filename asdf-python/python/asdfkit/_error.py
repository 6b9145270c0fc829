"""The exceptions of the package. Each says what is wrong, and where."""

from __future__ import annotations


class Error(OSError):
    """A file cannot be read or written, or what was asked of it cannot be done.

    Attributes
    ----------
    kind : str
        Whose fault it is: ``io``, ``malformed``, ``unsupported``, ``limit``, ``mismatch``, ``usage`` or ``other``.
    file : str or None
        The file, as it was named.
    path : str or None
        The place in the tree, as a JSON Pointer.
    block : int or None
        The block, counted from 0.
    offset : int or None
        The offset in the file in bytes.
    """

    kind = "other"
    file = path = block = offset = None

    def __reduce__(self):
        facts = (self.kind, self.file, self.path, self.block, self.offset, self.errno)
        return make, (str(self), *facts)


class MalformedError(Error):
    """The file breaks the standard."""


class UnsupportedError(Error):
    """The file is legal, and this version cannot read that part of it."""


class LimitError(Error):
    """A limit against hostile files was exceeded."""


class MismatchError(Error, LookupError):
    """The tree or array is not what was asked for: a path leads nowhere, a node is not an array."""


class UsageError(Error, ValueError):
    """The arguments contradict each other or cannot be used."""


class NotFoundError(Error, FileNotFoundError):
    """There is no such file."""


class AsdfWarning(UserWarning):
    """Something odd in a file, whose data can be read all the same."""


_CLASSES = {
    "malformed": MalformedError,
    "unsupported": UnsupportedError,
    "limit": LimitError,
    "mismatch": MismatchError,
    "usage": UsageError,
}
_ENOENT = 2


def make(text, kind, file, path, block, offset, errno):
    """The exception of an error of the engine."""
    cls = NotFoundError if errno == _ENOENT else _CLASSES.get(kind, Error)
    error = cls(text)
    error.kind, error.file, error.path = kind, file, path
    error.block, error.offset, error.errno = block, offset, errno
    return error
