"""Makes the dictionaries of the fuzz targets from the terms of the formats: python3 dictionaries.py"""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

# Terms that no other file of the project lists.
TREE = """
%YAML 1.1|%TAG ! tag:stsci.edu:asdf/|--- !core/asdf-1.1.0|...|#ASDF 1.0.0|#ASDF_STANDARD 1.6.0|#ASDF BLOCK INDEX
!core/ndarray-1.1.0|!core/ndarray-1.0.0|source: |data: |datatype: |byteorder: |shape: |strides: |offset: |mask: |$ref: |<<: |&a |*a
int8|int16|int32|int64|uint8|uint16|uint32|uint64|float16|float32|float64|complex64|complex128|bool8|[ascii, 4]|[ucs4, 4]|big|little
['*', 4]|source: -1|.inf|-.inf|.nan|0x1f|0b1|017|1:30|1e5|null|~|true|no|2001-12-14t21:59:43.10-05:00
!!binary |!!set |!!omap |!<tag:stsci.edu:asdf/core/ndarray-1.1.0>|? |: |- |[|]|{|}|# |\\x85|\\xe2\\x80\\xa8|\\xef\\xbb\\xbf
"""
BLOCKS = """
\\xd3BLK|\\xd3BLK\\x000\\x00\\x00\\x00\\x00|\\xd3BLK\\x000\\x00\\x00\\x00\\x01|zlib|bzp2|lz4\\x00|lz4f|zstd|blsc|bls2|\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x08
\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff|x\\x9c|BZh9|\\x28\\xb5\\x2f\\xfd|\\x04\\x22\\x4d\\x18|1AY&SY
"""
FITS = """
SIMPLE  =                    T|XTENSION= 'IMAGE   '|XTENSION= 'BINTABLE'|XTENSION= 'TABLE   '|END     |BITPIX  = |NAXIS   = |NAXIS1  = |NAXIS2  =
PCOUNT  = |GCOUNT  = |GROUPS  =                    T|TFIELDS = |TTYPE1  = |TFORM1  = |TDIM1   = |TSCAL1  = |TZERO1  = |TNULL1  = |TBCOL1  = |THEAP   =
BSCALE  = |BZERO   = |BLANK   = |EXTNAME = |EXTVER  = |CONTINUE  '|HIERARCH |CHECKSUM= |DATASUM = |LONGSTRN= |&'
ZIMAGE  =                    T|ZCMPTYPE= 'RICE_1'|GZIP_1|GZIP_2|PLIO_1|HCOMPRESS_1|NOCOMPRESS|ZTILE1  = |ZBITPIX = |ZNAXIS1 = |ZQUANTIZ= |ZDITHER0= |ZBLANK  =
ZTABLE  =                    T|ZTILELEN= |ZFORM1  = |ZCTYP1  = |ZPCOUNT = |ZNAXIS2 = |ZMASKCMP= |NULL_PIXEL_MASK
1PB(4)|1QJ|1PE|1X|1L|1A|1B|1I|1J|1K|1E|1D|1C|1M|\\x1f\\x8b\\x08|ASDF|CTYPE1  = 'RA---TAN'|CRVAL1  = |CRPIX1  = |CDELT1  = |CD1_1   = |PC1_1   = |PV1_1   =
CUNIT1  = 'deg'|LONPOLE = |A_ORDER = |A_0_2   = |RADESYS = |EQUINOX = |WCSAXES =
"""
SCHEMA = """
type: |properties: |items: |required: |allOf: |anyOf: |oneOf: |not: |enum: |$ref: |definitions: |tag: |ndim: |max_ndim: |datatype: |exact_datatype: |pattern:
patternProperties: |additionalProperties: |dependencies: |minimum: |maxLength: |uniqueItems: |multipleOf: |format: |wildcard|propertyOrder: |title: |id:
object|array|string|number|integer|boolean|null|#/definitions/|tag:stsci.edu:asdf/core/ndarray-1.*|http://stsci.edu/schemas/asdf/core/ndarray-1.1.0
"""
SCRIPT = """
set |remove |tag |copy |array |elements |\\x0aset |\\x0aremove |\\x0acopy |\\x0aelements |inline|streamed|zlib 9|lz4|none|/source|/shape|/mask|/datatype|0:2|::-1|-1|:,0
"""
CSV = """
,|\\"|\\"\\"|\\x0d\\x0a|\\x0a|True|false|nan|-inf|1e400|18446744073709551616|9223372036854775808|-0|+1|col0|\\xef\\xbb\\xbf|\\xc2\\xa0|0x10|1_000
"""
PATHS = """
.|/|~0|~1|[\\"|\\"]|['|']|[0]|[-1]|[0:4, ::2]|data|list|::-1|:|,|\\\\|*|**|a.b|a~1b|zlib:9|zstd:22|lz4f|9223372036854775807|-9223372036854775808|[*]|[1:3]|...|None|newaxis|[..., None]|[0:1][-1]|cube|cat|xy|again
"""
JOURNAL = """
asdf-journal 2\\x0d\\x0a|asdf-journal 1\\x0d\\x0a|~changing 0123456789abcdef ~asdf|~ASDF 1.0.0|\\xef\\xcd\\xab\\x89\\x67\\x45\\x23\\x01|\\x20\\x00\\x00\\x00\\x00\\x00\\x00\\x00
"""


def terms(text):
    return [term for line in text.strip().split("\n") for term in line.split("|") if term]


def tags():
    """Tags of the standard, each with its newest version."""
    lines = (ROOT / "asdf-core/src/file/standard_tags.txt").read_text().split("\n")
    words = [line.split() for line in lines if line and not line.startswith("#")]
    for name, *versions in words:
        known = [version for version in versions if version != "-"]
        if known:
            yield f"!{name}-{known[-1]}"


def properties(folder):
    """Keys of nodes that the schemas of a folder describe."""
    found = set()
    for path in (ROOT / "schemas" / folder).rglob("*.yaml"):
        found |= set(re.findall(r"^ {2,8}([a-z_]{4,24}):$", path.read_text(), re.M))
    return sorted(f"{name}: " for name in found - {"properties", "items", "allOf", "anyOf", "definitions"})


def main():
    tag_terms = list(tags())
    out = {
        "tree": terms(TREE) + [tag for tag in tag_terms if not tag.startswith("!transform")] + properties("core"),
        "transform": [tag for tag in tag_terms if tag.startswith("!transform")] + properties("transform") + properties("gwcs"),
        "blocks": terms(BLOCKS),
        "fits": terms(FITS),
        "schema": terms(SCHEMA),
        "script": terms(SCRIPT),
        "csv": terms(CSV),
        "paths": terms(PATHS),
        "journal": terms(JOURNAL),
    }
    for name, words in out.items():
        lines = [f'"{word}"\n' for word in dict.fromkeys(words)]
        (HERE / "dictionaries" / f"{name}.dict").write_text("# Made by dictionaries.py.\n" + "".join(lines))


main()
