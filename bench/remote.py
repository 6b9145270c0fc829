"""Opening files of a server and reading windows of their arrays, beside Python asdf with fsspec, in one run.

    python3 bench/remote.py target/release/asdf --python venv/bin/python

The Python needs asdf, lz4, numpy and fsspec[http]. A server on loopback gives ranges with a latency and a speed. Each job is run in turn
with each way of caching that fsspec has for it, and the best of Python stands in the table. The time of Python is without its start
and its imports; that of the command is that of the whole process.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

MAKE = """
import sys
import asdf, numpy
folder, arrays, side = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random = numpy.random.default_rng(1)
# Counts with noise: they compress to about three quarters.
tree = {"meta": {"name": "exposure"}, "images": {f"x{n}": random.poisson(1000, (side, side)).astype("f4") for n in range(arrays)}}
asdf.AsdfFile(tree).write_to(f"{folder}/lz4.asdf", all_array_compression="lz4")
asdf.AsdfFile(tree).write_to(f"{folder}/raw.asdf")
"""

READ = """
import sys, time
import asdf, fsspec, numpy
url, job, cache, size = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
import fsspec.implementations.http, lz4.block
start = time.perf_counter()
options = {} if cache == "default" else {"block_size": size, "cache_type": cache}
with fsspec.open(url, "rb", **options) as stream, asdf.open(stream) as file:
    if job == "open":
        assert file["meta"]["name"] == "exposure"
    else:
        assert numpy.array(file["images"][job][500:600, 500:600]).shape == (100, 100)
    print(time.perf_counter() - start)
"""

# Ways of fsspec to keep what has come, with the bytes of a request.
CACHES = [("default", 0), ("readahead", 1 << 16), ("blockcache", 1 << 20), ("bytes", 1 << 18)]


class Server(threading.Thread):
    """Gives ranges of the files of a folder, late and slowly; counts requests and bytes."""

    def __init__(self, folder, latency, speed):
        super().__init__(daemon=True)
        self.folder, self.latency, self.speed = folder, latency, speed
        self.requests = self.bytes = 0
        self.free = 0.0
        self.ready = threading.Event()

    def run(self):
        asyncio.run(self.serve())

    async def serve(self):
        server = await asyncio.start_server(self.talk, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        async with server:
            await server.serve_forever()

    async def talk(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin1")
                await asyncio.sleep(self.latency)
                await self.answer(head, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, head, writer):
        method, target, _ = head.split("\r\n")[0].split(" ")
        path = self.folder / target.lstrip("/")
        size = path.stat().st_size
        begin, end, status = 0, size, "200 OK"
        asked = re.search(r"(?im)^range: *bytes=(\d*)-(\d*)\s*$", head)
        if asked:
            first, last = asked.groups()
            begin = int(first) if first else max(0, size - int(last))
            end = min(size, int(last) + 1) if first and last else size
            status = "206 Partial Content"
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {end - begin}", 'ETag: "1"', "Accept-Ranges: bytes"]
        if asked:
            lines.append(f"Content-Range: bytes {begin}-{end - 1}/{size}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.requests += 1
        if method != "GET":
            return await writer.drain()
        with path.open("rb") as file:
            file.seek(begin)
            while begin < end:
                piece = file.read(min(end - begin, 1 << 18))
                begin += len(piece)
                # One line for all.
                now = time.monotonic()
                self.free = max(self.free, now) + len(piece) / self.speed
                await asyncio.sleep(self.free - now)
                writer.write(piece)
                self.bytes += len(piece)
                await writer.drain()

    def cost(self):
        found = self.requests, self.bytes
        self.requests = self.bytes = 0
        return found


def timed(server, run):
    server.cost()
    start = time.perf_counter()
    done = run()
    whole = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{done.args}: {done.stderr}")
    return whole, done.stdout, *server.cost()


def best(found):
    return min(found, key=lambda one: one[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("asdf")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--latency", type=float, default=50, help="milliseconds of a request")
    parser.add_argument("--speed", type=float, default=100, help="megabytes a second")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--arrays", type=int, default=20)
    parser.add_argument("--side", type=int, default=1600)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        make = [args.python, "-W", "ignore", "-c", MAKE, folder, str(args.arrays), str(args.side)]
        subprocess.run(make, check=True)
        server = Server(Path(folder), args.latency / 1000, args.speed * 1e6)
        server.start()
        server.ready.wait()
        sizes = {name: (Path(folder) / f"{name}.asdf").stat().st_size / 1e6 for name in ("lz4", "raw")}
        print(f"{args.arrays} arrays of {args.side}×{args.side} float32, lz4 {sizes['lz4']:.0f} MB, raw {sizes['raw']:.0f} MB; "
              f"{args.latency:.0f} ms a request, {args.speed:.0f} MB/s; best of {args.runs}\n")
        print("| job | asdf | requests, MB | Python asdf, its best cache | requests, MB | ratio |\n|---|---|---|---|---|---|")
        array = f"x{args.arrays // 2}"
        for name, job, what in [("lz4", "open", "open, one value"), ("lz4", array, "window, lz4"), ("raw", array, "window, not compressed")]:
            url = f"http://127.0.0.1:{server.port}/{name}.asdf"
            path = "meta.name" if job == "open" else f"images.{job}[500:600, 500:600]"
            own, other = [], []
            for _ in range(args.runs):
                run = lambda: subprocess.run([args.asdf, "get", url, path], capture_output=True, text=True)
                own.append(timed(server, run))
                for cache, size in CACHES:
                    words = [args.python, "-W", "ignore", "-c", READ, url, job, cache, str(size)]
                    run = lambda: subprocess.run(words, capture_output=True, text=True)
                    _, out, requests, count = timed(server, run)
                    other.append((float(out), f"{cache} {size >> 10} KiB" if size else cache, requests, count))
            time_, _, requests, count = best(own)
            theirs, cache, their_requests, their_bytes = best(other)
            print(f"| {what} | {time_:.2f} s | {requests}, {count / 1e6:.1f} | {theirs:.2f} s ({cache}) "
                  f"| {their_requests}, {their_bytes / 1e6:.1f} | {theirs / time_:.1f} |", flush=True)


if __name__ == "__main__":
    main()
