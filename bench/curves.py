"""Cost over size: nodes, blocks, bytes of an array, files. Each curve is a picture with a line that is proportional to size."""

import subprocess
import sys
from pathlib import Path

INPUTS = """
import sys
from pathlib import Path
import asdf, numpy
kind, size, path = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
head = ["#ASDF 1.0.0", "#ASDF_STANDARD 1.5.0", "%YAML 1.1", "%TAG ! tag:stsci.edu:asdf/", "--- !core/asdf-1.1.0"]
if kind == "nodes":
    path.write_text("\\n".join([*head, "items:", *(f"- source_{n}" for n in range(size)), "...", ""]))
elif kind == "blocks":
    asdf.AsdfFile({"arrays": [numpy.full(100, n, "u2") for n in range(size)]}).write_to(path, all_array_storage="internal")
elif kind == "bytes":
    asdf.AsdfFile({"data": numpy.arange(size // 4, dtype="f4")}).write_to(path)
elif kind == "files":
    path.mkdir()
    for n in range(size):
        (path / f"{n:06}.asdf").write_text("\\n".join([*head, f"meta: {{number: {n}}}", "...", ""]))
"""

# What is made, the sizes, the command, and what the axis says.
CURVES = [
    ("nodes", [10**n for n in range(2, 7)], "{asdf} info {path}", "nodes of the tree, `asdf info`"),
    ("blocks", [10**n for n in range(0, 6)], "{asdf} info {path}", "blocks, `asdf info`"),
    ("bytes", [4**n * 1000 for n in range(0, 12)], "{asdf} stats {path} data", "bytes of one array, `asdf stats`"),
    ("files", [10**n for n in range(0, 5)], "{asdf} table -k meta.number {path}", "files, `asdf table`"),
]


def draw(args, place, measure, pictures):
    python = str(place["python"]).split()[0]
    folder = Path(place["in"]) / "curves"
    folder.mkdir(parents=True, exist_ok=True)
    for kind, sizes, command, axis in CURVES:
        points = []
        for size in sizes:
            path = folder / f"{kind}-{size}"
            if not path.exists():
                subprocess.run([python, "-W", "ignore", "-c", INPUTS, kind, str(size), path], check=True)
            found = measure({"ours": command.format(asdf=place["asdf"], path=path)}, Path(place["out"]), args.runs)["ours"]
            if isinstance(found, str):
                sys.exit(f"{kind} {size}: {found}")
            points.append((size, found.cpu, found.memory))
            print(f"{kind} {size}: {found.cpu:.4f} s of CPU, {found.memory / 1e6:.1f} MB", flush=True)
        picture(python, points, axis, pictures / f"curve-{kind}.svg")


PICTURE = """
import json, sys
import matplotlib
matplotlib.use("Agg")
from matplotlib import pyplot
matplotlib.rcParams["svg.hashsalt"] = "curves"
points, axis, out = json.loads(sys.argv[1]), sys.argv[2], sys.argv[3]
sizes, cpu, memory = zip(*points)
figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4))
left.loglog(sizes, cpu, "o-")
left.loglog(sizes, [cpu[-1] * size / sizes[-1] for size in sizes], ":", label="proportional")
left.set_ylim(min(cpu) / 2, max(cpu) * 2)
left.set_ylabel("CPU seconds")
left.legend()
right.loglog(sizes, [value / 1e6 for value in memory], "o-")
right.set_ylabel("memory, MB")
for axes in (left, right):
    axes.set_xlabel(axis)
    axes.grid(alpha=0.3)
figure.tight_layout()
figure.savefig(out, metadata={"Date": None})
"""


def picture(python, points, axis, out):
    import json

    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([python, "-c", PICTURE, json.dumps(points), axis, str(out)], check=True)
