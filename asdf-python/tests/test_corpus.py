"""Trees, dtypes, values and masks of all readable files, beside what Python asdf reads of them."""

import datetime
import hashlib
import json
import math
import warnings

import numpy
import pytest
from conftest import EXPLAINED, bad_files, readable_files

import asdfkit

SCALARS = {
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
    "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "float16": "f2", "float32": "f4", "float64": "f8",
    "complex64": "c8", "complex128": "c16", "bool8": "b1",
}  # fmt: skip
READABLE = list(readable_files())


def dtype_of(datatype, byteorder):
    """The dtype of numpy for a datatype of the standard."""
    sign = ">" if byteorder == "big" else "<"
    if isinstance(datatype, str):
        return numpy.dtype(sign + SCALARS[datatype])
    if datatype and datatype[0] in ("ascii", "ucs4") and len(datatype) == 2:
        return numpy.dtype(f"S{datatype[1]}" if datatype[0] == "ascii" else f"{sign}U{datatype[1]}")
    fields = []
    for field in datatype:
        inner = dtype_of(field["datatype"], field.get("byteorder", byteorder))
        fields.append((field["name"], inner, tuple(field.get("shape", ()))))
    return numpy.dtype(fields)


def same(value, expected, where=""):
    """Says at which path a tree is another one."""
    if isinstance(expected, dict) and "$recursive" in expected:
        assert isinstance(value, asdfkit.Map | asdfkit.Seq), where
        return
    if isinstance(expected, dict) and set(expected) == {"$tag", "$value"}:
        assert getattr(value, "tag", None) == expected["$tag"], where
        if isinstance(value, asdfkit.Array):
            return
        if isinstance(value, asdfkit.Wcs):
            value = value.node
        expected = expected["$value"]
    elif not isinstance(value, asdfkit.Array):
        assert getattr(value, "tag", None) is None, where
    if isinstance(expected, dict) and len(expected) == 1 and next(iter(expected)).startswith("$"):
        name, inner = next(iter(expected.items()))
        if name == "$int":
            assert value == int(inner), where
            return
        if name == "$float":
            assert math.isnan(value) if inner == "nan" else value == float(inner), where
            return
        if name == "$timestamp":
            assert value.isoformat() == inner or value == datetime.datetime.fromisoformat(inner), where
            return
        if name == "$binary":
            assert value == bytes.fromhex(inner), where
            return
        if name == "$set":
            assert len(value) == len(inner), where
            return
        if name == "$omap":
            assert len(value) == len(inner), where
            for (key, item), (other, wanted) in zip(value, inner, strict=True):
                same(key, other, where)
                same(item, wanted, f"{where}/{other}")
            return
        if name == "$map":
            assert len(value) == len(inner), where
            for (_, item), (other, wanted) in zip(value.items(), inner, strict=True):
                same(item, wanted, f"{where}/{other}")
            return
    if isinstance(expected, dict):
        assert isinstance(value, asdfkit.Map), where
        assert set(value) == set(expected), where
        for key, wanted in expected.items():
            same(value[key], wanted, f"{where}/{key}")
    elif isinstance(expected, list):
        assert len(value) == len(expected), where
        for place, (item, wanted) in enumerate(zip(value, expected, strict=True)):
            if isinstance(wanted, dict) and set(wanted) == {"$tuple"}:
                assert item[0] == wanted["$tuple"][0], where
                same(item[1], wanted["$tuple"][1], f"{where}/{place}")
            else:
                same(item, wanted, f"{where}/{place}")
    else:
        assert type(value) in (type(expected), asdfkit.TaggedStr), (where, value, expected)
        assert value == expected, where


def little(data):
    """Packed bytes, every number little-endian."""
    with numpy.errstate(all="ignore"):
        return numpy.ascontiguousarray(data).astype(data.dtype.newbyteorder("<"), copy=False).tobytes()


def check_array(file, expected):
    """Datatype, shape, values and mask of one array."""
    where = expected["path"]
    array = file.array(where)
    assert list(array.shape) == expected["shape"], where
    wanted = dtype_of(expected["datatype"], expected["byteorder"])
    assert array.dtype.newbyteorder("=") == wanted.newbyteorder("="), where
    data = array.to_numpy()
    assert data.shape == array.shape, where
    # Arrays of numpy have no text of zero bytes.
    if wanted.itemsize:
        assert data.dtype == array.dtype, where
        assert hashlib.sha256(little(data)).hexdigest() == expected["sha256"], where
    if data.size and data.ndim:
        window = tuple(slice(length // 3, None, 2) for length in data.shape)
        assert array[window].tobytes() == data[window].tobytes(), where
        assert array[(-1,) * data.ndim].tobytes() == data[(-1,) * data.ndim].tobytes(), where
    masked = array.masked()
    if "masked_count" in expected and not data.dtype.names:
        mask = numpy.ma.getmaskarray(masked)
        assert int(mask.sum()) == expected["masked_count"], where
        assert hashlib.sha256(mask.astype("u1").tobytes()).hexdigest() == expected["mask_sha256"], where


@pytest.mark.parametrize(("path", "sidecar"), READABLE, ids=[path.name for path, _ in READABLE])
def test_readable(path, sidecar):
    if path.name in EXPLAINED or path.name.removesuffix(".asdf") in EXPLAINED:
        pytest.skip("spec-notes/corpus-differences.txt says how and why it differs")
    expected = json.loads(sidecar.read_text())
    if "header_error" in expected or "tree_error" in expected:
        pytest.skip("Python asdf refuses it")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", asdfkit.AsdfWarning)
        file = asdfkit.open(path)
        if expected["has_tree"]:
            same(file.tree, expected["tree"])
        for array in expected["arrays"]:
            if "sha256" in array and "python_dtype" not in array:
                check_array(file, array)
        repr(file)
        assert file._repr_html_().startswith("<div")


BAD = list(bad_files())


@pytest.mark.parametrize(("path", "expected"), BAD, ids=[path.name for path, _ in BAD])
def test_bad(path, expected):
    """A malformed file is refused by an exception of the package, or read; nothing else happens."""
    if path.name in EXPLAINED:
        pytest.skip("spec-notes/corpus-differences.txt says how and why it differs")
    failed = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", asdfkit.AsdfWarning)
        try:
            file = asdfkit.open(path)
            paths = file.arrays
        except asdfkit.Error as error:
            assert error.file is not None
            failed = True
            paths = []
        for place in paths[:20]:
            try:
                array = file.array(place)
                if array.nbytes < 1 << 28:
                    array.masked()
            except asdfkit.Error as error:
                assert str(error)
                failed = True
    if expected["should"] == "error" and expected["scope"] == "file":
        assert failed
