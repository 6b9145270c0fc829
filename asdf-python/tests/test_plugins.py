"""Plug-ins of asdf, xarray, numcodecs, zarr, dask, Arrow and pandas."""

import os
import subprocess
import sys
import warnings

import numpy
import pytest

import asdfkit
from asdfkit import _engine

CODECS = ["lz4", "zlib", "bzp2", "zstd", "blsc", "lz4f"]


def made(data, codec):
    """A file of the repository with blocks of that codec."""
    names = {"blsc": "codec_blsc_lz4", "zstd": "codec_zstd"}
    return data / "made" / f"{names.get(codec, f'codec_{codec}')}.asdf"


@pytest.mark.parametrize("codec", CODECS)
def test_codecs_decode_what_they_encode(codec):
    given = numpy.arange(100_000, dtype="f4")
    stored = _engine.compress(codec, given.view("u1"), 4)
    out = numpy.empty_like(given)
    assert _engine.decompress(codec, [stored[:10], stored[10:]], out.view("u1")) == given.nbytes
    assert numpy.array_equal(given, out)
    with pytest.raises(asdfkit.Error):
        _engine.decompress(codec, [stored], numpy.empty(given.nbytes + 4, "u1"))


SCRIPT = """
import sys, warnings
warnings.simplefilter("error")
import asdf, asdfkit, numpy
for path in sys.argv[1:]:
    ours = asdfkit.open(path)
    with asdf.open(path) as theirs:
        for place in ours.arrays:
            node = theirs.tree
            for key in place.strip("/").split("/"):
                node = node[int(key) if isinstance(node, list) else key]
            assert numpy.array_equal(numpy.asarray(node), ours.array(place).to_numpy()), (path, place)
comp = asdf._compression._get_compressor("lz4")
print(type(comp).__module__)
data = numpy.arange(50_000.0)
for codec in ("lz4", "zlib", "bzp2"):
    asdf.AsdfFile({"a": data}).write_to("out.asdf", all_array_compression=codec)
    assert asdfkit.open("out.asdf")["a"].codec == codec
    assert numpy.array_equal(asdfkit.open("out.asdf")["a"], data)
"""


@pytest.mark.parametrize("switch", ["", "all", "lz4"])
def test_python_asdf_with_our_codecs(data, tmp_path, switch):
    pytest.importorskip("asdf")
    pytest.importorskip("lz4")
    paths = [made(data, codec) for codec in CODECS]
    env = {**os.environ, "ASDFKIT_CODECS": switch}
    done = subprocess.run([sys.executable, "-c", SCRIPT, *paths], env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ("asdfkit.codecs" if switch else "asdf._compression")


def test_accelerate(data, tmp_path):
    pytest.importorskip("asdf")
    script = "import asdfkit; asdfkit.accelerate()" + SCRIPT
    done = subprocess.run([sys.executable, "-c", script, made(data, "lz4")], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "asdfkit.codecs"


def test_dask(roman):
    pytest.importorskip("dask.array")
    array = asdfkit.open(roman)["roman/data"]
    lazy = array.to_dask(chunks=(16, 64))
    assert lazy.chunks == ((16,) * 4, (64,))
    data = array.to_numpy()
    assert numpy.array_equal(lazy.compute(scheduler="threads"), data, equal_nan=True)
    assert numpy.array_equal(lazy[5:9, ::3].compute(scheduler="processes"), data[5:9, ::3], equal_nan=True)


def test_xarray(roman):
    xarray = pytest.importorskip("xarray")
    file = asdfkit.open(roman)
    dataset = xarray.open_dataset(roman, engine="asdf")
    assert dataset["data"].dims == ("y", "x")
    assert not dataset["data"].variable._in_memory
    assert numpy.array_equal(dataset["data"].values, file["roman/data"].to_numpy(), equal_nan=True)
    assert dataset.attrs["exposure.exposure_time"] == 107.52398
    part = dataset["data"].isel(y=slice(3, 9), x=[1, 5, 2])
    assert numpy.array_equal(part.values, file["roman/data"].to_numpy()[3:9][:, [1, 5, 2]], equal_nan=True)
    pytest.importorskip("dask")
    chunked = xarray.open_dataset(roman, engine="asdf", chunks={})
    assert chunked["data"].chunks is not None
    expected = numpy.nanmean(file["roman/data"].to_numpy().astype("f8"))
    assert float(chunked["data"].astype("f8").mean()) == pytest.approx(float(expected))
    with pytest.raises(asdfkit.MismatchError):
        xarray.open_dataset(roman, engine="asdf", group="nothing")


def test_numcodecs_and_zarr(tmp_path):
    numcodecs = pytest.importorskip("numcodecs")
    zarr = pytest.importorskip("zarr")
    data = numpy.arange(3_000_000, dtype="<f4").reshape(1500, 2000)
    path = tmp_path / "x.asdf"
    asdfkit.File({"a": data}).save(path, compression="lz4")
    file = asdfkit.open(path)
    block = file.blocks[0]
    with path.open("rb") as stored:
        stored.seek(block["offset"] + 6 + 48)
        content = stored.read(block["used"])
    codec = numcodecs.get_codec({"id": "asdf", "codec": "lz4"})
    assert numpy.array_equal(codec.decode(content).view("<f4").reshape(data.shape), data)
    assert numcodecs.get_codec(codec.get_config()).codec == "lz4"
    assert numpy.array_equal(numpy.asarray(codec.decode(codec.encode(data))).view("<f4"), data.ravel())
    with pytest.raises(ValueError, match="size"):
        numcodecs.get_codec({"id": "asdf", "codec": "zstd"}).decode(content)
    if int(zarr.__version__.split(".")[0]) < 3:
        return
    from asdfkit.zarr import AsdfCodec

    for name in ("lz4", "zstd", "blsc"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = zarr.storage.LocalStore(tmp_path / f"{name}.zarr")
            array = zarr.create_array(store, shape=data.shape, chunks=(500, 2000), dtype="<f4", compressors=[AsdfCodec(name)])
            array[:] = data
            assert numpy.array_equal(zarr.open_array(store, mode="r")[:], data)


def test_tables(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    pandas = pytest.importorskip("pandas")
    records = numpy.zeros(4, [("id", ">i4"), ("flux", "<f4", (2,)), ("name", "S4")])
    records["id"], records["name"] = [3, 1, 2, 9], [b"a", b"bb", b"", b"dddd"]
    path = tmp_path / "x.asdf"
    columns = {"a": numpy.arange(3), "b": numpy.ma.MaskedArray([1.5, 2.5, 3.5], [0, 1, 0])}
    asdfkit.File({"records": records, "columns": columns}).save(path)
    file = asdfkit.open(path)
    table = file["records"].to_arrow()
    assert table["id"].to_pylist() == [3, 1, 2, 9]
    assert table["name"].to_pylist() == ["a", "bb", "", "dddd"]
    assert table["flux"].to_pylist() == [[0.0, 0.0]] * 4
    assert list(file["records"].to_pandas()["id"]) == [3, 1, 2, 9]
    assert file["columns"].to_arrow()["b"].to_pylist() == [1.5, None, 3.5]
    assert pyarrow.table(file["columns"]).num_rows == 3
    assert isinstance(file["columns"].to_pandas(), pandas.DataFrame)


def test_tables_of_astropy(tmp_path):
    pytest.importorskip("pyarrow")
    asdf = pytest.importorskip("asdf")
    pytest.importorskip("asdf_astropy")
    from astropy import units
    from astropy.table import QTable, Table

    path = tmp_path / "x.asdf"
    plain = Table({"a": [1, 2, 3], "s": ["x", "yy", "zzz"]})
    quantities = QTable({"f": numpy.arange(3.0) * units.Jy})
    asdf.AsdfFile({"plain": plain, "quantities": quantities}).write_to(path)
    file = asdfkit.open(path)
    assert file["plain"].to_arrow().to_pydict() == {"a": [1, 2, 3], "s": ["x", "yy", "zzz"]}
    table = file["quantities"].to_arrow()
    assert table["f"].to_pylist() == [0.0, 1.0, 2.0]
    assert table.schema.field("f").metadata == {b"unit": b"Jy"}
