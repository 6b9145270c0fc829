"""The code of docs/python.md, from top to bottom in one folder, as a reader would type it."""

import re
import shutil
import sys

import pytest
from conftest import ROOT

PAGE = ROOT / "docs" / "python.md"


def test_the_code_of_the_page_runs(tmp_path, monkeypatch, roman):
    for package in ["asdf", "gwcs", "dask", "matplotlib"]:
        pytest.importorskip(package)
    sys.modules["matplotlib"].use("agg")
    shutil.copy(roman, tmp_path / "exposure.asdf")
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text()
    blocks = list(re.finditer(r"^```python\n(.*?)^```", text, re.S | re.M))
    assert len(blocks) > 4
    names = {}
    for block in blocks:
        # Lines before it, so that a traceback names the line of the page.
        before = "\n" * text.count("\n", 0, block.start(1))
        exec(compile(before + block[1], str(PAGE), "exec"), names)
    assert round(names["x"], 6) == 31.5
    assert names["file"]["roman/meta/exposure/exposure_time"] == 107.52398
