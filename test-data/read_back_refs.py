"""Reads arrays by the references of `asdf refs`, with zarr, xarray and VirtualiZarr, and compares them with what Python asdf reads.

    python test-data/read_back_refs.py target/debug/asdf

Needs asdf, lz4, fsspec, numcodecs, numpy, and zarr 3 with kerchunk, xarray and virtualizarr; or zarr 2, which reads the same documents by
itself (references of version 3 and the rest are then not read, which is told).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import asdf
import fsspec
import numpy as np
import zarr
from fsspec.implementations.reference import ReferenceFileSystem

COMMAND = str(Path(sys.argv[1]).resolve())
OLD = zarr.__version__.startswith("2.")
VERSIONS = (2,) if OLD else (2, 3)
CODECS = ["none", "zlib", "bzp2", "lz4", "zstd", "blsc"]


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


def references(path, version):
    refs = path.with_suffix(f".v{version}.json")
    done = run("refs", path, "-o", refs, "--force", *(["--v3"] if version == 3 else []))
    return refs, done


def opened(refs, version):
    """The group that a document describes."""
    if OLD:
        return zarr.open_group(fsspec.get_mapper("reference://", fo=str(refs)), mode="r")
    files = ReferenceFileSystem(str(refs), asynchronous=True)
    return zarr.open_group(zarr.storage.FsspecStore(files, read_only=True), mode="r", zarr_format=version)


def compare(path, name, version):
    refs, done = references(path, version)
    group = opened(refs, version)
    with asdf.open(path, memmap=False, lazy_load=False) as file:
        keys = [key for key in json.loads(refs.read_text())["refs"]]
        last = ".zarray" if version == 2 else "zarr.json"
        names = [key[: -len(last) - 1] for key in keys if key.endswith("/" + last)]
        count = 0
        for place in names:
            if not isinstance(group[place], zarr.core.Array if OLD else zarr.Array):
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


def compare_with(path, source, name):
    """References of a file, elements of another one that has the same."""
    for version in VERSIONS:
        refs, _ = references(path, version)
        group = opened(refs, version)
        with asdf.open(source) as file:
            for place in ["image", "big", "cube", "half", "complex", "truth", "bytes"]:
                np.testing.assert_array_equal(group[place][...], file[place], err_msg=f"{name} {place}")
            np.testing.assert_array_equal(group["deep/er"][...], file["deep"]["er"])
            assert group["image"].chunks[0] < 1000, group["image"].chunks
        print(f"{name}, Zarr {version}: equal; image in chunks of {group['image'].chunks}")


def virtual(path, source, name):
    """The arrays of the root that are not in the document itself, by VirtualiZarr."""
    from obspec_utils.registry import ObjectStoreRegistry
    from obstore.store import LocalStore
    from virtualizarr.parsers import KerchunkJSONParser

    refs, _ = references(path, 2)
    document = json.loads(refs.read_text())["refs"]
    # Inlined arrays are not read by VirtualiZarr (its issue 489).
    inlined = {key.split("/")[0] for key, value in document.items() if isinstance(value, str) and ".z" not in key}
    inlined |= {key.split("/")[0] for key in document if key.count("/") > 1 or key.endswith("/.zgroup")}
    registry = ObjectStoreRegistry({"file://": LocalStore()})
    store = KerchunkJSONParser(skip_variables=sorted(inlined))(url=f"file://{refs}", registry=registry)
    group = zarr.open_group(store, mode="r", zarr_format=3)
    count = 0
    with asdf.open(source) as file:
        for place, array in group.arrays():
            np.testing.assert_array_equal(array[...], np.asarray(file[place]), err_msg=f"{name} {place}")
            count += 1
    assert count >= 6, count
    print(f"{name}, VirtualiZarr: {count} arrays equal")


def left_out(folder):
    """What cannot be referenced is named with its reason, and the rest is there."""
    path = folder / "left.asdf"
    masked = np.ma.array(np.arange(6.0), mask=[0, 1, 0, 0, 1, 0])
    whole = np.arange(12.0).reshape(3, 4)
    tree = {"plain": np.arange(5), "masked": masked, "whole": whole, "turned": whole.T}
    asdf.AsdfFile(tree).write_to(path)
    refs, done = references(path, 2)
    assert done.returncode == 1, done
    named = {line.split(": ")[-3].lstrip("/") if ": left out: " in line else line for line in done.stderr.splitlines()}
    assert named == {"masked", "turned"}, done.stderr
    assert opened(refs, 2)["plain"][:].tolist() == [0, 1, 2, 3, 4]
    # Chunks of 4 MiB, wherever rows end: as Python asdf writes them.
    cut = folder / "cut.asdf"
    image = np.random.default_rng(1).normal(size=(1500, 1001))
    asdf.AsdfFile({"image": image}).write_to(cut, all_array_compression="lz4")
    _, done = references(cut, 2)
    assert done.returncode == 1 and "image" in done.stderr, done
    print("left out:", *done.stderr.splitlines(), sep="\n    ")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        source = folder / "source.asdf"
        write(source)
        for codec in CODECS:
            path = folder / f"{codec}.asdf"
            cut = ["--chunk-rows", "auto"] if codec in ("lz4", "zstd", "blsc") else []
            run("convert", source, path, "--compress", codec, *cut)
            if codec in ("zstd", "blsc"):
                # Python asdf reads the same elements of the file before.
                compare_with(path, source, codec)
            else:
                for version in VERSIONS:
                    _, count = compare(path, codec, version)
                    assert count >= 9, count
            if not OLD:
                virtual(path, source, codec)
        left_out(folder)
        if OLD:
            print(f"zarr {zarr.__version__}: version 3, xarray and VirtualiZarr are not read")
            return
        import xarray

        refs, _ = compare(folder / "lz4.asdf", "lz4", 2)
        data = xarray.open_dataset(str(refs), engine="kerchunk")
        with asdf.open(source) as file:
            np.testing.assert_array_equal(data["image"].values, file["image"])
            assert data["image"].dtype == np.float32
        print("xarray, engine kerchunk:", dict(data["image"].sizes), data["image"].chunksizes or "")


if __name__ == "__main__":
    main()
