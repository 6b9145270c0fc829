"""Times the benchmarks of `asdf-core/benches/wcs.rs` and the same work by gwcs, in turn.

    cargo bench -p asdfkit-core --bench wcs --no-run
    venv/bin/python test-data/bench_wcs.py target/release/deps/wcs-*

Both use `test-data/wcs/detector.asdf`, which has the steps of a detector of Roman. gwcs runs with one thread, ours with one and two.
"""

import re
import subprocess
import sys
import time
import warnings
from pathlib import Path

import asdf
import numpy as np

FILE = Path(__file__).resolve().parent / "wcs" / "detector.asdf"
UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}


def best(work, times):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def load():
    with asdf.open(FILE, memmap=False, lazy_load=False) as file:
        return file["wcs"]


def theirs():
    """Seconds by gwcs for each benchmark."""
    wcs = load()
    y, x = np.mgrid[:4088, :4088].astype(float)
    spread = lambda count, step: (np.arange(count) * step % 1.0) * 4087.0
    world = wcs(spread(10**6, 0.61803398875), spread(10**6, 0.75487766625), with_bounding_box=False)
    # A hundredth of the points: where its iteration does not converge it solves point by point.
    some = [column[: 10**3] for column in world]
    return {
        "grid": best(lambda: wcs(x, y), 2),
        "invert_million": best(lambda: wcs.invert(*world), 3),
        "iterate_hundred_thousand": 100 * best(lambda: wcs.numerical_inverse(*some, with_bounding_box=True), 1),
        "one_point": best(lambda: wcs(100.0, 200.0), 50),
        "open": best(load, 5),
    }


def ours(binary):
    """Seconds by the benchmarks, the fastest and the median of each."""
    done = subprocess.run([binary, "--bench"], capture_output=True, text=True, check=True)
    found, group = {}, None
    for line in done.stdout.splitlines():
        name = re.match(r"^[│ ]*[├╰]─ (\S+)", line)
        numbers = re.findall(r"([0-9.]+) (ns|µs|ms|s)\b", line)
        if not name:
            continue
        if not numbers:
            group = name[1]
            continue
        label = f"{group}, {name[1]} threads" if line.startswith("│") else name[1]
        found[label] = [float(number) * UNITS[unit] for number, unit in (numbers[0], numbers[2])]
    return found


def main():
    warnings.simplefilter("ignore")
    rounds = 2
    mine, other = {}, {}
    for _ in range(rounds):
        for name, pair in ours(sys.argv[1]).items():
            mine[name] = min(mine.get(name, pair), pair)
        for name, seconds in theirs().items():
            other[name] = min(other.get(name, seconds), seconds)
    for name, (fastest, median) in mine.items():
        seconds = other.get(name.split(",")[0])
        if seconds:
            print(f"{name:28} gwcs {seconds:10.6f} s   ours {fastest:10.6f} s (median {median:.6f})   {seconds / fastest:7.1f} times")
    return 0


if __name__ == "__main__":
    sys.exit(main())
