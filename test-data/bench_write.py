"""Writing, converting, editing and comparing: `asdf` beside Python asdf, `cp` and `cat` in one run.

python bench_write.py ASDF_BINARY DIR [--write-array PROGRAM] [--rounds 5] [--only NAME,...] [--mib 1024] [--json]

Makes its inputs in DIR once (about 3 GB; those that `generate/bench.py` makes are taken when they are there). Then each
case runs its contenders in turn, round after round, so that all meet the same machine; before each run the disk is
synced and the old output removed. Given are median, least and most seconds, the rate, the peak of memory and the size of
the output. Python is timed inside of its process, around opening and writing alone; all others from start to end.
`--write-array` is what `cargo bench --no-run -p asdfkit-core --bench write_array` names; without it those cases are left out.
The interpreter needs the packages of `generate/requirements.txt`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MB = 1e6
# An eighth of 300 MB as float32.
SIDES = 3062, 3062


class Run:
    """One finished process: seconds, peak memory in MB."""

    def __init__(self, command):
        with tempfile.TemporaryFile() as out:
            actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1)]
            if command[0] == "cat":
                actions = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
            start = time.perf_counter()
            process = os.posix_spawnp(command[0], [str(word) for word in command], os.environ, file_actions=actions)
            _, status, usage = os.wait4(process, 0)
            self.seconds = time.perf_counter() - start
            self.code = os.waitstatus_to_exitcode(status)
            self.peak = usage.ru_maxrss * 1024 / MB
            out.seek(max(out.seek(0, os.SEEK_END) - 200, 0))
            # A child of this script says how long its work took without starting up.
            last = out.read().decode("utf-8", "replace").rpartition("seconds ")[2].strip()
            if self.code == 0 and last.replace(".", "", 1).isdigit():
                self.seconds = float(last)


# ------------------------------------------------------------------------------------------- work in Python, children


def child(task, *arguments):
    CHILDREN[task](*arguments)


def timed(work):
    start = time.perf_counter()
    work()
    print(f"seconds {time.perf_counter() - start:.6f}")


def numbers(count, seed=1):
    import numpy as np

    return np.random.default_rng(seed).random(count)


def write(path, size, blocks, checksums):
    import asdf

    data = numbers(int(size) // 8)
    parts = {f"a{i}": part.copy() for i, part in enumerate(split(data, int(blocks)))}
    timed(lambda: asdf.AsdfFile(parts).write_to(path, write_checksums=checksums == "yes"))


def split(data, parts):
    step = -(-len(data) // parts)
    return [data[i : i + step] for i in range(0, len(data), step)]


def convert(source, path, codec):
    import asdf

    def work():
        with asdf.open(source) as file:
            file.write_to(path, all_array_compression=codec)

    timed(work)


def update(path, value):
    import asdf

    def work():
        with asdf.open(path, mode="rw") as file:
            file["meta"]["n"] = int(value)
            file.update()

    timed(work)


def make_big(path, size):
    import asdf

    tree = {"meta": {"n": 1, "s": "text"}, "a": numbers(int(size) // 8)}
    asdf.AsdfFile(tree).write_to(path, pad_blocks=True)


def make_raw300(path):
    import asdf
    import numpy as np

    random = np.random.default_rng(2027)
    tree = {f"a{i}": (random.standard_normal(SIDES, np.float32) * np.float32(0.08) + np.float32(0.62)) for i in range(8)}
    asdf.AsdfFile(tree).write_to(path)


CHILDREN = {"write": write, "convert": convert, "update": update, "make_big": make_big, "make_raw300": make_raw300}


def python(task, *arguments):
    return [sys.executable, os.path.abspath(__file__), "--child", task, *arguments]


# --------------------------------------------------------------------------------------------------------- the cases


class Inputs:
    """Files made once."""

    def __init__(self, folder, size):
        self.folder, self.size = folder, size

    def made(self, name, command):
        path = self.folder / name
        if not path.exists():
            part = path.with_suffix(".part")
            print(f"making {path}", file=sys.stderr, flush=True)
            subprocess.run([str(word) for word in command(part)], check=True, stdout=subprocess.DEVNULL)
            part.rename(path)
        return path

    def big(self):
        return self.made(f"padded_{self.size}.asdf", lambda path: python("make_big", path, self.size))

    def raw300(self):
        return self.made("raw300.asdf", lambda path: python("make_raw300", path))

    def lz4_300(self):
        return self.made("lz4_300.asdf", lambda path: python("convert", self.raw300(), path, "lz4"))

    def copy300(self):
        return self.made("raw300_copy.asdf", lambda path: ["cp", "--reflink=never", self.raw300(), path])


def cases(options, inputs):
    """Name -> (bytes of data, {contender: command of an output}); the first contender is what the others are compared to."""
    asdf, size = options.binary, inputs.size
    found = {}
    for name, blocks in (("write", 1), ("write 8 blocks", 8)):
        for checksums in ("yes", "no"):
            contenders = {"python": lambda out, b=blocks, c=checksums: python("write", out, size, b, c)}
            if options.write_array:
                rest = ["--blocks", blocks] + (["--no-checksum"] if checksums == "no" else [])
                contenders["asdf"] = lambda out, rest=rest: [options.write_array, out, size, *rest]
            if checksums == "no":
                contenders["cp"] = lambda out: ["cp", "--reflink=never", inputs.big(), out]
            if options.write_array:
                found[f"{name}, {'checksums' if checksums == 'yes' else 'no checksums'}"] = size, contenders
    for name, source, codec in (
        ("raw to lz4", inputs.raw300, "lz4"),
        ("lz4 to zlib", inputs.lz4_300, "zlib"),
        ("lz4 to zstd", inputs.lz4_300, "zstd"),
        ("lz4 to lz4, as it is", inputs.lz4_300, "input"),
    ):
        found[name] = 8 * 4 * SIDES[0] * SIDES[1], {
            "python": lambda out, s=source, c=codec: python("convert", s(), out, c),
            "asdf": lambda out, s=source, c=codec: [asdf, "convert", "--force", "--compress", c, s(), out],
        }
    values = iter(range(100, 1_000_000))
    found["set, room in the padding"] = None, {
        "python": lambda out: python("update", inputs.big(), next(values)),
        "asdf": lambda out: [asdf, "set", inputs.big(), "meta.n", next(values)],
        "asdf --version": lambda out: [asdf, "--version"],
    }
    found["diff of equal files"] = 2 * 8 * 4 * SIDES[0] * SIDES[1], {
        "cat": lambda out: ["cat", inputs.raw300(), inputs.copy300()],
        "asdf": lambda out: [asdf, "diff", inputs.raw300(), inputs.copy300()],
    }
    found["diff of raw and lz4"] = 2 * 8 * 4 * SIDES[0] * SIDES[1], {
        "cat": lambda out: ["cat", inputs.raw300(), inputs.lz4_300()],
        "asdf": lambda out: [asdf, "diff", inputs.raw300(), inputs.lz4_300()],
    }
    return found


def measure(name, case, options, folder):
    """One row a contender."""
    size, contenders = case
    out = folder / "bench-out.asdf"
    runs, sizes = {who: [] for who in contenders}, {}
    # Round 0 warms the caches and does not count.
    for count in range(options.rounds + 1):
        for who, command in contenders.items():
            words = command(out)
            out.unlink(missing_ok=True)
            os.sync()
            run = Run(words)
            if run.code != 0:
                print(f"{name}: {who} ends with {run.code}", file=sys.stderr, flush=True)
                runs[who] = None
                break
            if count and runs[who] is not None:
                runs[who].append(run)
            sizes[who] = out.stat().st_size if out.exists() else None
        if any(found is None for found in runs.values()):
            break
    out.unlink(missing_ok=True)
    return [row(name, who, found, size, sizes.get(who)) for who, found in runs.items() if found]


def row(name, who, runs, size, written):
    seconds = [run.seconds for run in runs]
    median = statistics.median(seconds)
    return {
        "case": name,
        "who": who,
        "median": median,
        "min": min(seconds),
        "max": max(seconds),
        "mb_per_s": size / MB / median if size else None,
        "peak_mb": max(run.peak for run in runs),
        "output_mb": written / MB if written else None,
    }


def table(rows):
    base = rows[0]["median"]
    for entry in rows:
        rate = f"{entry['mb_per_s']:7.0f} MB/s" if entry["mb_per_s"] else " " * 12
        written = f"{entry['output_mb']:8.1f} MB" if entry["output_mb"] else " " * 11
        print(
            f"{entry['case']:30}{entry['who']:16}{entry['median']:9.4f} s  ({entry['min']:.4f} to {entry['max']:.4f})"
            f"{rate}  peak {entry['peak_mb']:6.0f} MB{written}  {base / entry['median']:6.2f}x",
            flush=True,
        )


def main():
    if sys.argv[1:2] == ["--child"]:
        return child(*sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write-array", type=Path, metavar="PROGRAM")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", metavar="NAME,...", help="cases whose name begins so")
    parser.add_argument("--mib", type=int, default=1024, help="size of the large array")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    options.binary = options.binary.resolve()
    options.write_array = options.write_array and options.write_array.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    folder = options.folder.resolve()
    wanted = tuple(options.only.split(","))
    rows = []
    for name, case in cases(options, Inputs(folder, options.mib << 20)).items():
        if name.startswith(wanted):
            found = measure(name, case, options, folder)
            rows += found
            if found and not options.json:
                table(found)
    if options.json:
        print(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
