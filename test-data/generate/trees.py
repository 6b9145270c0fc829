"""Trees: YAML 1.1 as PyYAML reads it, tags, header lines, history, references, exploded form."""

import numpy as np

from layout import TAG, block, document, join, ndarray, prolog, tree


def make(out):
    for area in (yaml, tag, header, history, reference, exploded):
        out.area = area.__name__
        area(out)


SCALARS = """
# nothing
null_words: [null, Null, NULL, ~, nUll]
empty:
# booleans: YAML 1.1 has more of them than YAML 1.2
true_words: [true, True, TRUE, yes, Yes, YES, on, On, ON]
false_words: [false, False, FALSE, no, No, NO, off, Off, OFF]
not_booleans: [y, n, Y, N, tRUE, yEs, "yes", 'no']
# integers
decimal: [0, -0, +0, 7, -19, +685230, 685_230]
octal: [010, 02472256, -017, 0_7]
hexadecimal: [0x1F, 0X1f, 0x_0A_74, -0xff]
binary: [0b1010, 0b1010_0111, -0b11]
base_60: [1:30, 190:20:30, -1:30, 1:60, 0:0, 01:30]
not_integers: [0o17, 08, 019, 1__0x, 0x, 0b2, 0b, +, -, 1_, _1]
# floats
floats: [1.0, -2.5, +0.5, .5, 5., 1.5e+3, 1.5E-3, 685.230_15e+03, 1_000.5, -0.0]
base_60_float: [190:20:30.15, 1:30.0, -1:30.5]
special: [.inf, -.inf, +.inf, .Inf, .INF, .nan, .NaN, .NAN]
not_floats: [1e3, 1e+3, 1.5e3, .e3, 1.e, inf, nan, -.nan, .Nan, ., .., 1.2.3, 0.1e]
# dates
dates: [2001-12-14, 2001-1-4, 2001-12-14t21:59:43.10-05:00, 2001-12-14 21:59:43.10 -5, 2001-12-15 2:59:43.10, 2001-12-14T21:59:43Z]
not_dates: [2001-12, 12-14-2001, "2001-12-14", 20011214]
# text that looks like something else
text: [=, <, "", '', a:b, a#b, -1-, 1 2, "1", '1.0', "null", "~"]
versions: [1.2.3, 1.20, "1.20", v1.2]
"""

TEXT = (
    "literal: |\n  two\n    lines\n\n  # no comment\nliteral_strip: |-\n  no newline\nliteral_keep: |+\n  kept\n\n\n"
    "literal_indent: |2\n    two more\nfolded: >\n  one\n  line\n\n  and a second\n    as it is\nfolded_strip: >-\n  a\n  b\n"
    "plain: several\n  lines\n\n  of text\n"
    "single: 'it''s\n  folded'\n"
    'double: "\\x41\\u00e9\\U0001f52d\\t\\0\\e\\_\\N\\L\\P \\\n  joined"\n'
    "unicode: [日本語, ünïcødé, \U0001f52d, \"\u2028\"]\nreserved: '@at `tick` %percent'\n"
)

ANCHORS = """
base: &base {x: 1, y: [1, 2]}
again: *base
list: &list [*base, &inner {deep: *base}, *inner]
key: &k name
*k : value of an alias
scalar: &s 1.50
same: *s
empty: &e
also: *e
"""

MERGE = """
centre: &centre {x: 1, y: 2}
left: &left {x: 0, y: 2}
big: &big {r: 10}
one: {<<: *centre, r: 5}
own_value_wins: {x: 9, <<: *centre}
several: {<<: [*centre, *left, *big], label: first wins}
nested: {<<: {<<: *big, z: 3}, r: 1}
quoted_is_a_key: {"<<": 1}
"""

COLLECTIONS = """
binary: !!binary |
  AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g
  ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==
short: !!binary aGVsbG8=
ordered: !!omap
- one: 1
- two: {a: 2}
- 3: three
empty_ordered: !!omap []
set: !!set {b, a, ? 2}
pairs: !!pairs [a: 1, a: 2, b: [3]]
core: [!!str 12, !!int "12", !!float 3, !!bool "yes", !!null "", !!seq [1], !!map {a: 1}, !!timestamp "2020-01-01"]
"""

KEYS = """
1: integer
true: boolean
"1": text
2.5: float
~: null
2020-01-02: date
-7: negative
0x10: sixteen
"": empty
"a/b": slash
"m~n": tilde
" ": space
"{$tag}": braces
$tag: like our own JSON
? explicit
: key
"""

LAYOUT = """# a comment before everything
a: 1   # after a value

# between keys
b:     # after a key
  - x  # in a list
  # between items
  -   y
c: {d: 1, # in a flow mapping
    e: 2}
f: "no # comment"
g: no#comment
//: a comment as data
// more: 1
"""


def yaml(out):
    def file(name, about, body, **kwargs):
        out.add(name, tree(body, **kwargs), about)

    file("yaml_scalars.asdf", "what plain scalars mean in YAML 1.1", SCALARS)
    file("yaml_text.asdf", "literal, folded, quoted and plain text", TEXT)
    file("yaml_anchors.asdf", "anchors and aliases: mappings, lists, scalars, a key", ANCHORS)
    file("yaml_merge.asdf", "merge keys", MERGE)
    file("yaml_collections.asdf", "binary, omap, set, pairs and the core tags", COLLECTIONS)
    file("yaml_keys.asdf", "keys that are no plain text", KEYS)
    file("yaml_comments.asdf", "comments, flow and block layout", LAYOUT)
    file("yaml_duplicate_keys.asdf", "the last of equal keys wins", "a: 1\nb: {x: 1, y: 2, x: 3}\na: 2\n1: one\n0x1: again\n")
    numbers = [2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 2**63, 2**64, 10**40, -(10**40)]
    body = "".join(f"- {n}\n" for n in numbers) + f"- 0x{2**70:x}\n- 0b1{'0' * 64}\n"
    file("yaml_big_integers.asdf", "integers beyond 53, 63 and 64 bits", "n:\n" + body)
    floats = [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 2.5e-310, 123456789012345680.0, 1e22, 1e23]
    texts = [f"{v!r}" if "." in repr(v) else f"{v:.1e}" for v in floats]
    texts = [t if "." in t else t.replace("e", ".0e") for t in texts]
    texts += ["1.0e+400", "-1.0e+400", "1.0e-400", "0.1000000000000000055511151231257827", "9007199254740993.0"]
    file("yaml_floats.asdf", "floats: shortest form, rounding, overflow", "x:\n" + "".join(f"- {t}\n" for t in texts))
    file("yaml_recursive.asdf", "a mapping and a list that contain themselves", "map: &m {name: m, self: *m}\nlist: &l [1, *l, {deeper: *l}]\n")
    file("yaml_recursive_root.asdf", "the root contains itself", "a: 1\nself: *root\n", root="--- &root !core/asdf-1.1.0")
    crlf = prolog(newline="\r\n") + document("a: 1\nb: |\n  two\n  lines\nc: 'folded\n  text'\n").replace(b"\n", b"\r\n")
    out.add("yaml_crlf.asdf", crlf, "every line ends in CR LF")
    out.add("yaml_crlf_block.asdf", join(tree(f"a: {ndarray(0, 'uint8', [4])}").replace(b"\n", b"\r\n"), block(b"\r\n\r\n"), with_index=True), "CR LF, with a block")
    file("yaml_nested_60.asdf", "60 levels", "".join("  " * i + f"k{i}:\n" for i in range(60)) + "  " * 60 + "end: 1\n")
    file("yaml_flow_root.asdf", "the root is one flow mapping", "{a: [1, 2, {b: c}], 'd': \"e\", f: , g}\n")
    file("yaml_end_marker_in_text.asdf", "dots in text are no end marker", "a: |\n  ...\n  more\nb: '...'\nc: ...not\n")


def tag(out):
    def file(name, about, body, **kwargs):
        out.add(name, tree(body, **kwargs), about)

    file(
        "tag_handles.asdf",
        "several handles, the secondary handle redefined",
        "a: !x!thing-1.0.0 {v: 1}\nb: !core/complex-1.0.0 1+2j\nc: !!own {w: 2}\nd: !x!text 5\n",
        directives="%YAML 1.1\n" + TAG + "%TAG !x! tag:example.org,2020:x/\n%TAG !! tag:example.org,2020:second/\n",
    )
    file(
        "tag_verbatim.asdf",
        "verbatim tags, no %TAG at all",
        "a: !<tag:example.org,2020:a-1.0.0> {v: 1}\nb: !<!local> [1]\nc: !local 2\nd: ! plain\ne: !<asdf://example.org/tags/e-2.0.0> x\n",
        root="--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>",
        directives="%YAML 1.1\n",
    )
    file(
        "tag_own_handle.asdf",
        "the handle of the standard has a name",
        "a: !asdf!core/complex-1.0.0 -1.5j\nb: !asdf!unknown/thing-9.9.9 {}\n",
        root="--- !asdf!core/asdf-1.1.0",
        directives="%YAML 1.1\n%TAG !asdf! tag:stsci.edu:asdf/\n",
    )
    file(
        "tag_unknown.asdf",
        "tags that nobody knows, on every kind of node",
        "map: !a/b-1.0.0 {x: 1}\nlist: !a/c-1.0.0 [1]\ntext: !a/d-1.0.0 12\nempty: !a/e-1.0.0\nescaped: !a/f%21g 1\n"
        "both: !a/h &h {y: 2}\nalias: *h\n",
    )
    file(
        "tag_newer_versions.asdf",
        "versions that did not exist when this was written",
        f"a: {ndarray(0, 'uint8', [0]).replace('1.1.0', '1.2.0').replace('source: 0, ', 'data: [], ')}\nb: !core/integer-1.2.0 {{sign: +, string: '5', words: []}}\n",
        root="--- !core/asdf-9.0.0",
    )
    file("tag_root_untagged.asdf", "a root without a tag", "a: 1\n", root="---")


GWCS = """
wcs: !<tag:stsci.edu:gwcs/wcs-1.2.0>
  name: ''
  pixel_shape: null
  steps:
  - !<tag:stsci.edu:gwcs/step-1.1.0>
    frame: !<tag:stsci.edu:gwcs/frame2d-1.0.0>
      name: detector
      axes_names: [x, y]
      axes_order: [0, 1]
      axis_physical_types: ['custom:x', 'custom:y']
      unit: [!unit/unit-1.0.0 pixel, !unit/unit-1.0.0 pixel]
    transform: &shared !transform/compose-1.2.0
      bounding_box: [[-0.5, 63.5], [-0.5, 63.5]]
      forward:
      - !transform/concatenate-1.2.0
        forward:
        - !transform/shift-1.2.0 {inputs: [x], offset: -31.5, outputs: [y]}
        - !transform/shift-1.2.0 {inputs: [x], offset: -31.5, outputs: [y]}
        inputs: [x0, x1]
        outputs: [y0, y1]
      - !transform/gnomonic-1.2.0 {direction: pix2sky, inputs: [x, y], outputs: [phi, theta]}
      inputs: [x0, x1]
      outputs: [phi, theta]
  - !<tag:stsci.edu:gwcs/step-1.1.0>
    frame: world
    transform: null
again: *shared
"""


def header(out):
    for version in ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0"):
        out.add(
            f"header_standard_{version}.asdf",
            join(tree(f"a: {ndarray(0, 'int16', [2])}\nb: !core/complex-1.0.0 1+1j\n", version), block(b"\1\0\2\0"), with_index=True),
            f"standard {version}",
        )
    out.add("header_no_standard.asdf", tree("a: 1\n", None), "no #ASDF_STANDARD line")
    out.add("header_unknown_standard.asdf", tree("a: 1\n", "1.99.0"), "a standard of the future")
    out.add("header_comments.asdf", prolog(comments=(" a comment", "another", "")) + document("a: 1\n"), "comments in the header")
    out.add("header_no_tree.asdf", prolog() + block(b"abcd"), "a block, no tree")
    out.add("header_only.asdf", prolog(), "nothing but the header lines")
    out.add("header_first_line_only.asdf", b"#ASDF 1.0.0\n", "nothing but the first line")
    out.add("header_empty_tree.asdf", tree(""), "a tree of nothing, tagged")
    out.add("header_null_tree.asdf", tree("", root="---"), "a tree of nothing")
    out.add("header_list_tree.asdf", tree("- 1\n- 2\n", root="---"), "the root is a list")
    out.add("header_gwcs.asdf", tree(GWCS), "a small gwcs, with shared parts")


def history(out):
    out.add(
        "history_list.asdf",
        tree(
            "asdf_library: !core/software-1.0.0 {name: asdf, version: 1.3.0}\nhistory:\n"
            "- !core/history_entry-1.0.0\n  description: first\n  time: 2017-03-01 12:00:00\n"
            "  software: !core/software-1.0.0 {name: tool, version: '0.1'}\n"
            "- !core/history_entry-1.0.0 {description: second, time: !time/time-1.1.0 '2018-01-01T00:00:00.000'}\na: 1\n",
            "1.2.0",
        ),
        "history as a list, as old files have it",
    )
    out.add(
        "history_mapping.asdf",
        tree(
            "history:\n  extensions:\n  - !core/extension_metadata-1.0.0\n    extension_class: asdf.extension.BuiltinExtension\n"
            "    software: {name: asdf, version: 2.3.0}\n  - {extension_class: untagged.Extension}\n"
            "  entries:\n  - !core/history_entry-1.0.0 {description: made by hand, time: 2020-02-02 02:02:02}\n"
        ),
        "history as a mapping; software and an extension without a tag",
    )
    out.add("history_empty.asdf", tree("history: {extensions: [], entries: []}\nasdf/library: {name: other, version: 1.0.0}\n"), "an empty history; the library under its other name")


def reference(out):
    target = (
        "foo: {bar: [1, 98, {deep: down}]}\n'a/b': slash\n'm~n': tilde\nsp ace: space\n'ü': letter\n'100%': percent\n'': nameless\n"
        f"arr: {ndarray(0, 'int16', [3], 'big')}\nchain: {{$ref: '#/foo/bar/1'}}\n"
    )
    out.add("reference_target.asdf", join(tree(target), block(np.arange(3, dtype=">i2").tobytes())), "what the others refer to", part=True)

    def file(name, about, body, **kwargs):
        out.add(name, tree(body), about, **kwargs)

    file(
        "reference_internal.asdf",
        "references inside of the file: backward, forward, into a list, to a reference, to the root of a branch",
        "a: {b: [10, 20, {c: thirty}]}\nback: {$ref: '#/a/b/1'}\nforward: {$ref: '#/z/y'}\n"
        "item: {$ref: '#/a/b/2/c'}\nchain: {$ref: '#/back'}\nbranch: {$ref: '#/a'}\nlist: [{$ref: '#/a/b/0'}]\nz: {y: end}\n",
    )
    file(
        "reference_array.asdf",
        "an array by reference: internal data, and the array of another file",
        "own: !core/ndarray-1.1.0 [1, 2, 3]\nsame: {$ref: '#/own'}\nother: {$ref: 'reference_target.asdf#/arr'}\n",
    )
    file(
        "reference_sibling.asdf",
        "into another file: a value, a branch, the whole tree, a reference there",
        "value: {$ref: 'reference_target.asdf#/foo/bar/1'}\nbranch: {$ref: './reference_target.asdf#/foo'}\n"
        "whole: {$ref: reference_target.asdf}\nwhole_too: {$ref: 'reference_target.asdf#'}\nchain: {$ref: 'reference_target.asdf#/chain'}\n",
    )
    file(
        "reference_escapes.asdf",
        "escapes of JSON Pointer and of URIs",
        "slash: {$ref: 'reference_target.asdf#/a~1b'}\ntilde: {$ref: 'reference_target.asdf#/m~0n'}\n"
        "space: {$ref: 'reference_target.asdf#/sp%20ace'}\nletter: {$ref: 'reference_target.asdf#/%C3%BC'}\n"
        "raw: {$ref: 'reference_target.asdf#/ü'}\npercent: {$ref: 'reference_target.asdf#/100%25'}\n",
    )
    file(
        "reference_cycle.asdf",
        "references that lead back to themselves: harmless until they are resolved",
        "self: {$ref: '#/self'}\na: {$ref: '#/b'}\nb: {$ref: '#/a'}\nabove: {inside: {$ref: '#/above'}}\n",
    )
    file(
        "reference_dangling.asdf",
        "no such key, no such index, no such file: harmless until they are resolved",
        "key: {$ref: '#/nope'}\nindex: {$ref: 'reference_target.asdf#/foo/bar/99'}\nfile: {$ref: 'no_such_file.asdf#/a'}\nkept: 1\n",
    )
    file("reference_odd.asdf", "other keys beside $ref; a key named id", "target: {id: not a base, v: 1}\na: {$ref: '#/target/v', note: kept}\n")


def exploded(out):
    numbers = np.arange(6, dtype="<f4")
    for i in range(2):
        part = join(tree(""), block(numbers.tobytes() if i == 0 else numbers[::-1].tobytes()), with_index=True)
        out.add(f"exploded000{i}.asdf", part, "the data of exploded.asdf", part=True)
    out.add("exploded parts/part 0.asdf", join(tree(""), block(b"spaced out")), "data in a directory with a space in its name", part=True)
    body = (
        f"a: {ndarray('exploded0000.asdf', 'float32', [2, 3])}\nb: {ndarray('./exploded0001.asdf', 'float32', [6])}\n"
        f"view: {ndarray('exploded0000.asdf', 'float32', [3], offset=20, strides=[-8])}\n"
    )
    out.add("exploded.asdf", tree(body), "arrays in sibling files, a view into one")
    body = f"mixed: {ndarray('exploded%20parts/part%200.asdf', 'uint8', [10])}\nown: {ndarray(0, 'uint8', [3])}\nnumber: {ndarray(chr(39) + '#' + chr(39), 'uint8', [3])}\n"
    out.add("exploded_percent.asdf", join(tree(body), block(b"own")), "a percent-encoded name, a block of its own, itself by URI")
    missing = f"a: {ndarray('exploded_lost0000.asdf', 'float32', [2, 3])}\nb: 1\n"
    out.add("exploded_missing.asdf", tree(missing), "the sibling file is not there: the tree can be read")
