"""Makes everything in `made/`, `bad/` and MANIFEST.toml; `--check` compares with what is there instead."""

import argparse
import filecmp
import sys
import tempfile
import warnings
from pathlib import Path

import arrays
import bad
import blocks
import manifest
import regressions
import roman
import trees
from collection import Collection

HERE = Path(__file__).resolve().parent.parent


def generate(directory):
    out = Collection(directory)
    for part in (roman, arrays, blocks, trees, regressions, bad):
        part.make(out)
    out.write_sidecars()
    (directory / "MANIFEST.toml").write_text(manifest.text(out))
    return out


def files(directory):
    inside = [directory / "MANIFEST.toml"]
    for name in ("made", "bad"):
        inside += (p for p in (directory / name).rglob("*") if p.is_file())
    return {str(p.relative_to(directory)) for p in inside if p.exists()}


def check():
    """Differences between a fresh run and the files that are there."""
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        generate(fresh)
        new, old = files(fresh), files(HERE)
        lines = [f"missing: {n}" for n in sorted(new - old)] + [f"not generated: {n}" for n in sorted(old - new)]
        lines += [f"differs: {n}" for n in sorted(new & old) if not filecmp.cmp(fresh / n, HERE / n, shallow=False)]
    return lines, len(new)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when a fresh run gives other files")
    if parser.parse_args().check:
        lines, count = check()
        print(*lines, f"{count} files, {len(lines)} differences", sep="\n")
        return 1 if lines else 0
    before = files(HERE)
    out = generate(HERE)
    stale = before - files_of(out)
    for name in sorted(stale):
        (HERE / name).unlink()
        print(f"removed: {name}")
    total = sum((HERE / n).stat().st_size for n in files(HERE))
    print(f"{len(out.made)} readable files, {len(out.bad)} broken ones, {total} bytes in all")
    return 0


def files_of(out):
    made = {f"made/{e['file']}" for e in out.made}
    return made | {f"{n}.expected.json" for n in made} | {f"bad/{e['file']}" for e in out.bad} | {"MANIFEST.toml"}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
