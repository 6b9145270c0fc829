#!/usr/bin/env python3
"""Finds dead links in the Markdown files of the repository: files and folders that are not there, and anchors that no heading has.

    .ci/links.py

Links to other hosts are not followed. Pages of docs/ are chapters of a book, so that they link nothing outside of docs/, and each of
them stands in docs/SUMMARY.md. Exit code 1 with a line for each fault.
"""

import re
import subprocess
import sys
import urllib.parse
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# [text](target), also ![text](target), with an optional title; and [name]: target.
LINK = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?(\S+?)>?\s*$")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")


@cache
def prose(path):
    """The lines outside of fenced blocks, with their numbers and without code in backticks."""
    out, fence = [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence is None and mark:
            fence = mark[1]
        elif fence is not None:
            if mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence) and not line.strip().strip(fence[0]):
                fence = None
        else:
            out.append((number, line))
    return out


@cache
def anchors(path):
    """Names of headings as forges and mdBook make them."""
    found, times = set(), {}
    for _, line in prose(path):
        if (heading := HEADING.match(line)) is None:
            found.update(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", line))
            continue
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).lower()
        name = re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-")
        found.add(f"{name}-{times[name]}" if name in times else name)
        times[name] = times.get(name, 0) + 1
    return found


def faults(path):
    for number, line in prose(path):
        plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line)
        for target in LINK.findall(plain) + DEFINITION.findall(plain):
            if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.I):
                continue
            where = f"{path.relative_to(ROOT)}:{number}"
            name, _, anchor = urllib.parse.unquote(target).partition("#")
            file = (path.parent / name).resolve() if name else path
            if not file.exists():
                yield f"{where}: {target}: there is no such file"
            elif path.is_relative_to(DOCS) and not file.is_relative_to(DOCS):
                yield f"{where}: {target}: outside of docs/, where the book does not have it"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                yield f"{where}: {target}: {file.relative_to(ROOT)} has no such heading"


def main():
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    files = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    found = [fault for path in files for fault in faults(path)]
    summary = DOCS / "SUMMARY.md"
    listed = {(DOCS / target).resolve() for _, line in prose(summary) for target in LINK.findall(line)}
    for path in files:
        if path.is_relative_to(DOCS) and path != summary and path not in listed:
            found.append(f"{path.relative_to(ROOT)}: not in docs/SUMMARY.md")
    print("\n".join(found) or f"{len(files)} files, no dead link")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
