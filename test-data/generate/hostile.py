"""Inputs that are made to cost more than they are; run alone, into a folder that is thrown away again.

    venv/bin/python test-data/generate/hostile.py FOLDER [NAME...]

They are small or sparse, and what they ask for is not: elements that are not there, nodes that are shared, data that
compress well. `measure_hostile.py` runs the commands on them and tells memory and time; the tests of `asdf-cli/tests/hostile`
make such inputs themselves.
"""

import bz2
import gzip
import io
import struct
import sys
import zipfile
import zlib
from pathlib import Path

HEAD = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n"
HUGE = 2**63 - 1
GIB = 1 << 30
MAKERS = {}


def makes(*names):
    def enter(maker):
        for name in names:
            MAKERS[name] = maker
        return maker

    return enter


def tree(text, *blocks):
    text = text if isinstance(text, bytes) else text.encode()
    return b"".join([HEAD, text, b"" if text.endswith(b"\n") else b"\n", b"...\n", *blocks])


def block(data, codec=b"\0\0\0\0", size=None, allocated=None):
    allocated = len(data) if allocated is None else allocated
    size = len(data) if size is None else size
    fields = struct.pack(">I4sQQQ16s", 0, codec, allocated, len(data), size, bytes(16))
    return b"\xd3BLK" + struct.pack(">H", len(fields)) + fields + data


def array(shape, datatype="uint8", more=""):
    return f"!core/ndarray-1.1.0 {{source: 0, datatype: {datatype}, byteorder: big, shape: {shape}{more}}}"


# Elements that are not there.


@makes("zero_axis.asdf")
def zero_axis():
    return tree(f"a: {array([HUGE, 0])}", block(b""))


@makes("zero_axis_last.asdf")
def zero_axis_last():
    return tree(f"a: {array([1 << 40, 1 << 20, 0, 3])}", block(b""))


@makes("zero_axis_masked.asdf")
def zero_axis_masked():
    return tree(f"a: {array([HUGE, 0], more=f', mask: {array([HUGE, 0])}')}", block(b""))


@makes("zero_axis_records.asdf")
def zero_axis_records():
    return tree(f"a: {array([HUGE, 0], '[{name: x, datatype: int16}, {name: y, datatype: [ascii, 3]}]')}", block(b""))


@makes("zero_bytes.asdf")
def zero_bytes():
    return tree(f"a: {array([HUGE], '[ascii, 0]')}", block(b""))


@makes("zero_sub_array.asdf")
def zero_sub_array():
    return tree(f"a: {array([1], f'[{{name: x, datatype: int16, shape: [{1 << 40}, 0]}}]')}", block(b""))


@makes("zero_strides.asdf")
def zero_strides():
    return tree(f"a: {array([1 << 31, 1 << 20], more=', strides: [0, 0]')}", block(b"x"))


def fits(*hdus):
    out = b""
    for number, (cards, data) in enumerate(hdus):
        if number == 0:
            cards = [("SIMPLE", "T"), *cards]
        text = "".join(f"{key:<8}= {value:>20}".ljust(80) for key, value in [*cards]) + "END"
        out += text.ljust(-(-len(text) // 2880) * 2880).encode() + data + bytes(-len(data) % 2880)
    return out


def image(bitpix, *axes):
    cards = [("XTENSION", "'IMAGE   '"), ("BITPIX", bitpix), ("NAXIS", len(axes))]
    cards += [(f"NAXIS{number}", axis) for number, axis in enumerate(axes, 1)]
    return [*cards, ("PCOUNT", 0), ("GCOUNT", 1)]


PRIMARY = ([("BITPIX", 8), ("NAXIS", 0), ("EXTEND", "T")], b"")


def table(width, rows, columns, heap=0):
    cards = [("XTENSION", "'BINTABLE'"), ("BITPIX", 8), ("NAXIS", 2), ("NAXIS1", width), ("NAXIS2", rows)]
    cards += [("PCOUNT", heap), ("GCOUNT", 1), ("TFIELDS", len(columns))]
    for number, form in enumerate(columns, 1):
        cards += [(f"TTYPE{number}", f"'C{number}'"), (f"TFORM{number}", f"'{form}'")]
    return cards


@makes("overflow_image.fits")
def overflow_image():
    return fits(PRIMARY, (image(32, 1 << 31, 1 << 31), b""))


@makes("overflow_image_64.fits")
def overflow_image_64():
    return fits(PRIMARY, (image(8, 1 << 32, 1 << 32), b""))


@makes("cut_image.fits")
def cut_image():
    return fits(PRIMARY, (image(8, 1 << 20, 1 << 20), b""))


@makes("zero_axis.fits")
def zero_axis_fits():
    return fits(PRIMARY, (image(8, 0, HUGE), b""))


@makes("zero_axis_first.fits")
def zero_axis_first_fits():
    return fits(PRIMARY, (image(8, HUGE, 0), b""))


@makes("naxis_999.fits")
def naxis_999():
    return fits(PRIMARY, (image(8, *[2] * 999), b""))


@makes("naxis_999_ones.fits")
def naxis_999_ones():
    return fits(PRIMARY, (image(8, *[1] * 999), b"x"))


@makes("overflow_table.fits")
def overflow_table():
    return fits(PRIMARY, (table(1 << 31, 1 << 33, ["2147483648B"]), b""))


@makes("table_no_width.fits")
def table_no_width():
    return fits(PRIMARY, (table(0, HUGE, ["0B"]), b""))


@makes("table_huge_repeat.fits")
def table_huge_repeat():
    return fits(PRIMARY, (table(8, 1, [f"{HUGE}D"]), b"12345678"))


@makes("huge_pcount.fits")
def huge_pcount():
    return fits(PRIMARY, (table(8, 1, ["1PB"], heap=1 << 62), struct.pack(">II", 1 << 30, 0)))


# Nodes that are shared.


@makes("alias_lists.asdf")
def alias_lists():
    lines = ["a0: &a0 [1,1,1,1,1,1,1,1,1,1]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    return tree("\n".join(lines))


@makes("alias_maps.asdf")
def alias_maps():
    lines = ["a0: &a0 {x: 1, y: text}"]
    lines += [f"a{n}: &a{n} {{l: *a{n - 1}, r: *a{n - 1}}}" for n in range(1, 100)]
    return tree("\n".join(lines))


@makes("alias_transforms.asdf")
def alias_transforms():
    shape = "inputs: [x], outputs: [y]"
    lines = [f"a0: &a0 !transform/shift-1.2.0 {{offset: 1.0, {shape}}}"]
    lines += [f"a{n}: &a{n} !transform/compose-1.2.0 {{forward: [*a{n - 1}, *a{n - 1}], {shape}}}" for n in range(1, 60)]
    steps = "{name: d, frame: !<tag:stsci.edu:gwcs/frame2d-1.0.0> {name: d, axes_names: [x], axes_order: [0], axis_physical_types: [p], unit: [pixel]}, transform: *a59}"
    lines.append(f"wcs: !<tag:stsci.edu:gwcs/wcs-1.2.0> {{name: w, steps: [{steps}]}}")
    return tree("\n".join(lines))


@makes("alias_fan.asdf")
def alias_fan():
    return tree("t: &t " + "x" * 1_000_000 + "\na: &a [" + ",".join(["*t"] * 1000) + "]\nb: [" + ",".join(["*a"] * 1000) + "]")


@makes("alias_array_fan.asdf")
def alias_array_fan():
    return tree(f"t: &t {array([1 << 20])}\na: [" + ",".join(["*t"] * 100_000) + "]", block(bytes(1 << 20)))


@makes("alias_arrays_deep.asdf")
def alias_arrays_deep():
    lines = [f"a0: &a0 {array([1])}"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    return tree("\n".join(lines), block(b"x"))


@makes("merge_chain.asdf")
def merge_chain():
    lines = ["m0: &m0 {k0: 0}"] + [f"m{n}: &m{n} {{<<: *m{n - 1}, k{n}: {n}}}" for n in range(1, 6000)]
    return tree("\n".join(lines))


@makes("merge_fan.asdf")
def merge_fan():
    lines = ["big: &big {" + ", ".join(f"k{n}: {n}" for n in range(10_000)) + "}"]
    lines += [f"m{n}: {{<<: *big}}" for n in range(1900)]
    return tree("\n".join(lines))


@makes("merge_doubling.asdf")
def merge_doubling():
    lines = ["m0: &m0 {k0: 0}"] + [f"m{n}: &m{n} {{<<: [*m{n - 1}, *m{n - 1}], k{n}: {n}}}" for n in range(1, 200)]
    return tree("\n".join(lines))


@makes("reference_chain.asdf")
def reference_chain():
    count = 100_000
    lines = [f"r{n}: {{$ref: '#/r{n + 1}'}}" for n in range(count)] + [f"r{count}: 1"]
    return tree("\n".join(lines))


@makes("reference_tower.asdf")
def reference_tower():
    lines = ["r0: 1"] + [f"r{n}: [{{$ref: '#/r{n - 1}'}}, {{$ref: '#/r{n - 1}'}}]" for n in range(1, 60)]
    return tree("\n".join(lines))


# Trees that are large.


@makes("nested_lists.asdf")
def nested_lists():
    return tree("a: " + "[" * 2_500_000 + "]" * 2_500_000)


@makes("nested_dashes.asdf")
def nested_dashes():
    return tree("a:\n" + "- " * 2_500_000 + "1\n")


@makes("empty_lists.asdf")
def empty_lists():
    return tree("a: [" + "[]," * 1_500_000 + "1]")


@makes("small_ints.asdf")
def small_ints():
    return tree("a: [" + "1," * 2_000_000 + "1]")


@makes("inline_array.asdf")
def inline_array():
    return tree("a: !core/ndarray-1.1.0 {data: [" + "1," * 2_000_000 + "1], datatype: float64}")


@makes("many_keys.asdf")
def many_keys():
    return tree("a:\n" + "".join(f"  k{n}: {n}\n" for n in range(300_000)))


@makes("many_anchors.asdf")
def many_anchors():
    return tree("a:\n" + "".join(f"- &n{n} [*n{max(n - 1, 0)}]\n" if n else "- &n0 []\n" for n in range(100_000)))


@makes("long_text.asdf")
def long_text():
    return tree("a: " + "x" * 100_000_000)


@makes("many_fields.asdf")
def many_fields():
    fields = ", ".join(f"{{name: f{n}, datatype: int8}}" for n in range(100_000))
    return tree(f"a: {array([10], '[' + fields + ']')}", block(bytes(1_000_000)))


@makes("one_field_wide.asdf")
def one_field_wide():
    return tree(f"a: {array([2], '[{name: f, datatype: int8, shape: [50000000]}]')}", block(b"", allocated=100_000_000))


# Blocks.


@makes("many_blocks.asdf")
def many_blocks():
    return tree("a: 1", block(b"") * 300_000)


@makes("sparse_tail.asdf")
def sparse_tail():
    head = tree(f"a: {array([10])}")
    index = f"#ASDF BLOCK INDEX\n%YAML 1.1\n---\n- {len(head)}\n...\n".encode()
    return [head + block(b"0123456789") + index, 4 * GIB]


@makes("sparse_block.asdf")
def sparse_block():
    head = tree(f"a: {array([4 * GIB])}")
    header = block(b"")
    header = header[:14] + struct.pack(">QQQ", 4 * GIB, 4 * GIB, 4 * GIB) + header[38:]
    return [head + header, len(head) + len(header) + 4 * GIB]


def zeros(compressor, size):
    piece = bytes(1 << 20)
    return b"".join(compressor.compress(piece) for _ in range(size >> 20)) + compressor.flush()


def bomb(data, codec, shape=(32768, 32768)):
    size = shape[0] * shape[1]
    return tree(f"a: {array(list(shape))}", block(data, codec, size))


@makes("zlib_1GiB.asdf")
def zlib_bomb():
    return bomb(zeros(zlib.compressobj(6), GIB), b"zlib")


@makes("bzp2_1GiB.asdf")
def bzip2_bomb():
    return bomb(zeros(bz2.BZ2Compressor(), GIB), b"bzp2")


@makes("bzp2_streams.asdf")
def bzip2_streams():
    return bomb(bz2.compress(b"") * 200_000 + bz2.compress(b"x"), b"bzp2", (1, 1))


@makes("zstd_1GiB.asdf")
def zstd_bomb():
    import zstandard

    return bomb(zeros(zstandard.ZstdCompressor(3).compressobj(size=GIB), GIB), b"zstd")


@makes("lz4_1GiB.asdf")
def lz4_bomb():
    import lz4.block

    chunk = lz4.block.compress(bytes(1 << 26), store_size=True)
    return bomb((struct.pack(">I", len(chunk)) + chunk) * 16, b"lz4\0")


@makes("lz4_empty.asdf")
def lz4_empty():
    import lz4.block

    chunk = lz4.block.compress(b"", store_size=True)
    last = lz4.block.compress(b"x", store_size=True)
    return bomb(
        (struct.pack(">I", len(chunk)) + chunk) * 1_000_000 + struct.pack(">I", len(last)) + last, b"lz4\0", (1, 1)
    )


@makes("zlib_promise.asdf")
def zlib_promise():
    return tree(f"a: {array([1 << 20, 1 << 15])}", block(zlib.compress(b"x"), b"zlib", 32 * GIB))


@makes("many_zlib.asdf")
def many_zlib():
    data = zeros(zlib.compressobj(6), 64 << 20)
    blocks = [block(data, b"zlib", 64 << 20) for _ in range(32)]
    nodes = [f"a{n}: {array([8192, 8192]).replace('source: 0', f'source: {n}')}" for n in range(32)]
    return tree("\n".join(nodes), *blocks)


# Files in gzip.


def gzipped(head, size, tail=b"", level=6):
    out = zlib.compressobj(level, zlib.DEFLATED, 31)
    return out.compress(head) + zeros_into(out, size) + out.compress(tail) + out.flush()


def zeros_into(out, size, byte=b"\0"):
    piece = byte * (1 << 20)
    return b"".join(out.compress(piece) for _ in range(size >> 20))


@makes("gz_zeros.fits")
def gz_zeros():
    return gzipped(fits(PRIMARY, (image(8, 32768, 32768), b"")), GIB)


@makes("gz_tree.fits")
def gz_tree():
    out = zlib.compressobj(6, zlib.DEFLATED, 31)
    head = fits(PRIMARY, ([*image(8, GIB), ("EXTNAME", "'ASDF    '")], b""))
    begin = HEAD + b"a: "
    return (
        out.compress(head)
        + out.compress(begin)
        + zeros_into(out, GIB - (1 << 20), b"x")
        + out.compress(b"x" * ((1 << 20) - len(begin) - 5) + b"\n...\n" + bytes(2880))
        + out.flush()
    )


@makes("gz_bintable_tree.fits")
def gz_bintable_tree():
    out = zlib.compressobj(6, zlib.DEFLATED, 31)
    head = fits(PRIMARY, ([*table(GIB, 1, [f"{GIB}B"]), ("EXTNAME", "'ASDF    '")], b""))
    begin = HEAD + b"a: "
    return (
        out.compress(head)
        + out.compress(begin)
        + zeros_into(out, GIB - (1 << 20), b" ")
        + out.compress(b" " * ((1 << 20) - len(begin) - 6) + b"1\n...\n" + bytes(2880))
        + out.flush()
    )


@makes("gz_in_gz.fits")
def gz_in_gz():
    return gzip.compress(gz_zeros())


@makes("gz_asdf.asdf")
def gz_asdf():
    return gzipped(HEAD + b"a: 1\n...\n" + block(b"", allocated=GIB), GIB)


@makes("gz_members.fits")
def gz_members():
    return gzip.compress(b"") * 500_000 + gzip.compress(fits(PRIMARY))


# FITS files with a part that is compressed.


@makes("tiles.fits")
def tiles():
    data = struct.pack(">II", len(zlib.compress(bytes(1))), 0) + b""
    packed = gzip.compress(bytes(GIB >> 1))
    cards = table(8, 1, ["1PB"], heap=len(packed))
    cards[-1] = ("TFORM1", "'1PB'")
    cards[-2] = ("TTYPE1", "'COMPRESSED_DATA'")
    cards += [("ZIMAGE", "T"), ("ZCMPTYPE", "'GZIP_1  '"), ("ZBITPIX", 8), ("ZNAXIS", 2)]
    cards += [("ZNAXIS1", 32768), ("ZNAXIS2", 16384), ("ZTILE1", 32768), ("ZTILE2", 16384)]
    data = struct.pack(">II", len(packed), 0) + packed
    return fits(PRIMARY, (cards, data))


@makes("many_hdus.fits")
def many_hdus():
    return fits(PRIMARY) + fits(PRIMARY, (image(8), b""))[2880:] * 30_000


# Schemas.


def schema(name, body):
    return f"%YAML 1.1\n---\n$schema: http://stsci.edu/schemas/yaml-schema/draft-01\nid: {name}\n{body}\n"


def wheel(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def manifest(tags):
    head = "%YAML 1.1\n---\nid: asdf://bomb.org/manifests/bomb-1.0.0\nextension_uri: asdf://bomb.org/extensions/bomb-1.0.0\ntags:\n"
    return head + "".join(f"- {{tag_uri: '{tag}', schema_uri: '{uri}'}}\n" for tag, uri in tags)


def package(bodies, tagged):
    files = {f"bomb/schemas/{name}-1.0.0.yaml": schema(f"asdf://bomb.org/schemas/{name}-1.0.0", body) for name, body in bodies.items()}
    files["bomb/manifests/bomb-1.0.0.yaml"] = manifest(
        [("asdf://bomb.org/tags/b-1.0.0", f"asdf://bomb.org/schemas/{tagged}-1.0.0")]
    )
    return wheel(files)


def doubling(keyword):
    link = "{{$ref: 'asdf://bomb.org/schemas/s{0}-1.0.0'}}"
    bodies = {f"s{n}": f"{keyword}: [{link.format(n + 1)}, {link.format(n + 1)}]" for n in range(40)}
    bodies["s40"] = "type: object"
    return package(bodies, "s0")


@makes("all_of-1.0-py3-none-any.whl")
def all_of():
    return doubling("allOf")


@makes("any_of-1.0-py3-none-any.whl")
def any_of():
    link = "{{$ref: 'asdf://bomb.org/schemas/s{0}-1.0.0'}}"
    bodies = {f"s{n}": f"anyOf: [{link.format(n + 1)}, {link.format(n + 1)}]" for n in range(40)}
    bodies["s40"] = "type: string"
    return package(bodies, "s0")


@makes("one_of-1.0-py3-none-any.whl")
def one_of():
    return doubling("oneOf")


@makes("local-1.0-py3-none-any.whl")
def local():
    parts = "\n".join(f"  d{n}: {{allOf: [{{$ref: '#/definitions/d{n + 1}'}}, {{$ref: '#/definitions/d{n + 1}'}}]}}" for n in range(40))
    return package({"s0": f"allOf: [{{$ref: '#/definitions/d0'}}]\ndefinitions:\n{parts}\n  d40: {{type: object}}"}, "s0")


@makes("nested-1.0-py3-none-any.whl")
def nested():
    body = "{type: object}"
    for _ in range(24):
        body = f"{{allOf: [{body}, {{not: {{not: {{}}}}}}]}}"
    return package({"s0": f"allOf: [{body}]"}, "s0")


@makes("anchors-1.0-py3-none-any.whl")
def anchors():
    lines = ["  d0: &d0 {type: object}"] + [f"  d{n}: &d{n} {{allOf: [*d{n - 1}, *d{n - 1}]}}" for n in range(1, 40)]
    return package({"s0": "definitions:\n" + "\n".join(lines) + "\nallOf: [*d39]"}, "s0")


@makes("circle-1.0-py3-none-any.whl")
def circle():
    link = "{$ref: 'asdf://bomb.org/schemas/s0-1.0.0'}"
    return package({"s0": f"allOf: [{link}, {link}]"}, "s0")


@makes("properties-1.0-py3-none-any.whl")
def properties():
    link = "{{$ref: 'asdf://bomb.org/schemas/s{0}-1.0.0'}}"
    bodies = {
        f"s{n}": f"allOf: [{{additionalProperties: {link.format(n + 1)}}}, {{patternProperties: {{'.*': {link.format(n + 1)}}}}}]"
        for n in range(40)
    }
    bodies["s40"] = "type: object"
    return package(bodies, "s0")


@makes("manifest-1.0-py3-none-any.whl")
def huge_manifest():
    files = {"bomb/manifests/bomb-1.0.0.yaml": manifest([]) + "- {tag_uri: 'asdf://b.org/tags/x-1.0.0', schema_uri: 'asdf://b.org/schemas/x-1.0.0'}\n" * 8_000_000}
    return wheel(files)


@makes("spaces-1.0-py3-none-any.whl")
def spaces():
    return wheel({"bomb/manifests/bomb-1.0.0.yaml": manifest([]) + " " * GIB + "[]\n"})


@makes("schemas-1.0-py3-none-any.whl")
def huge_schemas():
    body = schema("asdf://bomb.org/schemas/s-1.0.0", "description: " + "x" * (64 << 20))
    files = {f"bomb/schemas/s{n}-1.0.0.yaml": body for n in range(32)}
    files["bomb/manifests/bomb-1.0.0.yaml"] = manifest([("asdf://bomb.org/tags/b-1.0.0", "asdf://bomb.org/schemas/s-1.0.0")])
    return wheel(files)


@makes("files-1.0-py3-none-any.whl")
def many_files():
    files = {f"bomb/schemas/s{n}-1.0.0.yaml": "" for n in range(50_000)}
    return wheel(files)


@makes("flat_map.asdf")
def flat_map():
    return tree("a: !<asdf://bomb.org/tags/b-1.0.0> {a: 1}")


@makes("deep_map.asdf")
def deep_map():
    text = "1"
    for _ in range(45):
        text = f"{{a: {text}}}"
    return tree(f"a: !<asdf://bomb.org/tags/b-1.0.0> {text}")


def write(folder, name):
    made = MAKERS[name]()
    made, size = made if isinstance(made, list) else (made, None)
    with open(folder / name, "wb") as file:
        file.write(made)
        if size is not None:
            file.truncate(size)


def main():
    folder, names = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(exist_ok=True)
    for name in names or MAKERS:
        if names or not (folder / name).exists():
            write(folder, name)


if __name__ == "__main__":
    main()
