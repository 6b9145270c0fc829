"""The engine ``asdf`` of xarray: ``xarray.open_dataset("x.asdf", engine="asdf")``."""

from __future__ import annotations

import os

import numpy
from xarray import Dataset, Variable
from xarray.backends import BackendArray, BackendEntrypoint
from xarray.core import indexing

from ._array import Array
from ._file import OpenFile
from ._file import open as open_file
from ._tree import Map, Seq

#: Attributes are scalars of the tree and short lists of them.
LIST = 16


class _Lazy(BackendArray):
    def __init__(self, array):
        self.array = array
        self.shape = array.shape
        # xarray computes in the order of bytes of the machine.
        self.dtype = array.dtype.newbyteorder("=")

    def __getitem__(self, key):
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key):
        return numpy.asarray(self.array[key]).astype(self.dtype, copy=False)


def _arrays(group):
    """The arrays that stand in a mapping, those of quantities with their unit."""
    for key, value in group.items():
        unit = None
        if isinstance(value, Map) and value.tag and "unit/quantity" in value.tag and "value" in value:
            unit, value = str(value.get("unit", "")), value["value"]
        if isinstance(value, Array) and value.ndim > 0 and value.dtype.kind in "biufcSU":
            yield str(key), value, unit


def _groups(file):
    """The mappings that hold arrays, by their paths."""
    left = [("", file.tree)]
    while left:
        path, node = left.pop(0)
        if not isinstance(node, Map):
            continue
        if next(_arrays(node), None) is not None:
            yield path, node
        for key, child in node.items():
            if isinstance(child, Map):
                left.append((f"{path}/{str(key).replace('~', '~0').replace('/', '~1')}", child))


def _group(file, name):
    if name is not None:
        found = file.node(name) if name.strip("/") else file.tree
        if not isinstance(found, Map):
            raise ValueError(f"{name} is not a mapping")
        return found
    groups = list(_groups(file))
    if not groups:
        raise ValueError(f"{file.name} has no arrays in a mapping; name its `group`")
    main = [node for _, node in groups if "data" in node]
    shallow = min(path.count("/") for path, _ in groups)
    first = [node for path, node in groups if path.count("/") == shallow]
    if main:
        return main[0]
    if len(first) == 1:
        return first[0]
    raise ValueError(f"several mappings have arrays, name one as `group`: {', '.join(path for path, _ in groups)}")


def _dimensions(arrays):
    """Names of the axes: those of the image for all arrays that end with its lengths, their own for the others."""
    images = [array.shape for name, array, _ in arrays if array.ndim >= 2 and name == "data"]
    images += [array.shape for _, array, _ in arrays if array.ndim >= 2]
    image = images[0][-2:] if images else None
    lengths = {"y": image[0], "x": image[1]} if image else {}
    for name, array, _ in arrays:
        shape = list(array.shape)
        tail = []
        if image and tuple(shape[-2:]) == tuple(image):
            tail, shape = ["y", "x"], shape[:-2]
        front = []
        for place, length in enumerate(shape):
            axis = next(
                (known for known, own in lengths.items() if own == length and known not in ("y", "x") and known not in front),
                None,
            )
            if axis is None:
                axis = f"{name}_{place}"
                lengths[axis] = length
            front.append(axis)
        yield name, front + tail


def _attributes(group):
    out = {}

    def add(prefix, node):
        for key, value in node.items():
            name = f"{prefix}{key}"
            if isinstance(value, Map):
                add(f"{name}.", value)
            elif isinstance(value, Seq):
                items = list(value) if len(value) <= LIST else []
                if items and all(isinstance(item, str | int | float) for item in items):
                    out[name] = [str(item) if isinstance(item, str) else item for item in items]
            elif isinstance(value, bool):
                out[name] = int(value)
            elif isinstance(value, str):
                out[name] = str(value)
            elif isinstance(value, int | float):
                out[name] = value

    meta = group.get("meta")
    if isinstance(meta, Map):
        add("", meta)
    return out


class AsdfBackend(BackendEntrypoint):
    """Opens the arrays of a mapping of an ASDF or FITS file as lazy variables.

    The mapping is `group`; by default the first one that has an array `data`, else the only one with arrays. The last
    two axes of an image are ``y`` and ``x``. Scalars below ``meta`` are the attributes. Records are left out.
    """

    description = "ASDF files, and FITS files"
    url = "https://www.asdf-format.org"
    open_dataset_parameters = ("filename_or_obj", "drop_variables", "group")
    supports_groups = False

    def open_dataset(self, filename_or_obj, *, drop_variables=None, group=None):
        """See `xarray.open_dataset`."""
        given = filename_or_obj
        file = given if isinstance(given, OpenFile) else open_file(given)
        node = _group(file, group)
        dropped = {drop_variables} if isinstance(drop_variables, str) else set(drop_variables or ())
        arrays = [entry for entry in _arrays(node) if entry[0] not in dropped]
        dimensions = dict(_dimensions(arrays))
        variables = {}
        for name, array, unit in arrays:
            data = indexing.LazilyIndexedArray(_Lazy(array))
            attributes = {"units": unit} if unit else {}
            encoding = {"preferred_chunks": dict(zip(dimensions[name], array.chunks, strict=True))}
            variables[name] = Variable(dimensions[name], data, attributes, encoding)
        return Dataset(variables, attrs=_attributes(node))

    def guess_can_open(self, filename_or_obj):
        """Whether the name or the first bytes say that it is an ASDF file."""
        try:
            name = os.fspath(filename_or_obj)
        except TypeError:
            return False
        return str(name).endswith((".asdf", ".asdf.gz"))
