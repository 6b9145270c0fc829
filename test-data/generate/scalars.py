"""Makes `scalars.json`: what the reference's YAML loader reads from scalars, as [text, canonical JSON], or [text] when it refuses it."""

import json
import random
from pathlib import Path

import yaml
from asdf.yamlutil import AsdfLoader
from expected import canonical

HERE = Path(__file__).resolve().parent.parent

PLAIN = """~ null Null NULL nULL y Y n N yes Yes YES yEs no No NO true True TRUE tRUE false False FALSE on On ON oN off Off OFF
0 -0 +0 00 07 08 09 010 -010 +010 0_ 0_7 0_8 0__1 1_000 1__0 1_ -1_ 0b0 0b1010 -0b1_1 +0b11 0b2 0b 0b_ 0x0 0xFF 0xff_ff -0x1f 0x 0x_ 0xg 0o17 0O17 0B1 0XF
9007199254740992 9007199254740993 9223372036854775807 9223372036854775808 -9223372036854775808 -9223372036854775809
18446744073709551616 0xFFFFFFFFFFFFFFFFFFFFFFFF -0b1111111111111111111111111111111111111111111111111111111111111111111111
01777777777777777777777777777 123456789012345678901234567890 -000000000000000000000000000000000000009 12345678901234567890_12345678901234567890
1:30 190:20:30 -1:30 +1:30 1:60 1:5 1:05 0:59 01:30 1:2:3:4 1_0:30 1:3_0 :30 1: 59:59:59:59:59:59:59:59:59:59:59:59:59:59
0. .0 0.0 -0.0 +0.0 1. .5 +.5 -.5 . .. -. +. - + 1.5 -1.5 1_0.5 1.5_0 ._5 _1.5 1.5_ 1_.5 1.e+3 1.5e3 1.5e+3 1.5E-3 1e3 1e+3 1.5e+ 1.5e 1.0e+400 1.0e-400
.5e+1 .5e1 685.230_15e+03 190:20:30.15 -190:20:30.15 1:2.5 0:30.5 1:60.5 1:2. 1:2:3:4:5.5 1:2.5e+3 08.5 09. 00.5 1..5 1.5.5 1.2.3
.inf .Inf .INF .iNF -.inf +.inf +.Inf .nan .NaN .NAN -.nan +.nan inf nan Infinity
0.5304336547851562 0.53043365478515625 5.0e-324 2.2250738585072014e-308 1.7976931348623157e+308 1.0e+16 1.0e+15 123456789.0e+10 0.0001 0.00001 0.1 1.0e-5
2001-12-14 2001-1-1 2001-1-14 2001-12-1 2001-12-14T21:59:43 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z 2001-12-14T21:59:43z 2001-12-14T1:59:43 2001-1-1T1:02:03
2001-12-14T21:59:43. 2001-12-14T21:59:43.1234567Z 2001-12-14T21:59:43.999999999 2001-12-14T21:59:43+5 2001-12-14T21:59:43+05:30 2001-12-14T21:59:43-0530 2001-12-14T21:59:43+00:00
2001-12-14T21:59:43+23:59 2001-12-14T21:59:43+24:00 2001-12-14T21:59:43-23:99 2001-02-29 2000-02-29 1900-02-29 2001-04-31 2001-00-01 2001-13-01 2001-01-00 0000-01-01 0001-01-01 9999-12-31
2001-12-14T24:00:00 2001-12-14T23:60:00 2001-12-14T23:59:60 2001-12-14T2:5:00 01-12-14 20011214 2001-12 2001-12-14T +2001-12-14 -2001-12-14 2001-12-14T21:59
= == << <<< a a:b x-1 1a 1-2 1,5 1/2 é ☺ 0٣ １""".split()

BLANKS = ["2001-12-14 21:59:43", "2001-12-14 21:59:43.10 -5", "2001-12-14\t21:59:43 Z", "2001-12-14  1:59:43", "2001-12-14 21:59:43 ",
          "2001-12-14 21:59", "1 2", "- 1", "yes no", ". 5", "2001-12-14T21:59:43 +01:00", "2001-12-14T 21:59:43"]

QUOTED = ["''", "'1'", '"1"', "'~'", '"yes"', "'2001-12-14'", "'='", "'<<'", '"\\x41"', "'it''s'", "! 12", "! '12'", "! \"yes\"", "! ''", "!", "! a b"]

TAGGED = [f"!!{tag} {text}" for tag, texts in {
    "str": ["12", "", "yes", "~", "2001-01-01"],
    "int": ["12", "'12'", "012", "0o17", "0x1F", "1:30", "1_0", "abc", "''", "1.5", "true", "-5", "+5", "''", "08", "0b", "1:90", "' 12 '", "12345678901234567890"],
    "float": ["1", "1e3", "'1.5'", "abc", "''", ".inf", "-.INF", ".nan", "1:30", "0x10", "1_0.5", "' 1.5 '", "1:2.5"],
    "bool": ["yes", "TRUE", "tRuE", "y", "maybe", "1", "''", "off"],
    "null": ["''", "foo", "~", "1", ""],
    "timestamp": ["2001-1-1", "'2001-12-14'", "2001-12-14 1:02:03", "foo", "''", "2001-13-01"],
    "binary": ["aGVsbG8=", "'aGVs bG8='", "''", "aGVsbG8", "é", "===="],
    "foo": ["12", "", "yes"],
    "value": ["="],
    "merge": ["<<"],
    "seq": ["a"], "map": ["a"], "set": ["a"], "omap": ["a"], "pairs": ["a"],
}.items() for text in texts]


def random_texts(count):
    """Texts of the characters that numbers and timestamps are made of."""
    generator = random.Random(20010101)
    for _ in range(count):
        letters = generator.choice(["0123456789.", "01_-+.:e", "019abx_", "0123:5.", "+-.eE059_", "0129-T:Z +."])
        yield "".join(generator.choice(letters) for _ in range(generator.randint(1, 9))).strip()


def row(text):
    """The text and the canonical JSON of its value; the text alone when the reference refuses it."""
    try:
        return [text, canonical(yaml.load(f"---\nk: {text}\n", Loader=AsdfLoader)["k"])]
    except Exception:  # noqa: BLE001 - it raises ValueError, KeyError, IndexError, AttributeError, ...
        return [text]


def main():
    texts = dict.fromkeys([*PLAIN, *BLANKS, *QUOTED, *TAGGED, *random_texts(900)])
    rows = (json.dumps(row(text)) for text in texts)
    (HERE / "scalars.json").write_text("[\n" + ",\n".join(rows) + "\n]\n")


if __name__ == "__main__":
    main()
