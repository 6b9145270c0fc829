"""What other packages hand over is written as they would write it, or refused with its place."""

import decimal
import io

import numpy
import pytest

import asdfkit

asdf = pytest.importorskip("asdf")


@pytest.fixture
def source(tmp_path):
    """A file with two arrays, the second of which is not in the first block."""
    path = tmp_path / "source.asdf"
    asdf.AsdfFile({"a": numpy.zeros(3), "x": numpy.arange(6.0)}).write_to(path)
    return path


@pytest.mark.parametrize("options", [{}, {"memmap": True}, {"lazy_load": False}])
def test_arrays_that_asdf_has_read_bring_their_data(tmp_path, source, options):
    path = tmp_path / "x.asdf"
    with asdf.open(source, **options) as opened:
        asdfkit.File({"seven": numpy.full(6, 7.0), "x": opened["x"], "all": opened.tree}).save(path)
    with asdf.open(path) as back:
        for found in (back, back["all"]):
            assert numpy.array_equal(found["x"], numpy.arange(6.0))
        assert numpy.array_equal(back["seven"], numpy.full(6, 7.0))


def test_trees_of_asdf_and_roman_are_written(tmp_path, roman):
    with asdf.open(roman) as opened:
        wanted = numpy.array(opened["roman"]["data"])
        asdfkit.File({"roman": opened["roman"]}).save(tmp_path / "x.asdf")
        kind = type(opened["roman"])
    with asdf.open(tmp_path / "x.asdf") as back:
        assert numpy.array_equal(back["roman"]["data"], wanted, equal_nan=True)
        assert type(back["roman"]) is kind


def test_what_an_array_says_of_its_codec_counts(tmp_path):
    big = numpy.arange(30000.0)
    new = asdfkit.File({"a": asdfkit.Stored(big, "zstd:9"), "none": asdfkit.Stored(big + 1, "none"), "other": big + 2})
    new.save(tmp_path / "x.asdf", compression="lz4")
    file = asdfkit.open(tmp_path / "x.asdf")
    assert {name: file.array(name).codec for name in ("a", "none", "other")} == {"a": "zstd", "none": None, "other": "lz4"}
    edit = asdfkit.File(tmp_path / "x.asdf")
    edit["more"] = asdfkit.Stored(big + 3, "zlib")
    edit.save(tmp_path / "y.asdf", compression="lz4")
    file = asdfkit.open(tmp_path / "y.asdf")
    # Blocks that were there have no other wish.
    assert {name: file.array(name).codec for name in ("a", "none", "more")} == {"a": "lz4", "none": "lz4", "more": "zlib"}


def test_a_wcs_has_its_node_however_it_is_found(tmp_path, roman):
    file = asdfkit.open(roman)
    for wcs in (file.wcs(), file.wcs("roman/meta/wcs"), file["roman/data"].wcs, file["roman/meta/wcs"]):
        assert wcs.node is not None
        assert (wcs.tag, wcs.path) == (file["roman/meta/wcs"].tag, "/roman/meta/wcs")
    asdfkit.File({"w": file.wcs()}).save(tmp_path / "x.asdf")
    assert asdfkit.open(tmp_path / "x.asdf").wcs("w")(3, 4) == file.wcs()(3, 4)


def test_rows_keep_their_values(tmp_path):
    for bad in ([300, -1], [300, 1.5], [1.0, float("nan")]):
        with pytest.raises(ValueError, match="uint8"), asdfkit.File({}).rows(tmp_path / "x.asdf", "c", "u1", (2,)) as rows:
            rows.write(bad)
    assert not (tmp_path / "x.asdf").exists()
    with asdfkit.File({}).rows(tmp_path / "x.asdf", "c", "u1", (2,)) as rows:
        rows.write([1.0, 2.0])
        rows.finish()
    assert asdfkit.open(tmp_path / "x.asdf")["c"][...].tolist() == [[1, 2]]


def test_elements_are_compared(roman):
    file = asdfkit.open(roman)
    data, flags = numpy.asarray(file["roman/data"]), numpy.asarray(file["roman/dq"])
    assert numpy.array_equal(data[file["roman/dq"] == 0], data[flags == 0], equal_nan=True)
    assert (file["roman/dq"] == file["roman/dq"]).all()
    assert numpy.array_equal(file["roman/data"] > 1, data > 1)


def test_lists_that_have_a_converter_are_written_by_it(tmp_path):
    fits = pytest.importorskip("astropy.io.fits")
    pytest.importorskip("asdf_astropy")
    asdfkit.File({"h": fits.HDUList([fits.PrimaryHDU(numpy.arange(4.0))])}).save(tmp_path / "x.asdf")
    with asdf.open(tmp_path / "x.asdf") as back:
        assert numpy.array_equal(back["h"][0].data, numpy.arange(4.0))


def test_sets_are_written(tmp_path):
    asdfkit.File({"v": {"a", "b"}}).save(tmp_path / "x.asdf")
    assert asdfkit.open(tmp_path / "x.asdf")["v"] == {"a", "b"}
    with asdf.open(tmp_path / "x.asdf") as back:
        assert set(back["v"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"b": [1, decimal.Decimal(1)]}, "/a/b/1: a value of the type decimal.Decimal"),
        ([numpy.array([object()])], "/a/0: ASDF has no datatype"),
        ({"t": numpy.array(["2020"], "M8[s]")}, "/a/t: ASDF has no datatype"),
        ({1.5: 2}, "/a: a key of a mapping"),
    ],
)
def test_refusals_name_the_place(tmp_path, value, path):
    with pytest.raises(asdfkit.UsageError, match=path):
        asdfkit.File({"a": value}).save(tmp_path / "x.asdf")


def test_tables_of_pandas_are_refused(tmp_path):
    pandas = pytest.importorskip("pandas")
    with pytest.raises(asdfkit.UsageError, match="/v: a table of the type pandas"):
        asdfkit.File({"v": pandas.DataFrame({"a": [1, 2], "b": [1.5, 2]})}).save(tmp_path / "x.asdf")


def test_a_stream_at_its_end_is_told(roman):
    stream = io.BytesIO(roman.read_bytes())
    asdfkit.open(stream)
    with pytest.raises(asdfkit.UsageError, match="at its end"):
        asdfkit.open(stream)
