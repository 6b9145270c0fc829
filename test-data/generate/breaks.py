"""Makes `breaks.json`: YAML texts with every kind of line break in every place, as [text, canonical JSON], or [text] when the reference refuses it.

PyYAML's two loaders, in C (which the reference takes) and in Python, are both asked; a text that they read differently is left out and counted.
"""

import itertools
import json
from pathlib import Path

import yaml
from expected import canonical

HERE = Path(__file__).resolve().parent.parent

BREAKS = ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"]
OLD = BREAKS[3:]

# `@` is a line break. What a mapping starts with is its first line.
PLACES = {
    "plain": ["k: a@  b", "k: a @  b", "k: a@@  b", "k: a@ @  b@  c", "- a@  b@- c", "k: a@", "k: 'x'@j: 1@", "k: 1@  2", "k: 12@j: yes@", "k: a\\@  b", "k: a@\t b"],
    "single": ["k: 'a@  b'", "k: 'a @  b'", "k: 'a@@  b'", "k: 'a@ '", "k: '@  b'", "k: '@@'", "k: 'it''s@  so'", "- 'a@b'", "k: ' @ '", "k: ['a@b', 'c']"],
    "double": ['k: "a@  b"', 'k: "a @  b"', 'k: "a@@  b"', 'k: "a\\@  b"', 'k: "a\\@@  b"', 'k: "a \\@ \\ b"', 'k: "@"', 'k: "\\x41@\\u00e9\\N\\L\\P\\_@\\U0001F600"',
               'k: "\\"@\\\\"', 'k: "a\\n@ \\tb"', 'k: "\\0\\a\\b\\t\\n\\v\\f\\r\\e@\\ x"', 'k: "a\t@\tb"'],
    "literal": ["k: |@  a@  b@", "k: |-@  a@  b@", "k: |+@  a@@  b@@", "k: |@  a@   b@  c", "k: |@@  a@j: 1@", "k: |2@   a@  b@", "k: | # c@  a@", "- |@ a@ b@- c", "k: |+@  a@  @j: 1@", "k: |@  @  a@"],
    "folded": ["k: >@  a@  b@", "k: >-@  a@  b@", "k: >+@  a@@  b@@", "k: >@  a@   b@  c@", "k: >@  a@@   b@@  c@", "k: >@@  a@j: 1@", "k: >2@   a@  b@", "k: > # c-@  a@  b@", "- >@ a@ b@- c",
               "k: >@  a@  @  b@", "k: >@  a@@@  b", "k: >@  a@   @  b@", "k: >@  \ta@  b@", "k: >-@  a@  b@@j: 1"],
    "key": ["? a@  b@: 1@", "? 'a@  b'@: 1@", '? "a@b"@: 1@', "? |@  a@: 1@", "{? 'a@b' : 1}", "a@  b: 1", "'a@b': 1", "k@: 1", "{'a@b': 1}", "{a@ b: 1}"],
    "comment": ["k: 1 # c@j: 2@", "# c@k: 1@", "k: # c@  a@", "k: [1, # c@ 2]", "k: a # c@  b@", "k:@# c@  a@", "# c@@# d@k: 1"],
    "flow": ["k: [a,@ b]", "k: {a: 1,@ b: 2}", "k: [@a@,@b@]", "k: [a@ b, c]", "k: {a:@ 1}", "k: {a@: 1}", "[a,@b]@", "k: [a,@@  {b: c}]@j: 1"],
    "between": ["k:@  a: 1@  b: 2@", "k:@- a@- b@", "k: !!str@  a", "k: &x@  a@j: *x@", "- - a@  - b@- c@", "k: !!map@  a: 1@", "k:@@  a@", "a: 1@@@b: 2", "k: *@", "- @  a", "-@  a: 1", "? a@: b", "a: &x 1@b: *x@",
                "a: !!int@ 5", "k:   @  a", "a:@b: 1@"],
    "end": ["k: 1@...@", "k: a@...", "k: 'a@...@b'", "k: a@---@b: 1@", "k: |@  a@...@"],
}


def read(text, loader):
    """The value as canonical JSON; `None` when it is refused."""
    try:
        return canonical(yaml.load(text, Loader=loader))
    except (yaml.YAMLError, ValueError, TypeError):
        return None


def texts():
    """Each place with one kind of break in it, and with two kinds in turn."""
    for place in itertools.chain(*PLACES.values()):
        for kind in BREAKS:
            yield place.replace("@", kind)
        if place.count("@") > 1:
            for first, second in itertools.product(BREAKS, OLD):
                for pair in ([first, second], [second, first]):
                    kinds = itertools.cycle(pair)
                    yield "".join(next(kinds) if char == "@" else char for char in place)


def main():
    rows, apart = {}, 0
    for text in texts():
        found = read(f"---\n{text}\n...\n", yaml.CSafeLoader)
        if found != read(f"---\n{text}\n...\n", yaml.SafeLoader):
            apart += 1
            continue
        rows[text] = [text] if found is None else [text, found]
    lines = ",\n".join(json.dumps(row) for row in rows.values())
    (HERE / "breaks.json").write_text(f"[\n{lines}\n]\n")
    print(f"breaks.json: {len(rows)} texts; {apart} are read differently by PyYAML's two loaders")


if __name__ == "__main__":
    main()
