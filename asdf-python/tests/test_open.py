"""Opening, trees, arrays and exceptions."""

import io
import pickle

import numpy
import pytest

import asdfkit


def test_a_value_by_key_and_by_path(roman):
    file = asdfkit.open(roman)
    assert file["roman"]["meta"]["exposure"]["exposure_time"] == 107.52398
    assert file["roman/meta/exposure/exposure_time"] == 107.52398
    assert file.node("/roman/meta/exposure/type") == "WFI_IMAGE"
    assert "roman/meta/nothing" not in file
    assert file.get("roman/meta/nothing", 5) == 5
    assert "exposure" in file["roman/meta"]
    assert list(file) == ["asdf_library", "history", "roman"]


def test_path_bytes_and_file_give_the_same(roman):
    expected = asdfkit.open(roman)["roman/data"].to_numpy()
    content = roman.read_bytes()
    for source in (str(roman), content, bytearray(content), io.BytesIO(content)):
        assert numpy.array_equal(asdfkit.open(source)["roman/data"], expected, equal_nan=True)
    with roman.open("rb") as source:
        assert numpy.array_equal(asdfkit.open(source)["roman/data"], expected, equal_nan=True)


def test_python_asdf_reads_the_same(roman):
    asdf = pytest.importorskip("asdf")
    with asdf.open(roman) as theirs:
        ours = asdfkit.open(roman)
        for path in ours.arrays:
            if "/wcs/" in path:
                continue
            node = theirs.tree
            for key in path.strip("/").split("/"):
                node = node[key]
            node = numpy.asarray(getattr(node, "value", node))
            data = ours.array(path).to_numpy()
            assert data.dtype == node.dtype
            assert numpy.array_equal(data, node, equal_nan=data.dtype.kind == "f")


def test_an_uncompressed_array_is_a_view_of_the_file(data):
    array = asdfkit.open(data / "made" / "checksum_match.asdf")["a0"].to_numpy()
    assert not array.flags.owndata
    assert not array.flags.writeable
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.flags.writeable = True
    # It lives on without its file.
    assert int(array.astype("i8").sum()) == 146832


def test_indices_are_those_of_numpy(roman):
    array = asdfkit.open(roman)["roman/data"]
    data = array.to_numpy()
    keys = [
        3, -1, slice(None), slice(3, 40, 7), slice(None, None, -1), (5, 6), (slice(60, 4, -3), 2), Ellipsis, (..., 3),
        (3, ...), (slice(0, 0),), (slice(100, 200),), None, (None, 3), (slice(2, 5), None), [1, 2, 5], data > 1,
        (numpy.int64(4), slice(1, 3)), (), True, (numpy.array([1, 2]), numpy.array([3, 4])),
    ]  # fmt: skip
    for key in keys:
        ours, theirs = array[key], data[key]
        assert numpy.array_equal(ours, theirs, equal_nan=True), key
        assert numpy.shape(ours) == numpy.shape(theirs), key
        assert type(ours) is type(theirs), key
    for key in (64, -65, (1, 2, 3), (..., ...)):
        with pytest.raises(IndexError):
            array[key]


def test_masks_are_given_when_asked_for(data):
    array = asdfkit.open(data / "made" / "mask_number.asdf")["a"]
    assert array.is_masked
    assert type(array.to_numpy()) is numpy.ndarray
    masked = array.masked()
    assert int(numpy.ma.getmaskarray(masked).sum()) == 2
    assert numpy.array_equal(array.masked(slice(1, None)).mask, masked.mask[1:])
    assert (masked.data[masked.mask] == -999).all()


def test_records_have_fields(data):
    array = asdfkit.open(data / "made" / "record_simple.asdf")
    array = array.array(array.arrays[0])
    names = array.dtype.names
    assert names
    for name in names:
        assert array[name].tobytes() == array.to_numpy()[name].tobytes()


def test_exceptions_say_what_and_where(tmp_path, data):
    with pytest.raises(asdfkit.NotFoundError) as caught:
        asdfkit.open(tmp_path / "nothing.asdf")
    assert isinstance(caught.value, FileNotFoundError)
    assert caught.value.kind == "io"
    assert caught.value.errno == 2
    with pytest.raises(asdfkit.MalformedError) as caught:
        asdfkit.open(data / "bad" / "bug06_invalid_utf8.asdf")
    error = caught.value
    assert (error.kind, error.offset) == ("malformed", 0x64)
    assert error.file.endswith("bug06_invalid_utf8.asdf")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.offset) == (type(error), str(error), error.offset)
    file = asdfkit.open(data / "made" / "roman_exposure.asdf")
    with pytest.raises(asdfkit.MismatchError, match="exposure") as caught:
        file.node("roman/meta/exposure/nothing")
    assert isinstance(caught.value, LookupError)
    with pytest.raises(KeyError):
        file["roman"]["nothing"]
    with pytest.raises(asdfkit.MismatchError):
        file.array("roman/meta")
    with pytest.raises(ValueError, match="corrupt is one of"):
        asdfkit.open(data, corrupt="yes")


def test_a_warning_is_told_once(data):
    with pytest.warns(asdfkit.AsdfWarning) as told:
        file = asdfkit.open(data / "made" / "index_stale.asdf")
    assert len(told) == 1
    assert len(file.warnings) == 1


def test_a_wrong_checksum_is_refused_when_asked(data):
    path = data / "made" / "checksum_wrong.asdf"
    wrong = [block["checksum"] == "mismatch" for block in asdfkit.verify(path)["blocks"]]
    assert any(wrong)
    place = wrong.index(True)
    file = asdfkit.open(path, corrupt="refuse")
    with pytest.raises(asdfkit.MalformedError, match="checksum"):
        file.array(file.arrays[place]).to_numpy()
    file = asdfkit.open(path)
    assert file.array(file.arrays[place]).to_numpy().size


def test_everything_can_be_pickled(roman):
    file = asdfkit.open(roman)
    for value in (file["roman/meta"], file["roman/data"], file["roman/meta/wcs"], file):
        again = pickle.loads(pickle.dumps(value))
        assert type(again) is type(value)
    again = pickle.loads(pickle.dumps(file["roman/data"]))
    assert numpy.array_equal(again, file["roman/data"], equal_nan=True)
    of_bytes = asdfkit.open(roman.read_bytes())
    again = pickle.loads(pickle.dumps(of_bytes["roman/data"]))
    assert numpy.array_equal(again, file["roman/data"], equal_nan=True)


def test_plain_values(roman):
    plain = asdfkit.open(roman)["roman/meta"].to_python()
    assert type(plain) is dict
    assert plain["exposure"]["exposure_time"] == 107.52398
    assert plain["wcs"]["steps"][0]["frame"]["name"] == "detector"


def test_objects_are_those_of_the_packages(roman):
    pytest.importorskip("asdf_astropy")
    from astropy.time import Time

    file = asdfkit.open(roman)
    asdf = pytest.importorskip("asdf")
    gwcs = pytest.importorskip("gwcs")
    with asdf.open(roman) as theirs:
        meta = file["roman/meta"].to_objects()
        assert isinstance(meta["wcs"], gwcs.WCS)
        assert meta["wcs"](10, 20) == theirs["roman"]["meta"]["wcs"](10, 20)

        def equal(ours, other, where=""):
            if isinstance(other, dict):
                assert set(ours) == set(other), where
                for key in other:
                    equal(ours[key], other[key], f"{where}/{key}")
            elif isinstance(other, Time):
                assert type(ours) is type(other), where
                assert ours == other, where
            elif isinstance(other, str | int | float):
                assert ours == other, where

        equal(meta, theirs["roman"]["meta"])


def test_python_asdf_opens_what_is_open(roman):
    pytest.importorskip("asdf")
    with asdfkit.open(roman).to_asdf() as theirs:
        assert theirs["roman"]["meta"]["exposure"]["exposure_time"] == 107.52398
    with asdfkit.open(roman.read_bytes()).to_asdf() as theirs:
        assert theirs["roman"]["meta"]["exposure"]["exposure_time"] == 107.52398


def test_text_and_html(roman):
    file = asdfkit.open(roman)
    assert "float32 64×64, lz4" in repr(file["roman"])
    html = file._repr_html_()
    assert "<details" in html
    assert "data:image/png;base64," in html
    assert "data:image/png" in file["roman/data"]._repr_html_()


def test_text_of_a_file_is_escaped_in_html():
    text = b"#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n--- !<tag:stsci.edu:asdf/core/asdf-1.1.0>\n'<script>': '<img src=x>'\n...\n"
    html = asdfkit.open(text)._repr_html_()
    assert "<script>" not in html
    assert "<img" not in html
