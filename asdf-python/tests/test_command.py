"""The command of the wheel, and its answers as values."""

import subprocess
import sys

import pytest

import asdfkit


def test_it_is_an_executable_that_runs(roman):
    path = asdfkit.executable()
    with open(path, "rb") as file:
        assert file.read(2) != b"#!"
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("asdf ")
    done = subprocess.run([sys.executable, "-m", "asdfkit", "ls", roman], capture_output=True, text=True, check=True)
    assert "/roman/data" in done.stdout


def test_info(roman):
    assert "20 blocks" in asdfkit.info(roman)
    assert "exposure_time" in asdfkit.info(roman, full=True)
    document = asdfkit.info(roman, as_json=True)
    assert len(document["blocks"]) == 20
    assert isinstance(asdfkit.info([roman, roman], as_json=True), list)


def test_validate_and_verify(roman, data, tmp_path):
    assert asdfkit.validate(roman)["valid"] in (True, False)
    assert asdfkit.verify(roman)["ok"]
    assert not asdfkit.verify(data / "made" / "checksum_wrong.asdf")["ok"]
    schema = tmp_path / "s.yaml"
    schema.write_text("type: object\nrequired: [nothing]\n")
    answer = asdfkit.validate(roman, schema=schema)
    assert not answer["valid"]
    with pytest.raises(asdfkit.Error) as caught:
        asdfkit.verify(data / "bad" / "bug06_invalid_utf8.asdf")
    assert caught.value.offset == 0x64
    both = asdfkit.verify([roman, data / "bad" / "bug06_invalid_utf8.asdf"])
    assert both[0]["ok"]
    assert isinstance(both[1], asdfkit.MalformedError)


def test_check_and_table(roman):
    report = asdfkit.check(roman, require=["roman/meta/nothing"], blocks=False)
    assert not report[0]["ok"]
    assert any("nothing" in problem["path"] + problem["message"] for problem in report[0]["problems"])
    rows = asdfkit.table(roman, ["t=roman.meta.exposure.exposure_time", "roman.meta.exposure.type"])
    assert rows[0]["t"] == 107.52398
    assert asdfkit.table(roman, ["t=roman.meta.exposure.exposure_time"], where="t < 0") == []


def test_names_that_look_like_options(tmp_path, roman, monkeypatch):
    (tmp_path / "--help").write_bytes(roman.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert asdfkit.verify("--help")["ok"]
