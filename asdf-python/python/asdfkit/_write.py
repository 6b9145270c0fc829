"""Files that are written: new ones, and changes of those that are there."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from . import _engine
from ._error import make
from ._tree import Proxy, TaggedStr

_SET = "tag:yaml.org,2002:set"
_COMPLEX = "tag:stsci.edu:asdf/core/complex-1.0.0"


class Tagged:
    """A value with a tag, to be written.

    Parameters
    ----------
    tag : str
        The whole tag, as in ``tag:stsci.edu:asdf/unit/unit-1.0.0``.
    value : object
        What it stands at: text, a mapping, a list.
    """

    def __init__(self, tag, value):
        self.tag = tag
        self.value = value

    def __repr__(self):
        return f"Tagged({self.tag!r}, {self.value!r})"


class Stored:
    """An array with how it is to be stored.

    Parameters
    ----------
    array : array_like
    compression : str, optional
        ``lz4``, ``zlib``, ``bzp2``, ``zstd``, ``blsc``, ``lz4f`` or ``none``, with a level as in ``zstd:9``.
    storage : {"block", "inline", "streamed"}, optional
        A block, the tree, or the end of the file, where it may grow.
    """

    def __init__(self, array, compression=None, storage="block"):
        if storage not in ("block", "inline", "streamed"):
            raise ValueError(f"storage is block, inline or streamed, not {storage!r}")
        self.array = array
        self.compression = compression
        self.storage = storage


def _dtype(dtype):
    """A datatype as the engine reads it, packed."""
    if dtype.names:
        fields = []
        for name in dtype.names:
            field = dtype.fields[name][0]
            base, shape = field.subdtype or (field, ())
            fields.append((name, _dtype(base), list(shape)))
        return fields
    if dtype.kind == "U":
        return ("<" if dtype.str[0] in "<=|" else ">") + f"U{dtype.itemsize // 4}"
    return dtype.str


class _Encoder:
    """Turns values of Python into those that the engine writes."""

    def __init__(self, compression, inline_below):
        from ._values import Converters

        self.compression = compression
        self.inline_below = inline_below
        self.files = []
        # The way down to what is being encoded, for messages.
        self._steps = []
        self._known = {}
        self._open = set()
        self._converters = Converters()
        # Values whose identity is a key above must not go away.
        self._kept = []

    def at(self, path, value):
        """A value that will stand at a path."""
        self._steps = [str(path).strip("/")] if str(path).strip("/") else []
        return self.encode(value)

    def _refuse(self, text):
        """An error about the value that is being encoded."""
        path = "/" + "/".join(self._steps)
        return make(f"{path}: {text}", "usage", None, path, None, None, None)

    def _below(self, step, value):
        self._steps.append(str(step))
        made = self.encode(value)
        self._steps.pop()
        return made

    def encode(self, value):
        """Any value."""
        kind = type(value)
        if value is None or kind in (bool, int, float, str, bytes):
            return value
        identity = id(value)
        if identity in self._known:
            return self._known[identity]
        if identity in self._open:
            raise self._refuse("a value that contains itself cannot be written")
        self._open.add(identity)
        try:
            made = self._encode(value)
        finally:
            self._open.discard(identity)
        self._known[identity] = made
        self._kept.append(value)
        return made

    def _encode(self, value):
        if isinstance(value, Proxy) or (hasattr(value, "_node") and hasattr(value, "file")):
            if value._node is None:
                raise self._refuse("the WCS of a FITS header has no node that could be copied")
            engine = value.file._engine
            if not any(engine.same(known) for known in self.files):
                self.files.append(engine)
            return value._node
        if isinstance(value, TaggedStr):
            return _engine.Tagged(value.tag, str(value))
        if isinstance(value, Tagged):
            return _engine.Tagged(value.tag, self.encode(value.value))
        if isinstance(value, Stored):
            return self._array(value.array, value.compression, value.storage)
        if type(value) is dict:
            return self._mapping(value)
        if type(value) in (list, tuple):
            return self._list(value)
        if isinstance(value, complex):
            return _engine.Tagged(_COMPLEX, str(value).strip("()"))
        if isinstance(value, bool | int | float | str | bytes):
            base = next(base for base in (bool, int, float, str, bytes) if isinstance(value, base))
            return self._with_tag(value, base(value))
        if isinstance(value, set | frozenset):
            return _engine.Tagged(_SET, {self._key(item): None for item in value})
        if hasattr(value, "isoformat"):
            return value
        import numpy

        if isinstance(value, numpy.generic) and not isinstance(value, numpy.void):
            return self.encode(value.item())
        if isinstance(value, numpy.ndarray) and type(value) in (numpy.ndarray, numpy.ma.MaskedArray, numpy.memmap, numpy.recarray):
            return self._array(value, None, "block")
        if _is_array_of_asdf(value):
            # Its own node would name a block of the file that it comes from.
            return self._array(value[...], None, "block")
        made = self._converters.node_of(value)
        if made is not None:
            tag, node = made
            node = self.encode(node)
            return node if tag is None else _engine.Tagged(tag, node)
        if isinstance(value, Mapping):
            return self._with_tag(value, self._mapping(value))
        if isinstance(value, Sequence):
            return self._with_tag(value, self._list(value))
        if hasattr(value, "__dataframe__") or hasattr(value, "__arrow_c_stream__"):
            raise self._refuse(f"a table of the type {_name(value)} is not written; astropy's Table is, and takes it")
        if hasattr(value, "__array__"):
            return self._array(value, None, "block")
        raise self._refuse(f"a value of the type {_name(value)} cannot be written to an ASDF file")

    def _mapping(self, value):
        return {self._key(key): self._below(key, item) for key, item in value.items()}

    def _list(self, value):
        return [self._below(index, item) for index, item in enumerate(value)]

    @staticmethod
    def _with_tag(value, node):
        """The node of what the package ``asdf`` has no converter for and keeps with its tag."""
        tag = getattr(value, "_tag", None) if type(value).__module__ == "asdf.tagged" else None
        return node if tag is None else _engine.Tagged(tag, node)

    def _key(self, key):
        if isinstance(key, bool | int | str):
            return key
        raise self._refuse(f"a key of a mapping is text, a whole number or a truth value, not {key!r}")

    def _array(self, value, compression, storage):
        import numpy

        masked = isinstance(value, numpy.ma.MaskedArray)
        array = numpy.asarray(value.data if masked else value)
        if array.dtype.kind not in "biufcSUV" or (array.dtype.kind == "V" and not array.dtype.names):
            raise self._refuse(f"ASDF has no datatype for numpy's {array.dtype}")
        dtype = _dtype(array.dtype)
        if array.dtype.names:
            packed = numpy.dtype([(name, *rest) for name, *rest in _fields(array.dtype)])
            array = array.astype(packed, copy=False)
        data = numpy.ascontiguousarray(array)
        shape = list(array.shape)
        if storage == "block" and self.inline_below and data.nbytes < self.inline_below and data.dtype.kind in "biuf":
            storage = "inline"
        mask = None
        if masked and value.mask is not numpy.ma.nomask:
            mask = numpy.asarray(value.mask)
            if mask.dtype.names:
                raise self._refuse("a mask of single fields of records cannot be written")
            mask = self._array(numpy.broadcast_to(mask, array.shape).astype(bool), compression, "block")
        data = data.reshape(-1)
        raw = data.view("u1") if data.size and data.dtype.itemsize else numpy.empty(0, "u1")
        codec = self.compression if compression is None else compression
        codec = None if codec in (None, "none", "input") else codec
        return _engine.NewArray(raw, dtype, shape, storage, codec, mask)


def _name(value):
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _is_array_of_asdf(value):
    """Whether it is an array that the package ``asdf`` has read and not loaded yet."""
    return type(value).__module__.startswith("asdf.") and hasattr(value, "__array__") and hasattr(value, "__getitem__")


def _fields(dtype):
    for name in dtype.names:
        field = dtype.fields[name][0]
        base, shape = field.subdtype or (field, ())
        if base.names:
            import numpy

            base = numpy.dtype([(inner, *rest) for inner, *rest in _fields(base)])
        yield (name, base, shape)


class RowWriter:
    """Takes rows of an array of any length and writes them at once; a context manager.

    When the block ends without an exception the file is complete and takes its name; else nothing is left.
    """

    def __init__(self, engine, dtype, shape):
        self._engine = engine
        self._dtype = dtype
        self._shape = shape
        self._is_complete = False

    def write(self, rows):
        """Appends rows.

        Parameters
        ----------
        rows : array_like
            One row or several: an array whose last axes are those of a row.
        """
        import numpy

        given = numpy.asarray(rows)
        with numpy.errstate(invalid="ignore"):
            rows = numpy.ascontiguousarray(given, self._dtype)
        # Whole numbers and truth values are those that were given, or there is an error.
        if rows.dtype.kind in "iub" and given.dtype != rows.dtype and not numpy.array_equal(rows, given):
            raise ValueError(f"the rows have values that {rows.dtype} does not have")
        if rows.shape[rows.ndim - len(self._shape) :] != self._shape:
            raise ValueError(f"a row has the shape {self._shape}, not {rows.shape}")
        if rows.size:
            self._engine.write(rows.reshape(-1).view("u1"))

    def finish(self):
        """Completes the file; once it is, this does nothing."""
        if not self._is_complete:
            self._engine.finish()
            self._is_complete = True

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.finish()
        else:
            self._engine.discard()


class File:
    """A file that is to be written: a new tree, or that of a file with changes.

    Parameters
    ----------
    source : mapping, str, os.PathLike or OpenFile, optional
        The tree of a new file; or a file that is there, whose text, comments, tags and blocks stay wherever nothing is
        changed.

    Notes
    -----
    Values are those of Python and numpy, nodes of open files (copied with their tags and blocks as they are), `Tagged`,
    `Stored`, and whatever the package ``asdf`` has a converter for, as those of astropy.

    Examples
    --------
    >>> import asdfkit, numpy
    >>> file = asdfkit.File({"flux": numpy.arange(3.0)})
    >>> file["meta/filter"] = "F158"
    >>> file.save("new.asdf", compression="zstd")  # doctest: +SKIP
    >>> edit = asdfkit.File("new.asdf")  # doctest: +SKIP
    >>> edit["meta/filter"] = "F129"  # doctest: +SKIP
    >>> edit.update()  # doctest: +SKIP
    'in place'
    """

    def __init__(self, source=None):
        from ._file import OpenFile, open

        self._source = None
        self._changes = []
        if isinstance(source, Mapping):
            self._changes.append(("root", "", dict(source)))
        elif isinstance(source, OpenFile):
            self._source = source
        elif source is not None:
            self._source = open(source)

    def set(self, path, value):
        """Puts a value at a path; mappings that are not there are made.

        Parameters
        ----------
        path : str
        value : object

        Returns
        -------
        File
            The same, so that calls can follow one another.
        """
        self._changes.append(("set", path, value))
        return self

    def remove(self, path):
        """Removes what stands at a path."""
        self._changes.append(("remove", path, None))
        return self

    def add_history(self, text):
        """Adds an entry to the history of the file."""
        self._changes.append(("history", "", text))
        return self

    def __setitem__(self, path, value):
        self.set(path, value)

    def __delitem__(self, path):
        self.remove(path)

    def _prepared(self, compression, inline_below):
        encoder = _Encoder(compression, inline_below)
        changes = [(what, path, encoder.at(path, value)) for what, path, value in self._changes]
        source = None if self._source is None else self._source._engine
        return encoder, source, changes

    @staticmethod
    def _options(compression, checksums, index, room, drop_unused=True):
        # What is not named is written as it is in the file, or as its array says.
        codec = None if compression in (None, "input") else compression
        return {"compression": codec, "checksums": checksums, "index": index, "room": room, "drop_unused": drop_unused}

    def save(self, path, *, compression=None, inline_below=0, checksums=True, index=True, room=None):
        """Writes a file. One of that name is replaced when the new one is complete.

        Parameters
        ----------
        path : str or os.PathLike
        compression : str, optional
            The codec of the blocks, as in ``lz4`` or ``zstd:9``, but of those for which `Stored` says another. By default
            blocks of files stay as they are, and new ones are not compressed.
        inline_below : int, optional
            Arrays of fewer bytes are written into the tree.
        checksums, index : bool, optional
            Whether blocks have checksums, and the file an index of blocks.
        room : float, optional
            Per cent of room that is left after each block.
        """
        encoder, source, changes = self._prepared(compression, inline_below)
        options = self._options(compression, checksums, index, room)
        _engine.write(source, encoder.files, changes, os.fspath(path), False, options)

    def update(self, *, compression=None, inline_below=0, checksums=True):
        """Writes the changes to the file that was opened: in place when there is room. A program that is stopped at any
        moment leaves the old file or the new one.

        Returns
        -------
        str
            ``"in place"``, ``"rewritten"`` or ``"unchanged"``.
        """
        path = None if self._source is None else self._source._path
        if path is None:
            raise ValueError("only a file that was opened by its path can be updated; save writes a new one")
        encoder, source, changes = self._prepared(compression, inline_below)
        if source.is_fits:
            # What changes is the tree that the file carries, which has no HDUs in it.
            source = self._source._without_hdus()._engine
        options = self._options(compression, checksums, True, None, drop_unused=False)
        return _engine.write(source, encoder.files, changes, path, True, options)

    def rows(self, file, path, dtype, shape=(), *, count=None, checksums=True, index=True):
        """Writes all of the file but an array, whose rows are given one after the other, so that memory stays small.

        Parameters
        ----------
        file : str or os.PathLike
            The file that is written.
        path : str
            Where the array stands in the tree.
        dtype : data-type
        shape : tuple of int, optional
            The shape of a row.
        count : int, optional
            The number of rows; without it the array is a streamed one.

        Returns
        -------
        RowWriter
        """
        import numpy

        dtype = numpy.dtype(dtype)
        if dtype.names:
            dtype = numpy.dtype(list(_fields(dtype)))
        encoder, source, changes = self._prepared(None, 0)
        options = self._options(None, checksums, index, None)
        array = (path, _dtype(dtype), list(shape), count)
        engine = _engine.save_rows(source, encoder.files, changes, os.fspath(file), array, options)
        return RowWriter(engine, dtype, tuple(shape))

    def to_asdf(self):
        """The tree as an `AsdfFile` of the package ``asdf``, by way of a file in memory.

        Returns
        -------
        asdf.AsdfFile
        """
        import io
        import tempfile

        import asdf

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file.asdf")
            self.save(path)
            with open(path, "rb") as file:
                return asdf.open(io.BytesIO(file.read()))

    def __repr__(self):
        source = "a new tree" if self._source is None else self._source.name
        return f"<asdfkit.File of {source}, {len(self._changes)} changes>"
