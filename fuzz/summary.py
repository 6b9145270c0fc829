"""Adds up fuzz/LOG.md, target by target: python3 summary.py"""

from pathlib import Path

# Targets of which single executions are slow, and count more.
HEAVY = {"file", "fits", "fits_tree", "salvage", "edit", "update", "codec", "transform", "schema"}


def main():
    sums = {}
    for line in (Path(__file__).resolve().parent / "LOG.md").read_text().split("\n"):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) != 7 or not cells[2].isdigit():
            continue
        _, target, *numbers = cells
        seconds, executions, edges, corpus, finds = map(int, numbers)
        entry = sums.setdefault(target, {"seconds": 0, "executions": 0, "finds": 0})
        entry["seconds"] += seconds
        entry["executions"] += executions
        entry["finds"] += finds
        entry["edges"], entry["corpus"] = edges, corpus
    print(f"{'target':14} {'hours':>7} {'executions':>13} {'edges':>7} {'corpus':>7} {'finds':>6}")
    for target, entry in sorted(sums.items()):
        mark = " heavy" if target in HEAVY else ""
        print(
            f"{target:14} {entry['seconds'] / 3600:7.2f} {entry['executions']:13} {entry['edges']:7}"
            f" {entry['corpus']:7} {entry['finds']:6}{mark}"
        )
    total = {key: sum(entry[key] for entry in sums.values()) for key in ("seconds", "executions", "finds")}
    print(f"{'all':14} {total['seconds'] / 3600:7.2f} {total['executions']:13} {'':7} {'':7} {total['finds']:6}")


main()
