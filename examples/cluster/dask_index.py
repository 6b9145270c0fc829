"""A catalogue of many files with Dask: a part a task; the scheduler gives the task of a worker that died to another one.

    python examples/cluster/dask_index.py files.txt catalogue/ 40 [ADDRESS]

Without the address of a scheduler it runs on this machine. `asdf` must be found on all workers, and the files under the same names.
"""

import subprocess
import sys

from dask.distributed import Client, LocalCluster, as_completed


def index(shard, shards, listing, catalogue):
    """One part; a part that is there is not made again."""
    command = ["asdf", "index", f"@{listing}", "-o", catalogue, "--shard", f"{shard}/{shards}", "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"part {shard} of {shards}: {done.stderr.strip()}")
    return done.stdout.strip()


def main(listing, catalogue, shards, address=None):
    cluster = None if address else LocalCluster(threads_per_worker=1, dashboard_address=None)
    with Client(address or cluster) as client:
        # Worker and scheduler may not have this file: the function travels by value.
        jobs = [
            client.submit(index, shard, shards, listing, catalogue, retries=3, key=f"index-{shard}", pure=False)
            for shard in range(1, shards + 1)
        ]
        for job in as_completed(jobs):
            print(job.key, job.result())
    if cluster:
        cluster.close()
    subprocess.run(["asdf", "index", "--merge", "-o", catalogue], check=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:5])
