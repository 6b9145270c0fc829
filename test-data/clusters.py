"""Runs the scripts of examples/cluster/ on engines that it starts itself, kills one job or worker of each, and compares what is merged.

    python test-data/clusters.py target/debug/asdf [dask] [parallel] [slurm] [condor] [kill] [--files 600] [--shards 20] [--chroot FOLDER]

Of each engine the merged catalogue must be that of one process, byte for byte. `kill` needs no engine: the command of a part is killed at
twenty moments. An engine that is not there is SKIPPED, which is told; with ASDF_REQUIRE_CLUSTERS=1 that is a failure. Slurm and
HTCondor need root; HTCondor runs in a Debian 13 below --chroot, which is made there by debootstrap when it is missing.
"""

import argparse
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples/cluster"


class Missing(Exception):
    """What keeps an engine from being started."""


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Missing(f"no {program}")


class Bench:
    """Files, the catalogue that one process makes of them, and a folder to work in."""

    def __init__(self, folder, command, files, shards, chroot):
        self.folder, self.shards, self.chroot = folder, shards, chroot
        self.bin = folder / "bin"
        self.bin.mkdir()
        shutil.copy(command, self.bin / "asdf")
        self.env = {**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"}
        subprocess.run(
            [sys.executable, HERE / "generate/archive.py", folder / "archive", str(files), "--fits", "6", "--broken", "6"],
            check=True,
        )
        names = sorted(path for path in (folder / "archive").rglob("*.*") if path.name != "manifest.csv")
        self.count = len(names)
        self.list = folder / "files.txt"
        self.list.write_text("".join(f"{name}\n" for name in names))
        # Files that cannot be read: told, and 2.
        done = self.asdf("index", f"@{self.list}", "-o", folder / "one")
        assert done.returncode == 2, done
        self.one = contents(folder / "one")

    def asdf(self, *arguments, **options):
        arguments = [str(argument) for argument in arguments]
        return subprocess.run(["asdf", *arguments], env=self.env, capture_output=True, text=True, **options)

    def compare(self, name, catalogue):
        found = contents(catalogue)
        assert sorted(found) == sorted(self.one), (name, sorted(found), sorted(self.one))
        assert found == self.one, f"{name}: other bytes than one process makes"
        missing = self.asdf("index", "--missing", f"@{self.list}", "-o", catalogue)
        assert (missing.returncode, missing.stdout) == (0, ""), missing


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def processes():
    """Processes that live: number, parent, command."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        state, parent = stat.rpartition(")")[2].split()[:2]
        if state not in "ZX":
            yield int(entry.name), int(parent), command


def kill_one(is_wanted, running, patience=120):
    """Kills the first process that is wanted, as soon as it is there, while `running` is."""
    start = time.monotonic()
    while time.monotonic() - start < patience:
        for number, parent, command in processes():
            if is_wanted(number, parent, command):
                try:
                    os.kill(number, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                return number, command
        if running is not None and running.poll() is not None:
            break
        time.sleep(0.002)
    raise AssertionError("nothing was there to be killed")


def is_job(catalogue):
    """A command of a part of that catalogue; not the shells around it."""
    return lambda _number, _parent, command: command.startswith(("asdf index", "/")) and "--shard" in command and str(
        catalogue
    ) in command and "asdf index" in command.split("@")[0] and "bash" not in command.split()[0]


def run_parallel(bench):
    need("parallel")
    catalogue = bench.folder / "parallel"
    command = [EXAMPLES / "parallel.sh", bench.list, catalogue, str(bench.shards)]
    # The first run ends with all that it started, as a machine that goes down.
    first = subprocess.Popen(command, env=bench.env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = Path(f"{catalogue}.joblog")
    while not log.exists() or len(log.read_text().splitlines()) < 4:
        assert first.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    finished = len(log.read_text().splitlines()) - 1
    second = subprocess.Popen(command, env=bench.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    killed, _ = kill_one(is_job(catalogue), second)
    out, _ = second.communicate()
    assert second.returncode == 0, out
    lines = [line.split("\t") for line in log.read_text().splitlines()[1:]]
    assert finished < bench.shards, "the run was done before it was killed"
    # A job that was killed has its signal in the log; it was tried again.
    return catalogue, f"killed after {finished} of {bench.shards} jobs; then job {killed} killed; {len(lines)} lines in the log"


def run_dask(bench):
    if subprocess.run([sys.executable, "-c", "import distributed"], capture_output=True).returncode:
        raise Missing("no Python package distributed")
    catalogue = bench.folder / "dask"
    command = [sys.executable, EXAMPLES / "dask_index.py", bench.list, catalogue, str(bench.shards)]
    done = subprocess.Popen(command, env=bench.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    # A worker that has a job: the parent of the command.
    job = is_job(catalogue)
    workers = lambda: {parent for number, parent, text in processes() if job(number, parent, text)}
    known = {number for number, parent, _ in processes() if parent == done.pid}
    def is_worker(number, parent, text):
        return number in workers() and "spawn" in text
    killed, _ = kill_one(is_worker, done)
    out, _ = done.communicate()
    assert done.returncode == 0, out
    assert out.count("index-") >= bench.shards, out
    return catalogue, f"worker {killed} killed"


def run_slurm(bench):
    need("sbatch", "slurmctld", "slurmd", "munged")
    if os.geteuid() != 0:
        raise Missing("not root")
    place = bench.folder / "slurm"
    for name in ("munge", "state", "spool", "log"):
        (place / name).mkdir(parents=True)
    os.chmod(place / "munge", 0o700)
    key = place / "munge/key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o400)
    host = socket.gethostname().split(".")[0]
    ports = free_ports(2)
    conf = SLURM.format(place=place, host=host, controller=ports[0], node=ports[1])
    (place / "slurm.conf").write_text(conf)
    env = {**bench.env, "SLURM_CONF": str(place / "slurm.conf")}
    started = []
    def start(*command):
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    munge = place / "munge"
    try:
        start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={munge}/sock", f"--pid-file={munge}/pid",
              f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        wait_for(lambda: (munge / "sock").exists(), 20, "munged")
        start("slurmctld", "-i", "-D")
        start("slurmd", "-D")
        def ask(*command):
            return subprocess.run(command, env=env, capture_output=True, text=True).stdout
        wait_for(lambda: "idle" in ask("sinfo"), 60, "slurmctld and slurmd")
        catalogue = bench.folder / "slurm-catalogue"
        export = f"ALL,LIST={bench.list},CATALOGUE={catalogue},SHARDS={bench.shards}"
        array = ask("sbatch", "--parsable", "--chdir", str(place), "--cpus-per-task=1", "--mem=200M", f"--export={export}", f"--array=1-{bench.shards}",
                    str(EXAMPLES / "slurm.sbatch")).strip()
        assert array.isdigit(), array
        killed, command = kill_one(is_job(catalogue), None)
        requeued = False
        def is_done():
            nonlocal requeued
            left = ask("squeue", "--noheader", "--array", "--format=%K %T %r")
            for line in left.splitlines():
                task, state, reason = line.split(None, 2)
                # A task that was put back waits for two minutes.
                if state == "PENDING" and reason == "BeginTime":
                    requeued = True
                    ask("scontrol", "update", f"JobId={array}_{task}", "StartTime=now")
            return not left.strip()
        wait_for(is_done, 300, "the tasks")
        assert requeued, "no task was put back"
        done = bench.asdf("index", "--merge", "-o", catalogue)
        assert done.returncode == 0, done
        return catalogue, f"task with process {killed} killed and put back ({re.search(r'--shard (.*?) ', command)[1]})"
    finally:
        for process in reversed(started):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


SLURM = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={place}/munge/sock
CredType=cred/munge
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/controller.pid
SlurmdPidFile={place}/node.pid
SlurmctldLogFile={place}/log/controller
SlurmdLogFile={place}/log/node
SlurmctldPort={controller}
SlurmdPort={node}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
JobRequeue=1
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=4 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def wait_for(is_there, seconds, what):
    start = time.monotonic()
    while not is_there():
        assert time.monotonic() - start < seconds, f"{what}: nothing after {seconds} s"
        time.sleep(0.3)


def run_kill(bench):
    """The command of a part, killed at twenty moments: no part or a whole one, and the rest is known."""
    rng = random.Random(20)
    shards = 4
    catalogue = bench.folder / "killed"
    command = lambda number: ["asdf", "index", f"@{bench.list}", "-o", str(catalogue), "--shard", f"{number}/{shards}"]
    start = time.monotonic()
    subprocess.run([*command(1)[:4], str(bench.folder / "timed"), *command(1)[5:]], env=bench.env, capture_output=True)
    whole = time.monotonic() - start
    cut = 0
    for attempt in range(20):
        number = attempt % shards + 1
        job = subprocess.Popen([*command(number), "--force"], env=bench.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            job.wait(rng.uniform(0, whole * 2))
        except subprocess.TimeoutExpired:
            job.kill()
            job.wait()
            cut += 1
        parts = sorted(path.name for path in (catalogue / "files").glob("part-*.parquet")) if catalogue.exists() else []
        if not parts:
            continue
        # What has no row is what is in no part; of parts that are there nothing is missing.
        missing = bench.asdf("index", "--missing", f"@{bench.list}", "-o", catalogue)
        names = bench.list.read_text().splitlines()
        edges = [bench.count * number // shards for number in range(shards + 1)]
        expected = []
        for number in range(1, shards + 1):
            if f"part-{number:04d}-of-{shards:04d}.parquet" not in parts:
                expected += names[edges[number - 1] : edges[number]]
        assert missing.stdout.splitlines() == expected, (attempt, parts, len(expected), missing)
    for number in range(1, shards + 1):
        done = subprocess.run(command(number), env=bench.env, capture_output=True, text=True)
        assert done.returncode == 0, done
    # What the killed ones have left is removed by the merge.
    done = bench.asdf("index", "--merge", "-o", catalogue)
    assert done.returncode == 0, done
    return catalogue, f"{cut} of 20 killed before their end, which takes {whole:.2f} s"


def run_condor(bench):
    """In a Debian of its own, whose packages have HTCondor; jobs are those of an ordinary user."""
    if os.geteuid() != 0:
        raise Missing("not root")
    root = bench.chroot
    if root is None:
        raise Missing("--chroot FOLDER is not given")
    if not (root / "usr/sbin/condor_master").exists():
        need("debootstrap", "chroot", "mount")
        make_chroot(root)
    mounts = [("/proc", "proc"), ("/dev", "dev"), ("/sys", "sys"), (str(bench.folder), str(bench.folder).lstrip("/"))]
    mounted, master = [], None
    try:
        for source, target in mounts:
            (root / target).mkdir(parents=True, exist_ok=True)
            if not os.path.ismount(root / target):
                subprocess.run(["mount", "--bind", source, root / target], check=True)
                mounted.append(root / target)
        inside = lambda *command, **options: subprocess.run(["chroot", root, *map(str, command)], capture_output=True, text=True, **options)
        (root / "etc/condor/config.d/99-test").write_text(CONDOR.format(port=free_ports(1)[0]))
        for name in ("run/condor", "run/lock/condor", "var/lib/condor/spool", "var/lib/condor/execute", "var/log/condor"):
            (root / name).mkdir(parents=True, exist_ok=True)
        inside("chown", "-R", "condor", "/run/condor", "/run/lock/condor", "/var/lib/condor", "/var/log/condor")
        inside("useradd", "--create-home", "worker")
        master = subprocess.Popen(["chroot", root, "condor_master", "-f", "-t"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: "slot1" in inside("condor_status").stdout, 120, "condor_status")
        catalogue = bench.folder / "condor-catalogue"
        work = bench.folder / "condor"
        for place in (catalogue, work):
            place.mkdir()
            place.chmod(0o777)
        bench.folder.chmod(0o755)
        submit = (EXAMPLES / "htcondor.sub").read_text().replace("/usr/local/bin/asdf", str(bench.bin / "asdf"))
        (work / "htcondor.sub").write_text(submit)
        command = f"cd {work} && condor_submit list={bench.list} catalogue={catalogue} shards={bench.shards} htcondor.sub"
        done = inside("su", "worker", "-c", command)
        assert done.returncode == 0, done
        by_full_name = lambda _number, _parent, command: command.startswith(str(bench.bin / "asdf")) and "--shard" in command
        killed, command = kill_one(by_full_name, None)
        wait_for(lambda: "Total for query: 0 jobs" in inside("condor_q", "-allusers").stdout, 400, "condor_q")
        log = (work / "index.log").read_text()
        done = bench.asdf("index", "--merge", "-o", catalogue)
        assert done.returncode == 0, (done, log[-2000:])
        count = log.count("\n001 ") + log.startswith("001 ")
        assert count > bench.shards, f"{count} starts of {bench.shards} jobs: the one that was killed was not started again"
        return catalogue, f"job with process {killed} killed; {count} starts of {bench.shards} jobs"
    finally:
        if master is not None:
            master.terminate()
            try:
                master.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(master.pid, signal.SIGKILL)
        for place in reversed(mounted):
            subprocess.run(["umount", "-l", place])


def make_chroot(root):
    sources = Path("/etc/apt/sources.list.d/debian.sources")
    text = sources.read_text() if sources.exists() else Path("/etc/apt/sources.list").read_text()
    found = re.search(r"https?://[^\s\]]+", text)
    if found is None:
        raise Missing("no Debian mirror in /etc/apt")
    def run(*command):
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if done.returncode:
            raise Missing(f"{command[0]} fails: {done.stderr[-300:]}")
    run("debootstrap", "--variant=minbase", "--include=ca-certificates", "trixie", root, found[0])
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    for name in ("proc", "dev", "sys"):
        run("mount", "--bind", f"/{name}", root / name)
    try:
        run("chroot", root, "apt-get", "install", "-y", "--no-install-recommends", "condor", "procps")
    finally:
        for name in ("sys", "dev", "proc"):
            subprocess.run(["umount", "-l", root / name])


CONDOR = """CONDOR_HOST = 127.0.0.1
NETWORK_INTERFACE = 127.0.0.1
BIND_ALL_INTERFACES = FALSE
COLLECTOR_HOST = 127.0.0.1:{port}
use ROLE : Personal
use POLICY : ALWAYS_RUN_JOBS
NUM_CPUS = 4
MEMORY = 4000
NEGOTIATOR_INTERVAL = 2
NEGOTIATOR_CYCLE_DELAY = 1
SCHEDD_INTERVAL = 2
UPDATE_INTERVAL = 5
DISCARD_SESSION_KEYRING_ON_STARTUP = FALSE
CREATE_LOCKS_ON_LOCAL_DISK = TRUE
MOUNT_UNDER_SCRATCH =
BASE_CGROUP =
PER_JOB_NAMESPACES = FALSE
USE_NAMESPACES = FALSE
USE_PID_NAMESPACES = FALSE
STARTER_NESTED_SCRATCH = FALSE
"""

ENGINES = {"kill": run_kill, "parallel": run_parallel, "dask": run_dask, "slurm": run_slurm, "condor": run_condor}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", type=Path)
    parser.add_argument("engines", nargs="*", choices=[[], *ENGINES], default=[])
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--shards", type=int, default=20)
    parser.add_argument("--chroot", type=Path)
    args = parser.parse_args()
    chroot = args.chroot and args.chroot.resolve()
    failed = False
    with tempfile.TemporaryDirectory(prefix="clusters-") as folder:
        bench = Bench(Path(folder), args.command.resolve(), args.files, args.shards, chroot)
        for name in args.engines or ENGINES:
            start = time.monotonic()
            try:
                catalogue, what = ENGINES[name](bench)
                bench.compare(name, catalogue)
                print(f"{name}: equal to the catalogue of one process ({bench.count} files); {what}; {time.monotonic() - start:.0f} s", flush=True)
            except Missing as reason:
                print(f"{name}: SKIPPED, {reason}", flush=True)
                failed |= os.environ.get("ASDF_REQUIRE_CLUSTERS") == "1"
    sys.exit(failed)


if __name__ == "__main__":
    main()
