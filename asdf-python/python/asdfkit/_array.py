"""Arrays of a file: what they are is known at once, their elements are read when they are asked for."""

from __future__ import annotations

import operator

from ._error import make
from ._tree import Proxy

#: Bytes of a chunk that is read at once by dask and xarray, about.
CHUNK = 16 << 20


def _loaded(value):
    return value.to_numpy() if isinstance(value, Array) else value


class Array(Proxy):
    """An array of a file.

    ``numpy.asarray(array)`` reads all of it: an uncompressed one is a view of the mapped file and costs nothing. A window,
    ``array[0:100, 0:100]``, decodes only the chunks that it needs. What is read cannot be written to; `numpy.array` copies.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy.dtype
        With the order of bytes of the file.
    codec : str or None
        The compression of its block: ``lz4``, ``zlib``, ``bzp2``, ``zstd``, …
    storage : str
        ``block``, ``inline`` or ``hdu``.
    is_masked : bool
        Whether the file says that some elements are missing; see `masked`.
    """

    __slots__ = ("_data", "_dtype")

    def __init__(self, file, node):
        super().__init__(file, node)
        self._data = None
        self._dtype = None

    @property
    def _array(self):
        if self._data is None:
            self._data = self._node.array()
        return self._data

    @property
    def shape(self):
        """Lengths of the axes, the slowest first."""
        return self._array.shape

    @property
    def ndim(self):
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self):
        """Number of elements."""
        size = 1
        for length in self.shape:
            size *= length
        return size

    @property
    def dtype(self):
        """What an element is, with the order of bytes of the file."""
        if self._dtype is None:
            import numpy

            self._dtype = numpy.dtype(self._array.dtype)
        return self._dtype

    @property
    def nbytes(self):
        """Bytes of all elements."""
        return self._array.nbytes

    @property
    def codec(self):
        """The compression, or None."""
        return self._array.codec

    @property
    def storage(self):
        """Where the elements are: ``block``, ``inline`` or ``hdu``."""
        return self._array.storage

    @property
    def is_masked(self):
        """Whether the node has a mask or numbers that stand for no value."""
        return self._array.is_masked

    @property
    def chunks(self):
        """Lengths of chunks of whole rows of some 16 MiB, as dask and xarray read them."""
        shape = list(self.shape)
        left = self.dtype.itemsize or 1
        chunks = []
        for length in reversed(shape):
            count = max(1, min(length, CHUNK // left)) if length else 1
            chunks.append(count)
            left *= max(count, 1)
        return tuple(reversed(chunks))

    @property
    def wcs(self):
        """The `Wcs` that belongs to this array, or None."""
        return self._file.wcs_of(self.path)

    def _load(self, parts):
        import numpy

        buffer, first, shape, strides, mask = self._array.load(parts)
        dtype = self.dtype
        if 0 in shape or dtype.itemsize == 0:
            try:
                data = numpy.zeros(shape, dtype)
            except ValueError as error:
                raise make(f"{self._file.name}: {self.path}: {error}", "unsupported", self._file.name, self.path, None, None, None) from None
        else:
            data = numpy.ndarray(shape, dtype, buffer, first, strides)
            # A window keeps no chunk in memory that is much larger than itself.
            if not buffer.is_of_file and 2 * data.nbytes < len(buffer):
                data = data.copy()
        data.flags.writeable = False
        if mask is not None:
            mask = numpy.frombuffer(mask, bool).reshape(shape)
        self._file._tell_warnings()
        return data, mask

    def to_numpy(self):
        """The whole array, not masked.

        Returns
        -------
        numpy.ndarray
        """
        return self._load([])[0]

    def masked(self, key=()):
        """The array, or a window of it, as a masked array of numpy.

        Parameters
        ----------
        key : optional
            What is taken, as in ``array[key]``: slices, indices, an ellipsis.

        Returns
        -------
        numpy.ma.MaskedArray
        """
        import numpy

        parts = self._parts(key)
        if parts is None:
            return self.masked()[key]
        data, mask = self._load(parts)
        if mask is not None and data.dtype.names:
            full = numpy.zeros(data.shape, numpy.ma.make_mask_descr(data.dtype))
            for name in data.dtype.names:
                full[name] = mask.reshape(mask.shape + (1,) * (full[name].ndim - mask.ndim))
            mask = full
        # The fill value that numpy chooses does not fit every float of a record.
        with numpy.errstate(over="ignore"):
            return numpy.ma.MaskedArray(data, numpy.ma.nomask if mask is None else mask)

    def _parts(self, key):
        """Slices for the engine, or None for what only numpy can take."""
        if not isinstance(key, tuple):
            key = (key,)
        parts = []
        for item in key:
            if item is Ellipsis:
                if any(part is Ellipsis for part in parts):
                    raise IndexError("an index can only have a single ellipsis ('...')")
                parts.append(item)
            elif isinstance(item, slice):
                bounds = (item.start, item.stop, item.step)
                bounds = [None if bound is None else operator.index(bound) for bound in bounds]
                parts.append((bounds[0], bounds[1], 1 if bounds[2] is None else bounds[2]))
            elif isinstance(item, bool) or not hasattr(item, "__index__") or getattr(item, "shape", ()) != ():
                return None
            else:
                parts.append(operator.index(item))
        missing = self.ndim - sum(part is not Ellipsis for part in parts)
        if missing < 0:
            raise IndexError(f"too many indices: the array has {self.ndim} axes, but {len(key)} were indexed")
        if Ellipsis in parts:
            place = parts.index(Ellipsis)
            parts[place : place + 1] = [(None, None, 1)] * missing
        for part, length in zip(parts, self.shape):
            if isinstance(part, int) and not -length <= part < length:
                raise IndexError(f"index {part} is out of bounds for an axis of length {length}")
            if isinstance(part, tuple) and part[2] == 0:
                raise ValueError("slice step cannot be zero")
        return parts

    def __getitem__(self, key):
        parts = self._parts(key)
        if parts is None:
            return self.to_numpy()[key]
        data = self._load(parts)[0]
        return data[()] if data.ndim == 0 else data

    def __array__(self, dtype=None, copy=None):
        data = self.to_numpy()
        if dtype is not None and data.dtype != dtype:
            if copy is False:
                raise ValueError("another dtype needs a copy")
            return data.astype(dtype)
        return data.copy() if copy else data

    # Elements are compared, as those of numpy's arrays are: one truth value for all of them would be mistaken for a mask.
    def __eq__(self, other):
        return self.to_numpy() == _loaded(other)

    def __ne__(self, other):
        return self.to_numpy() != _loaded(other)

    def __lt__(self, other):
        return self.to_numpy() < _loaded(other)

    def __le__(self, other):
        return self.to_numpy() <= _loaded(other)

    def __gt__(self, other):
        return self.to_numpy() > _loaded(other)

    def __ge__(self, other):
        return self.to_numpy() >= _loaded(other)

    __hash__ = None

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of an array without axes")
        return self.shape[0]

    def __iter__(self):
        return iter(self.to_numpy())

    def __bool__(self):
        return bool(self.to_numpy())

    def to_dask(self, chunks=None):
        """A dask array that reads its chunks from the file when it is computed.

        Parameters
        ----------
        chunks : optional
            Lengths of the chunks, as dask takes them; whole rows of some 16 MiB by default.

        Returns
        -------
        dask.array.Array
        """
        import dask.array

        chunks = self.chunks if chunks is None else chunks
        return dask.array.from_array(self, chunks=chunks, fancy=False, meta=self._load([(0, 0, 1)] * self.ndim)[0])

    def to_arrow(self):
        """Records as a `pyarrow.Table`, a column a field; what the mask hides is null."""
        from ._table import arrow_of_array

        return arrow_of_array(self)

    def to_pandas(self):
        """Records as a `pandas.DataFrame`, a column a field."""
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema=None):
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self):
        from ._html import summary

        return summary(self)
