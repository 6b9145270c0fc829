"""Memory and time of the commands on the files of `generate/hostile.py`.

    python3 test-data/measure_hostile.py ASDF FOLDER [PATTERN...]

One line for each run that takes more than the file's size and 256 MB, 48 bytes a node, or longer than ten seconds, and all lines
with `-v`. A run ends at 6 GB of address space or after twenty seconds.
"""

import fnmatch
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

SPACE = 6_000_000_000
SECONDS = 15
COMMANDS = {
    "info": "info X",
    "info --all": "info --all X",
    "info --json": "info --json X",
    "ls": "ls X",
    "ls --digest": "ls --digest --json X",
    "get a": "get X A",
    "get a --json": "get --json X A",
    "get --resolve": "get --resolve X /",
    "get window": "get X A[0:2,0:2]",
    "get late": "get X A[-2:,-2:]",
    "search value": "search --value 1 X",
    "search json": "search --json --type int X",
    "json": "convert X OUT.json",
    "yaml": "convert X OUT.yaml",
    "fits": "convert X OUT.fits",
    "asdf": "convert X OUT.asdf",
    "inline": "convert --inline-below 10 X OUT.asdf",
    "zstd": "convert --compress zstd X OUT.asdf",
    "npy": "convert --path A X OUT.npy",
    "csv": "convert --path A X OUT.csv",
    "validate": "validate X",
    "diff": "diff X X",
    "stats": "stats X",
    "verify": "verify X",
    "preview": "preview X -o OUT.png",
    "wcs": "wcs info X",
}
WHEEL = {"schemas": "validate --schemas X ANY", "deep": "validate --schemas X DEEP"}


def run(asdf, arguments):
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))
    start = time.monotonic()
    with tempfile.TemporaryFile() as err:
        process = subprocess.Popen([asdf, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, preexec_fn=limit)
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        text = err.read(400).decode(errors="replace").replace("\n", " | ")
    return process.returncode, usage.ru_maxrss / 1024, time.monotonic() - start, text


def main():
    words = [word for word in sys.argv[1:] if word != "-v"]
    asdf, folder, patterns = words[0], Path(words[1]), words[2:] or ["*"]
    with tempfile.TemporaryDirectory(dir=folder) as out:
        for file in sorted(folder.iterdir()):
            if not file.is_file() or not any(fnmatch.fnmatch(file.name, pattern) for pattern in patterns):
                continue
            commands = WHEEL if file.suffix == ".whl" else COMMANDS
            for name, words in commands.items():
                replaced = {"X": str(file), "ANY": str(folder / "flat_map.asdf"), "DEEP": str(folder / "deep_map.asdf")}
                path = "fits/1/data" if file.suffix == ".fits" else "a"
                words = [replaced.get(word, word.replace("OUT", f"{out}/o")) for word in words.split()]
                words = [path + word[1:] if word == "A" or word.startswith("A[") else word for word in words]
                code, memory, seconds, text = run(asdf, words)
                for made in Path(out).iterdir():
                    made.unlink()
                used = min(file.stat().st_size, file.stat().st_blocks * 512) / 2**20
                bad = memory > used + 256 or seconds > 10 or code < 0 or code > 2
                if bad or "-v" in sys.argv:
                    print(f"{'BAD ' if bad else '    '}{file.name:28} {name:14} {code:4} {memory:7.0f} MB {seconds:6.1f} s  {text[:150]}", flush=True)


if __name__ == "__main__":
    main()
