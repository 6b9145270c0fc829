"""Reads arrays by the references of `asdf refs`, with zarr and xarray, and compares them with what Python asdf reads.

    python test-data/read_back_refs.py target/debug/asdf

Needs asdf, lz4, zarr 3, kerchunk, xarray, fsspec, numcodecs and numpy.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import asdf
import numpy as np
import xarray
import zarr
from fsspec.implementations.reference import ReferenceFileSystem

COMMAND = str(Path(sys.argv[1]).resolve())
MADE = Path(__file__).resolve().parent / "made"


def run(*arguments):
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode in (0, 1), (arguments, done.stderr)
    return done


def write(path):
    """Arrays of every kind that Zarr has, in both byte orders."""
    random = np.random.default_rng(3)
    tree = {
        "image": random.normal(size=(1000, 3000)).astype("f4"),
        "big": random.integers(-30000, 30000, (60, 70, 5)).astype(">i2"),
        "cube": np.arange(2 * 3 * 4, dtype="u8").reshape(2, 3, 4),
        "half": np.linspace(0, 1, 11, dtype="f2"),
        "complex": (random.normal(size=(5, 6)) + 1j).astype("c16"),
        "truth": np.array([True, False, True]),
        "bytes": random.integers(0, 255, 77).astype("u1"),
        "small": [1.5, 2.5],
        "deep": {"er": random.normal(size=(33, 2)), "scalar": np.array(7.5)},
    }
    asdf.AsdfFile(tree).write_to(path)


def compare(path, name, version):
    refs = path.with_suffix(f".v{version}.json")
    done = run("refs", path, "-o", refs, "--force", *(["--v3"] if version == 3 else []))
    files = ReferenceFileSystem(str(refs), asynchronous=True)
    store = zarr.storage.FsspecStore(files, read_only=True)
    group = zarr.open_group(store, mode="r", zarr_format=version)
    with asdf.open(path, memmap=False, lazy_load=False) as file:
        keys = [key for key in json.loads(refs.read_text())["refs"]]
        last = ".zarray" if version == 2 else "zarr.json"
        names = [key[: -len(last) - 1] for key in keys if key.endswith("/" + last)]
        count = 0
        for place in names:
            if not isinstance(group[place], zarr.Array):
                continue
            wanted = file.tree
            for step in place.split("/"):
                wanted = wanted[step]
            found, wanted = group[place][...], np.asarray(wanted)
            assert found.dtype.newbyteorder("=") == wanted.dtype.newbyteorder("="), (name, place, found.dtype)
            np.testing.assert_array_equal(found, wanted, err_msg=f"{name} {place}")
            count += 1
    print(f"{name}, Zarr {version}: {count} arrays equal; {len(done.stderr.splitlines())} left out")
    for line in done.stderr.splitlines():
        print("   ", line)
    return refs, count


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = folder / "source.asdf"
        write(source)
        for codec in ["none", "zlib", "bzp2", "lz4", "zstd", "blsc"]:
            path = folder / f"{codec}.asdf"
            cut = ["--chunk-rows", "auto"] if codec in ("lz4", "zstd", "blsc") else []
            run("convert", source, path, "--compress", codec, *cut)
            if codec in ("zstd", "blsc"):
                # Python asdf reads the same elements of the file before.
                compare_with(path, source, codec)
                continue
            for version in (2, 3):
                _, count = compare(path, codec, version)
                assert count >= 9, count
        refs, _ = compare(folder / "lz4.asdf", "lz4", 2)
        data = xarray.open_dataset(str(refs), engine="kerchunk")
        with asdf.open(source) as file:
            np.testing.assert_array_equal(data["image"].values, file["image"])
            assert data["image"].dtype == np.float32
        print("xarray, engine kerchunk:", dict(data["image"].sizes), data["image"].chunksizes or "")


def compare_with(path, source, name):
    """References of a file, elements of another one that has the same."""
    for version in (2, 3):
        refs = path.with_suffix(f".v{version}.json")
        run("refs", path, "-o", refs, "--force", *(["--v3"] if version == 3 else []))
        files = ReferenceFileSystem(str(refs), asynchronous=True)
        group = zarr.open_group(zarr.storage.FsspecStore(files, read_only=True), mode="r", zarr_format=version)
        with asdf.open(source) as file:
            for place in ["image", "big", "cube", "half", "complex", "truth", "bytes"]:
                np.testing.assert_array_equal(group[place][...], file[place], err_msg=f"{name} {place}")
            np.testing.assert_array_equal(group["deep/er"][...], file["deep"]["er"])
            assert group["image"].chunks[0] < 1000, group["image"].chunks
        print(f"{name}, Zarr {version}: equal; image in chunks of {group['image'].chunks}")


if __name__ == "__main__":
    main()
