"""Runs `asdf` on malformed and hostile files and judges what it says.

python check_bad.py ASDF_BINARY DIR [--only PATTERN] [--seconds 1.0] [--megabytes 256]

DIR holds `NAME.asdf` with `NAME.asdf.expected.json` (should, scope), or lies beside a MANIFEST.toml with [[bad]]
entries (should, scope, offset, path, command). Each file meets `info`, `ls --digest`, `verify`, `stats`, `validate`, and
`get / --resolve --json` when it is about references. Always: exit code 0, 1 or 2, no panic, no signal, within the time and the memory; an
error names an offset (0x…) or a path (/…). Then by `should`: error and scope file: `info` exits 2; error and scope access: some
command exits 2, or `verify` or `validate` exits 1; warn: `info` exits 0 and some command warns (or `verify` exits 1); ok: no
command fails or reports damage; any: nothing more. Prints the violations and exits 1 when there are any. Peak memory
is never less than that of this script (about 15 MB).
"""

import argparse
import fnmatch
import json
import os
import re
import shlex
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path

COMMANDS = {
    "info": ["info", "{}"],
    "ls": ["ls", "--digest", "{}"],
    "verify": ["verify", "{}"],
    "stats": ["stats", "{}"],
    "validate": ["validate", "{}"],
}
RESOLVE = {"get": ["get", "{}", "/", "--resolve", "--json"]}
DAMAGE = re.compile(r"checksum|corrupt|truncat|mismatch|malformed|damaged", re.I)
PLACE = re.compile(r"\b0x[0-9a-f]+\b|(?:^|[\s'\"`(=])/(?:[^\s:]*)", re.I)


class Run:
    """One finished command: exit code or signal, standard error, wall time, peak memory."""

    def __init__(self, arguments, give_up):
        with tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            actions = [
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
            ]
            environment = os.environ | {"NO_COLOR": "1", "RUST_BACKTRACE": "0"}
            process = os.posix_spawnp(arguments[0], arguments, environment, file_actions=actions)
            self.timeout = False
            while True:
                done, status, usage = os.wait4(process, os.WNOHANG)
                if done:
                    break
                if not self.timeout and time.perf_counter() - start > give_up:
                    os.kill(process, signal.SIGKILL)
                    self.timeout = True
                time.sleep(0.0005)
            self.seconds = time.perf_counter() - start
            self.megabytes = usage.ru_maxrss / 1024
            self.code = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            self.errors = errors.read(200_000).decode("utf-8", "replace")

    @property
    def warnings(self):
        return [line for line in self.errors.splitlines() if line.startswith("asdf: warning:")]

    @property
    def messages(self):
        return [line for line in self.errors.splitlines() if line.startswith("asdf: ") and line not in self.warnings]


def has_place(message, file):
    """Whether an error says where, apart from the name of the file."""
    return PLACE.search(message.replace(str(file), "FILE").replace("asdf: FILE:", "")) is not None


def always(name, run, file, limits):
    """What no file may cause."""
    if run.timeout:
        yield f"{name}: stopped after {run.seconds:.1f} s"
    elif run.code not in (0, 1, 2):
        yield f"{name}: exit {run.code}" + (f" ({signal.Signals(-run.code).name})" if run.code < 0 else "")
    if "panicked" in run.errors:
        yield f"{name}: panic: {run.errors.splitlines()[0][:150]}"
    if not run.timeout and run.seconds > limits.seconds:
        yield f"{name}: {run.seconds:.2f} s"
    if run.megabytes > limits.megabytes:
        yield f"{name}: {run.megabytes:.0f} MB"
    if run.code == 2:
        if not run.messages:
            yield f"{name}: exit 2 without a message"
        elif not any(has_place(m, file) for m in run.messages):
            yield f"{name}: no place in: {run.messages[0][:160]}"


def verdict(case, runs):
    """What `should` and `scope` ask for."""
    codes = {name: run.code for name, run in runs.items()}
    failed = [name for name, code in codes.items() if code == 2]
    damaged = codes.get("verify") == 1
    invalid = codes.get("validate") == 1
    if case["should"] == "error" and case["scope"] == "file":
        if codes["info"] != 2:
            yield f"info exits {codes['info']}, 2 expected"
    elif case["should"] == "error":
        if not failed and not damaged and not invalid:
            yield f"no command fails ({exits(codes)})"
    elif case["should"] == "warn":
        if codes["info"] != 0:
            yield f"info exits {codes['info']}, a warning expected"
        if not damaged and not any(run.warnings for run in runs.values()):
            yield f"no warning ({exits(codes)})"
    elif case["should"] == "ok":
        if failed or damaged:
            names = failed or ["verify"]
            line = next((m for m in runs[names[0]].messages), "")
            yield f"{' and '.join(names)} fail: {line[:140]}"
        lines = [w for run in runs.values() for w in run.warnings if DAMAGE.search(w)]
        if lines:
            yield f"warns of damage: {lines[0][:140]}"


def exits(codes):
    return ", ".join(f"{name} {code}" for name, code in codes.items())


def place(case, runs):
    """Whether some message names the place that the manifest gives."""
    offset, path = case.get("offset"), case.get("path")
    lines = [m for run in runs.values() for m in run.messages + run.warnings]
    if not lines or (offset is None and path is None):
        return
    if path and any(re.search(rf"(?<![\w/.]){re.escape(path)}(?![\w])", line) for line in lines):
        return
    if offset is not None:
        spans = [m for line in lines for m in re.findall(r"\b0x([0-9a-f]+)(?:\.\.0x([0-9a-f]+))?", line)]
        if any(inside(int(a, 16), int(b, 16) if b else None, offset, case.get("until")) for a, b in spans):
            return
    wanted = " or ".join(filter(None, (offset is not None and f"0x{offset:x}", path)))
    yield f"place {wanted} in no message: {lines[0][:140]}"


def inside(start, end, offset, until):
    """Whether a span starts at an offset or contains it, or starts in a range."""
    if start == offset or (end is not None and start <= offset < end):
        return True
    return until is not None and offset <= start <= until


def commands(case):
    found = dict(COMMANDS)
    if case["file"].startswith("ref_") or "resolve" in case.get("command", ""):
        found |= RESOLVE
    # `verify`, `stats` and so on are in the list; anything else that the manifest names is added.
    words = shlex.split(case.get("command", ""))
    if words and words[0] not in found:
        found[words[0]] = [words[0], "{}", *words[1:]]
    return found


def check(case, binary, limits):
    """The violations of one file."""
    runs, lines = {}, []
    for name, words in commands(case).items():
        arguments = [str(case["at"]) if w == "{}" else w for w in words]
        runs[name] = Run([binary, *arguments], limits.give_up)
        lines += always(name, runs[name], case["at"], limits)
    lines += verdict(case, runs)
    lines += place(case, runs)
    return lines, runs, "wrong" if lines else "right"


def cases(directory):
    manifest = directory.parent / "MANIFEST.toml"
    if manifest.exists():
        for entry in tomllib.loads(manifest.read_text())["bad"]:
            yield entry | {"at": directory / entry["file"]}
        return
    for sidecar in sorted(directory.glob("*.expected.json")):
        entry = json.loads(sidecar.read_text())
        name = sidecar.name[: -len(".expected.json")]
        yield {"file": name, "should": entry["should"], "scope": entry["scope"], "at": directory / name}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--only", help="files whose name contains this, or matches it as a glob")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--megabytes", type=float, default=256)
    parser.add_argument("--give-up", type=float, default=5.0, help="seconds after which a command is stopped")
    parser.add_argument("--verbose", action="store_true", help="also what each command said")
    options = parser.parse_args()
    counts, slowest, largest, total = Counter(), (0, ""), (0, ""), 0
    for case in cases(options.directory):
        if options.only and options.only not in case["file"] and not fnmatch.fnmatch(case["file"], options.only):
            continue
        total += 1
        lines, runs, state = check(case, options.binary, options)
        counts[state if not lines else "wrong"] += 1
        for name, run in runs.items():
            slowest = max(slowest, (run.seconds, f"{case['file']} ({name})"))
            largest = max(largest, (run.megabytes, f"{case['file']} ({name})"))
            if options.verbose:
                print(f"  {case['file']} {name}: exit {run.code}, {run.seconds:.3f} s: {run.errors.strip()[:300]}")
        for line in lines:
            print(f"{case['file']:44} {case['should']:5} {case['scope']:6} {line}")
    print(f"{total} files: " + ", ".join(f"{n} {k}" for k, n in counts.most_common()))
    print(f"slowest {slowest[0]:.3f} s: {slowest[1]}; largest {largest[0]:.0f} MB: {largest[1]}")
    return 1 if counts["wrong"] or not total else 0


if __name__ == "__main__":
    sys.exit(main())
