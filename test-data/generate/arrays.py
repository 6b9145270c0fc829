"""Arrays: datatypes, records, text, masks, views, inline data."""

import numpy as np

import layout
from layout import block, join, ndarray, tree


def make(out):
    for area in (datatype, record, text, mask, view, inline):
        out.area = area.__name__
        area(out)


def both(values, name):
    """The same numbers in both byte orders."""
    return {f"{name}_little": np.array(values, "<" + name_code(name)), f"{name}_big": np.array(values, ">" + name_code(name))}


def name_code(name):
    return np.dtype(name).str[1:]


def datatype(out):
    integers = {}
    for name in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
        info = np.iinfo(name)
        integers |= both([info.min, 1, 2, info.max // 3, info.max], name)
    out.arrays("datatype_integers.asdf", integers, "every integer type in both byte orders, with its extremes")

    floats = {}
    for name in ("float16", "float32", "float64"):
        info = np.finfo(name)
        tiny = float(info.smallest_subnormal)
        floats |= both([0.0, -0.0, 1.5, float(info.max), tiny, np.inf, -np.inf, np.nan], name)
    out.arrays("datatype_floats.asdf", floats, "float16, 32 and 64 in both byte orders: signed zero, subnormal, inf, nan")

    numbers = [1 + 2j, complex(-0.0, np.inf), complex(np.nan, 4), -3.25j]
    out.arrays("datatype_complex.asdf", both(numbers, "complex64") | both(numbers, "complex128"), "complex, both sizes")

    flags = np.array([True, False, True, True])
    head = tree("\n".join(f"{o}: {ndarray(0, 'bool8', [4], o)}" for o in ("big", "little")))
    out.add("datatype_bool8.asdf", join(head, block(flags.tobytes()), with_index=True), "bool8 under either byte order")

    data = np.array(42, ">i4")
    empty = {"number": data, "none": np.zeros((0,), "<f8"), "flat": np.zeros((3, 0, 2), "<i2")}
    out.arrays("datatype_zero_dimensions.asdf", empty, "a 0-d array, an empty one, one with a dimension of length 0")

    payload = np.array([0x7FF8000000000123, 0xFFF0000000000001, 0x7FF0000000000000], "<u8").view("<f8")
    out.arrays("datatype_nan_payload.asdf", {"a": payload}, "NaN payloads, a signalling NaN: bits stay as they are")

    head = tree(f"a: {ndarray(0, 'int16', [3], 'big')}")
    out.add(
        "datatype_block_longer.asdf",
        join(head, block(np.arange(9, dtype=">i2").tobytes())),
        "the array is shorter than its block",
    )


def record(out):
    simple = np.array([(1, 2.5, b"one"), (-2, np.nan, b"two")], [("id", "<i4"), ("flux", "<f8"), ("name", "S5")])
    out.arrays("record_simple.asdf", {"t": simple}, "integer, float and text fields")

    inner = np.dtype([("ra", ">f8"), ("dec", ">f8")])
    nested = np.zeros(3, [("id", "<u2"), ("at", inner), ("deep", [("more", [("k", "<i4")])])])
    nested["id"], nested["at"]["ra"], nested["deep"]["more"]["k"] = [1, 2, 3], [10.5, 20.5, 30.5], [7, 8, 9]
    out.arrays("record_nested.asdf", {"t": nested}, "records inside of records")

    sub = np.zeros(2, [("pair", "<i4", (2,)), ("grid", ">f4", (2, 3)), ("n", "u1")])
    sub["pair"], sub["grid"], sub["n"] = [[1, 2], [3, 4]], np.arange(12).reshape(2, 2, 3), [5, 6]
    out.arrays("record_subarray.asdf", {"t": sub}, "fields that are arrays")

    nested_sub = np.zeros(2, [("p", [("x", "<f4"), ("k", ">i2", (2,))], (3,)), ("q", "u1")])
    nested_sub["p"]["x"] = np.arange(6).reshape(2, 3)
    nested_sub["p"]["k"] = np.arange(12).reshape(2, 3, 2)
    out.arrays("record_nested_subarray.asdf", {"t": nested_sub}, "an array of records as a field")

    mixed = np.zeros((2, 2), [("a", ">i2"), ("b", "<i2"), ("c", ">f8"), ("d", "<f8")])
    for i, name in enumerate("abcd"):
        mixed[name] = np.arange(4).reshape(2, 2) + 256 * i
    out.arrays("record_mixed_byteorder.asdf", {"t": mixed}, "each field with its own byte order, in two dimensions")

    data = np.array([(1, 2, 0.5), (-3, 4, 1.5)], [("f0", "<i4"), ("f1", "u1"), ("f2", ">f4")])
    head = tree("t: " + ndarray(0, "[int32, uint8, {datatype: float32, byteorder: big}]", [2]))
    out.add("record_unnamed.asdf", join(head, block(data.tobytes())), "fields without names, byte order inherited")

    words = np.array([(b"ab", "ünï"), (b"\xff\0c", "")], [("a", "S4"), ("u", ">U3")])
    out.arrays("record_text.asdf", {"t": words}, "ascii and ucs4 fields")

    names = ["plain", "two words", "a/b~c", "ünï", "", "1"]
    fields = ", ".join(f'{{name: "{n}", datatype: uint8}}' for n in names[:4] + names[5:])
    head = tree("t: " + ndarray(0, f"[{fields}]", [2]))
    out.add("record_odd_names.asdf", join(head, block(bytes(range(10)))), "field names that need escaping")

    one = np.array((7, 1.25), [("n", "<i8"), ("x", "<f4")])
    out.arrays("record_zero_dimensions.asdf", {"t": one, "none": np.zeros(0, one.dtype)}, "one record, no record")


def text(out):
    words = np.array([b"", b"a", b"abcde", b"a\0c", b"\xff\xfe"], "S5")
    out.arrays("text_ascii.asdf", {"a": words}, "ascii: NUL padded, an inner NUL, bytes beyond ASCII")
    lines = ["", "a", "日本語", "a\U0001f52d", "ünïcø"]
    pair = {"little": np.array(lines, "<U5"), "big": np.array(lines, ">U5")}
    out.arrays("text_ucs4.asdf", pair, "ucs4 in both byte orders, with characters beyond the first plane")
    head = tree(f"grid: {ndarray(0, '[ascii, 2]', [2, 2], 'big')}\nnone: {ndarray(0, '[ascii, 0]', [3], 'big')}")
    out.add("text_shapes.asdf", join(head, block(b"abcdefgh")), "a 2-d array of text; text of length zero")
    column = np.array(["x", "yy"], ">U2")
    head = tree(f"a: {ndarray(0, '[ucs4, 2]', [1], 'big', offset=8)}")
    out.add("text_ucs4_view.asdf", join(head, block(column.tobytes())), "a view into text")


def mask(out):
    numbers = np.array([1, -999, 3, -999], "<i4")
    head = tree(f"a: {ndarray(0, 'int32', [4], mask=-999)}")
    out.add("mask_number.asdf", join(head, block(numbers.tobytes())), "elements equal to a number are missing")

    floats = np.array([1.0, np.nan, 0.1, np.inf], "<f8")
    head = tree(f"nan: {ndarray(0, 'float64', [4], mask='.nan')}\nexact: {ndarray(0, 'float64', [4], mask=0.1)}")
    out.add("mask_nan.asdf", join(head, block(floats.tobytes())), "NaN as the mask; a mask that is 0.1 exactly")

    grid = np.arange(6, dtype=">u2").reshape(2, 3)
    flags = np.array([[True, False, False], [False, False, True]])
    inner = ndarray(1, "bool8", [2, 3], "big")
    head = tree(f"a: {ndarray(0, 'uint16', [2, 3], 'big', mask=inner)}")
    out.add("mask_array.asdf", join(head, block(grid.tobytes()), block(flags.tobytes())), "a bool8 array as the mask")

    head = tree(f"a: {ndarray(0, 'uint16', [2, 3], 'big', mask=inner)}")
    nothing = np.zeros((2, 3), bool)
    out.add(
        "mask_array_nothing.asdf",
        join(head, block(grid.tobytes()), block(nothing.tobytes())),
        "a mask array that masks nothing is still a mask",
    )

    given = "!core/ndarray-1.1.0 {data: [[true, false, false], [false, false, true]], datatype: bool8, shape: [2, 3]}"
    head = tree(f"a: {ndarray(0, 'uint16', [2, 3], 'big', mask=given)}")
    out.add("mask_array_inline.asdf", join(head, block(grid.tobytes())), "the mask array is inline")

    pointer = "{$ref: '#/flags'}"
    flag_node = ndarray(1, "bool8", [2, 3], "big")
    head = tree(f"flags: {flag_node}\na: {ndarray(0, 'uint16', [2, 3], 'big', mask=pointer)}")
    out.add(
        "mask_array_reference.asdf",
        join(head, block(grid.tobytes()), block(flags.tobytes())),
        "the mask is a reference, as in an example of the standard",
        arrays={"/a": np.ma.array(grid, mask=flags)},
        note="the reference leaves a mask that is a $ref out; this is the array that the standard describes",
    )

    head = tree(f"a: {ndarray(0, 'uint16', [2, 3], 'big', mask=ndarray(1, 'bool8', [3], 'big'))}")
    out.add(
        "mask_array_broadcast.asdf",
        join(head, block(grid.tobytes()), block(flags[0].tobytes())),
        "a mask of fewer dimensions counts for every row",
        arrays={"/a": np.ma.array(grid, mask=np.broadcast_to(flags[0], (2, 3)))},
        note="numpy refuses to broadcast a mask; the standard asks for it",
    )

    body = (
        "ints: !core/ndarray-1.1.0 {data: [1, null, 3], datatype: int64, shape: [3]}\n"
        "floats: !core/ndarray-1.1.0 {data: [[1.5, null], [~, .nan]], datatype: float32, shape: [2, 2]}\n"
    )
    out.add("mask_inline_null.asdf", tree(body), "null in inline data is a missing element")


def view(out):
    grid = np.arange(24, dtype="<i4")
    raw = block(grid.tobytes())

    def file(name, about, nodes, data=raw, **kwargs):
        body = "".join(f"{k}: {v}\n" for k, v in nodes.items())
        out.add(name, join(tree(body), data, with_index=True), about, **kwargs)

    file(
        "view_shared_block.asdf",
        "five views of one block, one of them the whole block",
        {
            "all": ndarray(0, "int32", [24]),
            "grid": ndarray(0, "int32", [4, 6]),
            "tail": ndarray(0, "int32", [4], offset=80),
            "column": ndarray(0, "int32", [4], offset=8, strides=[24]),
            "corner": ndarray(0, "int32", [2, 2], offset=16, strides=[24, 4]),
        },
    )
    file(
        "view_negative_strides.asdf",
        "strides below zero: the offset is that of the first element",
        {
            "reversed": ndarray(0, "int32", [24], offset=92, strides=[-4]),
            "rows": ndarray(0, "int32", [4, 6], offset=72, strides=[-24, 4]),
            "both": ndarray(0, "int32", [4, 6], offset=92, strides=[-24, -4]),
        },
    )
    file(
        "view_zero_strides.asdf",
        "strides of zero repeat the same bytes",
        {
            "row": ndarray(0, "int32", [5, 6], strides=[0, 4]),
            "one": ndarray(0, "int32", [3, 3], offset=20, strides=[0, 0]),
            "windows": ndarray(0, "int32", [21, 4], strides=[4, 4]),
        },
    )
    file(
        "view_fortran.asdf",
        "column-major order, in two and in four dimensions",
        {
            "a": ndarray(0, "int32", [4, 6], strides=[4, 16]),
            "b": ndarray(0, "int32", [2, 3, 2, 2], strides=[4, 8, 24, 48]),
            "middle": ndarray(0, "int32", [6, 2, 2], strides=[4, 48, 24]),
        },
    )
    big = np.arange(12, dtype=">f8")
    file(
        "view_unaligned.asdf",
        "an offset and a stride that are no multiple of the element",
        {
            "offset": ndarray(0, "float64", [3], "big", offset=3),
            "stride": ndarray(0, "float64", [3], "big", offset=1, strides=[13]),
        },
        block(b"xyz" + big.tobytes()),
    )
    table = np.zeros(4, [("x", "<f8"), ("n", "<i4")])
    table["x"], table["n"] = np.arange(4) / 4, np.arange(4) * 10
    file(
        "view_field.asdf",
        "one field of a table of records",
        {"n": ndarray(0, "int32", [4], offset=8, strides=[12]), "x": ndarray(0, "float64", [4], strides=[12])},
        block(table.tobytes()),
    )
    file(
        "view_edges.asdf",
        "strides that do not matter: length 1, length 0 at the very end, C order spelled out",
        {
            "one": ndarray(0, "int32", [1], offset=92, strides=[1000000]),
            "none": ndarray(0, "int32", [0], offset=96),
            "spelled": ndarray(0, "int32", [4, 6], strides=[24, 4]),
        },
    )


def inline(out):
    def node(data, datatype=None, shape=None, **more):
        items = {"data": data, "datatype": datatype, "shape": shape, **more}
        return "!core/ndarray-1.1.0 {" + ", ".join(f"{k}: {v}" for k, v in items.items() if v is not None) + "}"

    def file(name, about, nodes, **kwargs):
        out.add(name, tree("".join(f"{k}: {v}\n" for k, v in nodes.items())), about, **kwargs)

    file(
        "inline_numbers.asdf",
        "numbers with datatype and shape",
        {
            "bytes": node([0, 127, 255], "uint8", [3]),
            "wide": node([-(2**63), 2**63 - 1], "int64", [2]),
            "widest": node([0, 2**64 - 1], "uint64", [2]),
            "half": node("[1.5, 65504.0, .inf, .nan]", "float16", [4]),
            "grid": node([[1, 2, 3], [4, 5, 6]], "float64", [2, 3]),
            "flags": node("[true, false]", "bool8", [2]),
            "complex": node("[!core/complex-1.0.0 1+2j, !core/complex-1.0.0 -1.5j]", "complex128", [2]),
        },
    )
    file(
        "inline_bare.asdf",
        "a bare list: datatype and shape follow from the data",
        {
            "ints": "!core/ndarray-1.1.0 [[1, 2], [3, 4]]",
            "floats": "!core/ndarray-1.1.0 [1, 2.5, -.inf]",
            "flags": "!core/ndarray-1.1.0 [true, false, true]",
            "words": "!core/ndarray-1.1.0 [a, ünï, '']",
            "none": "!core/ndarray-1.1.0 []",
        },
    )
    file(
        "inline_text.asdf",
        "text with a datatype",
        {
            "ascii": node("[a, bcd, '']", "[ascii, 3]", [3]),
            "ucs4": node("[ü, '日本']", "[ucs4, 2]", [2]),
        },
    )
    fields = "[{name: n, datatype: int32}, {name: x, datatype: float64}, {name: s, datatype: [ascii, 2]}]"
    file("inline_record.asdf", "records", {"t": node("[[1, 0.5, ab], [2, 1.5, c]]", fields, [2])})
    pair = "[{name: x, datatype: int32}, {name: y, datatype: float64, shape: [2]}]"
    truth = np.array([(1, [2.5, 3.5]), (3, [4.5, 5.5])], [("x", "<i4"), ("y", "<f8", (2,))])
    file(
        "inline_record_subarray.asdf",
        "records with a field that is an array",
        {"t": node("[[1, [2.5, 3.5]], [3, [4.5, 5.5]]]", pair, [2])},
        arrays={"/t": truth},
        note="the reference cannot convert these records; the standard's meaning is clear",
    )
    file(
        "inline_empty_shapes.asdf",
        "no elements, but a shape that must be kept",
        {"a": node("[]", "int16", [0, 3]), "b": node("[[], []]", "float32", [2, 0]), "c": node("[]", fields, [0, 2])},
    )
    blocks = (
        "a: !core/ndarray-1.1.0\n  datatype: int16\n  shape: [2, 3]\n  data:\n"
        "  - [1, 2, 3]\n  # a comment between rows\n  - - 4\n    - 5\n    - 6\n"
        "b: &b !core/ndarray-1.0.0 [1, 2]\nc: *b\n"
    )
    out.add("inline_styles.asdf", tree(blocks), "block style, comments, an array used twice, the 1.0.0 tag")


