"""Measures our command beside its peers and beside what the machine can do, in turn, and writes a table.

    python3 bench/peers.py                          # all jobs, the table goes to docs/performance.md
    python3 bench/peers.py --only info --runs 9     # jobs whose names contain a word; the table is printed
    python3 bench/peers.py --curves                 # cost over size, as pictures in docs/pictures

Needs a quiet machine for figures that are worth anything: the load before and after is written down with them. Peers are
installed into target/peers where there is a network; what is missing stands in the table as missing. Inputs (some 3 GB)
are made once, in target/peers/inputs.
"""

import argparse
import datetime
import glob
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from jobs import JOBS

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["asdf>=6,<7", "asdf-astropy", "gwcs", "asdf-compression", "lz4", "zstandard", "fitsio", "matplotlib", "roman_datamodels"]

# Seconds after which a command is run once only.
LONG = 20


@dataclass
class Run:
    wall: float
    cpu: float
    memory: int


class Failed(Exception):
    pass


def run(command):
    """One run of a command line, with what the system says of it and of its children."""
    words = [name for word in shlex.split(command) for name in (sorted(glob.glob(word)) or [word])]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode != 0:
        last = told.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise Failed(f"exit code {process.returncode}: {last[0][:120]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def median(runs):
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "memory")))


def measure(commands, out, runs):
    """The medians of commands that run in turn; what fails is told by its reason. The first round only warms the files, but what
    takes long is not run again."""
    found = {who: [] for who in commands}
    once = set()
    for turn in range(runs + 1):
        for who, command in commands.items():
            if isinstance(found[who], str) or who in once:
                continue
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            try:
                one = run(command)
            except (Failed, OSError) as error:
                found[who] = str(error)
                continue
            if one.wall > LONG:
                once.add(who)
            if turn or who in once:
                found[who].append(one)
    return {who: runs if isinstance(runs, str) else median(runs) for who, runs in found.items()}


def install_python(folder):
    """An environment with the peers in Python."""
    python = folder / "python" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--only-binary", ":all:", *PACKAGES], check=False)
    return python


def install_rust(folder):
    """The Rust peer: the package `asdf-cli`, whose command is called `asdftool`."""
    rust = folder / "rust" / "bin" / "asdftool"
    if not rust.exists():
        subprocess.run(["cargo", "install", "-q", "--root", folder / "rust", "--version", "^0.3", "asdf-cli"], check=False)
    return rust


def rust_version(rust):
    """The package and its version, from what cargo has noted: the command does not say it."""
    try:
        noted = (rust.parent.parent / ".crates.toml").read_text()
    except OSError:
        return "missing"
    return next((" ".join(line.strip('"').split(" ")[:2]) for line in noted.splitlines() if "asdf-cli" in line), "missing")


def seconds(value):
    return f"{value * 1e3:.1f} ms" if value < 0.1 else f"{value:.2f} s"


def cell(found, ours):
    if isinstance(found, str):
        return "missing"
    return f"{seconds(found.wall)} / {seconds(found.cpu)} ({found.wall / ours.wall:.1f} / {found.cpu / ours.cpu:.1f})"


def row(job, found):
    ours = found["ours"]
    if isinstance(ours, str):
        return f"| {job.name} | failed: {ours} | | | |"
    peers = "<br>".join(f"{who}: {cell(found[who], ours)}" for who in job.peers)
    limit = f"{job.limit[0]}: {cell(found['limit'], ours)}" if job.limit else ""
    return f"| {job.name} | {seconds(ours.wall)} / {seconds(ours.cpu)} | {ours.memory / 1e6:.0f} MB | {peers} | {limit} |"


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def version(command):
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()
    except (OSError, subprocess.CalledProcessError):
        return "missing"
    return told[-1] if told else ""


def load():
    try:
        return f"{os.getloadavg()[0]:.1f}"
    except OSError:
        return "unknown"


# Between these lines of the page stands what this writes.
BEGIN, END = "<!-- made by bench/peers.py -->", "<!-- end of what bench/peers.py made -->"

HEAD = """Made by `python3 bench/peers.py` on {day}: {cores} cores, {processor}; {ours}; Python peers {python}; Rust peer {rust}. Medians of {runs} runs
after one that does not count, all commands of a job in turn (what takes more than {long} s is run once); load of the machine before the first
run {before}, after the last one {after}.

Each cell is wall time / CPU time of whole processes, warm files; in brackets how many times ours that is. The last column is a
program that does only what cannot be left out. Jobs and command lines: `bench/jobs.py`; inputs: `bench/inputs.py`.

| job | ours | memory | peers | limit |
|---|---|---|---|---|
"""


def table(args, place, python, rust):
    before, rows, notes = load(), [], []
    for job in JOBS:
        if not any(word in job.name for word in args.only or [""]):
            continue
        commands = {"ours": job.ours, **job.peers}
        if job.limit:
            commands["limit"] = job.limit[1]
        found = measure({who: command.format(**place) for who, command in commands.items()}, Path(place["out"]), args.runs)
        rows.append(row(job, found))
        print(rows[-1], flush=True)
        missing = [f"{who} ({reason})" for who, reason in found.items() if isinstance(reason, str)]
        if job.note or missing:
            notes.append(f"- {job.name}: " + "; ".join([*([job.note] if job.note else []), *(f"missing: {text}" for text in missing)]))
    if args.only:
        return
    peers = "import asdf, gwcs, astropy; print('asdf', asdf.__version__, 'gwcs', gwcs.__version__, 'astropy', astropy.__version__)"
    head = HEAD.format(
        day=datetime.date.today(),
        cores=os.cpu_count(),
        processor=processor(),
        ours=version([place["asdf"], "--version"]),
        python=version([python, "-c", peers]),
        rust=rust_version(rust),
        runs=args.runs,
        long=LONG,
        before=before,
        after=load(),
    )
    text = head + "\n".join(rows) + "\n\n" + "\n".join(notes) + "\n"
    pictures = sorted((ROOT / "docs" / "pictures").glob("curve-*.svg"))
    if pictures:
        text += "\n### Cost over size\n\n" + "\n".join(f"![{p.stem}](pictures/{p.name})" for p in pictures) + "\n"
    put(text, args.table)


def put(text, page):
    """Puts the text between its two lines of the page, or makes the page of it."""
    old = page.read_text() if page.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--asdf", default=str(ROOT / "target" / "release" / "asdf"), help="our binary")
    parser.add_argument("--work", type=Path, default=ROOT / "target" / "peers", help="where inputs and peers are")
    parser.add_argument("--python", help="a Python that has the peers' packages already")
    parser.add_argument("--ours-python", help="a Python that has our package and numpy, for the jobs in Python")
    parser.add_argument("--only", action="append", help="jobs whose names contain this")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--curves", action="store_true", help="cost over size instead of the table")
    parser.add_argument("--table", type=Path, default=ROOT / "docs" / "performance.md")
    args = parser.parse_args()
    if not Path(args.asdf).exists():
        sys.exit(f"{args.asdf} is not there: cargo build --profile dist --features full, and --asdf")
    python = Path(args.python) if args.python else install_python(args.work)
    rust = install_rust(args.work)
    inputs = args.work / "inputs"
    subprocess.run([python, "-W", "ignore", ROOT / "bench" / "inputs.py", inputs], check=True)
    script = ROOT / "bench" / "python_jobs.py"
    place = {
        "asdf": args.asdf,
        "python": f"{python} -W ignore",
        "job": f"{python} -W ignore {script}",
        "ours_job": f"{args.ours_python or python} -W ignore {script} --asdfkit",
        "rust": rust,
        "in": inputs,
        "out": args.work / "out",
    }
    if args.curves:
        from curves import draw

        draw(args, place, measure, ROOT / "docs" / "pictures")
    else:
        table(args, place, python, rust)


if __name__ == "__main__":
    main()
