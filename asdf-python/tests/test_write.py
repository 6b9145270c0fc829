"""Files that are written, read back by asdfkit and by Python asdf."""

import datetime

import numpy
import pytest

import asdfkit


def tree():
    """Values of every kind."""
    shared = numpy.arange(12, dtype=">i2").reshape(3, 4)
    records = numpy.zeros(3, [("a", "<f4"), ("b", ">i8", (2,)), ("c", "S3"), ("d", "<U2")])
    records["c"] = [b"x", b"yy", b"zzz"]
    return {
        "nothing": None, "yes": True, "whole": -5, "large": 2**70, "real": 0.1, "nan": float("nan"), "text": "1.5",
        "many lines": "a\nb\n", "bytes": b"\0\1", "complex": 1 - 2j, "list": [1, [2, "x"], {"y": 3}], "empty": {},
        "date": datetime.date(2026, 11, 28), "time": datetime.datetime(2026, 11, 28, 14, 15),
        "one": shared, "again": shared, "records": records, "zero": numpy.zeros((0, 3)), "scalar": numpy.float32(2.5),
        "fortran": numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)), "bool": numpy.array([True, False]),
        "masked": numpy.ma.MaskedArray([1.0, 2.0, 3.0], [0, 1, 0]), "keys": {5: "a whole number", True: 1},
    }  # fmt: skip


@pytest.mark.parametrize("codec", [None, "lz4", "zlib:1", "bzp2", "zstd:9", "blsc", "lz4f"])
def test_what_is_saved_is_read_back(tmp_path, codec):
    path, given = tmp_path / "x.asdf", tree()
    asdfkit.File(given).save(path, compression=codec)
    file = asdfkit.open(path)
    back = file.tree.to_python()
    for key, value in given.items():
        if isinstance(value, numpy.ndarray):
            assert back[key].dtype == value.dtype, key
            assert numpy.array_equal(back[key], value), key
        elif key == "nan":
            assert numpy.isnan(back[key])
        elif key == "complex":
            assert complex(back[key]) == value
        else:
            assert back[key] == value, key
            assert type(back[key]) is (float if key == "scalar" else type(value)), key
    assert list(back["masked"].mask) == [False, True, False]
    assert len(file.blocks) == 7  # the shared array has one, and the mask one
    assert asdfkit.verify(path)["ok"]


def test_python_asdf_reads_what_is_saved(tmp_path):
    asdf = pytest.importorskip("asdf")
    path, given = tmp_path / "x.asdf", tree()
    asdfkit.File(given).save(path, compression="zlib")
    with asdf.open(path) as file:
        for key, value in given.items():
            back = file.tree[key]
            if isinstance(value, numpy.ndarray):
                assert numpy.array_equal(numpy.asarray(back), value), key
                assert numpy.asarray(back).dtype == value.dtype, key
            elif key != "nan":
                assert back == value, key
        assert file["one"] is file["again"] or numpy.shares_memory(numpy.asarray(file["one"]), numpy.asarray(file["again"]))


def test_values_of_astropy(tmp_path):
    asdf = pytest.importorskip("asdf")
    pytest.importorskip("asdf_astropy")
    from astropy import units
    from astropy.coordinates import SkyCoord
    from astropy.table import Table
    from astropy.time import Time

    given = {
        "flux": numpy.arange(3.0) * units.Jy,
        "unit": units.Unit("km/s"),
        "time": Time("2026-11-28T14:15:00"),
        "sky": SkyCoord([1.0, 2.0] * units.deg, [3.0, 4.0] * units.deg),
        "table": Table({"a": [1, 2, 3], "b": [1.5, 2.5, 3.5]}),
    }
    path = tmp_path / "x.asdf"
    asdfkit.File(given).save(path)
    with asdf.open(path) as theirs:
        objects = asdfkit.open(path).tree.to_objects()
        for read in (objects, theirs.tree):
            assert (read["flux"] == given["flux"]).all()
            assert read["unit"] == given["unit"]
            assert read["time"] == given["time"]
            assert (read["sky"].separation(given["sky"]).arcsec < 1e-6).all()
            assert (read["table"]["b"] == given["table"]["b"]).all()


def test_nodes_of_files_are_copied_with_their_tags(tmp_path, roman):
    path = tmp_path / "x.asdf"
    source = asdfkit.open(roman)
    asdfkit.File({"flux": source["roman/data"], "meta": {"wcs": source["roman/meta/wcs"]}, "all": [source["roman/meta"]]}).save(path)
    file = asdfkit.open(path)
    assert file["flux"].codec == "lz4"
    assert numpy.array_equal(file["flux"], source["roman/data"], equal_nan=True)
    assert file["meta/wcs"].tag == source["roman/meta/wcs"].tag
    assert file["meta/wcs"](1.0, 2.0) == source["roman/meta/wcs"](1.0, 2.0)
    numpy.testing.assert_equal(file["all"][0].to_python(), source["roman/meta"].to_python())


def test_tagged_values(tmp_path):
    path = tmp_path / "x.asdf"
    tag = "tag:stsci.edu:asdf/unit/unit-1.0.0"
    asdfkit.File({"a": asdfkit.Tagged(tag, "km"), "b": asdfkit.Tagged("asdf://nobody.org/tags/thing-1.0.0", {"x": [1]})}).save(path)
    file = asdfkit.open(path)
    assert (file["a"], file["a"].tag) == ("km", tag)
    assert file["b"].tag == "asdf://nobody.org/tags/thing-1.0.0"
    again = tmp_path / "y.asdf"
    asdfkit.File({"a": file["a"], "b": file["b"]}).save(again)
    assert asdfkit.open(again)["b"].tag == file["b"].tag
    assert asdfkit.open(again)["a"].tag == tag


def test_an_update_in_place(tmp_path, roman):
    path = tmp_path / "x.asdf"
    path.write_bytes(roman.read_bytes())
    edit = asdfkit.File(path)
    edit["roman/meta/exposure/type"] = "WFI_DARKS"
    assert edit.update() == "in place"
    file = asdfkit.open(path)
    assert file["roman/meta/exposure/type"] == "WFI_DARKS"
    assert numpy.array_equal(file["roman/data"], asdfkit.open(roman)["roman/data"], equal_nan=True)
    assert asdfkit.File(path).update() == "unchanged"
    edit = asdfkit.File(path).set("roman/meta/more", {"a": numpy.arange(4)}).remove("roman/dq").add_history("more")
    edit.update()
    file = asdfkit.open(path)
    assert list(file["roman/meta/more/a"]) == [0, 1, 2, 3]
    assert "roman/dq" not in file
    assert "more" in str(file["history"].to_python())
    assert asdfkit.verify(path)["ok"]


def test_storage_of_single_arrays(tmp_path):
    path = tmp_path / "x.asdf"
    data = numpy.arange(1000.0)
    stored = {
        "a": asdfkit.Stored(data, "zstd:3"),
        "b": asdfkit.Stored(data[:5], storage="inline"),
        "c": data[:3],
        "d": data,
    }
    asdfkit.File(stored).save(path, inline_below=100)
    file = asdfkit.open(path)
    assert [file[key].codec for key in "abcd"] == ["zstd", None, None, None]
    assert [file[key].storage for key in "abcd"] == ["block", "inline", "inline", "block"]
    assert all(numpy.array_equal(file[key], data[: len(file[key])]) for key in "abcd")


def test_rows_are_streamed(tmp_path):
    path = tmp_path / "x.asdf"
    data = numpy.arange(60, dtype="f4").reshape(20, 3)
    for count in (20, None):
        with asdfkit.File({"meta": {"a": 1}}).rows(path, "cube", "f4", (3,), count=count) as rows:
            rows.write(data[:7])
            rows.write(data[7])
            rows.write(data[8:].astype("f8"))
        file = asdfkit.open(path)
        assert numpy.array_equal(file["cube"], data)
        assert file["meta/a"] == 1
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match="stop"), asdfkit.File({}).rows(path, "cube", "f4", (3,)) as rows:
        rows.write(data)
        raise RuntimeError("stop")
    assert path.read_bytes() == before
    with pytest.raises(asdfkit.UsageError, match="rows"), asdfkit.File({}).rows(path, "cube", "f4", (3,), count=5) as rows:
        rows.write(data)
    assert path.read_bytes() == before


def test_what_cannot_be_written_is_said(tmp_path):
    loop = []
    loop.append(loop)
    with pytest.raises(TypeError, match="root"):
        asdfkit.File({5: 1}).save(tmp_path / "x.asdf")
    for value in (object(), {1.5: 2}, loop, numpy.array([object()]), numpy.array(["2020"], "M8[s]")):
        with pytest.raises((TypeError, ValueError)):
            asdfkit.File({"a": value}).save(tmp_path / "x.asdf")
    with pytest.raises(asdfkit.UsageError):
        asdfkit.File({"a": numpy.arange(3)}).save(tmp_path / "x.asdf", compression="rar")
    with pytest.raises(asdfkit.Error):
        asdfkit.File({"a": 1}).save(tmp_path / "nowhere" / "x.asdf")
    with pytest.raises(ValueError, match="updated"):
        asdfkit.File({"a": 1}).update()
    assert not (tmp_path / "x.asdf").exists()


def test_to_asdf(roman):
    pytest.importorskip("asdf")
    with asdfkit.File({"a": numpy.arange(3), "b": 5}).to_asdf() as theirs:
        assert theirs["b"] == 5
        assert list(theirs["a"]) == [0, 1, 2]
