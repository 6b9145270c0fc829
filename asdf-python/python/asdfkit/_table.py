"""Tables as those of Arrow: record arrays, tables of the tree, tables of FITS files."""

from __future__ import annotations

import numpy

from ._array import Array
from ._tree import Map


def _pyarrow():
    try:
        import pyarrow
    except ImportError as error:
        raise ImportError("tables of Arrow need the package pyarrow") from error
    return pyarrow


def _column(data, mask=None):
    """An array of any number of axes as a column of Arrow: further axes become lists of a fixed length."""
    pyarrow = _pyarrow()
    if data.ndim > 1:
        rows, length = data.shape[0], int(numpy.prod(data.shape[1:]))
        inner = _column(data.reshape(rows * length), None if mask is None else mask.reshape(rows * length))
        return pyarrow.FixedSizeListArray.from_arrays(inner, length)
    if data.dtype.names:
        parts = [_column(data[name]) for name in data.dtype.names]
        return pyarrow.StructArray.from_arrays(parts, list(data.dtype.names))
    if data.dtype.kind == "S":
        values = [value.decode("utf-8", "replace") for value in data.tolist()]
    elif data.dtype.kind == "U":
        values = data.tolist()
    elif data.dtype.kind == "c":
        pair = numpy.ascontiguousarray(data).astype(data.dtype.newbyteorder("=")).view(f"f{data.dtype.itemsize // 2}")
        return pyarrow.FixedSizeListArray.from_arrays(_column(pair), 2)
    else:
        native = numpy.ascontiguousarray(data).astype(data.dtype.newbyteorder("="), copy=False)
        return pyarrow.array(native, mask=mask)
    return pyarrow.array(values, mask=mask, type=pyarrow.string())


def _simple_mask(masked):
    if numpy.ma.getmask(masked) is numpy.ma.nomask:
        return None
    return numpy.ma.getmaskarray(masked)


def arrow_of_array(array):
    """A column for each field of records; of any other array one column, `value`."""
    pyarrow = _pyarrow()
    data = array.masked() if array.is_masked else array.to_numpy()
    if data.ndim == 0:
        raise TypeError("an array without axes is not a table")
    if not data.dtype.names:
        return pyarrow.table({"value": _column(numpy.asarray(data), _simple_mask(data))})
    columns = {}
    for name in data.dtype.names:
        field = data[name]
        columns[name] = _column(numpy.asarray(field), _simple_mask(field))
    return pyarrow.table(columns)


def _values(node):
    """The data of a column with its mask and unit."""
    unit = None
    if isinstance(node, Map) and "value" in node:
        unit = node.get("unit")
        node = node["value"]
    if isinstance(node, Map) and "data" in node:
        unit = node.get("unit", unit)
        mask = node.get("mask")
        data, own, _ = _values(node["data"])
        if isinstance(mask, Array):
            own = mask.to_numpy().astype(bool)
        return data, own, unit
    if isinstance(node, Array):
        data = node.masked() if node.is_masked else node.to_numpy()
        return numpy.asarray(data), _simple_mask(data), unit
    raise TypeError(f"a column that is not an array but {type(node).__name__}: `to_objects` gives the table of astropy")


def arrow_of_node(node):
    """A table of the tree: of ``core/table``, of astropy, of a FITS HDU, or any mapping of arrays of one length."""
    pyarrow = _pyarrow()
    columns, units = {}, {}
    if "columns" in node:
        names = node.get("colnames")
        for place, column in enumerate(node["columns"]):
            name = column.get("name") if isinstance(column, Map) else None
            name = name if name is not None else names[place]
            columns[str(name)] = column
    elif isinstance(node.get("data"), Array) and node["data"].dtype.names:
        return arrow_of_array(node["data"])
    else:
        columns = {str(key): value for key, value in node.items() if isinstance(value, Array) and value.ndim}
    if not columns:
        raise TypeError(f"{node.path or '/'} is not a table")
    made = {}
    for name, column in columns.items():
        data, mask, unit = _values(column)
        made[name] = _column(data, mask)
        if unit is not None:
            units[name] = str(unit)
    lengths = {len(column) for column in made.values()}
    if len(lengths) != 1:
        raise TypeError(f"{node.path or '/'} is not a table: its arrays have different lengths")
    fields = [pyarrow.field(name, column.type, metadata={"unit": units[name]} if name in units else None) for name, column in made.items()]
    return pyarrow.Table.from_arrays(list(made.values()), schema=pyarrow.schema(fields))
